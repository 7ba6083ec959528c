"""Complaint Q11: officials are promoted while their case is open. Whoever prepares a personnel step
asks first; nobody learns more than yes or no, and every question stays."""

import unittest

import filing
from foreign import Refused
from procedure_test import ProcedureCase

_NIP = "197609122007041022"


class QuestionCase(ProcedureCase):

    def ask(self, folder, authority, nip=_NIP, **header):
        role = folder.partition("-")[0]
        return self.clients[folder].call(
            f"selaras.{role}.v1.{role.title()}Service/CheckOpenCases",
            {"header": filing.header(authority) | header,
             "command": {"nip": nip, "purpose": "promosi"}})


class OpenCaseCheck(QuestionCase):

    def accuse(self):
        """A case of the person that BKN has got, not received."""
        person = filing.respondent()["respondent"] | {"nip": _NIP, "name": "Sari Contoh"}
        return self.refer(respondent=person)

    def test_q11_nobody_is_promoted_while_the_case_is_open(self):
        case_id = self.accuse()
        self.assertFalse(self.ask("referral", "bkn").open)
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.assertTrue(self.ask("referral", "bkn").open)
        asked = self.ask("sanction-13.04", "ppk/13.04", request_id="before-promotion")
        self.assertTrue(asked.open)
        self.assertFalse(self.ask("sanction-13.05", "ppk/13.05").open, "it is no party")
        self.ppk("13.04", *filing.decided(case_id, self.number()),
                 {"hand_over_decision": {"case_id": case_id,
                                         "occurred_at": filing.on("2024-11-25")}})
        self.await_state("referral", case_id, "HANDED_OVER")
        self.assertFalse(self.ask("sanction-13.04", "ppk/13.04").open)
        again = self.ask("sanction-13.04", "ppk/13.04", request_id="before-promotion")
        self.assertTrue(again.open and again.outcome.repeated_request)

    def test_bawaslu_cannot_ask_and_nobody_asks_for_another_authority(self):
        with self.assertRaises(Refused) as refused:
            self.ask("sanction-13.04", "ppk/13.05")
        self.assertEqual(refused.exception.code, "PERMISSION_DENIED")
        with self.assertRaises(Refused) as refused:
            self.clients["intake"].call("selaras.referral.v1.ReferralService/CheckOpenCases",
                                        {"header": filing.header("bawaslu/13")})
        self.assertEqual(refused.exception.code, "UNIMPLEMENTED")

    def test_who_goes_through_a_list_of_nips_is_stopped(self):
        with self.assertRaises(Refused) as refused:
            for number in range(10_000):
                self.ask("sanction-13.05", "ppk/13.05", f"19800101200501{1000 + number % 999 + 1}")
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("RESOURCE_EXHAUSTED", "TOO_MANY_QUESTIONS"))
        self.assertIn("RetryInfo", refused.exception.details)


class OpenCaseRecords(QuestionCase):

    def test_every_question_is_recorded_where_only_the_agency_sees_it(self):
        folder = "sanction-13.05"
        self.ask(folder, "ppk/13.05")
        self.assertEqual(len(self.clients[folder].call(
            "selaras.query.v1.QueryService/ListCases").cases), 0)
        self.agencies.stop()
        node = self.agencies[folder]
        self.assertIn(_NIP, repr(self.agencies.entries(node, f"{node.name}/private")))
        self.assertEqual(self.agencies.entries(node, node.name), [])
        self.assertEqual(self.agencies.verify()[1], [])


if __name__ == "__main__":
    unittest.main()
