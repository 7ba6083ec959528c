"""Cases with words in them that stand nowhere else: a search tells where they have got to."""

import base64
import random
import uuid

import filing


class Filed:
    """One case, of one report. Who may know of it stands in `parties`, as folders of nodes."""

    def __init__(self, tag, region, nip, parties, author="bawaslu/13"):
        self.author = author
        self.region = region
        self.parties = parties
        self.nip = nip
        mark = f"{tag}q7"
        self.told = {  # what the parties get
            "name": f"Nama {mark}", "title": f"Jabatan {mark}", "agency": f"Instansi {mark}",
            "letter": f"{mark}/PP.00.02/K.03.04/10/2024", "agenda": f"AG-{mark}/2024",
            "recommendation": f"R-{mark}/B-AK.02.02/SD/F/2024", "ppk_agenda": f"P-{mark}/2024",
            "decree": f"800/{mark}/BKPSDM/2024", "summary": f"Ringkasan {mark}",
            "obstacle": f"Kendala {mark}"}
        self.kept = {  # what never leaves Bawaslu
            "reporter": f"Pelapor {mark}", "address": f"Alamat {mark}", "phone": f"0809{tag}42",
            "register": f"{mark}/Reg/LP/PB/Kab/03.04/X/2024", "place": f"Tempat {mark}",
            "chronology": f"Uraian {mark} panjang lebar."}
        self.evidence = bytes(random.Random(tag).randrange(256) for _ in range(32))
        self.case_id = self.report_id = None

    def report(self):
        kept = self.kept
        return filing.report(
            region=self.region, register_number=kept["register"], place=kept["place"],
            chronology=kept["chronology"],
            reporter={"name": kept["reporter"], "address": kept["address"],
                      "phone": kept["phone"]},
            evidence=[{"sha256": base64.b64encode(self.evidence).decode()}])

    def respondent(self):
        return filing.respondent(
            agency_region=self.region,
            respondent={"name": self.told["name"], "nip": self.nip,
                        "position_title": self.told["title"], "agency": self.told["agency"]})

    def marks_for_parties(self):
        """All that tells of the case at all, as bytes."""
        texts = [*self.told.values(), self.nip, self.case_id]
        return [text.encode() for text in texts] + [uuid.UUID(self.case_id).bytes]

    def ids(self):
        """The case, as it stands readable where it is known."""
        return [self.case_id.encode(), uuid.UUID(self.case_id).bytes]

    def personal_marks(self):
        """All that somebody typed of a person: readable in no file of any node."""
        texts = [*self.told.values(), self.nip, *self.kept.values()]
        return [text.encode() for text in texts] + [self.evidence, self.evidence.hex().encode()]

    def marks_kept(self):
        """What only Bawaslu's own files may hold."""
        texts = [*self.kept.values(), self.report_id]
        return [text.encode() for text in texts] + [self.evidence, self.evidence.hex().encode()]


def file_all(agencies, connect, cases):
    """Brings each case as far as its parties say: to BKN, and from there to its PPK.

    connect(folder): a client of that node that may send commands for all of its authorities.
    """
    for case in cases:
        commands = filing.opened(case.report(), case.respondent()) + filing.concluded()
        if "referral" in case.parties:
            commands += filing.referred(case.told["letter"], case.told["summary"])
        outcome = _execute(connect, "intake", case.author, commands)
        case.case_id, case.report_id = outcome.case_id, outcome.report_id
    agencies.await_delivery()
    decided = [(case, folder) for case in cases for folder in case.parties
               if folder.startswith("sanction")]
    for case, _ in decided:
        _execute(connect, "referral", "bkn", filing.recommended(
            case.case_id, case.told["recommendation"], case.told["agenda"]))
    agencies.await_delivery()
    for case, folder in decided:
        _execute(connect, folder, f"ppk/{case.region}", filing.decided(
            case.case_id, case.told["decree"], case.told["ppk_agenda"], case.told["obstacle"]))
    agencies.await_delivery()


def _execute(connect, folder, authority, commands):
    role = folder.partition("-")[0]
    with connect(folder) as client:
        return client.call(f"selaras.{role}.v1.{role.title()}Service/ExecuteBatch", {
            "header": filing.header(authority), "commands": commands}).outcome
