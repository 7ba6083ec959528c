"""Sets of registers that nobody has seen come out of the demo as they must."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from agencies import ROOT, SETS, bin_dir, seeded
import registers_by_hand
import registers_made_up

_SETS = 3
_DEMO = ROOT / "tools/demo/demo.py"


def comparable(numbers):
    """Rows that are refused, in any order and without the words for it."""
    bad = sorted((row["nomor_register"], row["column"]) for row in numbers["bad_rows"])
    return {**numbers, "bad_rows": bad}


class OracleByHand(unittest.TestCase):

    maxDiff = None

    def test_it_counts_the_known_sets_as_those_who_made_them(self):
        for folder in sorted(SETS.iterdir()):
            if folder.is_dir():
                with self.subTest(folder.name):
                    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
                    self.assertEqual(comparable(registers_by_hand.expect(folder)),
                                     comparable(known))

    def test_it_counts_what_is_made_up_as_the_stories_say(self):
        chance = seeded()
        with tempfile.TemporaryDirectory(prefix="selaras-") as folder:
            for number in range(50):
                path = pathlib.Path(folder) / f"made-up-{number}"
                told = registers_made_up.make_up(chance, path, chance.randint(1, 60))
                self.assertEqual(comparable(registers_by_hand.expect(path)), comparable(told))


class UnseenRegisters(unittest.TestCase):

    maxDiff = None

    def demo(self, registers, work):
        """What the demo prints of a set; it must find nothing wrong."""
        done = subprocess.run([sys.executable, "-B", _DEMO, "--bin", bin_dir(), "--json",
                               "--registers", registers, "--dir", work],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")
        return json.loads(done.stdout)

    def test_every_number_is_right_and_the_agencies_agree(self):
        chance = seeded()
        with tempfile.TemporaryDirectory(prefix="selaras-") as name:
            folder = pathlib.Path(name)
            for number in range(_SETS):
                path = folder / f"made-up-{number}"
                told = registers_made_up.make_up(chance, path, chance.randint(15, 60))
                shown = self.demo(path, folder / "nodes")
                self.assertTrue(shown["agree"])
                self.assertGreater(shown["logs_verified"], 0)
                self.assertTrue(all(row["why"] for row in shown["bad_rows"]))
                self.assertEqual(comparable({key: shown[key] for key in told}), comparable(told))


if __name__ == "__main__":
    unittest.main()
