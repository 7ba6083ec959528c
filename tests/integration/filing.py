"""Cases as back offices send them: commands in JSON form, synthetic persons."""

import uuid


def header(authority):
    return {"request_id": f"test-{uuid.uuid4()}", "authority": authority,
            "officer": {"officer_id": "petugas-7"}}


def on(day):
    return {"date": day}


def report(**changes):
    """A report with everything in it that never leaves its office."""
    return {"source": "laporan", "election": "PILKADA-2024", "region": "13.04",
            "received_at": on("2024-10-05"), "known_on": "2024-10-02",
            "register_number": "07/Reg/LP/PB/Kab/03.04/X/2024",
            "reporter": {"name": "Budi Penyampai", "address": "Jorong Rahasia 9",
                         "phone": "080000000001"},
            "place": "lapangan bola Nagari Uji", "chronology": "Terlihat membagikan kaus.",
            "evidence": [{"sha256": "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo="}], **changes}


def respondent(**changes):
    """A respondent of the report that the first command of the batch opens."""
    return {"report": {"opened_by": 0},
            "respondent": {"name": "Citra Contoh", "nip": "198001012005011001",
                           "position_title": "Camat Uji",
                           "agency": "Pemerintah Kabupaten Tanah Datar"},
            "employment_status": "PNS", "position_kind": "administrator", "rank": "III/d",
            "agency_region": "13.04", "violations_alleged": ["HD-06"],
            "incident_on": "2024-10-01", "motives": ["karier"],
            "occurred_at": on("2024-10-05"), **changes}


def intake_batch(*commands, authority="bawaslu/13"):
    return {"header": header(authority), "commands": list(commands)}


def opened(the_report=None, the_respondent=None):
    """The commands that open a report with one respondent."""
    return [{"receive_report": the_report or report()},
            {"name_respondent": the_respondent or respondent()}]


def concluded():
    """The commands, after those of `opened`, up to the conclusion."""
    case = {"opened_by": 1}
    return [{"review_case": {"case_ref": case, "accepted": True, "occurred_at": on("2024-10-07")}},
            {"conclude_case": {"case_ref": case, "violations_found": ["HD-06"],
                               "occurred_at": on("2024-10-10")}}]


def referred(letter, summary="Diduga mendukung salah satu calon."):
    """The command, after those of `concluded`, that sends the case to BKN."""
    return [{"refer_case": {"case_ref": {"opened_by": 1}, "letter_number": letter,
                            "summary": summary, "occurred_at": on("2024-10-11")}}]


def recommended(case_id, letter, agenda="AG-0007/2024"):
    """The commands by which BKN receives, verifies and recommends."""
    return [{"receive_case": {"case_id": case_id, "agenda_number": agenda,
                              "occurred_at": on("2024-10-14")}},
            {"verify_case": {"case_id": case_id, "proven": True, "occurred_at": on("2024-10-18")}},
            {"recommend_sanction": {"case_id": case_id, "sanction": "B-1", "letter_number": letter,
                                    "occurred_at": on("2024-10-21")}}]


def decided(case_id, decree, agenda="012/2024", obstacle="Pejabat sementara."):
    """The commands by which a PPK receives, is held up, examines and decides."""
    return [{"receive_recommendation": {"case_id": case_id, "agenda_number": agenda,
                                        "occurred_at": on("2024-10-24")}},
            {"record_blocker": {"case_id": case_id, "blocker": "pejabat_plt",
                                "reason_text": obstacle, "occurred_at": on("2024-10-25")}},
            {"summon_respondent": {"case_id": case_id, "occurred_at": on("2024-10-28")}},
            {"examine_respondent": {"case_id": case_id, "occurred_at": on("2024-11-06")}},
            {"decide_sanction": {"case_id": case_id, "sanction": "B-2", "decree_number": decree,
                                 "occurred_at": on("2024-11-20")}}]
