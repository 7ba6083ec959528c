"""A small world of three agencies and four cases, for the tests of the demo."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "tools/demo"))

SERVES = {"bawaslu/13": "intake", "bkn": "referral", "kasn": "referral", "ppk/13.04": "sanction"}
_ORDER = ("intake", "referral", "sanction")
_AUTHORITIES = {"intake": "bawaslu/13", "referral": "bkn", "sanction": "ppk/13.04"}


def case(number, state, reach=1, **fields):
    """A case that the first `reach` agencies are party to."""
    shown = {
        "case_id": f"00000000-0000-4000-8000-{number:012}", "state": f"CASE_STATE_{state}",
        "parties": [_AUTHORITIES[role] for role in _ORDER[:reach]] if reach > 1 else [],
        "party_digest": f"{number:064x}" if reach > 1 else "",
        "election": "PILKADA-2024", "phase": "ELECTION_PHASE_BEFORE_PENETAPAN",
        "agency_region": "13.04", "identified": True, "objected": False, "motives": ["karier"],
        "source": "laporan", "contradictions": [], "sections": []}
    return {**shown, **fields}


def views(cases):
    """What each node shows of these cases: others than Bawaslu without what stays there."""
    shown = {"intake": cases}
    for reach, role in ((2, "referral"), (3, "sanction")):
        shown[role] = [{**one, "parties": list(one["parties"]), "motives": [], "source": ""}
                       for one in cases if len(one["parties"]) >= reach]
    return shown


def four_cases():
    return [case(1, "ACCEPTED", identified=False), case(2, "REFERRED", 2, source="temuan"),
            case(3, "OBJECTED", 3, objected=True, motives=["karier", "dipaksa_atasan"]),
            case(4, "SUMMONED", 3, phase="ELECTION_PHASE_FROM_PENETAPAN", agency_region="13.01")]


def import_summary(**fields):
    return {"kind": "summary", "file": "", "rows": 4, "imported": 4, "unchanged": 0,
            "duplicates": 0, "refused": [], "pending": [], "changed": [], "unsent": 0, **fields}


def status(node, size, peers=()):
    """A node whose links to `peers`, as (name, size), are up and have delivered everything."""
    return {"node": node, "projected": True,
            "logs": [{"log": node, "size": str(size), "entries_held": str(size), "mirror": False},
                     {"log": f"{node}/private", "size": "9", "entries_held": "9", "mirror": False}],
            "links": [{"peer": peer, "connected": True, "caught_up": True,
                       "received_size": str(peer_size), "arrived_size": str(size),
                       "disclosed": "2", "disclosed_arrived": "2", "fault": ""}
                      for peer, peer_size in peers]}
