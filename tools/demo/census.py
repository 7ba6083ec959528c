"""What the nodes' answers add up to. Pure: cases in, numbers out."""

import collections
import re

# Where a case is by its state; a state that is missing here is an error, not a guess.
_STAGES = {
    "notice": ("NOTICED", "NOTICE_RECEIVED"),  # no case: what the office makes of it is one
    "open_at_bawaslu": ("NAMED", "ACCEPTED", "VIOLATION_FOUND", "DELEGATED"),
    "not_accepted": ("NOT_ACCEPTED",),
    "not_violation": ("NO_VIOLATION", "HANDED_ELSEWHERE"),
    "awaiting_receipt_bkn": ("REFERRED",),
    "awaiting_bkn": ("RECEIVED", "VERIFIED"),
    "returned": ("RETURNED",),
    "dismissed": ("DISMISSED", "CLOSED"),
    "awaiting_receipt_ppk": ("RECOMMENDED",),
    "awaiting_ppk": ("RECEIVED_BY_PPK", "SUMMONED", "EXAMINED", "DECLINED", "RESPONDENT_LEFT",
                     "RESPONDENT_MOVED"),
    "sanctioned": ("DECIDED", "HANDED_OVER", "OBJECTED", "OBJECTION_DECIDED", "REVOKED", "SERVED"),
}
STAGE_OF = {f"CASE_STATE_{state}": stage for stage, states in _STAGES.items() for state in states}

_AT_BAWASLU = ("open_at_bawaslu", "not_accepted", "not_violation")
_RECOMMENDED = ("awaiting_receipt_ppk", "awaiting_ppk", "sanctioned")
_COERCED = "dipaksa_atasan"


def count(cases, reports):
    """The numbers of a set, by what the intake node says of its cases and reports."""
    cases = [case for case in cases if STAGE_OF[case["state"]] != "notice"]
    stages = collections.Counter({stage: 0 for stage in _STAGES})
    stages.update(STAGE_OF[case["state"]] for case in cases)
    phases = collections.Counter(case["phase"] for case in cases)
    return {
        "election": ", ".join(sorted({case["election"] for case in cases})),
        "cases": len(cases),
        "reports": len(reports),
        "forwarded": sum(stages[stage] for stage in _STAGES if stage not in _AT_BAWASLU),
        "not_violation": stages["not_violation"],
        "not_accepted": stages["not_accepted"],
        "open_at_bawaslu": stages["open_at_bawaslu"],
        "unidentified": sum(not case["identified"] for case in cases),
        "awaiting_receipt_bkn": stages["awaiting_receipt_bkn"],
        "awaiting_bkn": stages["awaiting_bkn"],
        "returned": stages["returned"],
        "dismissed": stages["dismissed"],
        "recommended": sum(stages[stage] for stage in _RECOMMENDED),
        "awaiting_receipt_ppk": stages["awaiting_receipt_ppk"],
        "awaiting_ppk": stages["awaiting_ppk"],
        "sanctioned": stages["sanctioned"],
        "objections": sum(case["objected"] for case in cases),
        "before_penetapan": phases["ELECTION_PHASE_BEFORE_PENETAPAN"],
        "after_penetapan": phases["ELECTION_PHASE_FROM_PENETAPAN"],
        "coerced": sum(_COERCED in case["motives"] for case in cases),
        "by_region": dict(sorted(_tally(cases, "agency_region").items())),
        "by_source": dict(_tally(cases, "source").most_common()),
    }


# What an agency other than Bawaslu can count too: the rest never leaves Bawaslu (rule 8).
SHARED_NUMBERS = (
    "election", "cases", "forwarded", "awaiting_receipt_bkn", "awaiting_bkn", "returned",
    "dismissed", "recommended", "awaiting_receipt_ppk", "awaiting_ppk", "sanctioned", "objections",
    "before_penetapan", "after_penetapan", "by_region")


def import_numbers(summaries):
    """What the imports say of rows: those refused, and how many repeat others."""
    return {
        "bad_rows": _rows(summaries, "refused", ("nomor_register", "column", "why")),
        "duplicate_rows": sum(summary["duplicates"] for summary in summaries),
    }


def pending_rows(summaries):
    """Rows whose case nobody has sent."""
    return _rows(summaries, "pending", ("nomor_register", "why"))


def furthest(cases):
    """The case that has come furthest, to be shown as an example; None if there is no case."""
    order = list(STAGE_OF)
    return min(cases, default=None,
               key=lambda case: (-order.index(case["state"]), -case["objected"], case["case_id"]))


def _rows(summaries, kind, keys):
    return [{key: row[key] for key in keys}
            for summary in summaries for row in sorted(summary[kind], key=_by_number)]


def _tally(cases, field):
    return collections.Counter(case[field] for case in cases)


def _by_number(row):
    """Register numbers as people sort them: 9/… before 10/…."""
    text = row["nomor_register"]
    digits = re.match(r"\d+", text)
    return (int(digits.group()) if digits else 0, text)
