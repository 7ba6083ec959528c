#include "tools/selaras/split_view_text.h"

#include "absl/strings/str_cat.h"

#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {

std::string SplitViewInWords(const Output& output, const cli::v1::VerifiedSplitView& about) {
  const std::string verdict = about.proven() ? output.Paint(Tone::kBad, "two histories")
                                             : output.Paint(Tone::kWarning, "not proven");
  std::string text =
      absl::StrCat(verdict, " of the log ", about.log(), "\n\nWhat happened: ", about.log(),
                   " showed ", about.held_by(), " a history of ", Count(about.held_size(), "entry"),
                   " and ", about.given_by(), " one of ", Count(about.given_size(), "entry"),
                   "; they cannot both be true.\n  ", Printable(about.reason()), "\n\n");
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
