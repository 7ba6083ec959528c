"""A request that is malformed is refused, the field is named, and nothing is written."""

import unittest

from agencies import seeded
import filing
from foreign import Refused
from refusals import (EMERGENCY, INTAKE, LEDGER, OPERATIONS, QUERY, RECOVERY, REFERRAL, REPORTER, SANCTION,
                      WITNESS, RefusalCase)

_MESSAGE_BYTES = 4 << 20  # the limit of a node that sets none


class MalformedFields(RefusalCase):
    """The field is named, by its path in the request."""

    def expect_report(self, field, why="", **changes):
        with self.subTest(field=field, **changes):
            self.expect_field(f"command.{field}", f"{INTAKE}/ReceiveReport", {
                "header": filing.header("bawaslu/13"), "command": filing.report(**changes)}, why)

    def expect_respondent(self, field, why="", **changes):
        with self.subTest(field=field, **changes):
            self.expect_field(
                f"commands[1].{field}", f"{INTAKE}/ExecuteBatch",
                filing.intake_batch(*filing.opened(the_respondent=filing.respondent(**changes))),
                why)

    def test_of_a_report(self):
        self.expect_report("source", source="")
        self.expect_report("source", "rumor", source="rumor")
        self.expect_report("election", "PILKADA-1999", election="PILKADA-1999")
        self.expect_report("region", "99.99", region="99.99")
        self.expect_report("received_at", "required", received_at={})
        self.expect_report("received_at.date", received_at=filing.on("2024-13-40"))
        self.expect_report("received_at.date", received_at=filing.on("06/09/2024"))
        self.expect_report("received_at.zone", received_at={"date": "2024-10-05", "zone": "CET"})
        self.expect_report("received_at", "future", received_at=filing.on("2999-01-01"))
        self.expect_report("received_at", "known_on", known_on="2024-10-06")
        self.expect_report("known_on", known_on="yesterday")
        self.expect_report("reporter.name", "200", reporter={"name": "n" * 201})
        self.expect_report("chronology", "20000", chronology="u" * 20_001)
        self.expect_report("evidence.sha256", "32 bytes", evidence=[{"sha256": "WlpaWg=="}])

    def test_of_a_respondent(self):
        for nip, why in (("19801301200501100", "17 digits"), ("198013012005011001", "birth month"),
                         ("1,98001E+17", "spreadsheet"), ("19800101200501100x", "not digits")):
            self.expect_respondent("respondent.nip", why,
                                   respondent={"name": "Citra Contoh", "nip": nip})
        self.expect_respondent("respondent.name", "required", respondent={"name": " "})
        self.expect_respondent("employment_status", employment_status="HONORER")
        self.expect_respondent("position_kind", "raja", position_kind="raja")
        self.expect_respondent("rank", rank="Z/9")
        self.expect_respondent("agency_region", "13.99", agency_region="13.99")
        self.expect_respondent("violations_alleged", "XX-01", violations_alleged=["XX-01"])
        self.expect_respondent("incident_on", incident_on="2024-02-30")
        self.expect_respondent("incident_on", "received", incident_on="2024-10-06")
        self.expect_respondent("motives", "bosan", motives=["bosan"])
        self.expect_respondent("report.opened_by", report={"opened_by": 7})

    def test_of_a_header(self):
        for field, changes in (
                ("request_id", {"request_id": ""}), ("request_id", {"request_id": "two words"}),
                ("request_id", {"request_id": "x" * 129}), ("authority", {"authority": ""}),
                ("acting_for", {"acting_for": "bkn"}), ("trace_id", {"trace_id": "t" * 65}),
                ("officer.officer_id", {"officer": {"officer_id": "o" * 65}}),
                ("officer.mandate", {"officer": {"mandate": "raja"}})):
            with self.subTest(field=field):
                self.expect_field(f"header.{field}", f"{INTAKE}/ReceiveReport", {
                    "header": {**filing.header("bawaslu/13"), **changes},
                    "command": filing.report()})

    def test_of_a_batch(self):
        self.expect_field("commands", f"{INTAKE}/ExecuteBatch", filing.intake_batch())
        many = [{"receive_report": filing.report()}] * 65
        self.expect_field("commands", f"{INTAKE}/ExecuteBatch", filing.intake_batch(*many), "64")
        self.expect_field("commands[1].command", f"{INTAKE}/ExecuteBatch",
                          filing.intake_batch({"receive_report": filing.report()}, {}))

    def test_of_commands_of_the_other_agencies(self):
        for service, authority, command in (
                (REFERRAL, "bkn", {"receive_case": {"case_id": self.sent}}),
                (REFERRAL, "bkn", {"return_case": {"case_id": self.sent}}),
                (REFERRAL, "bkn", {"verify_case": {"case_id": "x"}}),
                (SANCTION, "ppk/13.04", {"decide_sanction": {"case_id": "x"}})):
            refused = self.refuse(f"{service}/ExecuteBatch", {
                "header": filing.header(authority), "commands": [command]})
            self.assertEqual((refused.code, refused.reason), ("INVALID_ARGUMENT", "INVALID_FIELD"))
            self.assertTrue(refused.fields[0].startswith("commands[0]."), refused.fields)

    def test_of_questions(self):
        for method, field, fields in (
                ("GetCase", "case_id", {"case_id": "7"}),
                ("GetCase", "case_id", {"case_id": "Ü" * 20}),
                ("GetReport", "report_id", {}),
                ("ListCases", "page_size", {"page_size": -1}),
                ("ListCases", "page_size", {"page_size": 1001}),
                ("ListCases", "page_token", {"page_token": "next"}),
                ("LookUpCases", "kind", {"number": "1"}),
                ("LookUpCases", "number", {"kind": 2})):
            with self.subTest(method=method, field=field):
                self.expect_field(field, f"{QUERY}/{method}", fields)
        self.expect_field("tree_size", f"{LEDGER}/ProveInclusion", {"tree_size": 1 << 40})
        self.expect_field("page_size", f"{LEDGER}/ListEntries", {"page_size": -5})
        self.expect_field("page_size", f"{LEDGER}/ListPublished", {"page_size": -5})
        self.expect_field("page_size", f"{LEDGER}/ListPublished", {"page_size": 1001})


class BytesThatAreNoRequest(RefusalCase):
    """Fields, values and bytes that this version does not know."""

    def refuse_bytes(self, path, content):
        with self.assertRaises(Refused) as refused:
            self.clients["intake"].send(path, content)
        return refused.exception

    def report(self):
        return self.contracts.make(
            "selaras.intake.v1.ReceiveReportRequest",
            {"header": filing.header("bawaslu/13"), "command": filing.report()})

    def test_an_unknown_field_is_named_wherever_it_stands(self):
        unknown = b"\xf8\x7f\x01"  # field 2047, a number
        whole = self.report().SerializeToString() + unknown
        for field, content in (
                ("request", whole),
                ("header", whole[:-3] + b"\x0a\x03" + unknown),
                ("command.reporter", whole[:-3] + b"\x12\x05\x4a\x03" + unknown)):
            refused = self.refuse_bytes(f"{INTAKE}/ReceiveReport", content)
            self.assertEqual((refused.code, refused.reason, refused.fields),
                             ("INVALID_ARGUMENT", "INVALID_FIELD", [field]))
            self.assertIn("2047", refused.message)

    def test_an_unknown_value_is_named(self):
        for path, field, content in (
                (f"{QUERY}/ListCases", "state", b"\x18\x63"),
                (f"{QUERY}/LookUpCases", "kind", b"\x08\x63")):
            refused = self.refuse_bytes(path, content)
            self.assertEqual((refused.code, refused.fields), ("INVALID_ARGUMENT", [field]))
            self.assertIn("99", refused.message)
        correction = self.contracts.make("selaras.intake.v1.CorrectFactRequest", {
            "header": filing.header("bawaslu/13"),
            "command": {"case_id": self.sent, "reason": "typo",
                        "new_fact": {"case_referred": {"phase": 77}}}})
        refused = self.refuse_bytes(f"{INTAKE}/CorrectFact", correction)
        self.assertEqual(refused.fields, ["command.new_fact.case_referred.phase"])

    def test_malformed_bytes(self):
        for content in (b"\xff", b"\x0a\x7f", b"\x0a\x05ab", b"\x0a\x04\x0a\x02\xc3\x28"):
            refused = self.refuse_bytes(f"{INTAKE}/ReceiveReport", content)
            self.assertEqual((refused.code, refused.reason),
                             ("INVALID_ARGUMENT", "MALFORMED_REQUEST"), content)
            self.assertIn("selaras.intake.v1.ReceiveReportRequest", refused.message)

    def test_a_message_over_the_limit(self):
        report = self.report()
        report.command.chronology = "u" * _MESSAGE_BYTES
        refused = self.refuse_bytes(f"{INTAKE}/ReceiveReport", report)
        self.assertEqual(refused.code, "RESOURCE_EXHAUSTED")
        self.assertIn(str(_MESSAGE_BYTES), refused.message)

    def test_random_bytes_are_answered_and_never_written(self):
        chance = seeded()
        callers = {REPORTER: "intake-portal", OPERATIONS: "intake-ops", WITNESS: "ombudsman",
                   RECOVERY: "referral", f"{EMERGENCY}/BreakGlass": "intake-ops"}
        others = {service: self.enterContext(self.connect(self.agencies["intake"], certificate))
                  for service, certificate in callers.items()}
        for path in self.contracts.methods():
            streams = ("/Link", "/TailEntries", "/WatchCases", "/PackExchange", "/UnpackExchange",
                       "/Upload", "/Download")  # of these attachments_test.py sends random bytes
            if path.startswith((REFERRAL, SANCTION)) or path.endswith(streams):
                continue
            client = others.get(path) or others.get(path.partition("/")[0], self.clients["intake"])
            send = client.ask_on_stream if path.endswith("/ExecuteStream") else client.send
            # Random bytes may tell a time, which is never that of the node's clock.
            wanted = ("INVALID_ARGUMENT", "NOT_FOUND") + (
                ("FAILED_PRECONDITION",) if path.startswith(OPERATIONS) else ()) + (
                ("OUT_OF_RANGE",) if path.startswith(WITNESS) else ())
            for _ in range(4):
                with self.subTest(method=path):
                    try:
                        send(path, chance.randbytes(chance.randint(1, 80)))
                        self.assertNotIn(INTAKE, path, "a command was executed")
                    except Refused as refused:
                        self.assertIn(refused.code, wanted)
        self.agencies.fleet.check()

    def test_a_request_with_random_changes_never_ends_a_node(self):
        chance = seeded()
        whole = bytearray(self.report().SerializeToString())
        for _ in range(60):
            changed = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            try:
                self.clients["intake"].send(f"{INTAKE}/ReceiveReport", bytes(changed))
            except Refused as refused:
                self.assertIn(refused.code, ("INVALID_ARGUMENT", "PERMISSION_DENIED",
                                             "FAILED_PRECONDITION", "ALREADY_EXISTS"))
        self.before = self.sizes()  # a changed letter in a text is no fault
        self.agencies.fleet.check()


if __name__ == "__main__":
    unittest.main()
