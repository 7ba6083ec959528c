"""A regency that never has a line: files carried both ways do what a link does."""

import shutil
import signal
import sys
import time
import unittest

import grpc

from agencies import Agencies, SETS, await_true, of_set, seeded
from cli import DIFFERENCE
import filing
from foreign import Client, Contracts

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                "sanction-13.04": ["ppk/13.04"], "sanction-13.05": ["ppk/13.05"]}
_REGENCY = "sanction-13.04"
_OTHERS = ("intake", "referral")


class ExchangeCase(unittest.TestCase):

    authorities = _AUTHORITIES
    offline = _REGENCY
    maxDiff = None
    letters = 0

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(Agencies(
            cls.authorities, [f"ops:{authorities[0]}:{folder}-ops"
                              for folder, authorities in cls.authorities.items()], start=False))
        cls.agencies[cls.offline].has_line = False
        (cls.agencies[cls.offline].folder / "backups").mkdir()
        cls.agencies[cls.offline].settings = 'backups: "backups"\n'
        cls.agencies.fleet.start()

    def execute(self, folder, authority, *commands):
        role = folder.partition("-")[0]
        with Client(self.contracts, self.agencies[folder].address, self.agencies.pki,
                    f"{folder}-entry") as client:
            return client.call(f"selaras.{role}.v1.{role.title()}Service/ExecuteBatch",
                               {"header": filing.header(authority),
                                "commands": list(commands)}).outcome.case_id

    @classmethod
    def letter(cls):
        ExchangeCase.letters += 1
        return f"{ExchangeCase.letters:03}/B/2024"

    def operate(self, folder, *arguments):
        """Runs selaras as an operator. Gives exit code, objects, text."""
        node = self.agencies[folder]
        return self.agencies.run(node, *self.agencies.certificate(f"{folder}-ops"), *arguments)

    def file(self, sender, receiver):
        return self.agencies.path / f"{sender}-to-{receiver}.selaras"

    def pack(self, sender, receiver, *options):
        """Packs a file; gives its path."""
        path = self.file(sender, receiver)
        code, objects, text = self.operate(
            sender, "exchange", "pack", "--for", self.agencies[receiver].name, "-o", path, *options)
        self.assertEqual(code, 0, text)
        self.assertEqual(objects[0]["to"], self.agencies[receiver].name)
        return path

    def unpack(self, receiver, path):
        code, objects, text = self.operate(receiver, "exchange", "unpack", path)
        self.assertEqual(code, 0, text)
        return objects[0]

    def refuse(self, receiver, path, why, code=1):
        ended, _, text = self.operate(receiver, "exchange", "unpack", path)
        self.assertEqual(ended, code, text)
        self.assertIn(why, text)

    def carry(self):
        """Somebody travels: files from everybody to the regency, and back."""
        for other in _OTHERS:
            self.unpack(_REGENCY, self.pack(other, _REGENCY))
        for other in _OTHERS:
            self.unpack(other, self.pack(_REGENCY, other))

    def await_line(self, *folders):
        """What those who have a line say to each other has arrived."""
        nodes = [self.agencies[folder] for folder in folders]
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            states = {node.name: self.agencies.selaras.status(node) for node in nodes}
            sizes = {name: next(log["size"] for log in state["logs"] if log["log"] == name)
                     for name, state in states.items()}
            links = [(state["projected"], link["received_size"] == sizes[link["peer"]],
                      link["disclosed"] == link["disclosed_arrived"])
                     for state in states.values() for link in state["links"]
                     if link["peer"] in sizes]
            if all(all(link) for link in links):
                return
            time.sleep(0.05)
        self.fail(f"the line does not deliver: {links}")

    def case(self, folder, case_id):
        code, objects, text = self.agencies.run(self.agencies[folder], "case", "show", case_id)
        self.assertEqual(code, 0, text)
        return objects[0]

    def await_case(self, folder, case_id, state):
        """The projector takes in what a file brought."""
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            code, objects, _ = self.agencies.run(self.agencies[folder], "case", "show", case_id)
            if code == 0 and objects[0]["state"] == f"CASE_STATE_{state}":
                return
            time.sleep(0.05)
        self.fail(f"case {case_id} does not become {state} at {folder}")

    def recommended(self):
        """A case that BKN recommends to the regency's PPK."""
        case_id = self.execute("intake", "bawaslu/13", *filing.opened(), *filing.concluded(),
                               *filing.referred(self.letter()))
        self.await_case("referral", case_id, "REFERRED")
        self.execute("referral", "bkn", *filing.recommended(case_id, self.letter()))
        self.await_case("intake", case_id, "RECOMMENDED")
        return case_id

    def holds(self, folder):
        status = self.agencies.selaras.status(self.agencies[folder])
        return [(log["log"], log["size"], log["entries_held"]) for log in status["logs"]
                if log["mirror"]]

    def link(self, folder, peer):
        _, objects, _ = self.agencies.run(self.agencies[folder], "link", "list")
        return next(link for link in objects if link["peer"] == self.agencies[peer].name)


class WithoutALine(ExchangeCase):

    def test_the_whole_procedure_goes_over_files(self):
        case_id = self.recommended()
        self.carry()
        self.await_case(_REGENCY, case_id, "RECOMMENDED")
        self.execute(_REGENCY, "ppk/13.04", *filing.decided(case_id, self.letter()))
        self.carry()
        for folder in (*_OTHERS, _REGENCY):
            self.await_case(folder, case_id, "DECIDED")
        self.await_line(*_OTHERS)
        self.carry()  # what the others wrote meanwhile
        digests = {self.case(folder, case_id)["party_digest"] for folder in (*_OTHERS, _REGENCY)}
        self.assertEqual(len(digests), 1)
        self.assertNotEqual(digests, {""})
        for other in _OTHERS:
            there, here = self.link(other, _REGENCY), self.link(_REGENCY, other)
            self.assertEqual((there["fault"], here["fault"]), ("", ""))
            self.assertEqual(there["disclosed"], there["disclosed_arrived"])
            self.assertEqual(here["disclosed"], here["disclosed_arrived"])
            self.assertEqual(there["arrived_size"], here["received_size"])

    def test_a_file_holds_what_is_new_since_the_last_acknowledgement(self):
        self.recommended()
        self.carry()
        again = self.pack("referral", _REGENCY)
        everything = self.pack("intake", _REGENCY, "--everything")
        _, objects, _ = self.operate("referral", "exchange", "pack", "--for", "ppk/13.04", "-o",
                                     again)
        self.assertEqual(objects[0]["from_size"], objects[0]["size"])
        self.assertEqual(objects[0]["from_disclosed"], objects[0]["disclosed"])
        self.assertGreater(int(objects[0]["size"]), 0)
        came = self.unpack(_REGENCY, everything)
        self.assertEqual((came["summary"]["from_size"], came["new_leaves"], came["new_entries"]),
                         ("0", "0", "0"))

    def test_the_same_file_twice_and_an_older_one_change_nothing(self):
        self.recommended()
        first = self.pack("referral", _REGENCY)
        older = first.rename(first.with_suffix(".first"))
        self.recommended()
        newer = self.pack("referral", _REGENCY)
        self.unpack(_REGENCY, older)
        self.assertGreater(int(self.unpack(_REGENCY, newer)["new_leaves"]), 0)
        for path, is_older in ((newer, False), (older, True), (newer, False)):
            came = self.unpack(_REGENCY, path)
            self.assertEqual((came["older"], came["new_leaves"], came["new_entries"]),
                             (is_older, "0", "0"))

    def test_a_file_is_refused_by_those_whom_it_is_not_for(self):
        self.recommended()
        path = self.pack("referral", _REGENCY)
        self.refuse("sanction-13.05", path, "give it to the node that it is for")
        self.refuse("intake", path, "give it to the node that it is for")
        self.refuse("referral", path, "no peer of this node")
        code, _, text = self.operate(_REGENCY, "exchange", "pack", "--for", "ppk/13.05", "-o",
                                     self.agencies.path / "none")
        self.assertEqual(code, 1)
        self.assertIn("no peer of this node is ppk/13.05", text)
        self.assertFalse((self.agencies.path / "none").exists())
        code, _, text = self.agencies.run(self.agencies[_REGENCY], "exchange", "unpack", path)
        self.assertEqual(code, 1, "data entry unpacks nothing")
        self.assertIn("may not call", text)

    def test_a_file_that_was_changed_or_cut_keeps_nothing(self):
        rng = seeded()
        self.recommended()
        path = self.pack("referral", _REGENCY)
        good = path.read_bytes()
        before = self.holds(_REGENCY)
        places = sorted({0, 20, len(good) - 1, *rng.sample(range(len(good)), 25)})
        bad = path.with_suffix(".bad")
        for place in places:
            with self.subTest(byte=place):
                changed = bytearray(good)
                changed[place] ^= 1 << rng.randrange(8)
                bad.write_bytes(changed)
                self.assertEqual(self.operate(_REGENCY, "exchange", "unpack", bad)[0], 1)
        for content in (b"", good[:len(good) // 2], good[:-1], good + b"x", b"no such file\n"):
            bad.write_bytes(content)
            self.assertEqual(self.operate(_REGENCY, "exchange", "unpack", bad)[0], 1)
        self.assertEqual(self.holds(_REGENCY), before)
        link = self.link(_REGENCY, "referral")
        self.assertEqual((link["fault"], link["stopped"]), ("", False))
        self.unpack(_REGENCY, path)
        self.assertNotEqual(self.holds(_REGENCY), before)

    def test_a_message_that_is_no_file_is_refused_with_a_reason(self):
        path = "selaras.ledger.v1.OperationsService/UnpackExchange"
        make = self.contracts.type("selaras.ledger.v1.UnpackExchangeRequest")
        with Client(self.contracts, self.agencies[_REGENCY].address, self.agencies.pki,
                    f"{_REGENCY}-ops") as client:
            for chunks, code in (([], "INVALID_ARGUMENT"), ([b"x" * 40], "INVALID_ARGUMENT"),
                                 ([b"x" * (2 << 20)], "INVALID_ARGUMENT")):
                with self.assertRaises(grpc.RpcError) as refused:
                    list(client.talk(path, iter([make(chunk=chunk) for chunk in chunks])))
                self.assertEqual(refused.exception.code().name, code)


class RestoredWithoutALine(ExchangeCase):

    def test_a_regency_that_was_restored_packs_nothing_before_an_operator_has_seen_new_files(self):
        regency = self.agencies[_REGENCY]
        case_id = self.recommended()
        self.carry()
        self.await_case(_REGENCY, case_id, "RECOMMENDED")
        code, _, text = self.operate(_REGENCY, "backup", "create", "before")
        self.assertEqual(code, 0, text)
        old = self.pack("referral", _REGENCY)
        old = old.rename(old.with_suffix(".old"))

        def restore():
            self.agencies.end(regency, signal.SIGTERM)
            shutil.rmtree(regency.store)
            shutil.copytree(regency.folder / "backups/before", regency.store)
            self.agencies.start_again(regency)

        def expect_doubt(*words):
            code, _, text = self.operate(_REGENCY, "exchange", "pack", "--for", "bkn", "-o",
                                         self.file(_REGENCY, "referral"))
            self.assertNotEqual(code, 0)
            for word in words:
                self.assertIn(word, text)

        restore()
        expect_doubt("bawaslu-13, bkn")
        # Files say what was held when they were packed, not what is held now.
        for path in (old, self.pack("referral", _REGENCY), self.pack("intake", _REGENCY)):
            self.unpack(_REGENCY, path)
        expect_doubt("bawaslu-13, bkn")
        code, _, text = self.operate(_REGENCY, "backup", "confirm", "--reason", "files of today")
        self.assertEqual(code, 0, text)
        self.execute(_REGENCY, "ppk/13.04", *filing.decided(case_id, self.letter()))
        self.carry()
        self.await_case("referral", case_id, "DECIDED")

        # What the regency wrote since the backup is known to BKN by now.
        restore()
        path = self.pack("referral", _REGENCY)
        self.refuse(_REGENCY, path, "rolled back", DIFFERENCE)
        expect_doubt("bkn holds", "are missing")


class KilledWhileUnpacking(ExchangeCase):
    """Bawaslu has no line, and a register full of cases for BKN."""

    authorities = of_set("nasional2020")
    offline = "intake"

    def test_the_same_file_completes_what_a_kill_left(self):
        rng = seeded()
        bkn = self.agencies["referral"]
        self.agencies.selaras.import_register(self.agencies["intake"],
                                              SETS / "nasional2020/bawaslu.csv", 10)
        await_true("the disclosure lists",
                   lambda: self.agencies.selaras.status(self.agencies["intake"])["projected"])
        path = self.pack("intake", "referral")
        for _ in range(8):
            process = self.agencies.spawn(bkn, *self.agencies.certificate("referral-ops"),
                                          "exchange", "unpack", path)
            time.sleep(rng.uniform(0.05, 0.4))
            self.agencies.end(bkn, signal.SIGKILL)
            process.communicate()
            self.agencies.start_again(bkn)
            print(self.holds("referral"), file=sys.stderr)  # how far it came
        came = self.unpack("referral", path)
        self.assertEqual(came["received_size"], came["summary"]["size"])
        self.unpack("intake", self.pack("referral", "intake"))
        link = self.link("intake", "referral")
        self.assertEqual(link["arrived_size"], came["received_size"])
        self.assertEqual((link["disclosed"], link["fault"]), (link["disclosed_arrived"], ""))
        self.assertGreater(int(link["disclosed"]), 0)
        self.agencies.stop()
        good, problems = self.agencies.verify()
        self.assertEqual(problems, [])
        self.assertGreater(good, 0)


if __name__ == "__main__":
    unittest.main()
