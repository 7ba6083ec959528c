"""Breaks a rule at a time and demands that the property test sees it: a test that cannot fail proves
nothing. Part of tools/x prove.

usage: mutants.py [--tree COPY] [NAME…]

Works on a copy of this tree, build/mutants/tree, or on COPY, which is another one that is built
already; each change there is taken back. Only interleavings_test is built.
"""

import argparse
import filecmp
import pathlib
import shutil
import subprocess
import sys
import time

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_BINARY = "interleavings_test"
_DOMAIN, _NODE = "services/domain/", "services/node/"

# Name, what is wrong then, file, the text that is there once, and what stands there instead.
MUTANTS = (
    ("custody-without-receipt", "nobody ever takes over what was handed to him",
     _DOMAIN + "custody.cc", "Stint* next = AnswerTo(*sent, stints);",
     "Stint* next = stints.empty() ? AnswerTo(*sent, stints) : nullptr;"),
    ("receipt-of-anything", "an acknowledgement may cite another entry than the hand-over",
     _DOMAIN + "custody.cc",
     "Same(cited->position(), hand_over.position()) &&\n"
     "         cited->leaf_hash() == hand_over.leaf_hash() && MayAnswer(stint, hand_over);",
     "(Same(cited->position(), hand_over.position()) || MayAnswer(stint, hand_over));"),
    ("receipt-by-anybody", "who was not addressed may take the file",
     _DOMAIN + "custody.cc", "AddresseeOf(hand_over.fact()) == stint.segment->writer();",
     "!stint.segment->writer().empty() || AddresseeOf(hand_over.fact()).empty();"),
    ("gaps-ignored", "a party entry is folded although an earlier one is missing",
     _DOMAIN + "fold.cc",
     "event.party_number() == NextPartyNumber(segments, section, event.author());",
     "event.party_number() >= NextPartyNumber(segments, section, event.author());"),
    ("no-deduplication", "a number that was folded waits for ever when it comes again",
     _NODE + "subjects.cc",
     "return event.party_number() < domain::NextPartyNumber(segments, section, event.author());",
     "return event.party_number() == 0 && segments.empty() && section == domain::Section::kNone;"),
    ("first-come", "of two entries with one number that counts which was heard first",
     _NODE + "subjects.cc", "RETURN_IF_ERROR(FoldAnew(directory, held, read, view));",
     "if (view->entries().empty()) RETURN_IF_ERROR(FoldAnew(directory, held, read, view));\n"
     "    Contradict(held, view);"),
    ("order-of-arrival", "segments stand in the order in which they were heard of",
     _DOMAIN + "fold.cc", "if (other > key) break;", ""),
    ("void-ignored", "what was taken back still counts",
     _DOMAIN + "fold.cc", "return Void(section, event.fact().fact_voided().position());",
     "return section.facts().empty() ? Void(section, position) : void();"),
    ("correction-ignored", "what was corrected keeps its old value",
     _DOMAIN + "fold.cc", "ApplyCorrection(correction, fact);", ""),
    ("after-closure", "a case that was closed may still be recommended",
     _DOMAIN + "transitions.cc",
     '{kR, {kReceived, kVerified}, F::kSanctionRecommended, {kRecommended}, "Perpres 116/2022"},',
     '{kR, {kReceived, kVerified, kClosed}, F::kSanctionRecommended, {kRecommended}, "-"},'),
    ("anybody-writes", "an authority moves a section that it does not write",
     _DOMAIN + "decide.cc", "if (own->segment->writer() != authority) {", "if (false) {"),
)


class Tree:
    """The copy that is changed, and the test that is built of it."""

    def __init__(self, path):
        self.path = path
        self.x = path / "tools/x"
        self.test = path / "build/dev/tests" / _BINARY

    def build(self):
        done = subprocess.run([self.x, "build", "dev", _BINARY], cwd=self.path,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode == 0, done.stdout

    def run(self):
        """Whether the test passes, and the last that it says."""
        done = subprocess.run([self.test], cwd=self.path, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace")
        seeds = [line for line in done.stdout.splitlines() if "SELARAS_SEED=" in line]
        return done.returncode == 0, (seeds or [f"exit code {done.returncode}"])[-1].strip()


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


def try_one(tree, mutant):
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
        passes, seed = tree.run()
    finally:
        path.write_text(held, encoding="utf-8")
    took = f"{time.monotonic() - began:.0f} s"
    return (name, "SURVIVED", took) if passes else (name, "killed", f"{took}, {seed}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", type=pathlib.Path, help="another copy of the tree, built already")
    parser.add_argument("names", nargs="*", help="only these")
    options = parser.parse_args()
    if options.tree is not None and options.tree.resolve() == _ROOT:
        parser.error("--tree is the tree itself; it must be a copy")
    unknown = set(options.names) - {mutant[0] for mutant in MUTANTS}
    if unknown:
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    tree = Tree(options.tree.resolve() if options.tree else copy_of(_ROOT))
    built, said = tree.build()
    if not built:
        sys.exit(f"the copy does not build:\n{said}")
    passes, seed = tree.run()
    if not passes:
        sys.exit(f"the test fails without any change: {seed}")
    rows = []
    for mutant in MUTANTS:
        if options.names and mutant[0] not in options.names:
            continue
        row = try_one(tree, mutant)
        rows.append(row)
        print(f"{row[0]:24} {row[1]:9} {mutant[1]} ({row[2]})", flush=True)
    tree.build()
    left = [row[0] for row in rows if row[1] != "killed"]
    print(f"{len(rows) - len(left)} of {len(rows)} killed")
    sys.exit(f"not killed: {', '.join(left)}" if left else 0)


if __name__ == "__main__":
    main()
