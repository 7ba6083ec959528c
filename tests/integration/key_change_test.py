"""A node's key is replaced: old receipts stay good, peers learn the new key from the log, a start
that is killed meanwhile begins again, and nobody without the old key can do it."""

import re
import signal
import subprocess
import time
import unittest

from agencies import ROOT, Agencies, await_true, seeded
import filing
from foreign import Client, Contracts

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_DIFFERS = 5  # exit code of selaras: what was to be shown is not so


class KeyChange(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.random = seeded()
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES))
        cls.node = cls.agencies["intake"]
        cls.letters = 0
        cls.first_key = cls.node.verifier_key

    def file_referral(self):
        type(self).letters += 1
        with Client(self.contracts, self.node.address, self.agencies.pki, "intake-entry") as client:
            return client.call(
                "selaras.intake.v1.IntakeService/ExecuteBatch",
                filing.intake_batch(*filing.opened(), *filing.concluded(),
                                    *filing.referred(f"{self.letters:03}/X/2024"))).outcome.case_id

    def selaras(self, *arguments, expect=0):
        """What selaras says without a node, e.g. of receipts."""
        done = subprocess.run([self.agencies.selaras.program, *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def ask(self, folder, *arguments):
        code, objects, text = self.agencies.run(self.agencies[folder], *arguments)
        self.assertEqual(code, 0, text)
        return objects

    def configure(self, key, previous=None):
        """The node's configuration names these key files from its next start on."""
        text = re.sub(r'^(previous_)?log_key: .*\n', "", self.node.config.read_text(), flags=re.M)
        text += f'log_key: "{key}"\n'
        if previous:
            text += f'previous_log_key: "{previous}"\n'
        self.node.config.write_text(text)

    def new_key(self, name):
        return self.agencies.selaras.make_key(self.node.name, self.node.folder / name)

    def restart(self, key, previous=None):
        self.agencies.end(self.node, signal.SIGTERM)
        self.configure(key, previous)
        self.agencies.start_again(self.node)

    def receipt(self, name):
        """A receipt of the newest entry of the node's shared log, by its newest checkpoint."""
        size = int(self.ask("intake", "checkpoint", "show")[0]["checkpoint"].split("\n")[1])
        file = self.agencies.path / name
        self.ask("intake", "receipt", "get", size - 1, "-o", file)
        return file

    def expect_everybody_follows(self):
        self.agencies.await_delivery()
        checkpoint = self.ask("intake", "checkpoint", "show")[0]
        for folder in ("referral", "sanction"):
            link = next(link for link in self.ask(folder, "link", "list")
                        if link["peer"] == self.node.name)
            self.assertEqual((link["connected"], link["fault"]), (True, ""))
            held = self.ask(folder, "checkpoint", "show", "--log", self.node.name)[0]
            self.assertEqual(held["verifier_key"], checkpoint["verifier_key"])
            self.assertEqual(held["checkpoint"].split("\n")[:3],
                             checkpoint["checkpoint"].split("\n")[:3])
            self.assertEqual([key["verifier_key"] for key in held.get("past_keys", [])],
                             [key["verifier_key"] for key in checkpoint.get("past_keys", [])])

    def test_a_key_is_replaced_and_everybody_goes_on(self):
        self.file_referral()
        self.agencies.await_delivery()
        before = self.receipt("before.tlog-proof")
        second = self.new_key("second.key")
        self.restart("second.key", previous="log.key")
        case_id = self.file_referral()
        self.expect_everybody_follows()
        after = self.receipt("after.tlog-proof")
        self.assertEqual(self.ask("referral", "case", "show", case_id)[0]["state"],
                         "CASE_STATE_REFERRED")

        # Receipts, by whoever has which key.
        self.selaras("receipt", "verify", before, "--key", self.first_key)
        self.selaras("receipt", "verify", after, "--key", second)
        self.selaras("receipt", "verify", after, "--key", self.first_key, expect=_DIFFERS)
        self.selaras("receipt", "verify", before, "--key", second, expect=_DIFFERS)
        folder = self.agencies.path / "keys"
        folder.mkdir()
        self.ask("referral", "key", "history", "--log", self.node.name, "-o", folder)
        (change,) = folder.iterdir()
        for receipt in (before, after):
            self.selaras("receipt", "verify", receipt, "--key", self.first_key, "--key-change",
                         change)
        policy = self.agencies.path / "policy"
        policy.write_text(f"log {self.first_key}\nquorum none\n")
        self.selaras("receipt", "verify", before, after, "--policy", policy, "--key-change", change)
        # A policy says it without the receipts: the old key is good up to a size.
        (history,) = self.ask("referral", "key", "history", "--log", self.node.name)
        last = int(history["past_keys"][0]["last_size"])
        size_before = int(re.search(r"^selaras/.*\n(\d+)$", before.read_text(), re.M).group(1))
        for bound, expect in ((last, 0), (size_before, 0), (size_before - 1, _DIFFERS)):
            policy.write_text(f"past-log {self.first_key} {bound}\nlog {second}\nquorum none\n")
            self.selaras("receipt", "verify", before, "--policy", policy, expect=expect)
            self.selaras("receipt", "verify", after, "--policy", policy)
        policy.write_text(f"past-log {self.first_key} {last}\nquorum none\n")
        self.selaras("receipt", "verify", after, "--policy", policy, expect=_DIFFERS)
        # A receipt that proves the change is one like any other.
        self.selaras("receipt", "verify", change, "--key", self.first_key)
        self.selaras("receipt", "verify", change, "--key", second)

        # The old key is not needed any more, and does not open the store.
        self.restart("second.key")
        self.expect_everybody_follows()
        self.agencies.end(self.node, signal.SIGTERM)
        self.configure("log.key")
        program = self.agencies.selaras.program.parent / "selaras-intake"
        refused = subprocess.run([program, "--config", self.node.config], capture_output=True,
                                 text=True, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("previous_log_key", refused.stderr)
        self.configure("second.key")
        self.agencies.start_again(self.node)

        # A peer that was away while the key was replaced twice.
        self.agencies.end(self.agencies["sanction"], signal.SIGKILL)
        self.new_key("third.key")
        self.restart("third.key", previous="second.key")
        self.file_referral()
        self.new_key("fourth.key")
        self.restart("fourth.key", previous="third.key")
        self.file_referral()
        self.agencies.start_again(self.agencies["sanction"])
        self.expect_everybody_follows()
        self.assertEqual(len(self.ask("sanction", "checkpoint", "show", "--log",
                                      self.node.name)[0]["past_keys"]), 3)

        # Killed at any moment, the change is made or begins again.
        previous, keys = "fourth.key", 3
        for round_ in range(6):
            key = f"killed-{round_}.key"
            self.new_key(key)
            self.agencies.end(self.node, signal.SIGKILL)
            self.configure(key, previous)
            started = subprocess.Popen([program, "--config", self.node.config],
                                       stderr=subprocess.DEVNULL)
            time.sleep(self.random.uniform(0, 2))
            started.kill()
            started.wait()
            self.agencies.start_again(self.node)
            previous, keys = key, keys + 1
        self.file_referral()
        self.expect_everybody_follows()
        checkpoint = self.ask("intake", "checkpoint", "show")[0]
        self.assertEqual(len(checkpoint["past_keys"]), keys)
        changes = [entry for entry in self.ask("intake", "log", "list")
                   if "log_key_replaced" in str(entry)]
        self.assertEqual(len(changes), keys, "each change is stated once")

        # Nothing contradicts anything, and every store is what its entries say.
        self.agencies.stop()
        for node in self.agencies:
            self.assertEqual(
                self.selaras("--json", "log", "verify", "--store", node.store, "--config",
                             node.config).count('"finding"'), 0)


if __name__ == "__main__":
    unittest.main()
