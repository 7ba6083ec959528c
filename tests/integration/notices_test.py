"""A PPK tells Bawaslu of an alleged violation; what Bawaslu makes of it is a report of its own, and
nobody outside learns that the one came of the other."""

import csv
import pathlib
import signal
import subprocess
import tempfile
import unittest

from agencies import await_true
import filing
from foreign import Client, Refused
from procedure_test import ProcedureCase

_OFFICE, _PPK = "bawaslu/13", "ppk/13.04"
_SANCTION = "selaras.sanction.v1.SanctionService"
_INTAKE = "selaras.intake.v1.IntakeService"
_SOURCE = "kepala_daerah"


def notice(**changes):
    """What ppk/13.04 tells of the respondent of filing.respondent()."""
    respondent = filing.respondent()
    return {"to": _OFFICE, "election": "PILKADA-2024",
            **{field: respondent[field] for field in (
                "respondent", "incident_on", "agency_region", "employment_status",
                "position_kind", "rank", "violations_alleged")},
            "summary": "Diduga ikut kampanye pada hari kerja.",
            "letter_number": "800/3/BKPSDM/2024", "occurred_at": filing.on("2024-10-03"),
            **changes}


class Notices(ProcedureCase):

    authorities = {"intake": [_OFFICE], "intake-ri": ["bawaslu/ri"], "referral": ["bkn", "kasn"],
                   "sanction-13.04": [_PPK], "sanction-13.05": ["ppk/13.05"]}

    def tell(self, **changes):
        """A notice that has reached the office."""
        told = self.ppk("13.04", {"notice_violation": notice(**changes)})
        folder = "intake-ri" if changes.get("to") == "bawaslu/ri" else "intake"
        self.await_state(folder, told.case_id, "NOTICED")
        return told

    def receive(self, case_id):
        return self.bawaslu({"receive_notice": {"case_ref": {"case_id": case_id}}})

    def refused(self, folder, path, fields, certificate=None):
        client = self.clients[folder]
        if certificate:
            client = Client(self.contracts, self.agencies[folder].address, self.agencies.pki,
                            certificate)
        with self.assertRaises(Refused) as refused:
            client.call(path, fields)
        return refused.exception

    def refused_notice(self, authority=_PPK, certificate=None, folder="sanction-13.04", **changes):
        return self.refused(folder, f"{_SANCTION}/NoticeViolation", {
            "header": filing.header(authority), "command": notice(**changes)}, certificate)

    def refused_report(self, notice_case_id):
        return self.refused("intake", f"{_INTAKE}/ReceiveReport", {
            "header": filing.header(_OFFICE),
            "command": filing.report(source=_SOURCE, notice_case_id=notice_case_id)})

    def restart(self, folder, number):
        """Ends a node and starts it again, with a connection of its own."""
        self.agencies.end(self.agencies[folder], number)
        self.start_again(folder)

    def start_again(self, folder):
        node = self.agencies[folder]
        self.agencies.start_again(node)
        self.clients[folder] = self.enterClassContext(Client(
            self.contracts, node.address, self.agencies.pki, f"{node.certificate}-entry"))

    def ask(self, folder, *arguments):
        code, objects, text = self.agencies.run(self.agencies[folder], *arguments)
        self.assertEqual(code, 0, text)
        return objects

    def cases_counted(self, folder):
        told = self.ask(folder, "stats")[0]
        return next(int(each["count"]) for each in told["figures"] if each["name"] == "cases")

    def fill_in_worklist(self, case_id, **cells):
        """Fills in the row of a case in the office's worklist, and imports it."""
        node = self.agencies["intake"]

        def table():
            done = subprocess.run(
                self.agencies.command(node, "worklist", "--authority", _OFFICE, "--csv"),
                capture_output=True, text=True, check=True)
            reader = csv.DictReader(done.stdout.splitlines())
            rows = {row["id_kasus"]: row for row in reader}
            return (reader.fieldnames, rows[case_id]) if case_id in rows else None

        columns, row = await_true("the notice in the worklist", table)
        self.assertEqual((row["keadaan"], row["perintah_boleh"], row["terlapor_nama"]),
                         ("noticed", "ReceiveNotice", "Citra Contoh"))
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerow(row | cells)
            file.flush()
            summary = self.agencies.selaras.import_register(node, pathlib.Path(file.name), 30)
        return summary["imported"], summary["unchanged"], summary["refused"]

    def test_a_notice_becomes_a_report_and_nobody_outside_can_tell(self):
        counted = {folder: self.cases_counted(folder) for folder in ("intake", "sanction-13.04")}
        notice_id = self.tell().case_id
        self.restart("intake", signal.SIGKILL)
        self.restart("sanction-13.04", signal.SIGTERM)
        self.expect_turn(notice_id, _PPK, _OFFICE, "intake", "sanction-13.04")
        self.expect_strangers(notice_id)
        self.assertEqual(list(self.case("intake", notice_id).parties), [_PPK, _OFFICE])
        self.assertIn(notice_id, [case["case_id"] for case in self.ask(
            "intake", "case", "list", "--state", "noticed")])

        filled = {"perintah": "ReceiveNotice", "tanggal": "2024-10-04"}
        self.assertEqual(self.fill_in_worklist(notice_id, **filled), (1, 0, []))
        self.await_state("sanction-13.04", notice_id, "NOTICE_RECEIVED")
        self.expect_turn(notice_id, _OFFICE, "", "intake", "sanction-13.04")
        self.agencies.await_delivery()
        self.assertEqual(self.case("intake", notice_id).party_digest,
                         self.case("sanction-13.04", notice_id).party_digest)
        for folder, count in counted.items():
            self.assertEqual(self.cases_counted(folder), count, "a notice is no case")

        opened = filing.opened(filing.report(source=_SOURCE, notice_case_id=notice_id))
        letter = self.number()
        outcome = self.bawaslu(*opened, *filing.concluded(), *filing.referred(letter))
        case_id, report_id = outcome.case_id, outcome.steps[0].report_id
        self.restart("intake", signal.SIGKILL)
        self.assertEqual(self.ask("intake", "report", "show", report_id)[0]["notice_case_id"],
                         notice_id)
        self.await_state("referral", case_id, "REFERRED")
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.agencies.await_delivery()
        self.assertEqual(self.cases_counted("intake"), counted["intake"] + 1)
        self.expect_silence(notice_id, case_id, report_id)

    def expect_strangers(self, case_id):
        for folder in ("intake-ri", "referral", "sanction-13.05"):
            for method in ("GetCase", "GetTimeline"):
                refused = self.refused(folder, f"selaras.query.v1.QueryService/{method}",
                                       {"case_id": case_id})
                self.assertEqual(refused.reason, "CASE_NOT_FOUND", folder)

    def expect_silence(self, notice_id, case_id, report_id):
        """Neither BKN nor the PPK holds anything that leads from the case to the notice."""
        marks = (notice_id, report_id, _SOURCE)
        for folder in ("referral", "sanction-13.04"):
            told = self.clients[folder].call("selaras.query.v1.QueryService/GetTimeline",
                                             {"case_id": case_id})
            self.assertGreater(len(told.steps), 3)
            for mark in marks:
                self.assertNotIn(mark, str(told), folder)
        self.expect_strangers(notice_id)
        self.agencies.stop()
        try:
            bawaslu = self.agencies["intake"].name
            for folder in ("referral", "sanction-13.04"):
                node = self.agencies[folder]
                # About the notice itself the PPK knows all there is, and that it read it.
                about = [[entry for entry in self.agencies.entries(node, log)
                          if entry.get("event", {}).get("case_id") != notice_id
                          and "personal_data_read" not in entry.get("event", {}).get("fact", {})]
                         for log in (node.name, f"{node.name}/private", bawaslu)]
                for mark in marks:
                    self.assertNotIn(mark, repr(about), folder)
                self.assertIn(case_id, repr(about), "the search itself finds nothing")
            self.expect_own_request(notice_id)
        finally:
            for node in self.agencies:
                self.start_again(node.folder.name)

    def expect_own_request(self, notice_id):
        """The receipt shares the tag of its request with nothing else."""
        entries = self.agencies.own_entries(self.agencies["intake"])
        tags = [entry["event"]["request_tag"] for entry in entries
                if entry["event"].get("case_id") == notice_id]
        self.assertEqual(len(tags), 1)
        self.assertEqual([entry["event"]["request_tag"] for entry in entries].count(tags[0]), 1)

    def test_what_cannot_be_meant_is_refused(self):
        for office in ("bawaslu/99", "bkn", _PPK, ""):
            refused = self.refused_notice(to=office)
            self.assertEqual((refused.code, refused.fields), ("INVALID_ARGUMENT", ["command.to"]))
        for field, value in (("agency_region", "99.99"), ("summary", ""), ("rank", "V/z"),
                             ("incident_on", "2024-10-04"), ("violations_alleged", ["HD-99"])):
            self.assertEqual(self.refused_notice(**{field: value}).fields, [f"command.{field}"])
        self.assertEqual(self.refused_notice(authority="ppk/13.05").reason, "NOT_YOUR_AUTHORITY")
        stranger = self.refused_notice(certificate="sanction-13.05-entry")
        self.assertEqual((stranger.code, stranger.reason), ("PERMISSION_DENIED", "NOT_YOUR_NODE"))

    def test_nobody_but_the_office_receives_it_and_once(self):
        case_id = self.tell(letter_number=self.number()).case_id
        command = {"case_ref": {"case_id": case_id}}
        for certificate in ("sanction-13.04-entry", "sanction-13.05-entry"):
            refused = self.refused("intake", f"{_INTAKE}/ReceiveNotice", {
                "header": filing.header(_OFFICE), "command": command}, certificate)
            self.assertEqual(refused.code, "PERMISSION_DENIED")
        other = self.refused("intake-ri", f"{_INTAKE}/ReceiveNotice", {
            "header": filing.header("bawaslu/ri"), "command": command})
        self.assertEqual(other.reason, "CASE_NOT_FOUND")
        dry = {"header": filing.header(_OFFICE) | {"validate_only": True}, "command": command}
        self.clients["intake"].call(f"{_INTAKE}/ReceiveNotice", dry)
        self.assertEqual(self.state("intake", case_id), "NOTICED")
        mixed = self.refused("intake", f"{_INTAKE}/ExecuteBatch", filing.intake_batch(
            {"receive_notice": command}, *filing.opened()))
        self.assertEqual((mixed.reason, mixed.metadata["rule"]), ("RULE", "reporter_never_leaves"))
        self.receive(case_id)
        again = self.refused("intake", f"{_INTAKE}/ReceiveNotice", {
            "header": filing.header(_OFFICE), "command": command})
        self.assertEqual((again.reason, again.metadata["state"]),
                         ("MOVE_NOT_ALLOWED", "notice received"))
        self.assertIn("seed 003", again.details["PreconditionFailure"].violations[0].description)

    def test_a_report_names_only_what_its_office_received(self):
        unreceived = self.tell(letter_number=self.number()).case_id
        elsewhere = self.tell(to="bawaslu/ri", letter_number=self.number()).case_id
        self.execute("intake-ri", "bawaslu/ri",
                     {"receive_notice": {"case_ref": {"case_id": elsewhere}}})
        told = {self.refused_report(case_id).message
                for case_id in (unreceived, elsewhere, "8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11")}
        self.assertEqual(len(told), 1, "which of them it is stays untold")
        self.assertEqual(self.refused_report(elsewhere).fields, ["command.notice_case_id"])

    def test_until_it_is_received_the_ppk_corrects_it_and_takes_it_back(self):
        told = self.tell(letter_number=self.number())
        position = {"log": told.positions[0].log, "sequence": str(told.positions[0].sequence)}
        self.ppk("13.04", {"correct_fact": {
            "case_id": told.case_id, "position": position, "reason": "salah ketik",
            "fields": "violationsAlleged",
            "new_fact": {"violation_noticed": {"violations_alleged": ["HD-01"]}}}})
        await_true("the correction at Bawaslu", lambda: list(
            self.case("intake", told.case_id).violations_alleged) == ["HD-01"])
        void = {"void_fact": {"case_id": told.case_id, "position": position, "reason": "keliru"}}
        self.ppk("13.04", void)
        self.await_state("intake", told.case_id, "UNSPECIFIED")
        refused = self.refused("intake", f"{_INTAKE}/ReceiveNotice", {
            "header": filing.header(_OFFICE),
            "command": {"case_ref": {"case_id": told.case_id}}})
        self.assertEqual((refused.reason, refused.metadata["rule"]), ("RULE", "FactVoided"))
        received = self.tell(letter_number=self.number())
        self.receive(received.case_id)
        self.await_state("sanction-13.04", received.case_id, "NOTICE_RECEIVED")
        void["void_fact"] |= {"case_id": received.case_id, "position": {
            "log": position["log"], "sequence": str(received.positions[0].sequence)}}
        refused = self.refused("sanction-13.04", f"{_SANCTION}/ExecuteBatch", {
            "header": filing.header(_PPK), "commands": [void]})
        self.assertEqual((refused.reason, refused.metadata["rule"]), ("RULE", "FactVoided"))


if __name__ == "__main__":
    unittest.main()
