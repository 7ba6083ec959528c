#include "tools/selaras/split_view_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/log/published.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

// What the lines of cosigners say, which nobody verified.
std::string SaidCosigned(const std::string& note) {
  const auto cosigned = log::ReadCosignatures(note);
  if (!cosigned.ok() || cosigned->empty()) return "";
  return absl::StrCat(
      ", which bears the cosignature of ",
      absl::StrJoin(*cosigned, " and ", [](std::string* out, const log::CosignedBy& by) {
        absl::StrAppend(out, Printable(by.name), " of ", Rfc3339(by.newest));
      }));
}

// Of a witness, who saw sizes and roots and has no tree to prove from.
std::string WhatItShows(const log::SplitView& view, const log::Checkpoint& held,
                        const log::Checkpoint& given) {
  const bool turned_back = view.given.by == view.log;
  const std::string ask =
      absl::StrCat("Whoever mirrors ", view.log, " and holds ", Count(held.size.value, "entry"),
                   " or more can tell, with the statement of ", given.size.value,
                   " in a file of its own: selaras log prove --log ", view.log,
                   " --since FILE | selaras proof verify --consistency. ");
  if (turned_back) {
    return absl::StrCat(
        "The log signed both trees. ", view.held.by,
        " states that it was shown the smaller one after the larger one",
        SaidCosigned(view.held.note),
        ": the log lost entries, as a store does that was restored from an old copy, or hides "
        "them. That order is the word of ",
        view.held.by, " alone: two statements of one log are no contradiction by themselves. ", ask,
        "If that is valid the log was turned back to its own beginning; if not there are two "
        "histories.");
  }
  return absl::StrCat(
      "The log signed both trees", SaidCosigned(view.given.note), ". Asked by ", view.given.by,
      " it did not prove that the larger one begins with the smaller one. ", ask,
      "If that is valid the log only grew, and its node answered wrongly; if not there are two "
      "histories.");
}

}  // namespace

cli::v1::VerifiedSplitView VerifiedEvidence(const log::SplitView& view, const log::LogKeys& keys) {
  const absl::Status verdict = log::VerifySplitView(view, keys);
  cli::v1::VerifiedSplitView about;
  about.set_proven(verdict.ok());
  about.set_problem(std::string(verdict.message()));
  about.set_log(view.log);
  about.set_held_by(view.held.by);
  about.set_given_by(view.given.by);
  about.set_reason(view.reason);
  const auto held = log::ReadUnverified(view.held.note);
  const auto given = log::ReadUnverified(view.given.note);
  if (held.ok()) about.set_held_size(held->size.value);
  if (given.ok()) about.set_given_size(given->size.value);
  const bool no_claim = view.root == base::Digest() && view.proof.empty();
  if (!verdict.ok() && no_claim && keys.Open(view.held.note).ok() &&
      keys.Open(view.given.note).ok()) {
    about.set_shows(WhatItShows(view, *held, *given));
  }
  return about;
}

std::string SplitViewInWords(const Output& output, const cli::v1::VerifiedSplitView& about) {
  const std::string verdict = about.proven() ? output.Paint(Tone::kBad, "two histories")
                                             : output.Paint(Tone::kWarning, "not proven");
  std::string text =
      absl::StrCat(verdict, " of the log ", about.log(), "\n\nWhat happened: ", about.log());
  if (!about.shows().empty()) {
    return absl::StrCat(
        text, " signed a tree of ", Count(about.held_size(), "entry"), " and one of ",
        about.given_size(), ".\n  ", Printable(about.reason()),
        "\n\nWhat it proves: nothing by itself: ", Printable(about.problem()),
        "\n\nWhat it shows: ", Printable(about.shows()),
        "\n\nWhat to do: keep the file, give it to the owner of the log and to its "
        "followers, and rely on no entry after the smaller tree until that is told. "
        "A witness that goes on looking replaces the file as soon as the log itself "
        "proves two histories.\n");
  }
  absl::StrAppend(&text, " showed ", about.held_by(), " a history of ",
                  Count(about.held_size(), "entry"), " and ", about.given_by(), " one of ",
                  Count(about.given_size(), "entry"), "; they cannot both be true.\n  ",
                  Printable(about.reason()), "\n\n");
  if (about.proven()) {
    absl::StrAppend(
        &text,
        "What it proves: the key of the log signed both, so whoever holds that key rewrote the log "
        "or lost control of the key. It does not say which history is true.\n\n");
  } else {
    absl::StrAppend(&text, "What it proves: nothing by itself: ", Printable(about.problem()),
                    "\n\n");
  }
  return absl::StrCat(
      text,
      "What to do: rely on no entry of the log that only one of the two histories has. Keep "
      "the file, give it to the owner of the log and to its other followers, and compare the "
      "cases with them (selaras reconcile). The link stays down: a log that was rewritten "
      "cannot be healed, its owner has to go on in another one.\n");
}

}  // namespace selaras::cli
