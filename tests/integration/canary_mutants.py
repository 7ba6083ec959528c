"""Takes a control away at a time and demands that the canaries see it. Part of tools/x prove.

usage: canary_mutants.py [--tree COPY] [NAME…]

Works like tests/simulation/mutants.py. Only the programs are built, without sanitizers: nothing but the
words is looked for.
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import mutation

_PROGRAMS = ("selaras", "selaras-intake", "selaras-referral", "selaras-sanction")
_DOMAIN, _NODE = "services/domain/", "services/node/"

# Name, what is wrong then, file, the text that is there once, and what stands there instead.
MUTANTS = (
    ("details-shared", "what rule 8 protects of a report is written into the shared log, too",
     _DOMAIN + "decide_intake.cc", "  decision.drafts.push_back(std::move(open));\n",
     "  open.personal.emplace(ProtectedOf(command));\n"
     "  decision.drafts.push_back(std::move(open));\n"),
    ("register-number-shared", "the number of the register is written into the shared log",
     _DOMAIN + "decide_intake.cc", "number.visibility = Visibility::kPrivate;",
     "number.visibility = Visibility::kOffice;"),
    ("messages-shared", "the mailbox is written into the shared log, too",
     _DOMAIN + "decide_reporter.cc",
     "  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};",
     "  Draft copy = draft;\n"
     "  copy.visibility = Visibility::kOffice;\n"
     "  return Decision{.report_id = report.report_id, .drafts = {std::move(draft), copy}};"),
    ("questions-shared", "who was asked about is written into the shared log",
     _NODE + "open_case_check.cc", "draft.visibility = domain::Visibility::kPrivate;",
     "draft.visibility = domain::Visibility::kOffice;"),
    ("nik-restated", "the NIK goes along with the referral",
     _DOMAIN + "decide_intake.cc", "= ForOthers(respondent);\n  *personal.add_references()",
     "= respondent;\n  *personal.add_references()"),
    ("conflict-told", "the reason for a flagged conflict of interest goes to the parties",
     _DOMAIN + "decide_common.cc",
     "NewDraft(fold, Visibility::kOffice, command.occurred_at()));\n"
     "  RETURN_IF_ERROR(AddReasonText",
     "NewDraft(fold, Visibility::kParty, command.occurred_at()));\n"
     "  RETURN_IF_ERROR(AddReasonText"),
    ("texts-unread", "a summary may tell who reported",
     _NODE + "transaction.cc", "if (kept.empty()) return absl::OkStatus();",
     "if (kept.size() < 1'000) return absl::OkStatus();"),
    ("refusal-repeats", "the refusal of a summary repeats it",
     _DOMAIN + "reporter_protection.cc", "if (!what.empty()) return WouldLeave(field, what);",
     "if (!what.empty()) return WouldLeave(field, written);"),
    ("times-of-day", "what is sent on says at what time of the day",
     _NODE + "transaction.cc", "domain::KeepDaysOnly(draft);\n", ""),
    ("protected-corrected", "a correction may carry out what rule 8 protects",
     _DOMAIN + "decide_correction.cc", "if (IsProtected(personal)) {",
     "if (IsProtected(personal) && personal.reason_text() == \"-\") {"),
    ("office-disclosed", "an entry of the office is disclosed with those of the parties",
     _NODE + "round.cc", "    if (event.party_number() == 0) continue;\n",
     "    if (event.party_number() == 0 && !event.fact().has_conflict_flagged()) continue;\n"),
    ("reporters-shown", "operations read who reported",
     _NODE + "report_view.cc", "if (viewer.sees_reporters && details) FillProtected",
     "if (details) FillProtected"),
    ("glass-not-needed", "operations read who reported without break-glass",
     "services/serve/query_service.cc", "viewer.sees_reporters = glass.has_value();",
     "viewer.sees_reporters = true;"),
    ("errors-repeat", "an error repeats the text that is too long",
     _DOMAIN + "values.cc", "field, absl::StrCat(\"has \", text.size(),",
     "field, absl::StrCat(text.substr(0, 40), \" has \", text.size(),"),
    ("requests-logged", "log lines say what was sent",
     "services/rpc/unary_call.cc", "  LogCall(log_, info_, result);\n",
     "  log_.Debug(\"called\", {{\"request\", request_->ShortDebugString()}});\n"
     "  LogCall(log_, info_, result);\n"),
    ("requests-counted", "figures and log lines are called after what was sent",
     "services/rpc/unary_call.cc", "  LogCall(log_, info_, result);\n",
     "  info_.method = request_->ShortDebugString();\n  LogCall(log_, info_, result);\n"),
)


def run(tree):
    """Whether a canary was found where it must not be, or not where it must."""
    done = subprocess.run(
        [sys.executable, "-B", tree.path / "tests/integration/canary_test.py", "--failfast",
         "Canaries"], cwd=tree.path, capture_output=True, text=True, errors="replace",
        env={**os.environ, "SELARAS_BIN": str(tree.build_dir / "bin")})
    if done.returncode == 0:
        return mutation.PASSES, "all is as the table says"
    failed = [line for line in done.stderr.splitlines() if line.startswith("FAIL: ")]
    if failed:
        return mutation.SEES, failed[0].removeprefix("FAIL: ")
    said = [line for line in done.stderr.splitlines()
            if line and not line.startswith((" ", "-", "=", "Ran ", "FAILED"))]
    return mutation.BREAKS, said[-1] if said else "no word"


if __name__ == "__main__":
    mutation.main(__doc__.splitlines()[0], MUTANTS, _PROGRAMS, run, preset="release")
