"""The tamper drill with the programs of this build: every change is found, no untouched copy accused.

Needs SELARAS_BIN, the folder of the programs, and tamper_store beside it in ../tests.
"""

import os
import pathlib
import subprocess
import sys
import unittest


class TamperDrill(unittest.TestCase):

    def test_whatever_is_changed_is_found_and_named(self):
        programs = pathlib.Path(os.environ["SELARAS_BIN"]).resolve()
        drill = pathlib.Path(__file__).with_name("drill.py")
        done = subprocess.run(
            [sys.executable, "-B", str(drill), "--bin", str(programs), "--tamper",
             str(programs.parent / "tests/tamper_store")],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("insider who signs anew", done.stdout)


if __name__ == "__main__":
    unittest.main()
