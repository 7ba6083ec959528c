#include "storage/log/receipt.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/note_parts.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/verify.h"

namespace selaras::log {
namespace {

constexpr absl::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kHashesMax = 63;  // no tree is higher

// Takes lines off the front of a text and counts them.
class Lines {
 public:
  explicit Lines(absl::string_view text) : rest_(text) {}

  // Without its newline; an error if there is none.
  absl::StatusOr<absl::string_view> Next() {
    const std::size_t end = rest_.find('\n');
    if (end == absl::string_view::npos) return Wrong("the text ends too early");
    const absl::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    ++number_;
    return line;
  }
  absl::Status Wrong(absl::string_view why) const {
    return NotAReceipt(absl::StrCat("line ", std::max(number_, 1), ": ", why));
  }
  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
  int number_ = 0;
};

absl::StatusOr<base::Sequence> ParseIndex(absl::string_view line, const Lines& lines) {
  if (!absl::ConsumePrefix(&line, "index ")) return lines.Wrong("no index");
  base::Sequence index;
  if (!IsDecimal(line) || !absl::SimpleAtoi(line, &index.value)) {
    return lines.Wrong("the index is no decimal number without leading zeros");
  }
  return index;
}

absl::StatusOr<base::Digest> ParseHash(absl::string_view line, const Lines& lines) {
  const absl::StatusOr<std::string> bytes = base::Base64Decode(line);
  if (!bytes.ok() || bytes->size() != base::Digest::kSize) {
    return lines.Wrong("no base64 of 32 bytes");
  }
  return base::Digest::FromBytes(*bytes);
}

}  // namespace

absl::StatusOr<Receipt> MakeReceipt(const LogReader& log, base::Sequence index,
                                    const SignedCheckpoint& checkpoint) {
  merkle::Prover prover(log, checkpoint.checkpoint.size);
  return MakeReceipt(log, index, checkpoint, prover);
}

absl::StatusOr<Receipt> MakeReceipt(const LogReader& log, base::Sequence index,
                                    const SignedCheckpoint& checkpoint, merkle::Prover& prover) {
  const base::TreeSize size = checkpoint.checkpoint.size;
  if (!base::Covers(size, index)) return PastTheEnd(log.name(), index, size);
  ASSIGN_OR_RETURN(std::optional<std::string> entry, log.Entry(index));
  if (!entry) return EntryNotHere(log.name(), index);
  ASSIGN_OR_RETURN(merkle::Proof proof, prover.Inclusion(index));
  return Receipt{*std::move(entry), index, std::move(proof), checkpoint.note};
}

std::string ReceiptText(const Receipt& receipt) {
  std::string text = absl::StrCat(kFirstLine, "\n");
  if (!receipt.extra.empty()) {
    absl::StrAppend(&text, "extra ", base::Base64Encode(receipt.extra), "\n");
  }
  absl::StrAppend(&text, "index ", receipt.index.value, "\n");
  for (const base::Digest& hash : receipt.proof) {
    absl::StrAppend(&text, base::Base64Encode(hash.view()), "\n");
  }
  absl::StrAppend(&text, "\n", receipt.checkpoint);
  return text;
}

absl::StatusOr<Receipt> ParseReceipt(absl::string_view text) {
  Lines lines(text);
  ASSIGN_OR_RETURN(absl::string_view line, lines.Next());
  if (line != kFirstLine) return lines.Wrong(absl::StrCat("is not ", kFirstLine));
  Receipt receipt;
  ASSIGN_OR_RETURN(line, lines.Next());
  if (absl::ConsumePrefix(&line, "extra ")) {
    absl::StatusOr<std::string> extra = base::Base64Decode(line);
    if (!extra.ok()) return lines.Wrong("the extra data are no base64");
    receipt.extra = *std::move(extra);
    ASSIGN_OR_RETURN(line, lines.Next());
  }
  ASSIGN_OR_RETURN(receipt.index, ParseIndex(line, lines));
  while (true) {
    ASSIGN_OR_RETURN(line, lines.Next());
    if (line.empty()) break;
    if (receipt.proof.size() == kHashesMax) return lines.Wrong("more hashes than a tree is high");
    ASSIGN_OR_RETURN(const base::Digest hash, ParseHash(line, lines));
    receipt.proof.push_back(hash);
  }
  if (lines.rest().empty()) return lines.Wrong("no checkpoint follows");
  receipt.checkpoint = std::string(lines.rest());
  return receipt;
}

absl::Status VerifyReceipt(const Receipt& receipt, absl::string_view entry,
                           const Checkpoint& checkpoint) {
  return merkle::VerifyInclusion(merkle::HashLeaf(entry), receipt.index, checkpoint.size,
                                 receipt.proof, checkpoint.root);
}

}  // namespace selaras::log
