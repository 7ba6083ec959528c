#include "storage/log/split_view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/errors.h"
#include "storage/log/limits.h"
#include "storage/log/text_lines.h"
#include "storage/merkle/verify.h"

namespace selaras::log {
namespace {

constexpr absl::string_view kFirstLine = "selaras split view 1\n";
constexpr absl::string_view kStatement = "a statement";

absl::StatusOr<base::Digest> TakeDigest(TextLines& lines, absl::string_view word) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take(word));
  const auto bytes = base::Base64Decode(text);
  if (!bytes.ok()) return lines.Wrong("it is not base64");
  auto digest = base::Digest::FromBytes(*bytes);
  if (!digest.ok()) return lines.Wrong("it is not a hash");
  return digest;
}

// `<length> <name>`.
absl::StatusOr<std::size_t> TakeStatement(TextLines& lines, absl::string_view word,
                                          std::string* by) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take(word));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(' ', 1));
  std::size_t length = 0;
  if (!absl::SimpleAtoi(parts.first, &length) || length > kCheckpointBytesMax) {
    return lines.Wrong("it is not a length and a name");
  }
  *by = std::string(parts.second);
  return length;
}

}  // namespace

absl::StatusOr<SplitView> MakeSplitView(const LogReader& held, absl::string_view held_by,
                                        const SignedCheckpoint& given, absl::string_view given_by,
                                        absl::string_view reason) {
  const SignedCheckpoint newest = held.checkpoint();
  const base::TreeSize size = given.checkpoint.size;
  if (newest.checkpoint.size < size) return NotASplitView("the held log does not go so far");
  merkle::Prover prover(held, newest.checkpoint.size);
  SplitView view{held.name(),
                 {std::string(held_by), newest.note},
                 {std::string(given_by), given.note},
                 absl::StrReplaceAll(reason, {{"\n", " "}}),
                 {},
                 {}};
  ASSIGN_OR_RETURN(view.root, merkle::RootAt(held, size));
  if (view.root == given.checkpoint.root) return NotASplitView("both say the same");
  ASSIGN_OR_RETURN(view.proof, prover.Consistency(size));
  return view;
}

std::string SplitViewText(const SplitView& view) {
  std::string text =
      absl::StrCat(kFirstLine, "log ", view.log, "\nreason ", view.reason, "\nheld ",
                   view.held.note.size(), " ", view.held.by, "\ngiven ", view.given.note.size(),
                   " ", view.given.by, "\nroot ", base::Base64Encode(view.root.view()), "\n");
  for (const base::Digest& hash : view.proof) {
    absl::StrAppend(&text, "proof ", base::Base64Encode(hash.view()), "\n");
  }
  return absl::StrCat(text, "\n", view.held.note, "\n", view.given.note);
}

std::string SplitViewFileName(const SplitView& view) {
  const auto given = ReadUnverified(view.given.note);
  const std::string digest = base::HexEncode(crypto::Sha256(view.given.note).view());
  return absl::StrCat("split-view-", absl::StrReplaceAll(view.log, {{"/", "-"}}), "-",
                      given.ok() ? given->size.value : 0, "-", digest.substr(0, 8), ".txt");
}

bool IsSplitViewText(absl::string_view text) { return absl::StartsWith(text, kFirstLine); }

absl::StatusOr<SplitView> ParseSplitView(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kFirstLine)) {
    return NotASplitView("it does not begin with 'selaras split view 1'");
  }
  TextLines lines(text, NotASplitView);
  SplitView view;
  ASSIGN_OR_RETURN(const absl::string_view log, lines.Take("log "));
  ASSIGN_OR_RETURN(const absl::string_view reason, lines.Take("reason "));
  view.log = std::string(log);
  view.reason = std::string(reason);
  ASSIGN_OR_RETURN(const std::size_t held, TakeStatement(lines, "held ", &view.held.by));
  ASSIGN_OR_RETURN(const std::size_t given, TakeStatement(lines, "given ", &view.given.by));
  ASSIGN_OR_RETURN(view.root, TakeDigest(lines, "root "));
  while (lines.NextIs("proof ")) {
    ASSIGN_OR_RETURN(const base::Digest hash, TakeDigest(lines, "proof "));
    view.proof.push_back(hash);
  }
  RETURN_IF_ERROR(lines.Take(""));
  ASSIGN_OR_RETURN(view.held.note, lines.TakeBytes(held, kStatement));
  ASSIGN_OR_RETURN(const std::string between, lines.TakeBytes(1, kStatement));
  ASSIGN_OR_RETURN(view.given.note, lines.TakeBytes(given, kStatement));
  if (between != "\n" || !lines.done()) return NotASplitView("lengths and statements differ");
  return view;
}

absl::Status VerifySplitView(const SplitView& view, const LogKeys& keys) {
  ASSIGN_OR_RETURN(const SignedCheckpoint held, keys.Open(view.held.note));
  ASSIGN_OR_RETURN(const SignedCheckpoint given, keys.Open(view.given.note));
  if (view.root == given.checkpoint.root) return ProvesNothing("both statements agree");
  const absl::Status begins = merkle::VerifyConsistency(
      given.checkpoint.size, view.root, held.checkpoint.size, held.checkpoint.root, view.proof);
  return begins.ok() ? absl::OkStatus() : ProvesNothing(begins.message());
}

}  // namespace selaras::log
