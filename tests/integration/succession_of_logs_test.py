"""A log is closed and goes on in a successor: after a fork, after its key was stolen, and after its
end was lost. Nothing is followed that no operator accepted, what stays is good for ever, and a kill
at any moment costs nothing."""

import base64
import json
import pathlib
import re
import shutil
import signal
import subprocess
import time
import unittest

from agencies import Agencies, await_true, seeded
import filing
from foreign import Client, Contracts, Refused

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_OPERATOR = "intake-ops"
_FOLLOWERS = ("referral", "sanction")
_DIFFERS = 5  # exit code of selaras: what was to be shown is not so


class SuccessionOfLogs(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.random = seeded()
        cls.agencies = cls.enterClassContext(
            Agencies(_AUTHORITIES, [f"ops:bawaslu/13:{_OPERATOR}"], start=False))
        cls.node = cls.agencies["intake"]
        (cls.node.folder / "backups").mkdir()
        cls.node.settings = 'backups: "backups"\n'
        cls.agencies.fleet.start()
        cls.files = cls.agencies.path / "files"
        cls.files.mkdir()
        cls.letters = 0

    # What people do.

    def batch(self):
        type(self).letters += 1
        return filing.intake_batch(*filing.opened(), *filing.concluded(),
                                   *filing.referred(f"{self.letters:03}/X/2024"))

    def file_referral(self, batch=None):
        with Client(self.contracts, self.node.address, self.agencies.pki, "intake-entry") as client:
            return client.call("selaras.intake.v1.IntakeService/ExecuteBatch",
                               batch or self.batch()).outcome.case_id

    def selaras(self, *arguments, expect=0):
        """What selaras says without a node, on both streams."""
        done = subprocess.run([self.agencies.selaras.program, *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def ask(self, folder, *arguments):
        code, objects, text = self.agencies.run(self.agencies[folder], *arguments)
        self.assertEqual(code, 0, text)
        return objects

    def link(self, folder):
        """The follower's link to the node whose log is closed."""
        return self.ask(folder, "link", "show", self.node.name)[0]

    def held(self, folder):
        """The checkpoint of that log that a follower holds, in a file, and its size."""
        note = self.ask(folder, "checkpoint", "show", "--log", self.node.name)[0]["checkpoint"]
        file = self.files / f"{folder}.note"
        file.write_text(note)
        return file, int(note.split("\n")[1])

    def published(self, folder):
        """The size of that log that a follower knows to be published."""
        return next(int(log["published"]["size"])
                    for log in self.agencies.selaras.status(self.agencies[folder])["logs"]
                    if log["log"] == self.node.name)

    def receipt(self, name, place=None):
        """A receipt of an entry of the node's shared log, the newest if none is named."""
        if place is None:
            place = self.size() - 1
        file = self.files / name
        self.ask("intake", "receipt", "get", place, "-o", file)
        return file

    def operate(self, *arguments):
        code, objects, text = self.agencies.run(
            self.node, *self.agencies.certificate(_OPERATOR), *arguments)
        self.assertEqual(code, 0, text)
        return objects

    def own_key(self):
        return next(log["verifier_key"] for log in self.agencies.selaras.status(self.node)["logs"]
                    if log["log"] == self.node.name)

    def size(self):
        return int(self.ask("intake", "checkpoint", "show")[0]["checkpoint"].split("\n")[1])

    def stop(self, folder):
        self.agencies.end(self.agencies[folder], signal.SIGTERM)

    def start(self, folder):
        self.agencies.start_again(self.agencies[folder])

    def start_and_kill(self, folder):
        """A start that does not come far."""
        node = self.agencies[folder]
        program = self.agencies.selaras.program.parent / f"selaras-{node.role}"
        started = subprocess.Popen([program, "--config", node.config], stderr=subprocess.DEVNULL)
        time.sleep(self.random.uniform(0, 1.5))
        started.kill()
        started.wait()

    def close(self, successor, size, *arguments, kills=0):
        """Closes the log of the stopped node and configures its successor."""
        command = ["log", "succeed", "--store", self.node.store, "--to", successor, "--at", size,
                   "--wrapping-keys", self.wrapping_keys(),
                   "-o", self.files, *arguments]
        for _ in range(kills):
            started = subprocess.Popen([self.agencies.selaras.program, *map(str, command)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                started.wait(timeout=self.random.uniform(0, 0.6))
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()
            if successor.exists():  # the run was faster: what it made is whole
                shutil.rmtree(successor)
        before = self.entries_of(self.node.store)
        closed = json.loads(self.selaras("--json", *command))
        self.assertEqual(self.entries_of(self.node.store), before, "the old store is evidence")
        self.node.store = successor
        text = re.sub(r"^(store|log_key|wrapping_keys): .*\n", "", self.node.config.read_text(),
                      flags=re.M)
        self.node.config.write_text(
            f'{text}store: "{successor}"\nlog_key: "{closed["log_key"]}"\n'
            f'wrapping_keys: "{closed["wrapping_keys"]}"\n')
        return closed

    def wrapping_keys(self):
        """Those of the first store open its successors, too."""
        return self.node.folder / "store.wrapping-keys"

    def entries_of(self, store):
        return self.selaras("--json", "log", "list", "--store", store)

    def accept(self, folder, closed, kills=0):
        """What a follower's operator does with the statement."""
        node = self.agencies[folder]
        self.stop(folder)
        text = re.sub(r'^  succession: .*\n', "", node.config.read_text(), flags=re.M)
        peer = f'  node: "{self.node.name}"\n'
        self.assertIn(peer, text)
        node.config.write_text(
            text.replace(peer, f'{peer}  succession: "{closed["statement"]}"\n'))
        for _ in range(kills):
            self.start_and_kill(folder)
        self.start(folder)

    def expect_everybody_agrees(self, *cases):
        self.agencies.await_delivery()
        for folder in _FOLLOWERS:
            self.assertEqual((self.link(folder)["stopped"], self.link(folder)["fault"]), (False, ""))
        for case_id in cases:
            digests = {folder: self.ask(folder, "case", "show", case_id)[0]["party_digest"]
                       for folder in ("intake", "referral")}
            self.assertEqual(len(set(digests.values())), 1, digests)

    def expect_sound_stores(self):
        self.agencies.stop()
        _, problems = self.agencies.verify()
        self.assertEqual(problems, [])
        for node in self.agencies:
            self.start(node.folder.name)

    # The drills.

    def fork(self):
        """The node runs on two stores, one after the other, and each follower hears of one."""
        self.stop("intake")
        older = self.node.folder / "older"
        shutil.copytree(self.node.store, older)
        self.start("intake")
        self.stop("referral")
        first = self.file_referral()
        size = self.size()
        # Followers tell each other of what was published.
        await_true("sanction holds it", lambda: self.published("sanction") == size)
        receipt = self.receipt("of-the-fork.tlog-proof")
        self.stop("intake")
        self.stop("sanction")
        shutil.move(self.node.store, self.node.folder / "put-away")
        shutil.move(older, self.node.store)
        self.start("intake")
        self.start("referral")
        batch = self.batch()
        second = self.file_referral(batch)
        other = self.file_referral()
        size = self.size()
        await_true("referral holds them", lambda: self.held("referral")[1] == size)
        self.start("sanction")
        for folder in _FOLLOWERS:  # they tell each other what they were told
            link = await_true(f"{folder} has evidence", lambda: self.link(folder)["forked"]
                              and self.link(folder))
            self.assertTrue(link["evidence_file"], link)
        return {"first": first, "second": second, "other": other}, batch, receipt

    def test_a_fork_and_a_stolen_key_end_in_a_successor_that_everybody_follows(self):
        kept = self.file_referral()
        self.agencies.await_delivery()
        before = self.receipt("before.tlog-proof")
        first_key = self.own_key()
        size = self.size()
        cut, batch, of_the_fork = self.fork()

        # Where it is closed.
        notes = []
        for folder in _FOLLOWERS:
            notes += ["--held", self.held(folder)[0]]
        evidence = self.agencies["referral"].store / self.link("referral")["evidence_file"]
        clients = [self.agencies[folder].client for folder in _FOLLOWERS]
        difference = json.loads(self.selaras("--json", "log", "diff", *clients, "--log",
                                             self.node.name, expect=_DIFFERS))
        self.assertEqual(int(difference["first_difference"]), size)
        self.stop("intake")
        successor = self.node.folder / "successor"
        refuse = ["log", "succeed", "--store", self.node.store, "--to", successor, "-o", self.files]
        self.assertIn("another history", self.selaras(
            *refuse, "--at", self.held("sanction")[1], "--reason", "fork", *notes, expect=1))
        self.assertIn("nobody was asked", self.selaras(
            *refuse, "--at", size, "--reason", "fork", expect=1))
        self.assertIn("write fork, lost-tail", self.selaras(
            *refuse, "--at", size, "--reason", "war", *notes, expect=2))
        self.assertIn("checkpoint show", self.selaras(
            *refuse, "--at", size, "--reason", "fork", "--held", evidence, expect=2))
        self.assertEqual(list(self.files.glob("*.logkey")), [], "nothing was written for it")
        closed = self.close(successor, size, "--reason", "fork", *notes, "--evidence", evidence,
                            kills=6)
        self.assertEqual((int(closed["size"]), closed["origin"]),
                         (size, f"selaras/{self.node.name}/successor-2"))
        cut_off = [json.loads(line) for line in
                   pathlib.Path(closed["cut_file"]).read_text(encoding="utf-8").splitlines()]
        self.assertEqual(len(cut_off), int(closed["cut"]) + int(closed["private_cut"]))
        self.assertGreater(len(cut_off), 0)
        for case_id in (cut["second"], cut["other"]):
            self.assertIn(case_id, json.dumps(cut_off))
        self.assertNotIn(kept, json.dumps(cut_off))

        # Everybody accepts, one after the other.
        for _ in range(2):
            self.start_and_kill("intake")
        self.start("intake")
        again = self.file_referral(batch)  # the same request: its first answer is forgotten
        for folder in _FOLLOWERS:
            self.assertTrue(self.link(folder)["forked"], "nobody accepted it")
            self.accept(folder, closed, kills=3)
        self.assertEqual(again, cut["second"], "ids follow from the request")
        new = self.file_referral()
        self.expect_everybody_agrees(kept, again, new)
        self.assertEqual(self.agencies.run(self.agencies["sanction"], "case", "show",
                                           cut["first"])[0], 1)
        (entry,) = [entry for entry in self.ask("sanction", "log", "list", "--log", self.node.name)
                    if "log_succeeded" in str(entry)]
        self.assertIn(f"{self.node.name}@{size}", json.dumps(entry))
        for folder in _FOLLOWERS:  # what they gave up is evidence
            (file,) = self.agencies[folder].store.glob("cut-*.txt")
            self.assertTrue(file.read_text().startswith("selaras cut 1\n"))

        # Receipts, by whoever has which key.
        statement = closed["statement"]
        after = self.receipt("after.tlog-proof")
        self.selaras("receipt", "verify", before, "--key", first_key)
        self.selaras("receipt", "verify", before, after, "--key", first_key, "--key-change",
                     statement)
        self.selaras("receipt", "verify", after, "--key", closed["verifier_key"])
        self.selaras("receipt", "verify", after, "--key", first_key, expect=_DIFFERS)
        self.assertIn(f"was closed at size {size} and goes on as", self.selaras(
            "receipt", "verify", of_the_fork, "--key", first_key, "--key-change", statement,
            expect=_DIFFERS))
        old_place = self.receipt("old-place.tlog-proof", size - 1)
        self.selaras("receipt", "verify", old_place, "--key", closed["verifier_key"])
        history = self.files / "history"
        history.mkdir()
        self.ask("referral", "key", "history", "--log", self.node.name, "-o", history)
        (written,) = history.iterdir()
        self.assertEqual(written.read_text(), pathlib.Path(statement).read_text())
        self.expect_sound_stores()
        self.agencies.await_delivery()

        # The key is stolen: nothing is forked, and nothing of what arrived is lost.
        self.stop("intake")
        notes = []
        for folder in _FOLLOWERS:
            notes += ["--held", self.held(folder)[0]]
        size = self.held("sanction")[1]
        stolen = self.close(self.node.folder / "third", size, "--reason", "key-compromise", *notes,
                            "--past-key", closed["log_key"])
        self.assertEqual((stolen["cut"], stolen["private_cut"]), ("0", "0"))
        self.start("intake")
        self.accept("sanction", stolen)
        later = self.file_referral()
        await_true("sanction follows", lambda: self.held("sanction")[1] == self.size())
        fault = await_true("referral knows", lambda: self.link("referral")["fault"])
        self.assertIn(stolen["fingerprint"], fault)
        self.assertIn("name its file as the succession", fault)
        self.assertEqual(self.held("referral")[1], size)
        self.assertFalse(self.link("referral")["stopped"])
        self.accept("referral", stolen)
        self.expect_everybody_agrees(kept, again, new, later)
        self.expect_sound_stores()

    def test_what_no_backup_has_is_given_up_in_a_successor_and_its_receipts_prove_that_it_was(self):
        kept = self.file_referral()
        self.agencies.await_delivery()
        size = self.size()
        key = self.own_key()
        before = self.receipt("kept.tlog-proof")
        self.operate("backup", "create", "yesterday")
        batch = self.batch()
        lost = self.file_referral(batch)
        self.agencies.await_delivery()
        self.assertGreater(self.size(), size)
        of_lost = self.receipt("lost.tlog-proof")
        held = self.size()
        self.stop("intake")
        shutil.rmtree(self.node.store)
        shutil.copytree(self.node.folder / "backups" / "yesterday", self.node.store)
        self.start("intake")
        await_true("a peer says that more is missing",
                   lambda: self.agencies.selaras.status(self.node).get("restored", {}).get("ahead"))
        with self.assertRaises(Refused) as refused:
            self.file_referral()
        self.assertEqual(refused.exception.reason, "LOG_BEHIND_PEERS")
        self.assertIn("selaras log succeed", refused.exception.message)

        self.stop("intake")
        notes = []
        for folder in _FOLLOWERS:
            notes += ["--held", self.held(folder)[0]]
        successor = self.node.folder / "after-the-loss"
        arguments = ["--reason", "lost-tail", *notes]
        self.assertIn("Bring back the rest first", self.selaras(
            "log", "succeed", "--store", self.node.store, "--to", successor, "-o", self.files,
            "--at", size, *arguments, expect=1))
        closed = self.close(successor, size, *arguments, "--force", kills=2)
        self.assertEqual((closed["cut"], closed["private_cut"]), ("0", "0"))
        self.start("intake")
        again = self.file_referral(batch)
        self.assertEqual(again, lost, "ids follow from the request")
        for folder in _FOLLOWERS:
            self.accept(folder, closed)
        new = self.file_referral()
        self.expect_everybody_agrees(kept, again, new)
        # What arrived there before is not lost for good.
        (cut,) = self.agencies["referral"].store.glob(f"cut-{self.node.name}-{size}-*.txt")
        leaves = [line.split(" ") for line in cut.read_text().split("\n") if line[:5] == "leaf "]
        self.assertEqual([int(leaf[1]) for leaf in leaves], list(range(size, held)))
        self.assertIn(lost.encode(), b"".join(base64.b64decode(leaf[3]) for leaf in leaves
                                              if len(leaf) > 3))
        statement = closed["statement"]
        self.selaras("receipt", "verify", before, "--key", key, "--key-change", statement)
        self.selaras("receipt", "verify", of_lost, "--key", key)
        self.assertIn(f"was closed at size {size}", self.selaras(
            "receipt", "verify", of_lost, "--key", key, "--key-change", statement, expect=_DIFFERS))
        self.expect_sound_stores()


if __name__ == "__main__":
    unittest.main()
