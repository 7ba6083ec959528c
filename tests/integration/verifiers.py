"""The verifiers of tests/interop, which share no code with us or with each other.

Needs SELARAS_VERIFY_GO, the program that tests/interop/go/build.sh builds, and node.
"""

import base64
import os
import pathlib
import subprocess

from agencies import ROOT


def by_others(test, code, *arguments, stdin=""):
    """What the other verifiers say, who must agree."""
    said = {}
    for name, command in (("go", [os.environ["SELARAS_VERIFY_GO"]]),
                          ("node", ["node", str(ROOT / "tests/interop/node/verify.mjs")])):
        done = subprocess.run([*command, *map(str, arguments)], input=stdin, text=True,
                              capture_output=True, check=False)
        test.assertEqual(done.returncode, code, f"{name}: {done.stdout}{done.stderr}")
        said[name] = done.stdout
    test.assertEqual(said["go"], said["node"])
    return said["go"]


def entry_of(receipt, folder):
    """A file with the bytes of the entry that a receipt carries."""
    extra = pathlib.Path(receipt).read_text(encoding="utf-8").splitlines()[1]
    entry = folder / "entry"
    entry.write_bytes(base64.b64decode(extra.removeprefix("extra ")))
    return entry
