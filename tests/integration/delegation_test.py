"""One authority acts on behalf of another one: for whom, until when, and what is seen of it."""

import subprocess
import unittest
import uuid

from agencies import Agencies
import filing
from foreign import Client, Refused
from procedure_test import ProcedureCase

_TODAY = ("2024-01-01", "2099-12-31")
_PAST = ("2024-01-01", "2024-12-31")
_QUERY = "selaras.query.v1.QueryService"


def _mandate(to, on_behalf_of, days, reference="800/12/SP-2026", kind="mandat"):
    return (f'mandates {{ to: "{to}" on_behalf_of: "{on_behalf_of}" type: "{kind}" '
            f'reference: "{reference}" valid_from: "{days[0]}" valid_until: "{days[1]}" }}\n')


class Delegation(ProcedureCase):

    authorities = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"]}

    @classmethod
    def make_agencies(cls):
        agencies = cls.enterClassContext(Agencies(
            cls.authorities, ["backoffice:kanreg/12:kanreg-12", "backoffice:kanreg/11:kanreg-11",
                              "backoffice:bkn:bkn-office", "backoffice:sekretariat:sekretariat",
                              "ops:kanreg/12:kanreg-ops"], start=False))
        agencies["referral"].settings = (_mandate("kanreg/12", "bkn", _TODAY)
                                         + _mandate("kanreg/11", "bkn", _PAST))
        agencies["intake"].settings = _mandate("sekretariat", "bawaslu/13", _TODAY, "9/SK", "delegasi")
        agencies.fleet.start()
        return agencies

    def client(self, certificate, folder="referral"):
        return Client(self.contracts, self.agencies[folder].address, self.agencies.pki, certificate)

    def send(self, certificate, *commands, authority="bkn", request_id=None):
        header = filing.header(authority) | {"request_id": request_id or str(uuid.uuid4())}
        with self.client(certificate) as client:
            return client.call("selaras.referral.v1.ReferralService/ExecuteBatch",
                               {"header": header, "commands": list(commands)}).outcome

    def refused(self, call, *arguments, **named):
        with self.assertRaises(Refused) as caught:
            call(*arguments, **named)
        return caught.exception

    def read(self, certificate, case_id):
        with self.client(certificate) as client:
            return client.call(f"{_QUERY}/GetCase", {"case_id": case_id}).case

    @staticmethod
    def receive(case_id):
        return {"receive_case": {"case_id": case_id, "agenda_number": "AG-9/2024"}}

    def test_what_a_delegate_does_is_the_authoritys_and_says_who_did_it(self):
        case_id = self.refer()
        self.send("kanreg-12", self.receive(case_id))
        self.await_state("intake", case_id, "RECEIVED")
        self.expect_turn(case_id, "bkn", "bkn", "intake", "referral")
        for folder in ("referral", "intake"):  # also who is another party sees it
            step = self.steps(folder, case_id, "case_received")[0]
            delegation = step.delegation
            self.assertEqual(
                (step.author, delegation.to, delegation.type, delegation.reference,
                 delegation.valid_from, delegation.valid_until),
                ("bkn", "kanreg/12", "mandat", "800/12/SP-2026", *_TODAY))
        self.assertFalse(self.steps("intake", case_id, "case_referred")[0].HasField("delegation"))
        node = self.agencies["intake"]
        shown = subprocess.run(
            [self.agencies.selaras.program, "--client", node.client, "case", "timeline", case_id],
            capture_output=True, text=True, check=True).stdout
        self.assertRegex(shown, r"bkn by kanreg/12 +case_received")

    def test_a_repeat_has_one_effect_whoever_of_them_sends_it(self):
        case_id = self.refer()
        request_id = str(uuid.uuid4())
        first = self.send("kanreg-12", self.receive(case_id), request_id=request_id)
        again = self.send("bkn-office", self.receive(case_id), request_id=request_id)
        self.assertTrue(again.repeated_request)
        self.assertEqual(first.positions, again.positions)

    def test_it_ends_with_its_last_day(self):
        case_id = self.refer()
        for refused in (self.refused(self.read, "kanreg-11", case_id),
                        self.refused(self.send, "kanreg-11", self.receive(case_id))):
            self.assertEqual((refused.code, refused.reason),
                             ("PERMISSION_DENIED", "MANDATE_NOT_IN_FORCE"))
            self.assertIn("until 2024-12-31", refused.message)
            self.assertNotIn(case_id, refused.message)
        self.assertEqual(self.state("referral", case_id), "REFERRED")

    def test_it_is_for_one_authority_and_for_back_offices(self):
        case_id = self.refer()
        for authority in ("kasn", "kanreg/12", "bawaslu/13", ""):
            refused = self.refused(self.send, "kanreg-12", self.receive(case_id),
                                   authority=authority)
            self.assertIn(refused.reason, ("NOT_YOUR_AUTHORITY", "INVALID_FIELD"), authority)
        self.assertEqual(self.refused(self.read, "kanreg-ops", case_id).reason, "NOT_YOUR_NODE")
        self.assertEqual(self.refused(self.read, "sekretariat", case_id).reason, "NOT_YOUR_NODE")

    def test_what_a_delegate_reads_is_recorded_with_both(self):
        case_id = self.refer()
        self.assertEqual(self.read("kanreg-12", case_id).case_id, case_id)
        reads = self.clients["referral"].call(f"{_QUERY}/ListReads", {"case_id": case_id}).reads
        self.assertIn(("bkn", "backoffice", "kanreg/12", "800/12/SP-2026"),
                      [(read.authority, read.role, read.delegation.to, read.delegation.reference)
                       for read in reads])

    def test_a_delegate_of_bawaslu_sees_no_reporter(self):
        done = self.bawaslu(*filing.opened(filing.report(
            reporter={"name": "Joko Pelapor", "address": "Jorong Uji 1", "phone": "0811000111"})))
        asked = {"report_id": done.report_id}
        with self.client("intake-entry", "intake") as client:
            self.assertEqual(client.call(f"{_QUERY}/GetReport", asked).report.reporter.name,
                             "Joko Pelapor")
        with self.client("sekretariat", "intake") as client:
            report = client.call(f"{_QUERY}/GetReport", asked).report
            self.assertEqual(report.report_id, done.report_id)
            self.assertNotIn(b"Pelapor", report.SerializeToString())


if __name__ == "__main__":
    unittest.main()
