"""The result, for people."""

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
_TERMS = {  # what the law and the registers call a fact
    "respondent_named": "terlapor", "case_reviewed": "kajian awal", "case_concluded": "pleno",
    "case_referred": "penerusan", "case_received": "agenda BKN", "case_verified": "verifikasi",
    "case_dismissed": "tidak terbukti", "case_returned": "dikembalikan",
    "sanction_recommended": "rekomendasi", "recommendation_received": "agenda PPK",
    "respondent_summoned": "pemanggilan", "respondent_examined": "pemeriksaan",
    "blocker_recorded": "kendala", "sanction_decided": "SK hukuman",
    "decision_handed_over": "SK diterima", "objection_filed": "upaya administratif",
}
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
    lines = [f"{result['duplicate_rows']} rows repeat others; {len(rows)} were refused as a whole"
             + (":" if rows else "")]
    lines += [f"  {row['nomor_register']:<36}{row['column']}: {row['why']}" for row in rows]
    pending = result["pending_rows"]
    if pending:
        lines.append(f"{len(pending)} rows wait for a case that nobody has sent:")
        lines += [f"  {row['nomor_register']:<36}{row['why']}" for row in pending]
    return "\n".join(lines) + "\n"


def _timeline(result):
    timeline = result.get("timeline")
    if timeline is None:
        return ""
    rows = [(_day(step), _author(step), _what(step["fact"]), step["position"])
            for step in timeline["steps"]]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"One case across the agencies: {timeline['case_id']}"]
    lines += ["  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[3]])
              for row in rows]
    shown = ", ".join(f"{_PEOPLE[role]} {count}" for role, count in timeline["steps_shown"].items())
    lines.append(f"Steps that each agency sees: {shown}; what came before the referral stays at "
                 f"Bawaslu.")
    return "\n".join(lines) + "\n"


def _day(step):
    when = step["occurred_at"] or {}
    return when.get("date") or when.get("instant") or "not recorded"


def _author(step):
    return f"{step['author']} for {step['acting_for']}" if step["acting_for"] else step["author"]


def _what(fact):
    words = fact.replace("_", " ")
    return f"{words} ({_TERMS[fact]})" if fact in _TERMS else words
