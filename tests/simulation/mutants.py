"""Breaks a rule at a time and demands that the property test sees it: a test that cannot fail proves
nothing. Part of tools/x prove.

usage: mutants.py [--tree COPY] [NAME…]

Works on a copy of this tree, build/mutants/tree, or on COPY, which is another one that is built
already; each change there is taken back. Only interleavings_test is built.
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import mutation

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


def run(tree):
    """Whether the test passes, and the last that it says."""
    done = subprocess.run([tree.build_dir / "tests" / _BINARY], cwd=tree.path,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")
    seeds = [line for line in done.stdout.splitlines() if "SELARAS_SEED=" in line]
    return (mutation.SEES if done.returncode else mutation.PASSES,
            (seeds or [f"exit code {done.returncode}"])[-1].strip())


if __name__ == "__main__":
    mutation.main(__doc__.splitlines()[0], MUTANTS, [_BINARY], run)
