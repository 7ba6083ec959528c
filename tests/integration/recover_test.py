"""What came after a backup comes back from those who hold it, and what nobody holds is named as lost."""

import json
import re
import shutil
import signal
import subprocess

import unittest
import unittest.mock

from agencies import await_true, bin_dir, finish, seeded
from backup_test import BackupCase
import filing
from foreign import Refused
import processes

_DIFFERENCE = 5  # exit code of selaras: a store is not what its entries say


class RecoverCase(BackupCase):

    def setUp(self):
        super().setUp()
        self.node = self.bkn  # the one that loses its disk
        # Of this test alone, for what is remembered as verified.
        state = unittest.mock.patch.dict("os.environ",
                                         XDG_STATE_HOME=str(self.agencies.path / "state"))
        self.enterContext(state)

    def recover(self, *sources, more=(), **where):
        """Gives the exit code, what was told as JSON, and the text of errors."""
        return finish(processes.spawn(
            self.recovering(*sources, more=more, **where),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE))

    def recovering(self, *sources, more=(), store=None, config=None):
        command = [bin_dir() / "selaras", "--json", "backup", "recover", "--store",
                   store or self.node.store, "--config", config or self.node.config, *more]
        for source in sources:
            command += ["--from", source]
        return [str(word) for word in command]

    def selaras(self, *arguments, code=0):
        done = subprocess.run([bin_dir() / "selaras", "--json", *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def verified(self, node):
        """The summary of `log verify`, which must be clean."""
        return self.selaras("log", "verify", "--store", node.store, "--config", node.config,
                            "--no-remember")[-1]

    def export(self, folder):
        """The log of the node as another one holds it, as a folder of files."""
        path = self.agencies.path / f"export-{folder}"
        self.selaras("log", "export", "--store", self.agencies[folder].store, "--log",
                     self.node.name, "--format", "tlog-tiles", "-o", path)
        return path

    def kill_all(self):
        for node in self.agencies:
            if node.process is not None:
                self.agencies.end(node, signal.SIGKILL)

    def back_up_of(self, folder, name):
        code, _, text = self.operate(folder, "backup", "create", name)
        self.assertEqual(code, 0, text)

    def replace_disk(self, name):
        self.node.store.rename(self.node.folder / f"before-{name}")
        shutil.copytree(self.node.folder / "backups" / name, self.node.store)

    def receipts(self, folder, name):
        """Receipts of all that parties know of the node's log."""
        listed = self.selaras("--client", self.agencies[folder].client, "log", "list", "--log",
                              self.node.name)
        paths = []
        for entry in listed:
            if not entry["disclosed"]:
                continue
            path = self.agencies.path / f"{name}-{len(paths)}.tlog-proof"
            self.selaras("--client", self.agencies[folder].client, "receipt", "get",
                         entry["position"], "-o", path)
            paths.append(path)
        return paths

    def verify_receipts(self, paths):
        self.assertTrue(paths)
        for path in paths:
            self.selaras("receipt", "verify", path, "--key", self.node.verifier_key)

    def digests(self, case_id, parties=("intake", "referral", "sanction")):
        """What each party says of the case: equal at all."""
        told = set()
        for folder in parties:
            with self.client(folder, f"{folder}-ops") as client:
                case = client.call("selaras.query.v1.QueryService/GetCase", {"case_id": case_id})
            told.add((case.case.party_digest, case.case.state))
        return told

    def await_trust(self, folder):
        await_true("the end of the doubt", lambda: not self.about(folder).HasField("restored"))


class RecoveredReferral(RecoverCase):

    def test_a_log_comes_back_from_its_followers_and_goes_on_where_it_was(self):
        first = self.refer()
        self.recommend(first)
        self.agencies.await_delivery()
        self.back_up("yesterday")
        second = self.refer()
        header = filing.header("bkn")
        batch = {"header": header, "commands": filing.recommended(second, self.letter())}
        with self.client("referral", "referral-entry") as client:
            client.call("selaras.referral.v1.ReferralService/ExecuteBatch", batch)
        self.waiting = self.refer()
        self.execute("referral", "bkn", *filing.recommended(self.waiting, "")[:1])
        # What stays in the office is held by nobody else.
        self.execute("referral", "bkn",
                     {"assign_case": {"case_id": self.waiting, "unit": "wasdal-2"}})
        self.agencies.await_delivery()
        lost = self.lost_size = self.size()
        receipts = self.receipts("referral", "before")
        self.kill_all()
        self.selaras("log", "verify", "--store", self.bkn.store, "--config", self.bkn.config)
        self.replace_disk("yesterday")
        exported = self.export("sanction")

        # The node finds out that it must not write, and stands still.
        self.agencies.start_again(self.bkn)
        self.agencies.start_again(self.intake)
        await_true("what Bawaslu holds", lambda: list(self.about().restored.ahead))
        self.expect_refused("LOG_BEHIND_PEERS", "backup recover")
        code, _, text = self.recover(exported)
        self.assertEqual(code, 6, "the node runs")
        self.assertIn("in use", text)
        self.agencies.end(self.bkn, signal.SIGTERM)

        self.refuse_wrong_sources(exported)

        # The disclosed entries of one case are at Bawaslu, of another one at the PPK, too.
        # Neither a client's certificate nor an export gives keys; the node's own one is given them.
        code, [told], text = self.recover(self.intake.client, exported, more=["--dry-run"])
        self.assertEqual((code, told["dry_run"], told["size"]), (0, True, lost), text)
        code, [told], text = self.recover(f"{self.intake.name}={self.intake.address}", exported)
        self.assertEqual(code, 0, text)
        self.assertEqual(told["sealed"], 0)
        self.assertEqual(told["size"], lost)
        self.assertEqual([source["size"] for source in told["sources"]], [lost, lost])
        self.assertEqual((told["missing"], told["private_missing"]), (0, 0))
        self.assertEqual((told["lost_entries"], len(told["lost"])), (1, 1))
        self.assertTrue(told["backup_made_at"])
        [place] = told["lost"]

        # It says which entry is lost, and finds nothing wrong.
        own = self.verified(self.bkn)["logs"][0]
        self.assertEqual((own["size"], own["lost_entries"], own["lost"]), (lost, 1, [place]))
        entry = next(entry for entry in self.agencies.entries(self.bkn, self.bkn.name)
                     if entry["position"] == place)
        self.assertEqual((entry["lost"], entry["disclosed"], entry["entry"]), (True, False, ""))

        # In doubt until all peers were heard, then it writes again.
        self.agencies.start_again(self.bkn)
        self.expect_refused("RESTORED_UNCONFIRMED", "ppk-13.04")
        self.agencies.start_again(self.agencies["sanction"])
        self.await_trust("referral")
        await_true("health", self.is_serving)
        with self.client("referral", "referral-entry") as client:
            with self.assertRaises(Refused) as refused:
                client.call("selaras.referral.v1.ReferralService/ExecuteBatch", batch)
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("ALREADY_EXISTS", "REQUEST_RECOVERED"))
        self.assertEqual(self.size(), lost)
        self.recommend_received(self.waiting)
        self.agencies.await_delivery()
        self.execute("sanction", "ppk/13.04", {"receive_recommendation": {
            "case_id": second, "agenda_number": "012/2024"}})
        self.agencies.await_delivery()
        for case_id in (first, second, self.waiting):
            self.assertEqual(len(self.digests(case_id)), 1, case_id)
        for status in self.agencies.statuses():
            self.assertEqual([link["fault"] for link in status["links"]], ["", ""])
        self.verify_receipts(receipts + self.receipts("referral", "after"))
        code, objects, text = self.agencies.run(self.bkn, "log", "list")
        self.assertEqual([entry["position"] for entry in objects if entry.get("lost")], [place])
        code, _, text = self.agencies.run(self.bkn, "receipt", "get", place)
        self.assertEqual(code, 1)
        self.assertIn("lost", text)

        self.agencies.stop()
        _, problems = self.agencies.verify()
        self.assertEqual(problems, [])
        self.find_what_was_lost(place)

    def recommend_received(self, case_id):
        self.execute("referral", "bkn", *filing.recommended(case_id, self.letter())[1:])

    def find_what_was_lost(self, place):
        """The old disk turns up again: its entries take their places."""
        code, [told], text = self.recover(self.bkn.folder / "before-yesterday")
        self.assertEqual((code, told["found"], told["lost_entries"]), (0, 1, 0), text)
        self.assertEqual(self.verified(self.bkn)["logs"][0]["lost_entries"], 0)
        for node in self.agencies:
            self.agencies.start_again(node)
        self.await_trust("referral")
        self.agencies.await_delivery()
        self.agencies.stop()
        _, problems = self.agencies.verify()
        self.assertEqual(problems, [])
        entry = next(entry for entry in self.agencies.entries(self.bkn, self.bkn.name)
                     if entry["position"] == place)
        self.assertIn("case_assigned", json.dumps(entry["event"]))

    def refuse_wrong_sources(self, exported):
        before = self.verified(self.bkn)["logs"]
        sanction = self.agencies["sanction"]
        code, _, text = self.recover(exported, config=sanction.config)
        self.assertEqual(code, 1, "the key of another node")
        other = self.agencies.path / "export-other"
        self.selaras("log", "export", "--store", sanction.store, "--log", sanction.name,
                     "--format", "tlog-tiles", "-o", other)
        tampered = self.agencies.path / "export-tampered"
        shutil.copytree(exported, tampered)
        entry = max((tampered / "entry").iterdir(), key=lambda path: int(path.name))
        entry.write_bytes(entry.read_bytes()[:-1] + b"?")
        wrong_leaf = self.agencies.path / "export-leaf"
        shutil.copytree(exported, wrong_leaf)
        tile = next((wrong_leaf / "tile/0").rglob("*.p/*"))
        hashes = bytearray(tile.read_bytes())
        hashes[-1] ^= 1
        tile.write_bytes(hashes)
        nowhere = self.agencies.path / "nowhere"
        for source, exit_code, words in (
                (other, 1, ["selaras/bkn"]),
                (tampered, _DIFFERENCE, [f"bkn@{entry.name}", "not the one"]),
                (wrong_leaf, _DIFFERENCE, ["do not lead to the root"]),
                (nowhere, 1, []), (sanction.folder, 1, [])):
            for sources in ([source], [source, exported]):
                code, _, text = self.recover(*sources)
                self.assertEqual(code, exit_code, text)
                for word in [str(source), *words]:
                    self.assertIn(word, text)
        behind = self.bkn.folder / "backups/yesterday"
        code, [told], text = self.recover(behind)
        self.assertEqual((code, told["size"], told["entries"]), (0, told["size_before"], 0), text)
        # What was verified on this machine says that there was more.
        self.assertIn(told["size"] + told["missing"], (self.lost_size - 1, self.lost_size),
                      "all but what a killed node had not signed yet")
        code, _, text = self.recover(exported, store=nowhere)
        self.assertEqual(code, 1)
        self.assertFalse(nowhere.exists(), "nothing is made by mistake")
        self.assertEqual(self.verified(self.bkn)["logs"], before, "nothing was written")


class RecoveredIntake(RecoverCase):

    def setUp(self):
        super().setUp()
        self.node = self.intake

    def test_cases_go_on_though_what_stayed_in_the_office_is_lost(self):
        referred = self.refer()
        self.back_up_of("intake", "yesterday")
        later = self.refer()
        unsent = self.execute("intake", "bawaslu/13", *filing.opened())
        self.agencies.await_delivery()
        self.recommend(later)
        self.agencies.await_delivery()
        size = self.size("intake")
        self.kill_all()
        self.selaras("log", "verify", "--store", self.intake.store, "--config", self.intake.config)
        self.replace_disk("yesterday")
        # A running peer is asked by its name, with the node's own certificate.
        self.agencies.start_again(self.bkn)
        code, _, text = self.recover("ppk-13.04")
        self.assertEqual(code, 1)
        self.assertIn("dials this node", text)
        code, [told], text = self.recover("bkn", self.agencies["sanction"].store)
        self.assertEqual(code, 0, text)
        self.assertGreater(told["private_missing"], 0)
        self.assert_own_log_only()
        self.agencies.end(self.bkn, signal.SIGTERM)
        # Five entries of the case that was sent, the last of which went out; two of the other one.
        self.assertEqual((told["size"], told["entries"], told["lost_entries"]),
                         (size, told["size"] - told["size_before"] - 6, 6))
        self.assertEqual(self.verified(self.intake)["logs"][0]["lost"], told["lost"])

        for node in self.agencies:
            self.agencies.start_again(node)
        self.await_trust("intake")
        self.agencies.await_delivery()
        self.assertEqual(len(self.digests(referred, ("intake", "referral"))), 1)
        self.assertEqual(len(self.digests(later)), 1)
        with self.client("intake", "intake-ops") as client:
            with self.assertRaises(Refused) as refused:
                client.call("selaras.query.v1.QueryService/GetCase", {"case_id": unsent})
            self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")
            client.call("selaras.query.v1.QueryService/ListReports", {})
            client.call("selaras.query.v1.QueryService/GetTimeline", {"case_id": later})
        self.execute("intake", "bawaslu/13", {"supplement_case": {
            "case_ref": {"case_id": later}, "summary": "Bukti tambahan.",
            "letter_number": self.letter()}})
        self.refer()
        self.agencies.await_delivery()
        self.assertEqual(len(self.digests(later)), 1)
        self.agencies.stop()
        _, problems = self.agencies.verify()
        self.assertEqual(problems, [])

    def assert_own_log_only(self):
        """What BKN gives back to Bawaslu's node is what Bawaslu wrote and sent."""
        with self.client("referral", "intake") as client:
            get = "selaras.ledger.v1.RecoveryService/GetHeld"
            held = client.call(get, {"page_size": 1000})
            for page_size in (-1, 1001):
                with self.assertRaises(Refused) as refused:
                    client.call(get, {"page_size": page_size})
                self.assertEqual(refused.exception.code, "INVALID_ARGUMENT")
            past_the_end = client.call(get, {"start": held.size + 7})
            self.assertEqual((len(past_the_end.entries), past_the_end.size), (0, held.size))
        self.assertEqual({entry.position.log for entry in held.entries}, {self.intake.name})
        self.assertEqual(len(held.entries), held.size)
        mirrored = self.selaras("--client", self.bkn.client, "log", "list", "--log",
                                self.intake.name)
        self.assertEqual([bool(entry.entry) for entry in held.entries],
                         [entry["disclosed"] for entry in mirrored])
        for certificate in ("intake-ops", "intake-entry", "referral", "referral-ops"):
            with self.client("referral", certificate) as client:
                with self.assertRaises(Refused) as refused:
                    client.call("selaras.ledger.v1.RecoveryService/GetHeld", {})
                self.assertEqual(refused.exception.code, "PERMISSION_DENIED", certificate)


class BrokenRecovery(RecoverCase):

    def test_a_recovery_that_is_killed_leaves_a_store_on_which_it_is_run_again(self):
        chance = seeded()
        self.back_up("empty")
        for case_id in [self.refer() for _ in range(4)]:
            received, *recommended = filing.recommended(case_id, self.letter())
            self.execute("referral", "bkn", received)
            for place in range(10):
                self.execute("referral", "bkn", *[{"assign_case": {
                    "case_id": case_id, "unit": f"wasdal-{place}-{i}"}} for i in range(32)])
            self.execute("referral", "bkn", *recommended)
        self.agencies.await_delivery()
        size = self.size()
        self.assertGreater(size, 5 * 256, "several batches")
        self.agencies.stop()
        self.replace_disk("empty")
        source = self.bkn.folder / "before-empty"
        # Where it is killed does not depend on time: it dies as one of its files grows too large.
        # The ballast, which is larger than all of that, is there before.
        least, most = 0, 8 << 20
        sizes = []
        while len({*sizes} - {0, size}) < 2 and len(sizes) < 60 and least + 1 < most:
            killed = self.agencies.path / f"killed-{len(sizes)}"
            shutil.copytree(self.bkn.folder / "backups/empty", killed)
            shutil.copy(self.bkn.folder / "before-empty/ballast", killed)
            most_written = chance.randrange(least + 1, most)
            done = subprocess.run(
                ["prlimit", f"--fsize={most_written}", "--core=0", "--",
                 *self.recovering(source, store=killed)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            code, [told], text = self.recover(source, more=["--dry-run"], store=killed)
            self.assertEqual(code, 0, text)
            sizes.append(told["size_before"])
            whole = sizes[-1] == size
            self.assertIn(done.returncode, (0, -signal.SIGXFSZ) if whole else (-signal.SIGXFSZ,))
            least = max(least, most_written) if sizes[-1] == 0 else least
            most = min(most, most_written) if whole else most
            self.assertTrue((killed / "restored").exists(), "it is in doubt")
            if 0 < sizes[-1] < size:
                shutil.rmtree(self.bkn.store)
                killed.rename(self.bkn.store)
                self.verified(self.bkn)
        print("broken off at", sizes, "of", size, flush=True)
        self.assertGreaterEqual(len({*sizes} - {0, size}), 2, "killed while it wrote")
        code, [told], text = self.recover(source)
        self.assertEqual((code, told["size"], told["lost_entries"]), (0, size, 0), text)
        self.assertTrue((self.bkn.store / "restored").exists(), "until all peers were heard")
        for node in self.agencies:
            self.agencies.start_again(node)
        self.await_trust("referral")
        self.agencies.await_delivery()
        self.agencies.stop()
        _, problems = self.agencies.verify()
        self.assertEqual(problems, [])


class ContradictedRecovery(RecoverCase):

    def test_a_store_that_forked_its_log_gets_nothing_but_the_evidence(self):
        self.back_up("yesterday")
        self.recommend(self.refer())
        self.agencies.await_delivery()
        self.kill_all()
        # Somebody removes the mark, and the node writes before it hears of anybody.
        self.replace_disk("yesterday")
        (self.bkn.store / "restored").unlink()
        self.agencies.start_again(self.bkn)
        legacy = {"respondent": {"name": "Citra Contoh", "nip": "198001012005011001"},
                  "election": "PILKADA-2024", "incident_on": "2024-07-01",
                  "agency_region": "13.04", "employment_status": "PNS",
                  "violations_found": ["KE-04"], "reported_by": "bawaslu/13",
                  "agenda_number": "KASN-77/2024"}
        with self.client("referral", "referral-entry") as client:
            client.call("selaras.referral.v1.ReferralService/ExecuteBatch", {
                "header": {**filing.header("bkn"), "acting_for": "kasn"},
                "commands": [{"open_legacy_case": legacy}]})
        self.agencies.end(self.bkn, signal.SIGTERM)
        before = self.verified(self.bkn)["logs"]
        for source in (self.intake.store, self.export("sanction")):
            code, _, text = self.recover(source)
            self.assertEqual(code, _DIFFERENCE, text)
            self.assertIn("took two courses", text)
            evidence = re.search(r"both statements are in (\S+)", text)[1]
            proven = self.selaras("checkpoint", "verify", evidence, "--key", self.bkn.verifier_key,
                                  code=_DIFFERENCE)
            self.assertTrue(proven[0]["proven"])
        self.assertEqual(self.verified(self.bkn)["logs"], before, "nothing was written")
        # Nor does it get another past than the one that was verified here.
        self.selaras("log", "verify", "--store", self.bkn.store, "--config", self.bkn.config)
        shutil.rmtree(self.bkn.store)
        shutil.copytree(self.bkn.folder / "backups/yesterday", self.bkn.store)
        before = self.verified(self.bkn)["logs"]
        code, _, text = self.recover(self.intake.store)
        self.assertEqual(code, _DIFFERENCE, text)
        self.assertIn("verified here before", text)
        self.assertEqual(self.verified(self.bkn)["logs"], before, "nothing was written")


if __name__ == "__main__":
    unittest.main()
