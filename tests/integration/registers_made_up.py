"""Registers that nobody has seen: made up from a seed, with the answer beside them.

What the sets in tests/data/registers vary is varied here, and what offices may well do besides. The
answer is counted from the stories as they are made up, not from the rows. Nobody in it exists.
"""

import collections
import csv
import datetime
import io
import json

import register_faults as faults
import registers_by_hand as by_hand

REPORT = ("pemilihan nomor_register sumber tanggal_kejadian tanggal_diketahui tanggal_diterima "
          "tempat_kejadian kode_wilayah pelapor_nama pelapor_alamat pelapor_telepon terlapor_nama "
          "terlapor_nip status_kepegawaian terlapor_jabatan jenis_jabatan golongan instansi uraian "
          "kode_pelanggaran modus bukti_sha256 tanggal_kajian_awal hasil tanggal_hasil "
          "nomor_surat_penerusan").split()
RECEIVED = ("nomor_surat_penerusan terlapor_nip lembaga tanggal_terima nomor_agenda "
            "hasil_verifikasi tanggal_verifikasi alasan nomor_rekomendasi kode_sanksi_rekomendasi "
            "kode_wilayah_ppk").split()
EXECUTED = ("nomor_rekomendasi terlapor_nip kode_wilayah tanggal_terima nomor_agenda "
            "tanggal_panggilan tanggal_pemeriksaan nomor_sk tanggal_sk kode_sanksi "
            "tanggal_sk_diterima kendala upaya_administratif tanggal_upaya").split()
_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
_MONTHS = "I II III IV V VI VII VIII IX X XI XII".split()
_FIRST = "Ahmad Budi Citra Dewi Elvi Fitri Hendra Indra Joni Kartika Nur'aini Siti Wahyu".split()
_LAST = "Amelia Basri Chandra Hakim Lubis Mahendra Nasution Pratama Siregar Wijaya".split()
_PLACES = ("aula nagari", "sekolah", "akun \"Info Nagari\"", "posko; lantai 2", "pasar, los 4", "",
           "grup WhatsApp dinas")
_NARRATIVES = ("Diduga hadiri deklarasi", "Diduga berkata: \"pilih nomor 2\"; disaksikan warga",
               "Diduga foto bersama,\nlalu dibagikan", "Diduga hadir\r\ndi posko; tiga kali", "",
               "Diduga kegiatan\tberpihak – lihat lampiran")
_OLD_LAW = ("M-T", "M-B", "L-R1", "L-S1", "L-S3", "L-B1", "L-B2", "L-B3")
_NEW_LAW = ("M-T", "M-B", "R-1", "R-3", "S-T1", "S-T3", "B-1", "B-2", "B-3")


def _names_the_same(row, other):
    return (other["nomor_surat_penerusan"] == row["nomor_surat_penerusan"]
            and other["terlapor_nip"] == row["terlapor_nip"])


def _of_one_report(row, other):
    return (row["nomor_register"] == other["nomor_register"]
            and row["kode_wilayah"] == other["kode_wilayah"])


def _after(rng, date, most):
    """A day from that one on."""
    return date + datetime.timedelta(days=rng.randint(0, most))


class Registers:
    """One set: made up by the constructor, written by `write`."""

    def __init__(self, rng, cases):
        self._rng = rng
        self._numbers = collections.Counter()
        self._count = collections.Counter()
        self._by = {"by_region": collections.Counter(), "by_source": collections.Counter()}
        self.rows = {"bawaslu": [], "bkn": [], "bkpsdm": []}
        self.bad_rows = []
        self.repeated = 0
        self._reports = 0
        self.election = rng.choice(sorted(by_hand.ELECTIONS))
        self._penetapan = datetime.date.fromisoformat(by_hand.ELECTIONS[self.election])
        self._offices = self._made_up_offices()
        self._silent = {name for name in ("bkn", "bkpsdm") if rng.random() < 0.05}
        while self._count["cases"] < cases:
            self._add_report()
        self._add_bad_rows()
        self._shuffle_and_repeat()

    def expected(self, name):
        return {"set": name, "election": self.election, "cases": self._count["cases"],
                "reports": self._reports, **{key: self._count[key] for key in by_hand.MARKS},
                **{key: dict(sorted(counter.items())) for key, counter in self._by.items()},
                "bad_rows": self.bad_rows, "duplicate_rows": self.repeated}

    def write(self, folder):
        """Each file in its own dialect."""
        folder.mkdir()
        for name, columns in (("bawaslu", REPORT), ("bkn", RECEIVED), ("bkpsdm", EXECUTED)):
            # Which fault is the leftmost must stay the same.
            if name != "bawaslu" and self._rng.random() < 0.3:
                columns = self._rng.sample(columns, len(columns))
            (folder / f"{name}.csv").write_bytes(self._text(columns, self.rows[name]))
        (folder / "expected.json").write_text(json.dumps(self.expected(folder.name), indent=1))

    # Offices, people, dates.

    def _made_up_offices(self):
        """Code of the region, how Bawaslu numbers the office, level."""
        rng = self._rng
        provinces = sorted(code for code in by_hand.REGIONS if "." not in code)
        offices = []
        for number, province in enumerate(rng.sample(provinces, rng.choice((1, 1, 2, 4))), 1):
            regions = sorted(code for code in by_hand.REGIONS if code.startswith(province + "."))
            own = f"{number + rng.randrange(30):02}"
            # Some number all their offices with that of the province alone.
            full = rng.random() < 0.7
            for region in rng.sample(regions, min(len(regions), rng.randint(1, 5))):
                level = "Kota" if region[3] in "789" else "Kab"
                offices.append((region, f"{own}.{region[3:]}" if full else own, level))
            if rng.random() < 0.4:
                offices.append((province, own, "Prov"))
        return offices

    def _person(self):
        rng = self._rng
        return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"

    def _nip(self, status):
        rng = self._rng
        born = datetime.date(1964, 1, 1) + datetime.timedelta(days=rng.randrange(11000))
        year = born.year + rng.randint(20, 30)
        middle = f"{rng.randint(1, 12):02}" if status == "PNS" else f"{rng.randint(13, 45)}"
        return f"{born:%Y%m%d}{year}{middle}{rng.randint(1, 2)}{rng.randint(1, 999):03}"

    def _next(self, *what):
        self._numbers[what] += 1
        return self._numbers[what]

    # Reports.

    def _add_report(self):
        rng = self._rng
        region, office, level = rng.choice(self._offices)
        happened = self._penetapan + datetime.timedelta(
            days=rng.choice((-1, 0, *[rng.randint(-150, 60) for _ in range(8)])))
        if self.election == "PEMILU-2024" and happened >= self._penetapan:
            happened += datetime.timedelta(days=11)  # its penetapan took from 3 to 13 November
        known = _after(rng, happened, 5)
        got = _after(rng, known, 6)
        source = rng.choice(sorted(by_hand.SOURCES))
        reported = source in ("laporan", "wbs", "kepala_daerah")
        kind = rng.choice(("Reg/", "reg/", "REG.", "Reg.")) + ("LP" if reported else "TM")
        report = dict.fromkeys(REPORT, "")
        report |= {
            "pemilihan": self.election, "sumber": source, "kode_wilayah": region,
            "nomor_register": f"{self._next('register', region):02}/{kind}/PB/{level}/{office}/"
                              f"{_MONTHS[got.month - 1]}/{got.year}",
            "tanggal_kejadian": happened, "tanggal_diketahui": known, "tanggal_diterima": got,
            "tempat_kejadian": rng.choice(_PLACES), "uraian": rng.choice(_NARRATIVES),
            "kode_pelanggaran": rng.choice(sorted(by_hand.VIOLATIONS)),
            "bukti_sha256": f"{rng.getrandbits(256):064x}" if rng.random() < 0.9 else "",
            "tanggal_kajian_awal": _after(rng, got, 3)}
        if reported:
            report |= {"pelapor_nama": self._person(), "pelapor_alamat": "Jorong 3, \"Ateh\"; RT 2",
                       "pelapor_telepon": f"08{rng.randrange(10 ** 10):010}"
                       if rng.random() < 0.8 else ""}
        letters = []
        self._reports += 1
        people = [self._person() for _ in range(rng.choice((1, 1, 1, 2, 3, 4)))]
        if len(people) > 1 and rng.random() < 0.4:
            people[1] = people[0]  # two of one name: their NIPs tell them apart
        for person in people:
            self._add_respondent(report, person, letters)

    def _add_respondent(self, report, person, letters):
        rng = self._rng
        status = rng.choice(("PNS", "PNS", "PNS", "PPPK"))
        known = rng.random() < 0.9 or self._has(report, person)
        result = rng.choice(("diteruskan",) * 7 + ("bukan_pelanggaran", "proses", "tidak_diterima"))
        nip = self._nip(status) if known else ""
        named = {row["terlapor_nip"] for row in self.rows["bawaslu"] if _of_one_report(row, report)}
        accused = [row for row in self.rows["bawaslu"] if row["terlapor_nip"]
                   and row["terlapor_nip"] not in named]
        if known and accused and rng.random() < 0.05:  # in another report, too
            earlier = rng.choice(accused)
            status, nip = earlier["status_kepegawaian"], earlier["terlapor_nip"]
        row = report | {
            "terlapor_nama": person, "terlapor_nip": nip,
            "status_kepegawaian": status, "jenis_jabatan": rng.choice(sorted(by_hand.POSITIONS)),
            "terlapor_jabatan": rng.choice(("Camat", "Guru, SD 03", "Kepala \"Dinas\"")),
            "golongan": rng.choice(("IX", "V", "X")) if status == "PPPK"
                        else rng.choice(("II/d", "III/a", "IV/c")),
            "instansi": f"Pemerintah {by_hand.REGIONS[report['kode_wilayah']]}",
            "modus": "|".join(sorted(rng.sample(sorted(by_hand.MOTIVES), rng.randint(0, 3)))),
            "hasil": result if known else "proses"}
        if row["hasil"] != "proses":
            row["tanggal_hasil"] = _after(rng, report["tanggal_kajian_awal"], 10)
        if row["hasil"] == "diteruskan":
            row["nomor_surat_penerusan"] = self._letter(report, row["tanggal_hasil"], letters)
            # A letter and a person name one case: else a later register could not find it.
            while any(_names_the_same(row, other) for other in self.rows["bawaslu"]):
                letters.clear()
                row["nomor_surat_penerusan"] = self._letter(report, row["tanggal_hasil"], letters)
        self.rows["bawaslu"].append(row)
        self._tally(row)
        if row["hasil"] == "diteruskan":
            self._forward(row)

    def _has(self, report, person):
        """Whether the report has a respondent of that name."""
        return any(_of_one_report(row, report) and row["terlapor_nama"] == person
                   for row in self.rows["bawaslu"])

    def _letter(self, report, date, letters):
        """Often one letter for all respondents of a report; numbers repeat between offices."""
        if not letters or self._rng.random() < 0.2:
            office = report["nomor_register"].split("/")[-3]
            number = self._next("letter", report["kode_wilayah"])
            letters.append(f"{number:03}/PP.00.02/K.{office}/{date:%m/%Y}")
        return letters[-1]

    def _tally(self, row):
        count = self._count
        count["cases"] += 1
        self._by["by_region"][row["kode_wilayah"]] += 1
        self._by["by_source"][row["sumber"]] += 1
        before = row["tanggal_kejadian"] < self._penetapan
        count["before_penetapan" if before else "after_penetapan"] += 1
        count["coerced"] += "dipaksa_atasan" in row["modus"]
        count["unidentified"] += row["terlapor_nip"] == ""
        count[{"diteruskan": "forwarded", "proses": "open_at_bawaslu",
               "tidak_diterima": "not_accepted", "bukan_pelanggaran": "not_violation"}
              [row["hasil"]]] += 1

    # What BKN and the PPK did.

    def _forward(self, row):
        rng, count = self._rng, self._count
        if "bkn" in self._silent or rng.random() < 0.1:
            count["awaiting_receipt_bkn"] += 1
            return
        got = _after(rng, row["tanggal_hasil"], 20)
        body = "BKN" if got >= datetime.date(2024, 8, 24) else "KASN"
        if rng.random() < 0.1:
            body = "BKN" if body == "KASN" else "KASN"
        entry = dict.fromkeys(RECEIVED, "")
        entry |= {"nomor_surat_penerusan": row["nomor_surat_penerusan"],
                  "terlapor_nip": row["terlapor_nip"], "lembaga": body, "tanggal_terima": got,
                  "nomor_agenda": f"AG-{self._next(body, got.year):04}/{got.year}"}
        self.rows["bkn"].append(entry)
        result = rng.choice(("terbukti",) * 7 + ("tidak_terbukti", "dikembalikan", ""))
        if result:
            entry |= {"hasil_verifikasi": result, "tanggal_verifikasi": _after(rng, got, 40)}
        if result == "dikembalikan":
            entry["alasan"] = rng.choice(("bukti belum lengkap", "identitas terlapor; belum pasti",
                                          "bukan wewenang, kembali ke \"asal\""))
        count[{"": "awaiting_bkn", "dikembalikan": "returned", "tidak_terbukti": "dismissed",
               "terbukti": "recommended"}[result]] += 1
        if result == "terbukti":
            self._recommend(row, entry)

    def _recommend(self, row, entry):
        rng = self._rng
        date, body = entry["tanggal_verifikasi"], entry["lembaga"]
        if row["status_kepegawaian"] == "PPPK":
            sanctions = ("P-S1", "P-S2", "P-B1")
        else:
            sanctions = _OLD_LAW if date.year < 2021 else _NEW_LAW
        ppk = row["kode_wilayah"]
        if rng.random() < 0.15:  # lent from elsewhere
            ppk = rng.choice(self._offices)[0]
        if "." in ppk and rng.random() < 0.1:  # of the province
            ppk = ppk[:2]
        same = [other for other in self.rows["bkn"]
                if other is not entry and other["nomor_rekomendasi"]
                and other["terlapor_nip"] != entry["terlapor_nip"]
                and other["nomor_surat_penerusan"] == entry["nomor_surat_penerusan"]
                and other["lembaga"] == body]
        number = f"R-{self._next('R', body, date.year)}/"
        number += f"KASN/{date.year}" if body == "KASN" else f"B-AK.02.02/SD/F/{date.year}"
        if same and rng.random() < 0.4:  # one letter for several persons
            number = same[0]["nomor_rekomendasi"]
        entry |= {"nomor_rekomendasi": number, "kode_sanksi_rekomendasi": rng.choice(sanctions),
                  "kode_wilayah_ppk": ppk}
        if "bkpsdm" in self._silent or rng.random() < 0.1:
            self._count["awaiting_receipt_ppk"] += 1
        else:
            self._execute(entry, sanctions)

    def _execute(self, entry, sanctions):
        rng, count = self._rng, self._count
        got = _after(rng, entry["tanggal_verifikasi"], 30)
        row = dict.fromkeys(EXECUTED, "")
        row |= {"nomor_rekomendasi": entry["nomor_rekomendasi"],
                "terlapor_nip": entry["terlapor_nip"], "kode_wilayah": entry["kode_wilayah_ppk"],
                "tanggal_terima": got, "nomor_agenda":
                    f"{self._next('A', entry['kode_wilayah_ppk'], got.year):03}/{got.year}"}
        self.rows["bkpsdm"].append(row)
        date, steps = got, rng.choice((0, 0, 1, 2, 3, 3, 3, 4, 4, 4, 4, 5))
        for step, column in enumerate(("tanggal_panggilan", "tanggal_pemeriksaan"), 1):
            if steps >= step and (steps < 3 or rng.random() < 0.8):  # not everything is recorded
                date = _after(rng, date, 14)
                row[column] = date
        if rng.random() < (0.4 if steps < 3 else 0.1):
            row["kendala"] = rng.choice(sorted(by_hand.BLOCKERS))
        if steps < 3:
            count["awaiting_ppk"] += 1
            return
        date = _after(rng, date, 90)
        sanction = entry["kode_sanksi_rekomendasi"]
        row |= {"nomor_sk": f"800/{self._next('SK', row['kode_wilayah'], date.year)}/BKPSDM/"
                            f"{date.year}", "tanggal_sk": date, "kode_sanksi":
                    sanction if rng.random() < 0.8 else rng.choice(sanctions)}
        count["sanctioned"] += 1
        if steps >= 4:
            date = _after(rng, date, 20)
            row["tanggal_sk_diterima"] = date
        if steps == 5:
            row |= {"upaya_administratif": "keberatan", "tanggal_upaya": _after(rng, date, 14)}
            count["objections"] += 1

    # Rows that are wrong, or there twice.

    def _add_bad_rows(self):
        sound = list(self.rows["bawaslu"])
        some = [fault for fault in faults.all_faults() if self._rng.random() < 0.5]
        for number, (column, spoil) in enumerate(some, 500):
            row = dict(self._rng.choice(sound))
            row |= {"nomor_register": f"{number}/Reg/LP/PB/Kab/03.03/I/{self.election[-4:]}",
                    "hasil": "proses", "tanggal_hasil": "", "nomor_surat_penerusan": ""}
            row |= spoil(row)
            self.rows["bawaslu"].append(row)
            self.bad_rows.append({"nomor_register": row["nomor_register"], "column": column})

    def _shuffle_and_repeat(self):
        """Later agencies need not write in the order of the earlier; repetitions come last."""
        rng = self._rng
        spoilt = {bad["nomor_register"] for bad in self.bad_rows}
        for rows in self.rows.values():
            if rng.random() < 0.7:
                rng.shuffle(rows)
        for rows in self.rows.values():
            sound = [row for row in rows if row.get("nomor_register") not in spoilt]
            again = [dict(row) for row in rng.sample(sound, min(len(sound), rng.randint(0, 3)))]
            rows += again
            self.repeated += len(again)

    def _text(self, columns, rows):
        rng = self._rng
        form = rng.choice(_FORMS)
        mixed = rng.random() < 0.2

        def cell(value):
            if isinstance(value, datetime.date):
                return value.strftime(rng.choice(_FORMS) if mixed else form)
            return value

        out = io.StringIO(newline="")
        writer = csv.DictWriter(
            out, columns, delimiter=rng.choice(",;\t"), lineterminator=rng.choice(("\n", "\r\n")),
            quoting=rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
        writer.writeheader()
        # A row that is there twice must look the same both times, whatever the forms of dates.
        written = {}
        for row in rows:
            key = tuple(row.items())
            written.setdefault(key, {column: cell(value) for column, value in row.items()})
            writer.writerow(written[key])
        text = out.getvalue()
        if rng.random() < 0.2:
            text = text.rstrip("\r\n")
        return text.encode("utf-8-sig" if rng.random() < 0.5 else "utf-8")


def make_up(rng, folder, cases):
    """Writes a set there. Gives what is to be found in it."""
    registers = Registers(rng, cases)
    registers.write(folder)
    return registers.expected(folder.name)
