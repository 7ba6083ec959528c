#include "storage/log/checkpoint.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/note_parts.h"
#include "storage/merkle/hash.h"

namespace selaras::log {
namespace {

absl::StatusOr<base::TreeSize> ParseSize(absl::string_view text) {
  if (!IsDecimal(text)) {
    return NotACheckpoint("its size is no decimal number without leading zeros");
  }
  base::TreeSize size;
  if (!absl::SimpleAtoi(text, &size.value) || size >= merkle::kTreeSizeMax) {
    return NotACheckpoint("its size is 2^63 or more");
  }
  return size;
}

}  // namespace

std::string CheckpointText(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.origin, "\n", checkpoint.size.value, "\n",
                      base::Base64Encode(checkpoint.root.view()), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpointText(absl::string_view text) {
  if (!absl::ConsumeSuffix(&text, "\n")) return NotACheckpoint("it does not end in a newline");
  if (std::any_of(text.begin(), text.end(), [](char c) {
        return c != '\n' && absl::ascii_iscntrl(static_cast<unsigned char>(c));
      })) {
    return NotACheckpoint("it has control characters");
  }
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() < 3) return NotACheckpoint("it needs three lines: origin, size and root");
  if (std::find(lines.begin(), lines.end(), "") != lines.end()) {
    return NotACheckpoint("it has an empty line");
  }
  Checkpoint checkpoint{std::string(lines[0]), {}, {}};
  ASSIGN_OR_RETURN(checkpoint.size, ParseSize(lines[1]));
  const absl::StatusOr<std::string> root = base::Base64Decode(lines[2]);
  if (!root.ok() || root->size() != base::Digest::kSize) {
    return NotACheckpoint("its root is not the base64 of 32 bytes");
  }
  ASSIGN_OR_RETURN(checkpoint.root, base::Digest::FromBytes(*root));
  if (checkpoint.size.value == 0 && checkpoint.root != merkle::EmptyRoot()) {
    return NotACheckpoint("a tree without leaves has another root");
  }
  return checkpoint;
}

SignedCheckpoint SignCheckpoint(const NoteSigner& signer, const Checkpoint& checkpoint) {
  SELARAS_CHECK(checkpoint.origin == signer.name())
      << "a log's checkpoint is signed by the key that bears the log's origin";
  return {checkpoint, signer.Sign(CheckpointText(checkpoint))};
}

absl::StatusOr<SignedCheckpoint> OpenCheckpoint(const NoteVerifier& verifier,
                                                absl::string_view note) {
  ASSIGN_OR_RETURN(const std::string text, verifier.Open(note));
  ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpointText(text));
  if (checkpoint.origin != verifier.name()) {
    return OriginMismatch(checkpoint.origin, verifier.name());
  }
  return SignedCheckpoint{std::move(checkpoint), std::string(note)};
}

absl::StatusOr<Checkpoint> ReadUnverified(absl::string_view note) {
  ASSIGN_OR_RETURN(const NoteParts parts, SplitNote(note));
  return ParseCheckpointText(parts.text);
}

}  // namespace selaras::log
