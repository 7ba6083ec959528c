"""What is not meant for a node does not reach it: not by a call, not by the link, not as a byte."""

import base64
import os
import signal
import unittest
import uuid

import grpc

from agencies import Agencies
from filed import Filed, file_all
import filing
from foreign import Client, Contracts, Refused
import probing
import write_ahead_log

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                "sanction-13.04": ["ppk/13.04"], "sanction-13.05": ["ppk/13.05"]}
_ROLES = ("node", "entry", "backoffice", "ops")
_NOBODY = str(uuid.UUID(int=0x5E1A5A5))


def _certificate(folder, role):
    return folder if role == "node" else f"{folder}-{role}"


def _identities():
    """Certificates of all roles for every authority, besides those that a fleet has."""
    return [f"{role}:{authorities[0]}:{_certificate(folder, role)}"
            for folder, authorities in _AUTHORITIES.items() for role in ("backoffice", "ops")]


class Isolation(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        os.environ["SELARAS_LOG"] = "debug"  # of the nodes: what they say at most
        cls.addClassCleanup(os.environ.pop, "SELARAS_LOG")
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES, _identities()))
        cls.datar = Filed("31", "13.04", "198001012005011901",
                          {"intake", "referral", "sanction-13.04"})
        cls.pariaman = Filed("32", "13.05", "198002022006022902",
                             {"intake", "referral", "sanction-13.05"})
        cls.referred = Filed("33", "13.04", "198003032007031903", {"intake", "referral"})
        cls.unreferred = Filed("34", "13.05", "198004042008042904", {"intake"})
        cls.filed = [cls.datar, cls.pariaman, cls.referred, cls.unreferred]
        file_all(cls.agencies, lambda folder: cls.client(folder, f"{folder}-entry"), cls.filed)
        cls.files = {node.folder.name: cls.files_of(node) for node in cls.agencies}
        cls.entries = cls.entries_of_all()

    @classmethod
    def client(cls, node, certificate):
        return Client(cls.contracts, cls.agencies[node].address, cls.agencies.pki, certificate)

    @classmethod
    def files_of(cls, node):
        """Everything that lies in the node's folder, as it lies there now."""
        files = {path: path.read_bytes() for path in node.folder.rglob("*") if path.is_file()}
        for path in files:
            if path.parent.name == "db" and path.suffix == ".log":
                files[path] += write_ahead_log.payload(files[path])
        return files

    @classmethod
    def entries_of_all(cls):
        """(node, log) -> entries, read from the stores of the stopped nodes, which then go on."""
        cls.agencies.stop()
        entries = {}
        for node in cls.agencies:
            logs = [node.name, f"{node.name}/private",
                    *(peer.name for peer in cls.agencies if cls.are_linked(node, peer))]
            for log in logs:
                entries[node.folder.name, log] = cls.agencies.entries(node, log)
        for node in cls.agencies:
            cls.agencies.start_again(node)
        return entries

    @staticmethod
    def are_linked(node, peer):
        return node is not peer and {node.role, peer.role} != {"sanction"}

    def found_in_files(self, folder, marks):
        return {f"{path.name} holds {mark}" for path, content in self.files[folder].items()
                for mark in marks if mark in content}

    # Bytes.

    def test_a_node_holds_bytes_only_of_the_cases_that_it_is_a_party_to(self):
        for case in self.filed:
            for node in self.agencies:
                found = self.found_in_files(node.folder.name, case.ids())
                if node.folder.name in case.parties:
                    self.assertTrue(found, "the search itself finds nothing")
                else:
                    found = self.found_in_files(node.folder.name, case.marks_for_parties())
                    self.assertEqual(found, set(), node.name)

    def test_no_node_holds_readable_bytes_of_a_person_not_even_its_own(self):
        for case in self.filed:
            for node in self.agencies:
                found = self.found_in_files(node.folder.name, case.personal_marks())
                self.assertEqual(found, set(), node.name)

    def test_what_only_bawaslu_may_know_is_in_no_other_nodes_files(self):
        for case in self.filed:
            for node in self.agencies:
                found = self.found_in_files(node.folder.name, case.marks_kept())
                if node.folder.name == "intake":
                    self.assertTrue(found, "the search itself finds nothing")
                else:
                    self.assertEqual(found, set(), node.name)

    def test_no_node_says_in_its_log_who_is_concerned(self):
        self.provoke_refusals()
        for node in self.agencies:
            said = node.log.read_bytes()
            self.assertTrue(b"level=debug" in said)
            for case in self.filed:
                # Ids are random numbers: they may be named where an error is about them.
                told = [text.encode() for text in (*case.told.values(), case.nip)]
                marks = told + case.marks_kept()
                self.assertEqual({mark for mark in marks if mark in said}, set(), node.name)

    def provoke_refusals(self):
        """Sends what is refused, with words in it that must not be repeated to the log."""
        case = self.datar
        for changes in ({"region": "99.99"}, {"chronology": case.kept["chronology"] * 2_000},
                        {"received_at": filing.on("never")}, {"source": case.kept["reporter"]}):
            with self.client("intake", "intake-entry") as client, self.assertRaises(Refused):
                client.call("selaras.intake.v1.IntakeService/ReceiveReport", {
                    "header": filing.header("bawaslu/13"),
                    "command": {**case.report(), **changes}})

    # Entries.

    def test_the_shared_log_of_bawaslu_says_nothing_of_who_reported(self):
        kept = [mark for case in self.filed for mark in case.kept.values()]
        private = repr(self.entries["intake", "bawaslu-13/private"])
        self.assertEqual([mark for mark in kept if mark not in private], [])
        for (node, log), entries in self.entries.items():
            if log.endswith("/private") and node == "intake":
                continue
            self.assertEqual([mark for mark in kept if mark in repr(entries)], [],
                             f"{log} at {node}")
            told = {next(iter(entry["event"]["fact"])) for entry in entries if entry["disclosed"]}
            self.assertFalse(told & {"report_details_recorded", "case_details_recorded"})

    def test_a_mirror_holds_the_entries_of_its_nodes_own_cases_and_no_other(self):
        for (node, log), entries in self.entries.items():
            mine = {case.case_id for case in self.filed if node in case.parties}
            about = {entry["event"].get("case_id") for entry in entries
                     if entry["disclosed"] and entry["event"].get("case_id")}
            self.assertLessEqual(about, mine, f"{log} at {node}")
        self.assertEqual(len(self.entries["sanction-13.04", "bkn"]),
                         len(self.entries["referral", "bkn"]))  # every leaf hash, though
        self.assertEqual(
            sum(entry["disclosed"] for entry in self.entries["sanction-13.04", "bkn"]), 3)

    # Calls.

    def test_no_call_at_the_own_node_tells_of_a_case_of_another_regency(self):
        for mine in (self.datar, self.pariaman):
            folder = f"sanction-{mine.region}"
            for role in ("entry", "backoffice", "ops"):
                with self.client(folder, _certificate(folder, role)) as client:
                    answers = b"".join(probing.read_everything(client))
                    self.assertTrue(mine.told["name"].encode() in answers, "the search itself finds nothing")
                    unknown = probing.refusals(client, _NOBODY, _NOBODY)
                    for case in self.filed:
                        if folder in case.parties:
                            continue
                        marks = case.marks_for_parties() + case.marks_kept()
                        self.assertEqual({mark for mark in marks if mark in answers}, set())
                        self.assertEqual(probing.look_up(client, case), set())
                        self.assertEqual(
                            probing.refusals(client, case.case_id, case.report_id), unknown)
                        if role != "ops":
                            self.expect_commands_like_unknown(client, folder, case)

    def expect_commands_like_unknown(self, client, folder, case):
        """What a command about the case is refused with does not tell that there is one."""
        path = "selaras.sanction.v1.SanctionService/ExecuteBatch"
        for real, unreal in zip(filing.decided(case.case_id, "X"), filing.decided(_NOBODY, "X")):
            told = [probing.refusal(client, path, {
                "header": filing.header(_AUTHORITIES[folder][0]), "commands": [command]}, asked)
                    for command, asked in ((real, case.case_id), (unreal, _NOBODY))]
            self.assertIsNotNone(told[0])
            self.assertEqual(told[0], told[1])

    def test_no_certificate_of_another_agency_may_call_anything(self):
        for node in self.agencies:
            folder = node.folder.name
            for other in _AUTHORITIES:
                if other == folder:
                    continue
                for role in _ROLES:
                    with self.client(folder, _certificate(other, role)) as client:
                        self.expect_all_refused(client, node)

    def expect_all_refused(self, client, node):
        services = {f"selaras.{node.role}.v1.{node.role.title()}Service",
                    f"selaras.{node.role}.v1.ReporterService",  # of Bawaslu's only, as the next
                    f"selaras.{node.role}.v1.EmergencyService",
                    "selaras.query.v1.QueryService", "selaras.query.v1.StatisticsService",
                    "selaras.attachment.v1.AttachmentService",
                    "selaras.ledger.v1.LedgerService", "selaras.ledger.v1.OperationsService",
                    "selaras.ledger.v1.RecoveryService", "selaras.ledger.v1.WitnessService"}
        for path in self.contracts.methods():
            if path.endswith("/Link"):
                continue
            if path.endswith("/GetHeld") and client.certificate in _AUTHORITIES:
                continue  # a peer reads its own log back: recover_test.py
            here = path.split("/")[0] in services
            with self.subTest(node=node.name, certificate=client.certificate, method=path):
                try:
                    if path.endswith(("/TailEntries", "/WatchCases")):
                        list(client.ask_stream(path))
                    else:
                        client.call(path)
                    self.fail("it was answered")
                except Refused as refused:
                    self.assertEqual(refused.code,
                                     "PERMISSION_DENIED" if here else "UNIMPLEMENTED")
                    self.assertNotIn(node.name, refused.message)
                except grpc.RpcError as error:
                    self.assertEqual(error.code(), grpc.StatusCode.PERMISSION_DENIED)

    # The link.

    def test_a_regency_that_asks_over_the_link_gets_its_own_cases_only(self):
        node = self.agencies["sanction-13.05"]
        self.agencies.end(node, signal.SIGTERM)
        try:
            for peer, log in (("referral", "bkn"), ("intake", "bawaslu-13")):
                size = len(self.entries[peer, log])
                frames = self.intrude(peer, node, node, size)
                self.assertIn("leaves", frames)
                mine = {base64.b64decode(entry["entry"])
                        for entry in self.entries["sanction-13.05", log] if entry["disclosed"]}
                sent = {entry.entry for frame in frames.get("disclosed", []) +
                        frames.get("entries", []) for entry in frame.entries}
                self.assertTrue(sent)
                self.assertLessEqual(sent, mine)
                withheld = {place for frame in frames["entries"] for place in frame.withheld}
                self.assertEqual(len(withheld), size - len(mine))
        finally:
            self.agencies.start_again(node)
        self.agencies.await_delivery()

    def intrude(self, peer, node, pretended, size):
        with self.client(peer, node.certificate) as client:
            return probing.intrude(client, pretended, size)

    def test_a_node_that_introduces_itself_as_another_gets_nothing(self):
        node, other = self.agencies["sanction-13.05"], self.agencies["sanction-13.04"]
        self.agencies.end(node, signal.SIGTERM)
        try:
            for peer in ("referral", "intake"):
                frames = self.intrude(peer, node, other, 10)
                self.assertFalse(set(frames) & {"leaves", "disclosed", "entries", "caught_up"})
        finally:
            self.agencies.start_again(node)
        self.agencies.await_delivery()  # and no link has come to harm


if __name__ == "__main__":
    unittest.main()
