"""Backups of running nodes, and what a node does that was restored from an old one."""

import base64
import shutil
import signal
import subprocess
import unittest

from agencies import Agencies, await_true, bin_dir
import filing
from foreign import Client, Contracts, Refused

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_IDENTITIES = [f"ops:{authorities[0]}:{folder}-ops" for folder, authorities in _AUTHORITIES.items()]
_OPERATIONS = "selaras.ledger.v1.OperationsService"


class BackupCase(unittest.TestCase):

    maxDiff = None

    def setUp(self):
        self.contracts = Contracts()
        self.agencies = self.enterContext(Agencies(_AUTHORITIES, _IDENTITIES, start=False))
        self.bkn, self.intake = self.agencies["referral"], self.agencies["intake"]
        self.letters = 0
        for node in self.agencies:
            (node.folder / "backups").mkdir()
            node.settings = 'backups: "backups"\n'
        self.agencies.fleet.start()

    def client(self, folder, certificate):
        return Client(self.contracts, self.agencies[folder].address, self.agencies.pki, certificate)

    def execute(self, folder, authority, *commands):
        with self.client(folder, f"{folder}-entry") as client:
            return client.call(f"selaras.{folder}.v1.{folder.title()}Service/ExecuteBatch",
                               {"header": filing.header(authority),
                                "commands": list(commands)}).outcome.case_id

    def letter(self):
        self.letters += 1
        return f"{self.letters:03}/C/2024"

    def refer(self):
        """A case that has arrived at BKN."""
        case_id = self.execute("intake", "bawaslu/13", *filing.opened(), *filing.concluded(),
                               *filing.referred(self.letter()))
        self.agencies.await_delivery()
        return case_id

    def recommend(self, case_id):
        self.execute("referral", "bkn", *filing.recommended(case_id, self.letter()))

    def operate(self, folder, *arguments):
        return self.agencies.run(self.agencies[folder],
                                 *self.agencies.certificate(f"{folder}-ops"), *arguments)

    def back_up(self, name):
        code, objects, text = self.operate("referral", "backup", "create", name)
        self.assertEqual(code, 0, text)
        return objects[0]

    def restore(self, name):
        """What the runbook says: stop, move the store away, copy the backup to its place."""
        self.bkn.store.rename(self.bkn.folder / f"store-before-{name}")
        shutil.copytree(self.bkn.folder / "backups" / name, self.bkn.store)

    def about(self, folder="referral"):
        with self.client(folder, f"{folder}-ops") as client:
            return client.call("selaras.ledger.v1.LedgerService/GetNode")

    def size(self, folder="referral"):
        return next(log.size for log in self.about(folder).logs if not log.mirror)

    def is_serving(self):
        with self.client("referral", "referral-ops") as client:
            return client.call("grpc.health.v1.Health/Check").status == 1

    def expect_refused(self, reason, *words):
        before = self.size()
        with self.assertRaises(Refused) as refused:
            self.execute("referral", "bkn", {"receive_case": {
                "case_id": self.waiting, "agenda_number": "AG-9/2024"}})
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("UNAVAILABLE", reason))
        for word in words:
            self.assertIn(word, refused.exception.message)
        self.assertEqual(self.size(), before)
        self.assertFalse(self.is_serving())



class RestoredNode(BackupCase):

    def test_a_node_restored_from_an_old_backup_never_writes_what_would_fork_its_log(self):
        first = self.refer()
        self.recommend(first)
        self.agencies.await_delivery()
        backup = self.back_up("yesterday")
        self.assertEqual(backup["shared_size"], str(self.size()))
        at_backup = self.size()

        # Written after the backup, acknowledged and seen by others.
        second, self.waiting = self.refer(), self.refer()
        self.recommend(second)
        self.agencies.await_delivery()
        lost = self.size()
        self.assertGreater(lost, at_backup)
        note = self.checkpoint("intake")
        self.agencies.end(self.intake, signal.SIGKILL)
        self.agencies.end(self.agencies["sanction"], signal.SIGKILL)
        self.agencies.end(self.bkn, signal.SIGKILL)

        self.restore("yesterday")
        self.agencies.start_again(self.bkn)
        # Nobody is there whom it could ask.
        self.expect_refused("RESTORED_UNCONFIRMED", "bawaslu-13", "ppk-13.04", "backup confirm")
        restored = self.about().restored
        self.assertEqual(sorted(restored.unheard), ["bawaslu-13", "ppk-13.04"])
        self.assertTrue(restored.made_at.seconds)
        self.agencies.end(self.bkn, signal.SIGKILL)
        self.agencies.start_again(self.bkn)
        self.expect_refused("RESTORED_UNCONFIRMED")

        self.agencies.start_again(self.intake)
        ahead = await_true("what Bawaslu holds", lambda: list(self.about().restored.ahead))
        self.assertEqual([(more.peer, more.size) for more in ahead], [("bawaslu-13", lost)])
        self.expect_refused("LOG_BEHIND_PEERS", f"bawaslu-13 holds {lost} entries",
                            f"here are {at_backup}", f"entries {at_backup} to {lost - 1}",
                            "backup recover")
        code, _, text = self.operate("referral", "backup", "confirm", "--reason", "nobody saw it")
        self.assertEqual(code, 1)
        self.assertIn("would fork the log", text)
        code, objects, _ = self.operate("referral", "link", "show", "bawaslu-13")
        self.assertEqual((code, objects[0]["stopped"], objects[0]["forked"]), (0, True, False))
        self.assertEqual(objects[0]["given"], note)
        # It is known after a restart, without any contact.
        self.agencies.end(self.intake, signal.SIGTERM)
        self.agencies.end(self.bkn, signal.SIGTERM)
        self.agencies.start_again(self.bkn)
        await_true("what it knew", lambda: list(self.about().restored.ahead))
        self.expect_refused("LOG_BEHIND_PEERS")
        # Reads go on.
        code, objects, text = self.agencies.run(self.bkn, "case", "show", first)
        self.assertEqual(code, 0, text)

        # Nothing was signed anew, so nobody has anything against it: with a newer backup all is well.
        self.agencies.end(self.bkn, signal.SIGTERM)
        self.bkn.store.rename(self.bkn.folder / "store-too-old")
        (self.bkn.folder / "store-before-yesterday").rename(self.bkn.store)
        for node in (self.bkn, self.intake, self.agencies["sanction"]):
            self.agencies.start_again(node)
        self.agencies.await_delivery()
        self.execute("referral", "bkn", {"receive_case": {"case_id": self.waiting,
                                                          "agenda_number": "AG-9/2024"}})
        self.agencies.await_delivery()
        for status in self.agencies.statuses():
            self.assertEqual([link["fault"] for link in status["links"]], ["", ""])
        self.agencies.stop()
        _, problems = self.agencies.verify()
        self.assertEqual(problems, [])

    def checkpoint(self, folder):
        """The newest statement of BKN that another node holds."""
        code, objects, text = self.agencies.run(self.agencies[folder], "checkpoint", "show",
                                                "--log", self.bkn.name)
        self.assertEqual(code, 0, text)
        return objects[0]["checkpoint"]

    def test_a_node_that_lost_nothing_writes_again_once_all_its_peers_were_heard(self):
        self.waiting = self.refer()
        self.back_up("now")
        for node in self.agencies:
            self.agencies.end(node, signal.SIGKILL)
        self.restore("now")
        self.agencies.start_again(self.bkn)
        self.expect_refused("RESTORED_UNCONFIRMED")
        self.agencies.start_again(self.intake)
        await_true("Bawaslu", lambda: list(self.about().restored.unheard) == ["ppk-13.04"])
        self.expect_refused("RESTORED_UNCONFIRMED", "ppk-13.04")
        self.agencies.start_again(self.agencies["sanction"])
        await_true("the end of the doubt", lambda: not self.about().HasField("restored"))
        await_true("health", self.is_serving)
        self.recommend(self.waiting)
        self.agencies.await_delivery()
        self.assertFalse((self.bkn.store / "restored").exists())

    def test_an_operator_answers_for_a_peer_that_cannot_be_reached(self):
        self.waiting = self.refer()
        self.back_up("now")
        for node in self.agencies:
            self.agencies.end(node, signal.SIGKILL)
        self.restore("now")
        self.agencies.start_again(self.bkn)
        self.agencies.start_again(self.intake)
        await_true("Bawaslu", lambda: list(self.about().restored.unheard) == ["ppk-13.04"])
        code, _, text = self.agencies.run(self.bkn, "backup", "confirm", "--reason", "offline")
        self.assertEqual(code, 1, "data entry confirms nothing")
        self.assertIn("may not call", text)
        code, _, text = self.operate("referral", "backup", "confirm", "--reason", "offline since May")
        self.assertEqual(code, 0, text)
        self.assertIn("offline since May", self.bkn.log.read_text(encoding="utf-8"))
        self.recommend(self.waiting)
        code, _, text = self.operate("referral", "backup", "confirm", "--reason", "again")
        self.assertEqual(code, 1)
        self.assertIn("not in doubt", text)

    def test_a_store_that_was_copied_without_a_mark_stops_writing_when_a_peer_holds_more(self):
        self.waiting = self.refer()
        self.agencies.end(self.bkn, signal.SIGTERM)
        shutil.copytree(self.bkn.store, self.bkn.folder / "copy")
        self.agencies.start_again(self.bkn)
        self.recommend(self.waiting)
        self.agencies.await_delivery()
        self.agencies.end(self.bkn, signal.SIGTERM)
        shutil.rmtree(self.bkn.store)
        (self.bkn.folder / "copy").rename(self.bkn.store)
        self.agencies.start_again(self.bkn)
        await_true("that entries are missing", lambda: list(self.about().restored.ahead))
        self.expect_refused("LOG_BEHIND_PEERS", "are missing")


class LiveBackup(BackupCase):

    def test_a_backup_is_a_store_that_verifies_and_says_no_secret_key(self):
        case_id = self.refer()
        backup = self.back_up("2026-05-01")
        self.recommend(case_id)  # the node goes on
        folder = self.bkn.folder / "backups/2026-05-01"
        self.assertEqual(backup["directory"], str(folder))
        done = subprocess.run(
            [bin_dir() / "selaras", "--json", "log", "verify", "--store", folder, "--config",
             self.bkn.config], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # Base64 has a plus of its own: the last part is what is left after four.
        encoded = (self.bkn.folder / "log.key").read_bytes().strip().split(b"+", 4)[4]
        seed = base64.b64decode(encoded, validate=True)[1:]
        self.assertEqual(len(seed), 32)
        for path in folder.rglob("*"):
            if path.is_file():
                written = path.read_bytes()
                self.assertNotIn(encoded, written, path)
                self.assertNotIn(seed, written, path)

    def test_what_cannot_be_made_is_refused_with_a_reason(self):
        self.back_up("one")
        for folder, name, code, reason in (
                ("referral", "one", "ALREADY_EXISTS", "BACKUP_EXISTS"),
                ("referral", "", "INVALID_ARGUMENT", "INVALID_FIELD"),
                ("referral", "../out", "INVALID_ARGUMENT", "INVALID_FIELD"),
                ("referral", ".hidden", "INVALID_ARGUMENT", "INVALID_FIELD"),
                ("referral", "n" * 65, "INVALID_ARGUMENT", "INVALID_FIELD")):
            with self.client(folder, f"{folder}-ops") as client:
                with self.assertRaises(Refused) as refused:
                    client.call(f"{_OPERATIONS}/CreateBackup", {"name": name})
                self.assertEqual((refused.exception.code, refused.exception.reason), (code, reason))
        self.assertEqual([path.name for path in (self.bkn.folder / "backups").iterdir()], ["one"])
        with self.client("referral", "referral-entry") as client:
            with self.assertRaises(Refused) as refused:
                client.call(f"{_OPERATIONS}/CreateBackup", {"name": "two"})
            self.assertEqual(refused.exception.code, "PERMISSION_DENIED")


if __name__ == "__main__":
    unittest.main()
