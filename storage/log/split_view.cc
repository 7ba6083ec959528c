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
#include "storage/merkle/verify.h"

namespace selaras::log {
namespace {

constexpr absl::string_view kFirstLine = "selaras split view 1\n";

// Reads a text line by line, then byte by byte.
class Reader {
 public:
  explicit Reader(absl::string_view text) : rest_(text) {}

  // What follows `<word> ` in the next line.
  absl::StatusOr<absl::string_view> Take(absl::string_view word) {
    ++line_;
    const std::size_t end = rest_.find('\n');
    absl::string_view line = rest_.substr(0, end);
    if (end == absl::string_view::npos || !absl::ConsumePrefix(&line, word)) {
      return Wrong(absl::StrCat("it does not begin with '", word, "'"));
    }
    rest_.remove_prefix(end + 1);
    return line;
  }
  bool NextIs(absl::string_view word) const { return absl::StartsWith(rest_, word); }

  absl::StatusOr<base::Digest> TakeDigest(absl::string_view word) {
    ASSIGN_OR_RETURN(const absl::string_view text, Take(word));
    const auto bytes = base::Base64Decode(text);
    if (!bytes.ok()) return Wrong("it is not base64");
    auto digest = base::Digest::FromBytes(*bytes);
    if (!digest.ok()) return Wrong("it is not a hash");
    return digest;
  }

  // `<length> <name>`.
  absl::StatusOr<std::size_t> TakeStatement(absl::string_view word, std::string* by) {
    ASSIGN_OR_RETURN(const absl::string_view text, Take(word));
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(text, absl::MaxSplits(' ', 1));
    std::size_t length = 0;
    if (!absl::SimpleAtoi(parts.first, &length) || length > kCheckpointBytesMax) {
      return Wrong("it is not a length and a name");
    }
    *by = std::string(parts.second);
    return length;
  }

  absl::StatusOr<std::string> TakeBytes(std::size_t length) {
    if (rest_.size() < length) return NotASplitView("a statement is cut off");
    std::string bytes(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return bytes;
  }

  bool done() const { return rest_.empty(); }

 private:
  absl::Status Wrong(absl::string_view why) const {
    return NotASplitView(absl::StrCat("line ", line_ + 1, ": ", why));
  }

  absl::string_view rest_;
  int line_ = 0;
};

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
  Reader reader(text);
  SplitView view;
  ASSIGN_OR_RETURN(const absl::string_view log, reader.Take("log "));
  ASSIGN_OR_RETURN(const absl::string_view reason, reader.Take("reason "));
  view.log = std::string(log);
  view.reason = std::string(reason);
  ASSIGN_OR_RETURN(const std::size_t held, reader.TakeStatement("held ", &view.held.by));
  ASSIGN_OR_RETURN(const std::size_t given, reader.TakeStatement("given ", &view.given.by));
  ASSIGN_OR_RETURN(view.root, reader.TakeDigest("root "));
  while (reader.NextIs("proof ")) {
    ASSIGN_OR_RETURN(const base::Digest hash, reader.TakeDigest("proof "));
    view.proof.push_back(hash);
  }
  RETURN_IF_ERROR(reader.Take(""));
  ASSIGN_OR_RETURN(view.held.note, reader.TakeBytes(held));
  ASSIGN_OR_RETURN(const std::string between, reader.TakeBytes(1));
  ASSIGN_OR_RETURN(view.given.note, reader.TakeBytes(given));
  if (between != "\n" || !reader.done()) return NotASplitView("lengths and statements differ");
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
