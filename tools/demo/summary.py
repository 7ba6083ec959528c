"""The result, for people."""

import textwrap

_LINES = (  # agency, the number's key, what it means with the word of the law
    ("Bawaslu", "open_at_bawaslu", "open (kajian awal, klarifikasi)"),
    ("", "not_accepted", "not accepted (tidak diterima)"),
    ("", "not_violation", "no violation found (bukan pelanggaran)"),
    ("", "forwarded", "forwarded to BKN (penerusan)"),
    ("BKN", "awaiting_receipt_bkn", "arrived, not received yet (belum diterima)"),
    ("", "awaiting_bkn", "being verified (verifikasi)"),
    ("", "returned", "returned to Bawaslu (dikembalikan)"),
    ("", "dismissed", "dismissed (tidak terbukti)"),
    ("", "recommended", "sanction recommended (rekomendasi)"),
    ("PPK", "awaiting_receipt_ppk", "arrived, not received yet (belum diterima)"),
    ("", "awaiting_ppk", "being examined (pemanggilan, pemeriksaan)"),
    ("", "sanctioned", "sanction decided (keputusan hukuman, SK)"),
)
_PEOPLE = {"intake": "Bawaslu", "referral": "BKN", "sanction": "the PPK"}


def text(result):
    """What was found, as far as it was found."""
    parts = [_numbers(result), _rows(result), _timeline(result)]
    return "\n".join(part for part in parts if part)


def problems_text(problems):
    lines = []
    for problem in problems:
        lines.append(f"demo: {problem['problem']}")
        lines += [f"  {line}" for line in problem["details"]]
    return "\n".join(lines)


def _numbers(result):
    if "cases" not in result:
        return ""
    lines = [f"{result['set']}, {result['election']}: {result['cases']} cases (terlapor) of "
             f"{result['reports']} reports (laporan, temuan) in {len(result['by_region'])} regions",
             ""]
    lines += [f"  {agency:<9}{meaning:<46}{result[key]:>6}" for agency, key, meaning in _LINES]
    lines += ["", f"  before the candidates were fixed (sebelum penetapan) "
                  f"{result['before_penetapan']}, after {result['after_penetapan']}; "
                  f"ordered by a superior {result['coerced']};",
              f"  identity open {result['unidentified']}; "
              f"objections (upaya administratif) {result['objections']}", ""]
    return "\n".join(lines)


def _rows(result):
    rows = result.get("bad_rows")
    if rows is None:
        return ""
    lines = [f"{len(rows)} rows were refused as a whole, "
             f"{result['duplicate_rows']} repeat others:"]
    lines += [f"  {row['nomor_register']:<36}{row['column']}: {row['why']}" for row in rows]
    return "\n".join(lines) + "\n"


def _timeline(result):
    timeline = result.get("timeline")
    if timeline is None:
        return ""
    shown = ", ".join(f"{_PEOPLE[role]} {count}" for role, count in timeline["steps_shown"].items())
    return (f"one case across the agencies, as Bawaslu sees it: {timeline['case_id']}\n\n"
            f"{textwrap.indent(timeline['text'], '  ')}\n"
            f"  Steps that each may see: {shown}. What came before the referral stays at Bawaslu.\n")
