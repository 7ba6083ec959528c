"""What nodes give as evidence is verified by programs that share no code with them, and by nobody
who is shown something else."""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from agencies import Agencies, ROOT, SETS, bin_dir, of_set
from cli import DIFFERENCE
from verifiers import by_others, entry_of

_SET = "nasional2020"  # several tiles


class Evidence(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="selaras-"))
        cls.folder = pathlib.Path(folder)
        cls.agencies = cls.enterClassContext(Agencies(of_set(_SET)))
        cls.intake, cls.bkn = cls.agencies["intake"], cls.agencies["referral"]
        # A part of the register, a look at the log, and then all of it.
        register = SETS / _SET / "bawaslu.csv"
        lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
        part = cls.save("part.csv", "".join(lines[:len(lines) // 3]))
        cls.agencies.selaras.import_register(cls.intake, part, 10)
        cls.early = cls.save("early.note", cls.tell(cls.intake, "checkpoint", "show"))
        cls.growing = cls.folder / "tiles-growing"
        cls.early_export = cls.export(cls.intake, cls.intake.name, cls.growing)
        cls.agencies.selaras.import_register(cls.intake, register, 10)
        cls.agencies.await_delivery()
        cls.agencies.selaras.import_register(cls.bkn, SETS / _SET / "bkn.csv", 10)
        cls.agencies.await_delivery()

    @classmethod
    def save(cls, name, text):
        path = cls.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    @classmethod
    def tell(cls, node, *arguments, options=()):
        """What selaras prints for people and programs alike."""
        done = subprocess.run(
            [bin_dir() / "selaras", *(options or ["--client", node.client]), *map(str, arguments)],
            capture_output=True, text=True, check=True)
        return done.stdout

    @classmethod
    def export(cls, node, log, folder):
        done = subprocess.run(
            [bin_dir() / "selaras", "--json", "--client", node.client, "log", "export", "--format",
             "tlog-tiles", "--log", log, "--out", folder], capture_output=True, text=True,
            check=True)
        return {key: int(value) if value.isdigit() else value
                for key, value in json.loads(done.stdout).items()}

    def size(self, node, log):
        status = self.agencies.selaras.status(node)
        return next((int(each["size"]), int(each["entries_held"])) for each in status["logs"]
                    if each["log"] == log)

    def by_others(self, code, *arguments, stdin=""):
        return by_others(self, code, *arguments, stdin=stdin)

    def verify_receipt(self, code, path, key, entry=None):
        """By selaras, without a node."""
        done = subprocess.run(
            [bin_dir() / "selaras", "--json", "receipt", "verify", path, "--key", key,
             *(["--entry", entry] if entry else [])],
            capture_output=True, text=True, check=False,
            env={key: value for key, value in os.environ.items() if key != "SELARAS_NODE"})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_a_receipt_of_any_entry_proves_it_to_everybody_offline(self):
        own, held = self.size(self.intake, self.intake.name)
        self.assertEqual(own, held)
        for node, sequence in ((self.intake, 0), (self.intake, own - 1), (self.intake, own // 2),
                               (self.bkn, self.disclosed(self.bkn)[-1])):
            path = self.folder / f"{node.name}.tlog-proof"
            self.tell(node, "receipt", "get", f"{self.intake.name}@{sequence}", "-o", path)
            about = self.verify_receipt(0, path, self.intake.verifier_key)
            self.assertEqual(about["position"], f"{self.intake.name}@{sequence}")
            self.assertIn(about["event"]["author"], self.intake.authorities)
            told = json.loads(self.by_others(0, "receipt", "--key", self.intake.verifier_key,
                                             "--entry", entry_of(path, self.folder), path))
            self.assertEqual((told["index"], told["size"]), (sequence, int(about["tree_size"])))

    def disclosed(self, node):
        """Places of Bawaslu's log whose entries another node holds."""
        code, entries, text = self.agencies.run(node, "log", "list", "--log", self.intake.name)
        self.assertEqual(code, 0, text)
        return [int(entry["position"].partition("@")[2]) for entry in entries
                if entry["disclosed"]]

    def test_a_receipt_that_was_changed_proves_nothing(self):
        path = self.folder / "changed.tlog-proof"
        text = self.tell(self.intake, "receipt", "get", f"{self.intake.name}@3")
        key = self.intake.verifier_key
        lines = text.split("\n")
        spoilt = {
            "another entry": [lines[0], "extra " + "A" * 40, *lines[2:]],
            "another place": [line if line != "index 3" else "index 2" for line in lines],
            "a hash less": lines[:3] + lines[4:],
            "another size": [line if line != lines[lines.index("") + 2] else "1" for line in lines],
        }
        for what, changed in spoilt.items():
            with self.subTest(what):
                path.write_text("\n".join(changed), encoding="utf-8")
                self.assertFalse(self.verify_receipt(DIFFERENCE, path, key)["valid"])
        path.write_text(text, encoding="utf-8")
        self.assertFalse(self.verify_receipt(DIFFERENCE, path, self.bkn.verifier_key)["valid"])
        path.write_text("no receipt\n", encoding="utf-8")
        self.assertIn("line 1", self.verify_receipt(1, path, key)["reason"])

    def test_nobody_gets_a_receipt_of_an_entry_that_he_may_not_read(self):
        hidden = next(place for place in range(self.size(self.intake, self.intake.name)[0])
                      if place not in self.disclosed(self.bkn))
        code, _, text = self.agencies.run(self.bkn, "receipt", "get",
                                          f"{self.intake.name}@{hidden}")
        self.assertNotEqual(code, 0)
        self.assertIn("not readable for you", text)
        code, _, text = self.agencies.run(self.bkn, "receipt", "get",
                                          f"{self.intake.name}/private@0")
        self.assertNotEqual(code, 0)

    def test_checkpoints_and_proofs_are_good_to_the_other_verifiers(self):
        node = self.intake
        note = self.save("late.note", self.tell(node, "checkpoint", "show"))
        told = json.loads(self.by_others(0, "note", "--key", node.verifier_key, note))
        self.assertEqual((told["origin"], told["size"]),
                         (f"selaras/{node.name}", self.size(node, node.name)[0]))
        self.by_others(1, "note", "--key", self.bkn.verifier_key, note)
        inclusion = "".join(self.tell(node, "log", "prove", place)
                            for place in range(0, told["size"], told["size"] // 20))
        grown = self.tell(node, "log", "prove", "--since", self.early)
        for kind, lines in (("--inclusion", inclusion), ("--consistency", grown)):
            answers = self.by_others(0, "proofs", kind, stdin=lines)
            self.assertEqual(set(answers.splitlines()), {"valid"})
            done = subprocess.run([bin_dir() / "selaras", "proof", "verify", kind], input=lines,
                                  text=True, capture_output=True, check=True)
            self.assertEqual(done.stdout, answers)

    def test_a_checkpoint_of_another_log_begins_nothing_and_is_no_evidence(self):
        other = self.save("other.note", self.tell(self.bkn, "checkpoint", "show"))
        code, proofs, text = self.agencies.run(self.intake, "log", "prove", "--since", other)
        self.assertEqual((code, proofs), (1, []), text)
        self.assertIn(f"other.note holds selaras/{self.bkn.name}, not selaras/{self.intake.name}",
                      text)
        self.assertEqual(self.agencies.run(self.intake, "log", "prove", "--since", other, "--log",
                                           self.bkn.name)[0], 0)

    def test_tiles_of_an_own_log_and_of_a_mirror_lead_to_the_signed_root(self):
        whole, sparse = self.folder / "tiles", self.folder / "tiles-of-mirror"
        size, _ = self.size(self.intake, self.intake.name)
        _, held = self.size(self.bkn, self.intake.name)
        self.assertLess(held, size)
        for node, folder, entries in ((self.intake, whole, size), (self.bkn, sparse, held)):
            exported = self.export(node, self.intake.name, folder)
            self.assertEqual((exported["size"], exported["entries"]), (size, entries))
            told = json.loads(self.by_others(0, "tiles", "--key", self.intake.verifier_key, folder))
            self.assertEqual((told["size"], told["entries"]), (size, entries))
        again = self.export(self.intake, self.intake.name, whole)
        self.assertEqual((again["written"], again["entries"]), (0, size))

    def test_an_export_that_the_log_outgrew_is_completed(self):
        size, _ = self.size(self.intake, self.intake.name)
        self.assertGreater(size, self.early_export["size"])
        self.assertGreater(self.early_export["size"], 256)
        exported = self.export(self.intake, self.intake.name, self.growing)
        self.assertEqual(exported["size"], size)
        self.assertGreater(exported["kept"], 0)
        told = json.loads(self.by_others(0, "tiles", "--key", self.intake.verifier_key,
                                         self.growing))
        self.assertEqual((told["size"], told["entries"]), (size, size))

    def test_an_export_into_the_folder_of_another_log_is_refused(self):
        folder = self.folder / "tiles-mixed"
        self.export(self.intake, self.intake.name, folder)
        (folder / "tile/0/000").write_bytes(bytes(32 * 256))
        code, _, text = self.agencies.run(self.intake, "log", "export", "--format", "tlog-tiles",
                                          "--out", folder)
        self.assertNotEqual(code, 0)
        self.assertIn("do not lead to the root", text)

    def test_a_changed_file_of_an_export_is_found(self):
        good = self.folder / "tiles-to-spoil"
        self.export(self.intake, self.intake.name, good)
        for path in ("tile/0/000", "tile/entries/000", "checkpoint"):
            with self.subTest(path):
                spoilt = self.folder / "spoilt"
                shutil.copytree(good, spoilt)
                data = bytearray((spoilt / path).read_bytes())
                data[40] ^= 1
                (spoilt / path).write_bytes(data)
                self.by_others(1, "tiles", "--key", self.intake.verifier_key, spoilt)
                shutil.rmtree(spoilt)

    def test_lines_for_other_programs_say_what_the_log_says(self):
        size, _ = self.size(self.bkn, self.bkn.name)
        events = [json.loads(line) for line in self.tell(
            self.bkn, "log", "export", "--format", "cloudevents").splitlines()]
        self.assertEqual([event["id"] for event in events],
                         [f"{self.bkn.name}@{place}" for place in range(size)])
        for event in events:
            self.assertEqual((event["specversion"], event["source"], event["datacontenttype"]),
                             ("1.0", f"selaras/{self.bkn.name}", "application/json"))
            self.assertTrue(event["type"].startswith("selaras.event.v1."))
            self.assertEqual(event["subject"], event["data"]["case_id"])
        lines = self.tell(self.bkn, "log", "export", "--format", "jsonl").splitlines()
        self.assertEqual(len(lines), size)
        rows = list(csv.DictReader(self.tell(
            self.bkn, "log", "export", "--format", "csv").splitlines()))
        self.assertEqual([row["subject"] for row in rows], [event["subject"] for event in events])

    def test_lines_begin_where_they_are_wanted_or_not_at_all(self):
        size, _ = self.size(self.bkn, self.bkn.name)

        def export(form, first, code):
            done, printed, text = self.agencies.run(
                self.bkn, "log", "export", "--format", form, "--from", first, "--out",
                self.folder / "part")
            self.assertEqual((done, printed), (code, []), text)
            return text

        export("jsonl", size - 2, 0)
        lines = (self.folder / "part").read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(line)["position"] for line in lines],
                         [f"{self.bkn.name}@{place}" for place in (size - 2, size - 1)])
        self.assertIn(f"no entry {size + 1}", export("jsonl", size + 1, 1))
        self.assertEqual((self.folder / "part").read_text(encoding="utf-8").splitlines(), lines)
        export("jsonl", size, 0)  # nothing new since the last time
        self.assertEqual((self.folder / "part").read_text(encoding="utf-8"), "")
        self.assertIn("tlog-tiles are of all", export("tlog-tiles", 1, 2))
        self.assertIn("'-1' is no number", export("jsonl", -1, 2))


if __name__ == "__main__":
    unittest.main()
