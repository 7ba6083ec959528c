"""What nodes publish is cosigned by their peers and by a witness outside, and a node that shows two
histories is found out by what its followers tell each other."""

import fcntl
import json
import shutil
import signal
import subprocess
import time
import unittest

from agencies import Agencies, PATIENCE, SETS, bin_dir, of_set
from foreign import Client, Contracts, Refused

_SET = "sumbar2020"
_LOOK = 0.2


def _await(what, get):
    """The first true answer of `get`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = get()
        if answer:
            return answer
        time.sleep(_LOOK)
    raise AssertionError(f"{what}: not within {PATIENCE} seconds")


class FleetCase(unittest.TestCase):

    maxDiff = None

    @classmethod
    def make(cls, identities=()):
        cls.agencies = cls.enterClassContext(Agencies(of_set(_SET), identities, start=False))
        cls.intake, cls.bkn, cls.ppk = (
            cls.agencies[each] for each in ("intake", "referral", "sanction"))
        cls.register = (SETS / _SET / "bawaslu.csv").read_text(encoding="utf-8").splitlines(
            keepends=True)

    @classmethod
    def write(cls, first, end):
        """The intake node writes what some rows of the register say."""
        part = cls.agencies.path / f"rows-{first}-{end}.csv"
        part.write_text("".join([cls.register[0], *cls.register[first:end]]), encoding="utf-8")
        cls.agencies.selaras.import_register(cls.intake, part, 0)

    @classmethod
    def log(cls, node, name):
        """State of a log as `node` shows it."""
        return next(each for each in cls.agencies.selaras.status(node)["logs"]
                    if each["log"] == name)

    @classmethod
    def cosigned(cls, node):
        """Names of the keys that cosigned the newest checkpoint, if that is all that is written."""
        log = cls.log(node, node.name)
        published = log.get("published", {})
        if published.get("size") != log["size"]:
            return set()
        return {each["witness"] for each in published.get("cosigned", [])}

    def tell(self, *arguments, code=0):
        done = subprocess.run([bin_dir() / "selaras", *map(str, arguments)], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout


class Witnesses(FleetCase):

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.make(["witness:ombudsman:ombudsman", "witness:stranger:stranger"])
        cls.folder = cls.agencies.path / "ombudsman"
        cls.folder.mkdir()
        cls.witness_key = cls.agencies.name_witness(cls.intake, "ombudsman",
                                                    cls.folder / "witness.key")
        (cls.intake.folder / "policy").write_text(
            f"log {cls.intake.verifier_key}\n"
            f"witness ombudsman {cls.witness_key}\n"
            f"witness bkn {cls.bkn.witness_verifier_key}\n"
            "group both all ombudsman bkn\nquorum both\n", encoding="utf-8")
        cls.intake.settings += 'policy: "policy"\n'
        cls.agencies.fleet.start()
        (cls.folder / "witness.textproto").write_text(
            'key: "witness.key"\nstate: "state"\n'
            f'tls {{ ca: "../pki/ca.crt" certificate: "../pki/ombudsman.crt" '
            'key: "../pki/ombudsman.key" }\n'
            f'logs {{ node: "{cls.intake.name}" address: "{cls.intake.address}" '
            f'verifier_key: {json.dumps(cls.intake.verifier_key)} }}\n', encoding="utf-8")
        cls.write(1, 10)

    def client(self, certificate):
        return Client(self.contracts, self.intake.address, self.agencies.pki, certificate)

    def witness(self, code=0):
        done = subprocess.run(
            [bin_dir() / "selaras", "--json", "witness", "--once", "--config",
             self.folder / "witness.textproto"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_1_every_mirror_cosigns_what_is_published(self):
        mirrors = {f"selaras/{node.name}/witness" for node in (self.bkn, self.ppk)}
        _await("the cosignatures of both followers",
               lambda: self.cosigned(self.intake) >= mirrors)
        self.assertIn(f"selaras/{self.bkn.name}/witness",
                      self.tell("status", "--client", self.intake.client))

    def test_2_without_the_quorum_there_is_no_witnessed_receipt(self):
        _await("a published checkpoint", lambda: self.cosigned(self.intake))
        with self.assertRaises(Refused) as refused:
            self.client("intake-entry").call(
                "selaras.ledger.v1.LedgerService/GetReceipt", {"witnessed": True})
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("FAILED_PRECONDITION", "NOT_WITNESSED"))
        self.assertIn("ombudsman", refused.exception.message)
        self.assertIn("ombudsman", self.log(self.intake, self.intake.name)["published"]["missing"])

    def test_3_the_witness_outside_completes_it(self):
        _await("the cosignatures of the followers", lambda: self.cosigned(self.intake))
        size = int(self.log(self.intake, self.intake.name)["size"])
        self.assertEqual(int(self.witness()["size"]), size)
        published = self.log(self.intake, self.intake.name)["published"]
        self.assertEqual(int(published["witnessed_size"]), size)
        self.assertNotIn("missing", {key for key, value in published.items() if value})
        receipt = self.folder / "receipt"
        self.tell("receipt", "get", f"{self.intake.name}@0", "--witnessed", "-o", receipt,
                  "--client", self.intake.client)
        about = json.loads(self.tell("--json", "receipt", "verify", receipt, "--policy",
                                     self.intake.folder / "policy"))
        self.assertEqual({each["witness"] for each in about["cosigned"]}, {"ombudsman", "bkn"})
        checkpoint = self.folder / "checkpoint"
        checkpoint.write_text(self.tell("checkpoint", "show", "--witnessed", "--client",
                                        self.intake.client), encoding="utf-8")
        self.tell("checkpoint", "verify", checkpoint, "--policy", self.intake.folder / "policy")

    def test_3b_one_witness_at_a_time_and_with_a_key_that_nobody_else_reads(self):
        key = self.folder / "witness.key"
        key.chmod(0o644)
        command = [bin_dir() / "selaras", "witness", "--once", "--config",
                   self.folder / "witness.textproto"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 600", done.stderr)
        key.chmod(0o600)
        with open(self.folder / "state" / "lock", "r+", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("another witness", done.stderr)

    def test_4_what_was_cosigned_survives_the_node_and_the_witness(self):
        self.agencies.end(self.intake, signal.SIGKILL)
        self.agencies.start_again(self.intake)
        self.write(10, 12)
        size = int(self.log(self.intake, self.intake.name)["size"])
        _await("the next checkpoint", lambda: self.cosigned(self.intake))
        self.assertEqual(int(self.witness()["size"]), size)

    def test_4b_what_was_published_is_listed_page_by_page_from_a_node_and_from_a_store(self):
        client = self.client("intake-entry")
        ask = lambda **request: client.call(  # noqa: E731
            "selaras.ledger.v1.LedgerService/ListPublished", request)
        everything = list(ask(page_size=1000).checkpoints)
        sizes = [int(note.split("\n")[1]) for note in everything]
        self.assertGreater(len(sizes), 1)
        self.assertEqual(sizes, sorted(set(sizes)))
        paged, start = [], 0
        while True:
            page = ask(page_size=1, from_size=start)
            paged += page.checkpoints
            start = page.next_from_size
            if not start:
                break
        self.assertEqual([note.split("\n\n")[0] for note in paged],
                         [note.split("\n\n")[0] for note in everything])
        self.assertIn("— selaras/", everything[-1].split("\n\n")[1])
        self.assertEqual(list(ask(from_size=sizes[-1] + 1).checkpoints), [])
        # Of a mirror what this node cosigned itself; of the private log nothing is ever published.
        mirrored = ask(log=self.bkn.name).checkpoints
        self.assertTrue(all(f"— selaras/{self.intake.name}/witness " in note for note in mirrored))
        self.assertEqual(list(ask(log=f"{self.intake.name}/private").checkpoints), [])
        with self.assertRaises(Refused) as refused:
            ask(log="nobody")
        self.assertEqual(refused.exception.reason, "LOG_NOT_FOUND")

    def test_5_a_witness_reads_nothing_but_hashes_and_a_stranger_not_even_these(self):
        witness = self.client("ombudsman")
        for method in self.contracts.methods():
            if "WitnessService" in method or "LinkService" in method:
                continue
            with self.subTest(method=method), self.assertRaises(Refused) as refused:
                witness.call(method, {})
            self.assertIn(refused.exception.code, ("PERMISSION_DENIED", "UNIMPLEMENTED"))
        with self.assertRaises(Refused) as refused:
            self.client("stranger").call("selaras.ledger.v1.WitnessService/GetPublished", {})
        self.assertEqual(refused.exception.reason, "NOT_YOUR_NODE")
        with self.assertRaises(Refused) as refused:
            witness.call("selaras.ledger.v1.WitnessService/AddCosignature",
                         {"size": 1, "signature": "— nobody AAAAAAAA\n"})
        self.assertIn(refused.exception.code, ("NOT_FOUND", "INVALID_ARGUMENT"))

    def test_6_a_log_that_was_turned_back_is_not_cosigned_any_more(self):
        self.agencies.stop()
        before = self.intake.folder / "before"
        shutil.copytree(self.intake.store, before)
        self.agencies.start_again(self.intake)
        self.write(12, 14)
        _await("the next checkpoint", lambda: int(
            self.log(self.intake, self.intake.name)["published"]["size"]) == int(
                self.log(self.intake, self.intake.name)["size"]))
        self.witness()
        self.agencies.stop()
        shutil.rmtree(self.intake.store)
        before.rename(self.intake.store)
        self.agencies.start_again(self.intake)
        told = self.witness(code=5)
        self.assertTrue(told["rewritten"])
        self.assertIn("evidence", told["problem"])
        [evidence] = (self.folder / "state").glob("*.evidence")
        verify = ["--json", "checkpoint", "verify", evidence, "--key", self.intake.verifier_key]
        about = json.loads(self.tell(*verify, code=5))
        self.assertFalse(about["proven"])
        self.assertIn("ombudsman", about["shows"])
        self.assertIn("is the word of", about["shows"])
        self.assertIn("What it shows", self.tell(*verify[1:], code=5))
        # Nobody is there who holds more of it, so it goes on: now it proves that it has two
        # histories.
        self.write(14, 20)
        _await("the other history", lambda: int(
            self.log(self.intake, self.intake.name)["published"]["size"]) > int(about["held_size"]))
        self.witness(code=5)
        about = json.loads(self.tell(*verify, code=5))
        self.assertTrue(about["proven"], about)
        self.assertNotIn("shows", {key for key, value in about.items() if value})


class SplitView(FleetCase):

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.make()
        cls.agencies.fleet.start()
        cls.write(1, 6)
        cls.await_mirrors(cls.bkn, cls.ppk)

    @classmethod
    def await_mirrors(cls, *followers):
        size = cls.log(cls.intake, cls.intake.name)["size"]
        for follower in followers:
            _await(f"the mirror at {follower.name}",
                   lambda node=follower: cls.log(node, cls.intake.name)["size"] == size)
            _await(f"what was published at {follower.name}",
                   lambda node=follower: cls.log(node, cls.intake.name).get(
                       "published", {}).get("size") == size)

    def link(self, node):
        return next(each for each in self.agencies.selaras.status(node)["links"]
                    if each["peer"] == self.intake.name)

    def stopped(self, node):
        link = self.link(node)
        return link if link.get("stopped") else None

    def health(self, node, name):
        client = Client(self.contracts, node.address, self.agencies.pki, f"{node.folder.name}-entry")
        return client.call("grpc.health.v1.Health/Check", {"service": name}).status

    def test_a_log_with_two_histories_is_found_by_hearsay_explained_and_proven(self):
        agencies, intake, bkn, ppk = self.agencies, self.intake, self.bkn, self.ppk
        agencies.end(intake, signal.SIGTERM)
        other = intake.folder / "other"
        shutil.copytree(intake.store, other)
        # BKN is shown one history, the PPK another, both with the node's real key.
        agencies.end(ppk, signal.SIGTERM)
        agencies.start_again(intake)
        self.write(6, 9)
        self.await_mirrors(bkn)
        agencies.end(intake, signal.SIGTERM)
        agencies.end(bkn, signal.SIGTERM)
        shutil.rmtree(intake.store)
        other.rename(intake.store)
        agencies.start_again(intake)
        agencies.start_again(ppk)
        self.write(9, 12)
        self.await_mirrors(ppk)
        agencies.end(intake, signal.SIGTERM)
        self.assertEqual(self.health(ppk, f"link/{intake.name}"), 1)
        # The two who were told different things talk to each other.
        agencies.start_again(bkn)
        for node in (bkn, ppk):
            view = _await(f"{node.name} finds it", lambda n=node: self.stopped(n))
            other_follower = ppk if node is bkn else bkn
            self.assertIn(view["given_by"], (bkn.name, ppk.name))
            _await("health", lambda n=node: self.health(n, f"link/{intake.name}") == 2)
            self.assertEqual(self.health(node, f"link/{other_follower.name}"), 1)
            self.assertEqual(self.health(node, ""), 1)
            evidence = node.store / view["evidence_file"]
            self.assertTrue(evidence.is_file())
            about = json.loads(self.tell("--json", "checkpoint", "verify", evidence, "--key",
                                         intake.verifier_key, code=5))
            self.assertTrue(about["proven"])
            self.assertEqual({about["held_by"], about["given_by"]}, {bkn.name, ppk.name})
            wrong = json.loads(self.tell("--json", "checkpoint", "verify", evidence, "--key",
                                         bkn.verifier_key, code=5))
            self.assertFalse(wrong["proven"])
            words = self.tell("link", "show", intake.name, "--client", node.client)
            for part in ("What happened", "What it proves", "What to do", view["evidence_file"]):
                self.assertIn(part, words)
        # It stays so: neither listens to the node again, also after a restart.
        agencies.end(ppk, signal.SIGTERM)
        agencies.start_again(ppk)
        agencies.start_again(intake)
        time.sleep(2)
        self.assertFalse(self.link(ppk)["connected"])
        self.assertEqual(self.health(ppk, f"link/{intake.name}"), 2)


if __name__ == "__main__":
    unittest.main()
