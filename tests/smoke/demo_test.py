"""tools/x demo with the real programs: every number of every set, and that it notices harm.

Needs SELARAS_BIN, the folder of the programs.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETS = ROOT / "tests/data/registers"


class Demo(unittest.TestCase):

    def setUp(self):
        self.maxDiff = None
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def demo(self, code, *arguments):
        """Runs it; gives the object on stdout and the text on stderr."""
        done = subprocess.run(
            [sys.executable, "-B", str(ROOT / "tools/demo/demo.py"), "--bin",
             os.environ["SELARAS_BIN"], "--dir", str(self.folder / "demo"), *map(str, arguments)],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout else {}, done.stderr

    def expect_set(self, name):
        expected = json.loads((SETS / name / "expected.json").read_text(encoding="utf-8"))
        told, _ = self.demo(0, "--json", "--registers", SETS / name)
        self.assertEqual({key: told.get(key) for key in expected}, expected)
        self.assertEqual(told["problems"], [])
        self.assertIs(told["agree"], True)
        self.assertEqual(told["logs_verified"], 12)  # of each node: shared, private, two mirrors

    def test_sumbar2024(self):
        self.expect_set("sumbar2024")

    def test_sumbar2020(self):
        self.expect_set("sumbar2020")

    def test_nasional2020(self):
        self.expect_set("nasional2020")

    def test_a_flipped_byte_is_reported(self):
        told, progress = self.demo(1, "--json", "--sabotage", "flip-byte")
        self.assertLess(told["logs_verified"], 12)
        self.assertIn("the store of bkn", told["problems"][0]["problem"])
        self.assertIn("the store of bkn", progress)

    def test_a_stopped_node_is_reported(self):
        told, progress = self.demo(1, "--json", "--sabotage", "stop-node")
        self.assertIs(told["agree"], False)
        self.assertIn("the referral node bkn was ended by SIGKILL", told["problems"][0]["problem"])
        self.assertIn("referral/node.log", progress)

    def test_kept_nodes_answer_as_the_demo_says_until_they_are_stopped(self):
        _, progress = self.demo(0, "--json", "--keep")
        with contextlib.ExitStack() as stack:
            stack.callback(self.demo, 0, "--stop", self.folder / "demo")
            commands = [line.split() for line in progress.splitlines() if "--client" in line]
            self.assertEqual(len(commands), 4, progress)
            for command in commands:
                subprocess.run(command, check=True, capture_output=True)
        done = subprocess.run(commands[0], check=False, capture_output=True)
        self.assertEqual(done.returncode, 6)  # the node does not answer


if __name__ == "__main__":
    unittest.main()
