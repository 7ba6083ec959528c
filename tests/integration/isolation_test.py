"""What is not meant for a node does not reach it: not by a call, not by the link, not as a byte."""

import base64
import os
import queue
import random
import signal
import unittest
import uuid

import grpc

from agencies import Agencies
import filing
from foreign import Client, Contracts, Refused

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                "sanction-13.04": ["ppk/13.04"], "sanction-13.05": ["ppk/13.05"]}
_ROLES = ("node", "entry", "backoffice", "ops")
_NUMBERS = {"letter": 2, "agenda": 3, "recommendation": 4, "ppk_agenda": 3, "decree": 5}
_LINK_SECONDS = 20  # how long an intruder listens for what it must not get


def _certificate(folder, role):
    return folder if role == "node" else f"{folder}-{role}"


def _identities():
    """Certificates of all roles for every authority, besides those that a fleet has."""
    return [f"{role}:{authorities[0]}:{_certificate(folder, role)}"
            for folder, authorities in _AUTHORITIES.items() for role in ("backoffice", "ops")]


class Filed:
    """One case with words in it that stand nowhere else."""

    def __init__(self, tag, region, nip, parties):
        self.region = region
        self.parties = parties  # folders of the nodes that may know of it
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

    def marks_kept(self):
        """What only Bawaslu's own files may hold."""
        texts = [*self.kept.values(), self.report_id]
        return [text.encode() for text in texts] + [self.evidence, self.evidence.hex().encode()]


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
        cls.file_all()
        cls.agencies.await_delivery()
        cls.files = {node.folder.name: cls.files_of(node) for node in cls.agencies}
        cls.entries = cls.entries_of_all()

    @classmethod
    def client(cls, node, certificate):
        return Client(cls.contracts, cls.agencies[node].address, cls.agencies.pki, certificate)

    @classmethod
    def file_all(cls):
        """Brings each case as far as it goes."""
        with cls.client("intake", "intake-entry") as intake:
            for case in cls.filed:
                commands = filing.opened(case.report(), case.respondent()) + filing.concluded()
                if "referral" in case.parties:
                    commands += filing.referred(case.told["letter"], case.told["summary"])
                outcome = intake.call("selaras.intake.v1.IntakeService/ExecuteBatch",
                                      filing.intake_batch(*commands)).outcome
                case.case_id, case.report_id = outcome.case_id, outcome.report_id
        cls.agencies.await_delivery()
        for case in (cls.datar, cls.pariaman):
            cls.execute("referral", "bkn", filing.recommended(
                case.case_id, case.told["recommendation"], case.told["agenda"]))
        cls.agencies.await_delivery()
        for case in (cls.datar, cls.pariaman):
            cls.execute(f"sanction-{case.region}", f"ppk/{case.region}", filing.decided(
                case.case_id, case.told["decree"], case.told["ppk_agenda"],
                case.told["obstacle"]))

    @classmethod
    def execute(cls, node, authority, commands):
        role = node.partition("-")[0]
        with cls.client(node, f"{node}-entry") as client:
            client.call(f"selaras.{role}.v1.{role.title()}Service/ExecuteBatch",
                        {"header": filing.header(authority), "commands": commands})

    @classmethod
    def files_of(cls, node):
        """Everything that lies in the node's folder, as it lies there now."""
        return {path: path.read_bytes() for path in node.folder.rglob("*") if path.is_file()}

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
                found = self.found_in_files(node.folder.name, case.marks_for_parties()[:-1])
                if node.folder.name in case.parties:
                    self.assertTrue(found, "the search itself finds nothing")
                else:
                    found = self.found_in_files(node.folder.name, case.marks_for_parties())
                    self.assertEqual(found, set(), node.name)

    def test_what_only_bawaslu_may_know_is_in_no_other_nodes_files(self):
        for case in self.filed:
            for node in self.agencies:
                found = self.found_in_files(node.folder.name, case.marks_kept())
                if node.folder.name == "intake":
                    self.assertGreaterEqual(len(found), len(case.kept) + 2, found)
                else:
                    self.assertEqual(found, set(), node.name)

    def test_no_node_says_in_its_log_who_is_concerned(self):
        self.provoke_refusals()
        for node in self.agencies:
            said = node.log.read_bytes()
            self.assertIn(b"level=debug", said)
            for case in self.filed:
                # Ids are random numbers: they may be named where an error is about them.
                told = [text.encode() for text in (*case.told.values(), case.nip)]
                for mark in told + case.marks_kept():
                    self.assertNotIn(mark, said, node.name)

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
        for mark in kept:
            self.assertIn(mark, private)
        for (node, log), entries in self.entries.items():
            if log.endswith("/private") and node == "intake":
                continue
            for mark in kept:
                self.assertNotIn(mark, repr(entries), f"{log} at {node}")
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
        for mine, other in ((self.datar, self.pariaman), (self.pariaman, self.datar)):
            node = f"sanction-{mine.region}"
            strange = [case for case in self.filed if node not in case.parties]
            for role in ("entry", "backoffice", "ops"):
                with self.client(node, _certificate(node, role)) as client:
                    answers = list(self.read_everything(client, node))
                    for case in strange:
                        self.expect_like_unknown(client, case, role)
                        for mark in case.marks_for_parties() + case.marks_kept():
                            self.assertFalse([a for a in answers if mark in a], mark)
                    if role != "ops":
                        self.expect_commands_like_unknown(client, node, other)
                    self.assertTrue([a for a in answers if mine.told["name"].encode() in a])

    def read_everything(self, client, node):
        """What every method answers that reads without being told an id, as bytes."""
        query, ledger = "selaras.query.v1.QueryService", "selaras.ledger.v1.LedgerService"
        state = client.call(f"{ledger}/GetNode")
        yield state.SerializeToString()
        for method in ("ListCases", "ListReports", "ListChanges"):
            yield client.call(f"{query}/{method}", {"page_size": 1000}).SerializeToString()
        yield client.call(f"{ledger}/GetCatalogue").SerializeToString()
        for log in state.logs:
            if log.log.endswith("/private") and client.certificate.endswith("-ops"):
                continue  # not for operations
            asked = {"log": log.log}
            yield client.call(f"{ledger}/GetCheckpoint", asked).SerializeToString()
            yield client.call(f"{ledger}/ListEntries",
                              {**asked, "page_size": 1000}).SerializeToString()
            yield client.call(f"{ledger}/ProveConsistency", asked).SerializeToString()
            tail = client.ask_stream(f"{ledger}/TailEntries", asked)
            for sequence in range(log.size):
                yield next(tail).SerializeToString()
                yield client.call(f"{ledger}/ProveInclusion", {
                    **asked, "sequence": sequence}).SerializeToString()
            tail.cancel()

    def expect_like_unknown(self, client, case, role):
        """The case cannot be told from one that does not exist."""
        query = "selaras.query.v1.QueryService"
        nobody = str(uuid.UUID(int=0x5E1A5A5))
        for method, field, of_case in (("GetCase", "case_id", case.case_id),
                                       ("GetTimeline", "case_id", case.case_id),
                                       ("GetReport", "report_id", case.report_id)):
            for length in (6, 13, 36):
                self.assertEqual(self.refusal(client, f"{query}/{method}", field, of_case[:length]),
                                 self.refusal(client, f"{query}/{method}", field, nobody[:length]))
        for number, kind in (*_NUMBERS.items(), ("register", 1)):
            text = {**case.told, **case.kept}[number]
            for nip in ("", case.nip):
                found = client.call(f"{query}/LookUpCases",
                                    {"kind": kind, "number": text, "nip": nip})
                self.assertEqual(list(found.case_ids), [], f"{number} for {role}")

    def expect_commands_like_unknown(self, client, node, other):
        """Nor by what a command about it is refused with."""
        nobody = str(uuid.UUID(int=0x5E1A5A5))
        path = "selaras.sanction.v1.SanctionService/ExecuteBatch"
        authority = _AUTHORITIES[node][0]
        for one, another in zip(filing.decided(other.case_id, "X-1"),
                                filing.decided(nobody, "X-1")):
            told = []
            for command in (one, another):
                with self.assertRaises(Refused) as refused:
                    client.call(path, {"header": filing.header(authority), "commands": [command]})
                told.append(str(refused.exception).replace(other.case_id, "ID")
                            .replace(nobody, "ID"))
            self.assertEqual(told[0], told[1])

    def refusal(self, client, path, field, asked):
        with self.assertRaises(Refused) as refused:
            client.call(path, {field: asked})
        return (refused.exception.code, refused.exception.reason,
                refused.exception.message.replace(asked, "ID"))

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
                    "selaras.query.v1.QueryService", "selaras.ledger.v1.LedgerService"}
        for path in self.contracts.methods():
            if path.endswith("/Link"):
                continue
            here = path.split("/")[0] in services
            with self.subTest(node=node.name, certificate=client.certificate, method=path):
                try:
                    if path.endswith("/TailEntries"):
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

    def intrude(self, peer, node, pretended, size):
        """Speaks the link protocol by hand with a node's certificate and asks for every entry.
        Gives what came: kind of frame -> frames."""
        requests = queue.Queue()
        make = self.contracts.make

        def say(**frame):
            requests.put(make("selaras.ledger.v1.LinkRequest", {"frame": frame}))

        say(hello={"protocol": 1, "node": pretended.name, "origin": f"selaras/{pretended.name}",
                   "verifier_key": pretended.verifier_key})
        came = {}
        with self.client(peer, node.certificate) as client:
            stream = client.talk("selaras.ledger.v1.LinkService/Link", iter(requests.get, None),
                                 timeout=_LINK_SECONDS)
            try:
                for response in stream:
                    kind = response.frame.WhichOneof("kind")
                    if kind == "hello":
                        say(follow={"size": 0, "rewind": True})
                    if kind == "caught_up" and kind not in came:  # all leaves are known now
                        say(get_entries={"sequences": list(range(size))})
                    came.setdefault(kind, []).append(getattr(response.frame, kind))
                    answered = sum(len(frame.entries) + len(frame.withheld)
                                   for frame in came.get("entries", []))
                    if answered >= size:
                        break
            except grpc.RpcError:
                pass  # the node ended the stream
            stream.cancel()
            requests.put(None)
        return came


if __name__ == "__main__":
    unittest.main()
