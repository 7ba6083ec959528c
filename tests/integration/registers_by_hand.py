"""What a directory of registers says, counted in the most obvious way.

An oracle for the import: it shares no code with it and knows no nodes, no commands and no order. It
reads the rows of the three files, decides of each by itself whether it is sound, joins them by letter
or recommendation and NIP, and counts.
"""

import collections
import csv
import datetime
import io
import pathlib
import re

_REFERENCE = pathlib.Path(__file__).resolve().parents[2] / "deploy/reference"
_DATES = ((r"\d{4}-\d\d-\d\d", "%Y-%m-%d"), (r"\d\d/\d\d/\d{4}", "%d/%m/%Y"),
          (r"\d\d-\d\d-\d{4}", "%d-%m-%Y"))


def reference(name):
    with open(_REFERENCE / f"{name}.tsv", encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def _codes(name):
    return {row["code"] for row in reference("codes") if row["list"] == name}


ELECTIONS = {row["code"]: row["from"] for row in reference("elections")
             if row["stage"] == "penetapan" and row["contest"] == "*"}
REGIONS = {row["code"]: row["name"] for row in reference("regions")}
VIOLATIONS = {row["code"] for row in reference("violations")}
SANCTIONS = {row["code"] for row in reference("sanctions")}
RANKS = {row["golongan"]: row["status"] for row in reference("golongan")}
SOURCES, MOTIVES, POSITIONS, BLOCKERS = map(_codes, ("source", "motive", "position", "blocker"))
_RESULTS = {"diteruskan", "bukan_pelanggaran", "proses", "tidak_diterima"}
_VERIFIED = {"terbukti", "tidak_terbukti", "dikembalikan", ""}


def day(text):
    """The date, or None if the text is none."""
    for shape, form in _DATES:
        if re.fullmatch(shape, text):
            try:
                return datetime.datetime.strptime(text, form).date()
            except ValueError:
                return None
    return None


def rows_of(path):
    """The rows of a register without exact repetitions, and how many of those there were."""
    text = path.read_bytes().decode("utf-8-sig")
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    read = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    rows = list({tuple(sorted(row.items())): row for row in read}.values())
    return rows, len(read) - len(rows)


def _is_nip(text, status):
    if not re.fullmatch(r"\d{18}", text) or day(f"{text[:4]}-{text[4:6]}-{text[6:8]}") is None:
        return False
    if status == "PNS" and not "01" <= text[12:14] <= "12":
        return False
    return text[14] in "12" and text[15:] != "000"


def _first_fault(row, rules, dates):
    """The first column, left to right, that is not as its rule says or is a date out of order."""
    latest = None
    for column, text in row.items():
        if not rules.get(column, lambda _text: True)(text):
            return column
        if column in dates and text:
            if day(text) is None or latest and day(text) < latest:
                return column
            latest = day(text)
    return None


def _fault_of_report(row):
    """The column for which a row of Bawaslu's register must be refused, or None."""
    sent = row["hasil"] == "diteruskan"
    return _first_fault(row, {
        "pemilihan": ELECTIONS.__contains__,
        "nomor_register": bool,
        "sumber": SOURCES.__contains__,
        "tanggal_diterima": bool,
        "kode_wilayah": REGIONS.__contains__,
        "terlapor_nama": bool,
        "terlapor_nip": lambda text: _is_nip(text, row["status_kepegawaian"]) if text else not sent,
        "status_kepegawaian": {"PNS", "PPPK"}.__contains__,
        "jenis_jabatan": POSITIONS.__contains__,
        "golongan": lambda text: not text or RANKS.get(text) == row["status_kepegawaian"],
        "kode_pelanggaran": VIOLATIONS.__contains__,
        "modus": lambda text: not text or MOTIVES.issuperset(text.split("|")),
        "bukti_sha256": lambda text: re.fullmatch("([0-9a-f]{64})?", text),
        "hasil": _RESULTS.__contains__,
        "tanggal_hasil": lambda text: row["hasil"] != "proses" if text else not sent,
        "nomor_surat_penerusan": lambda text: bool(text) == sent,
    }, {"tanggal_kejadian", "tanggal_diketahui", "tanggal_diterima", "tanggal_kajian_awal",
        "tanggal_hasil"})


def _by_key(path, number):
    rows, repeated = rows_of(path)
    return {(row[number], row["terlapor_nip"]): row for row in rows}, repeated


def expect(folder):
    """What expected.json of that directory has to say."""
    reports, repeated = rows_of(folder / "bawaslu.csv")
    received, more = _by_key(folder / "bkn.csv", "nomor_surat_penerusan")
    executed, most = _by_key(folder / "bkpsdm.csv", "nomor_rekomendasi")
    bad, cases, people = [], [], set()
    for row in reports:
        person = (row["kode_wilayah"], row["nomor_register"], row["terlapor_nip"])
        column = _fault_of_report(row)
        if column is None and row["terlapor_nip"] and person in people:
            column = "terlapor_nip"  # once in a report: which of two rows is right, nobody can know
        if column is None:
            cases.append(row)
            people.add(person)
        else:
            bad.append({"nomor_register": row["nomor_register"], "column": column})
    count = collections.Counter()
    for case in cases:
        count.update(_marks(case, received, executed))
    by = {key: dict(sorted(collections.Counter(case[column] for case in cases).items()))
          for key, column in (("by_region", "kode_wilayah"), ("by_source", "sumber"))}
    return {"set": folder.name, "election": cases[0]["pemilihan"] if cases else "",
            "cases": len(cases),
            "reports": len({(case["kode_wilayah"], case["nomor_register"]) for case in cases}),
            **{key: count[key] for key in MARKS}, **by, "bad_rows": bad,
            "duplicate_rows": repeated + more + most}


MARKS = ("forwarded", "not_violation", "not_accepted", "open_at_bawaslu", "unidentified",
         "awaiting_receipt_bkn", "awaiting_bkn", "returned", "dismissed", "recommended",
         "awaiting_receipt_ppk", "awaiting_ppk", "sanctioned", "objections", "before_penetapan",
         "after_penetapan", "coerced")


def _marks(case, received, executed):
    """The keys under which a case counts."""
    penetapan = datetime.date.fromisoformat(ELECTIONS[case["pemilihan"]])
    if case["tanggal_kejadian"]:
        yield ("before_penetapan" if day(case["tanggal_kejadian"]) < penetapan else
               "after_penetapan")
    if "dipaksa_atasan" in case["modus"].split("|"):
        yield "coerced"
    if not case["terlapor_nip"]:
        yield "unidentified"
    yield {"proses": "open_at_bawaslu", "tidak_diterima": "not_accepted",
           "bukan_pelanggaran": "not_violation", "diteruskan": "forwarded"}[case["hasil"]]
    if case["hasil"] != "diteruskan":
        return
    verified = received.get((case["nomor_surat_penerusan"], case["terlapor_nip"]))
    if verified is None:
        yield "awaiting_receipt_bkn"
        return
    yield {"": "awaiting_bkn", "dikembalikan": "returned", "tidak_terbukti": "dismissed",
           "terbukti": "recommended"}[verified["hasil_verifikasi"]]
    if verified["hasil_verifikasi"] != "terbukti":
        return
    decided = executed.get((verified["nomor_rekomendasi"], verified["terlapor_nip"]))
    if decided is None:
        yield "awaiting_receipt_ppk"
        return
    yield "sanctioned" if decided["tanggal_sk"] else "awaiting_ppk"
    if decided["upaya_administratif"]:
        yield "objections"
