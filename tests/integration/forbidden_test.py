"""What is forbidden is refused with the rule and what is allowed now, and nothing is written."""

import unittest
import uuid

import grpc

import filing
from refusals import INTAKE, LEDGER, QUERY, REFERRAL, RefusalCase, SANCTION

_NOBODY = str(uuid.UUID(int=0x5E1A5A5))


class ImpossibleMoves(RefusalCase):
    """The rule is named with its legal basis, and what is allowed now."""

    def expect_move(self, service, authority, command, state, allowed):
        name = next(iter(command))
        with self.subTest(command=name):
            refused = self.refuse(f"{service}/ExecuteBatch", {
                "header": filing.header(authority), "commands": [command]})
            self.assertEqual((refused.code, refused.reason),
                             ("FAILED_PRECONDITION", "MOVE_NOT_ALLOWED"), refused.message)
            self.assertEqual(refused.metadata["state"], state)
            self.assertEqual(refused.metadata["allowed"], allowed)
            self.assertIn(f"allowed now: {allowed}", refused.message)
            (violation,) = refused.details["PreconditionFailure"].violations
            self.assertEqual(violation.type, "MOVE_NOT_ALLOWED")
            self.assertTrue(violation.description, "no legal basis")

    def test_at_bawaslu(self):
        refer = {"refer_case": {"case_ref": {"case_id": self.unproven}, "letter_number": "1",
                                "occurred_at": filing.on("2024-10-11")}}
        review = {"review_case": {"case_ref": {"case_id": self.sent}, "accepted": True}}
        self.expect_move(INTAKE, "bawaslu/13", refer, "concluded without violation",
                         "IdentifyRespondent, LinkCase, SendCopy, FlagConflict, AddAttachment, "
                         "RemoveAttachment, PlaceLegalHold, OrderErasure")
        self.expect_move(INTAKE, "bawaslu/13", review, "referred",
                         "SupplementCase, LinkCase, SendCopy, MakeRequest, FlagConflict, "
                         "AddAttachment, RemoveAttachment, PlaceLegalHold")

    def test_at_the_bkn(self):
        early = filing.recommended(self.sent, "R-1")[1:]
        for command in early:
            self.expect_move(REFERRAL, "bkn", command, "not begun", "ReceiveCase")

    def test_a_case_whose_respondent_is_not_identified_is_not_referred(self):
        refused = self.refuse(f"{INTAKE}/ReferCase", {
            "header": filing.header("bawaslu/13"),
            "command": {"case_ref": {"case_id": self.named}, "letter_number": "1",
                        "occurred_at": filing.on("2024-10-11")}})
        self.assertEqual((refused.code, refused.reason), ("FAILED_PRECONDITION", "RULE"))
        self.assertEqual(refused.metadata["rule"], "identity")

    def test_a_case_that_is_not_here(self):
        for case in (self.sent, _NOBODY):  # the PPK is no party yet: no difference is shown
            for command in filing.decided(case, "800/1"):
                refused = self.refuse(f"{SANCTION}/ExecuteBatch", {
                    "header": filing.header("ppk/13.04"), "commands": [command]})
                self.assertEqual((refused.code, refused.reason), ("NOT_FOUND", "CASE_NOT_FOUND"))

    def test_a_batch_that_fails_in_the_end_writes_nothing_of_its_beginning(self):
        twice = filing.concluded() + filing.concluded()
        refused = self.refuse(f"{INTAKE}/ExecuteBatch",
                              filing.intake_batch(*filing.opened(), *twice))
        self.assertEqual(refused.reason, "MOVE_NOT_ALLOWED")

    def test_a_revision_that_is_stale(self):
        stale = {"case_id": self.unproven, "revision": 1}
        refused = self.refuse(f"{INTAKE}/IdentifyRespondent", {
            "header": {**filing.header("bawaslu/13"), "expected_revisions": [stale]},
            "command": {"case_ref": {"case_id": self.unproven}, "nip": "198001012005011001",
                        "employment_status": "PNS"}})
        self.assertEqual((refused.code, refused.reason), ("ABORTED", "STALE_REVISION"))

    def test_a_request_id_that_was_used_for_something_else(self):
        intake = self.clients["intake"]
        header = filing.header("bawaslu/13")
        request = {"header": header, "command": filing.report()}
        intake.call(f"{INTAKE}/ReceiveReport", request)
        self.before = self.sizes()
        request["command"] = filing.report(region="13.05")
        refused = self.refuse(f"{INTAKE}/ReceiveReport", request)
        self.assertEqual((refused.code, refused.reason), ("ALREADY_EXISTS", "REQUEST_ID_REUSED"))
        self.assertNotIn(header["request_id"], refused.metadata.values())


class WrongCallers(RefusalCase):
    """Who may not, hears so."""

    def expect_denied(self, client, path, fields, reason, names=()):
        refused = self.refuse(path, fields, client)
        self.assertEqual((refused.code, refused.reason), ("PERMISSION_DENIED", reason),
                         refused.message)
        for name in names:
            self.assertNotIn(name, refused.message)
        return refused

    def report_for(self, authority):
        return {"header": filing.header(authority), "command": filing.report()}

    def test_a_command_for_an_authority_that_is_not_the_nodes(self):
        for authority in ("bawaslu/14", "bkn", "ppk/13.04", "nobody"):
            refused = self.expect_denied(self.clients["intake"], f"{INTAKE}/ReceiveReport",
                                         self.report_for(authority), "NOT_YOUR_AUTHORITY")
            self.assertEqual(refused.metadata["field"], "header.authority")

    def test_a_back_office_that_commands_for_its_neighbour_on_the_same_node(self):
        with self.connect(self.agencies["sanction"], "datar-office") as office:
            self.expect_denied(office, f"{SANCTION}/ExecuteBatch", {
                "header": filing.header("ppk/13.05"),
                "commands": filing.decided(self.sent, "800/1")}, "NOT_YOUR_AUTHORITY")

    def test_operations_command_nothing(self):
        with self.connect(self.agencies["intake"], "intake-ops") as operations:
            self.expect_denied(operations, f"{INTAKE}/ReceiveReport",
                               self.report_for("bawaslu/13"), "NOT_YOUR_METHOD")

    def test_the_certificate_of_another_node(self):
        for certificate in ("referral", "referral-entry", "sanction-entry"):
            with self.connect(self.agencies["intake"], certificate) as stranger:
                for path, fields in ((f"{INTAKE}/ReceiveReport", self.report_for("bawaslu/13")),
                                     (f"{QUERY}/GetCase", {"case_id": self.sent}),
                                     (f"{LEDGER}/GetNode", {})):
                    reason = "NOT_YOUR_METHOD" if certificate == "referral" else "NOT_YOUR_NODE"
                    self.expect_denied(stranger, path, fields, reason, ["bawaslu"])

    def test_a_link_with_a_certificate_that_is_no_nodes(self):
        with self.connect(self.agencies["intake"], "intake-entry") as client:
            with self.assertRaises(grpc.RpcError) as refused:
                list(client.talk("selaras.ledger.v1.LinkService/Link", iter(())))
            self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED)


if __name__ == "__main__":
    unittest.main()
