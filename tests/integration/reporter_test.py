"""Complaint Q9, "a reporter hears nothing", answered over real nodes: status and two-way messages
by a receipt code, without any identity."""

import json
import signal
import subprocess
import unittest
import uuid

from agencies import Agencies, await_true
import filing
from foreign import Client, Contracts, Refused

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_IDENTITIES = ["portal:bawaslu/13:portal", "backoffice:bawaslu/13:intake-office",
               "ops:bawaslu/13:intake-ops", "portal:bkn:bkn-portal"]
_REPORTER = "selaras.intake.v1.ReporterService"
_INTAKE = "selaras.intake.v1.IntakeService"
_STREAMS = ("/Link", "/TailEntries", "/WatchCases")
_WRONG = "0000-0000-0000-0000"
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class ReporterHearsNothing(unittest.TestCase):
    """Q9."""

    maxDiff = None

    def setUp(self):
        self.contracts = Contracts()
        self.agencies = self.enterContext(Agencies(_AUTHORITIES, _IDENTITIES))
        self.intake = self.agencies["intake"]
        self.portal = self.connect("portal")
        self.office = self.connect("intake-office")
        self.said = []  # codes and texts, which must not be found anywhere

    def connect(self, certificate, folder="intake"):
        return self.enterContext(Client(self.contracts, self.agencies[folder].address,
                                        self.agencies.pki, certificate))

    def execute(self, folder, authority, *commands):
        with Client(self.contracts, self.agencies[folder].address, self.agencies.pki,
                    f"{folder}-entry") as client:
            return client.call(f"selaras.{folder}.v1.{folder.title()}Service/ExecuteBatch", {
                "header": filing.header(authority), "commands": list(commands)}).outcome

    def bawaslu(self, *commands):
        return self.execute("intake", "bawaslu/13", *commands)

    def issue(self, report_id, header=None):
        answer = self.office.call(f"{_INTAKE}/IssueReceiptCode", {
            "header": header or filing.header("bawaslu/13"), "command": {"report_id": report_id}})
        self.assertRegex(answer.receipt_code, "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$")
        self.said += [answer.receipt_code, answer.receipt_code.replace("-", "")]
        return answer.receipt_code

    def send(self, report_id, text):
        self.said.append(text)
        return self.office.call(f"{_INTAKE}/SendReporterMessage", {
            "header": filing.header("bawaslu/13"),
            "command": {"report_id": report_id, "text": text}})

    def write(self, code, text, request_id=None):
        self.said.append(text)
        return self.portal.call(f"{_REPORTER}/WriteToOffice", {
            "receipt_code": code, "request_id": request_id or str(uuid.uuid4()), "text": text})

    def status(self, code):
        return self.portal.call(f"{_REPORTER}/GetReportStatus", {"receipt_code": code})

    def messages(self, code):
        answer = self.portal.call(f"{_REPORTER}/ListReporterMessages", {"receipt_code": code})
        return [(message.from_office, message.text) for message in answer.messages]

    def refused(self, call, *arguments):
        with self.assertRaises(Refused) as raised:
            call(*arguments)
        for said in self.said:
            self.assertNotIn(said, str(raised.exception.message))
            self.assertNotIn(said, repr(raised.exception.details))
        return raised.exception

    def await_status(self, code, status):
        await_true(status, lambda: self.status(code).status == status)
        return self.status(code)

    def kill(self):
        self.agencies.end(self.intake, signal.SIGKILL)
        self.agencies.start_again(self.intake)
        self.portal = self.connect("portal")
        self.office = self.connect("intake-office")

    def expect_nowhere(self):
        """No code and no text stands readable in any file of any node, nor in a shared log."""
        self.agencies.await_delivery()
        codes = {said for said in self.said if not set(said) - set(_DIGITS + "-")}
        self.assertTrue(codes)
        found = False
        # While they run: what they were sent stands uncompressed in their write-ahead logs.
        for path in self.agencies.path.rglob("*"):
            if not path.is_file():
                continue
            content = path.read_bytes()
            for said in self.said:
                self.assertNotIn(said.encode(), content, f"{path} holds {said}")
            found = found or b"PILKADA-2024" in content
        self.assertTrue(found, "the search itself finds nothing")
        self.agencies.stop()
        good, problems = self.agencies.verify()
        self.assertEqual(problems, [])
        self.assertGreater(good, 3)
        for node in self.agencies:
            shared = repr(self.agencies.entries(node, node.name))
            self.assertEqual([said for said in self.said if said in shared], [], node.name)
            self.assertNotIn("receipt_code_issued", shared)
            self.assertNotIn("reporter_message", shared)
        private = repr(self.agencies.entries(self.intake, f"{self.intake.name}/private"))
        self.assertIn("reporter_message_received", private)

    def test_q9_a_reporter_hears_where_the_report_stands_at_each_step_and_both_sides_write(self):
        opened = self.bawaslu(*filing.opened())
        report_id, case_id = opened.report_id, opened.case_id
        header = filing.header("bawaslu/13")
        code = self.issue(report_id, header)
        self.assertEqual(self.issue(report_id, header), code, "a repeat makes the same code")
        status = self.status(code.lower().replace("-", " "))
        self.assertEqual((status.office, status.status, status.received_at.date),
                         ("bawaslu/13", "under_review", "2024-10-05"))
        self.assertTrue(status.status_text)

        # Both write, repeat, and the node dies between.
        self.assertFalse(self.write(code, "Apakah laporan saya dibaca?", "m-1").repeated_request)
        self.assertTrue(self.write(code, "Apakah laporan saya dibaca?", "m-1").repeated_request)
        self.assertEqual(self.refused(self.write, code, "Teks lain sama sekali.", "m-1").code,
                         "ALREADY_EXISTS")
        self.said.remove("Teks lain sama sekali.")
        self.kill()
        self.assertTrue(self.write(code, "Apakah laporan saya dibaca?", "m-1").repeated_request)
        self.send(report_id, "Ya, mohon kirim foto aslinya.\nTerima kasih.")
        self.kill()
        self.write(code, "Fotonya ada pada saksi pertama.")
        self.assertEqual(self.messages(code), [
            (False, "Apakah laporan saya dibaca?"),
            (True, "Ya, mohon kirim foto aslinya.\nTerima kasih."),
            (False, "Fotonya ada pada saksi pertama.")])
        self.assertEqual(self.status(code).messages_from_office, 1)

        # Each step of each agency.
        case = {"case_id": case_id}
        completion = {"report_id": report_id, "parts": ["bukti"],
                      "occurred_at": filing.on("2024-10-06")}
        self.bawaslu({"request_completion": completion})
        self.await_status(code, "completion_requested")
        self.bawaslu({"complete_report": completion})
        self.await_status(code, "under_review")
        review, conclude = filing.concluded()
        (refer,) = filing.referred("021/Q9/2024")
        for command, expected in ((review, "being_examined"), (conclude, "concluded"),
                                  (refer, "forwarded")):
            next(iter(command.values()))["case_ref"] = case
            self.bawaslu(command)
            self.assertEqual(self.status(code).status, expected)
        self.agencies.await_delivery()
        receive, verify, recommend = filing.recommended(case_id, "R-21/Q9/2024")
        self.execute("referral", "bkn", receive)
        self.await_status(code, "handled_by_competent_body")
        self.execute("referral", "bkn", verify, recommend)
        self.agencies.await_delivery()
        self.execute("sanction", "ppk/13.04", *filing.decided(case_id, "800/21/2024"))
        status = self.await_status(code, "decided")
        self.assertEqual(status.since.date, "2024-11-20")
        for told in ("bkn", "ppk", "Citra", "B-2", "B-1", "800/21"):
            self.assertNotIn(told, str(status))

        # The office reads it all; operations do not.
        for certificate, count in (("intake-office", 3), ("intake-ops", 0)):
            done = subprocess.run(
                self.agencies.command(self.intake, *self.agencies.certificate(certificate),
                                      "report", "show", report_id),
                capture_output=True, text=True, check=True)
            self.assertEqual(len(json.loads(done.stdout)["messages"]), count, certificate)
        self.expect_nowhere()

    def test_wrong_codes_are_refused_and_then_limited_while_the_right_one_works(self):
        report_id = self.bawaslu(*filing.opened()).report_id
        old = self.issue(report_id)
        self.assertEqual(self.status(old).status, "under_review")
        code = self.issue(report_id)
        self.assertNotEqual(code, old)
        never, replaced = self.refused(self.status, _WRONG), self.refused(self.status, old)
        self.assertEqual(never.code, "NOT_FOUND")
        self.assertEqual((never.message, never.without_ids),
                         (replaced.message, replaced.without_ids))
        self.assertEqual(self.refused(self.messages, old).code, "NOT_FOUND")
        self.assertEqual(self.refused(self.write, old, "Tidak boleh sampai.").code, "NOT_FOUND")
        self.said.remove("Tidak boleh sampai.")
        self.assertEqual(self.refused(self.status, "12-34").fields, ["receipt_code"])
        limited = None
        for _ in range(200):
            refusal = self.refused(self.status, _WRONG)
            if refusal.code == "RESOURCE_EXHAUSTED":
                limited = refusal
                break
            self.assertEqual(refusal.code, "NOT_FOUND")
        self.assertIsNotNone(limited, "guessing is never limited")
        self.assertEqual(limited.reason, "TOO_MANY_WRONG_CODES")
        self.assertGreater(limited.details["RetryInfo"].retry_delay.seconds, 0)
        for _ in range(30):
            self.assertEqual(self.status(code).status, "under_review")
        self.write(code, "Kode yang benar tetap berlaku.")
        self.expect_nowhere()

    def test_an_informant_without_a_name_has_a_code_too_and_a_mailbox_of_bounded_size(self):
        report_id = self.bawaslu({"receive_report": filing.report(
            source="informasi_awal", reporter={})}).report_id
        code = self.issue(report_id)
        self.assertEqual(self.status(code).status, "received")
        for i in range(50):
            self.write(code, f"Informasi tambahan nomor {i}.")
        full = self.refused(self.write, code, "Satu lagi yang tidak muat.")
        self.said.remove("Satu lagi yang tidak muat.")
        self.assertEqual((full.code, full.reason), ("FAILED_PRECONDITION", "MAILBOX_FULL"))
        self.send(report_id, "Terima kasih, sedang ditelusuri.")
        self.write(code, "Baik, saya tunggu kabarnya.")
        for text in ("", "x" * 4_001, "a\x1bb"):
            self.assertEqual(self.refused(self.portal.call, f"{_REPORTER}/WriteToOffice", {
                "receipt_code": code, "request_id": "m-bad", "text": text}).fields, ["text"])
        self.bawaslu({"trace_report": {"report_id": report_id, "result": "jadi_temuan",
                                       "occurred_at": filing.on("2024-10-08")}})
        self.assertEqual(self.status(code).status, "traced")
        self.bawaslu({"receive_report": filing.report(source="temuan", reporter={},
                                                      derived_from=report_id)},
                     {"name_respondent": filing.respondent()})
        self.await_status(code, "under_review")
        self.expect_nowhere()

    def test_only_the_portal_may_speak_for_reporters_and_it_may_do_nothing_else(self):
        report_id = self.bawaslu(*filing.opened()).report_id
        code = self.issue(report_id)
        asked = {"receipt_code": code}
        for certificate in ("intake-entry", "intake-office", "intake-ops", "intake", "referral",
                            "bkn-portal"):
            client = self.connect(certificate)
            for method in ("GetReportStatus", "ListReporterMessages", "GetReportReceipt"):
                refusal = self.refused(client.call, f"{_REPORTER}/{method}", asked)
                self.assertEqual(refusal.code, "PERMISSION_DENIED", (certificate, method))
        for path in self.contracts.methods():
            if path.startswith(_REPORTER) or path.endswith(_STREAMS):
                continue
            self.assertIn(self.refused(self.portal.call, path).code,
                          ("PERMISSION_DENIED", "UNIMPLEMENTED"), path)
        self.assertEqual(self.status(code).status, "under_review")

    def test_the_command_line_asks_with_a_code_from_a_file_only(self):
        report_id = self.bawaslu(*filing.opened()).report_id
        code = self.issue(report_id)
        code_file = self.intake.folder.parent / "code.txt"
        text_file = self.intake.folder.parent / "text.txt"
        code_file.write_text(f"{code}\n", encoding="ascii")
        text_file.write_text("Dari baris perintah.\n", encoding="ascii")
        self.said.append("Dari baris perintah.")
        base = [*self.agencies.certificate("portal"), "reporter"]

        def run(*arguments, **options):
            return subprocess.run(self.agencies.command(self.intake, *base, *arguments),
                                  capture_output=True, text=True, check=True, **options).stdout

        self.assertEqual(json.loads(run("status", "--code-file", code_file))["status"],
                         "under_review")
        for repeated in (False, True):
            answer = run("write", "--code-file", code_file, "--text-file", text_file,
                         "--request-id", "cli-1")
            self.assertEqual(json.loads(answer)["repeated_request"], repeated)
        self.assertEqual(json.loads(run("messages", input=code))["text"], "Dari baris perintah.")
        receipt = self.intake.folder.parent / "tanda-bukti.tlog-proof"
        run("receipt", "--code-file", code_file, "-o", receipt)
        done = subprocess.run(
            [self.agencies.selaras.program, "--json", "receipt", "verify", receipt, "--key",
             self.intake.verifier_key], capture_output=True, text=True, check=True)
        event = json.loads(done.stdout)["event"]
        self.assertEqual(event["report_id"], report_id)
        self.assertEqual(event["occurred_at"]["date"], "2024-10-05")
        self.assertEqual(set(event["fact"]), {"report_received"})
        for field in ("plain", "sealed"):
            self.assertNotIn(field, event)
        code_file.unlink()
        text_file.unlink()
        receipt.unlink()
        self.expect_nowhere()


if __name__ == "__main__":
    unittest.main()
