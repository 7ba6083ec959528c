"""Breaks a rule at a time in a copy of this tree, and demands that a test sees it: a test that cannot
fail proves nothing. Parts of tools/x prove."""

import argparse
import filecmp
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSES, SEES, BREAKS = "passes", "sees it", "breaks"


class Tree:
    """The copy that is changed, and what is built of it."""

    def __init__(self, path, targets, preset):
        self.path = path
        self.build_dir = path / "build" / preset
        self._preset = preset
        self._targets = targets

    def build(self):
        done = subprocess.run([self.path / "tools/x", "build", self._preset, *self._targets],
                              cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        return done.returncode == 0, done.stdout


def copy_of(root):
    """What git has of the tree, and its new files, in build/mutants/tree."""
    to = root / "build/mutants/tree"
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=root, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source, copy = root / name, to / name
        if not source.is_file() or copy.is_file() and filecmp.cmp(source, copy, shallow=False):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy)
    return to


def try_one(tree, run, mutant):
    """The line of a table: killed, or why not."""
    name, _, file, before, after = mutant
    path = tree.path / file
    held = path.read_text(encoding="utf-8")
    if held.count(before) != 1:
        return name, "STALE", f"{file} has the text {held.count(before)} times"
    began = time.monotonic()
    path.write_text(held.replace(before, after), encoding="utf-8")
    try:
        built, said = tree.build()
        if not built:
            return name, "NOT BUILT", said.splitlines()[-1] if said else ""
        verdict, said = run(tree)
    finally:
        path.write_text(held, encoding="utf-8")
    took = f"{time.monotonic() - began:.0f} s"
    return name, {PASSES: "SURVIVED", SEES: "killed", BREAKS: "BROKE"}[verdict], f"{took}, {said}"


def main(about, mutants, targets, run, preset="dev"):
    """Tries the mutants: name, what is wrong then, file, the text that is there once, and what stands
    there instead. run(tree) gives PASSES, SEES (a test failed as it should) or BREAKS, and words."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--tree", type=pathlib.Path, help="another copy of the tree, built already")
    parser.add_argument("names", nargs="*", help="only these")
    options = parser.parse_args()
    if options.tree is not None and options.tree.resolve() == ROOT:
        parser.error("--tree is the tree itself; it must be a copy")
    unknown = set(options.names) - {mutant[0] for mutant in mutants}
    if unknown:
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    tree = Tree(options.tree.resolve() if options.tree else copy_of(ROOT), targets, preset)
    built, said = tree.build()
    if not built:
        sys.exit(f"the copy does not build:\n{said}")
    verdict, said = run(tree)
    if verdict != PASSES:
        sys.exit(f"the test fails without any change: {said}")
    rows = []
    for mutant in mutants:
        if options.names and mutant[0] not in options.names:
            continue
        row = try_one(tree, run, mutant)
        rows.append(row)
        print(f"{row[0]:24} {row[1]:9} {mutant[1]} ({row[2]})", flush=True)
    tree.build()
    left = [row[0] for row in rows if row[1] != "killed"]
    print(f"{len(rows) - len(left)} of {len(rows)} killed")
    sys.exit(f"not killed: {', '.join(left)}" if left else 0)
