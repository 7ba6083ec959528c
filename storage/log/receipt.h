#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/log_reader.h"
#include "storage/merkle/prove.h"

// C2SP tlog-proof: a text that proves, to whoever has the log's key and nothing else, that an entry
// stands in the log. What this project calls a receipt carries the entry's bytes as extra data, so
// that it is one file.
namespace selaras::log {

struct Receipt {
  std::string extra;  // the bytes of the entry; empty: they are elsewhere
  base::Sequence index;
  merkle::Proof proof;
  std::string checkpoint;  // a signed note, with whatever cosignatures it has

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

// For an entry of the log, by a checkpoint of it. OUT_OF_RANGE if the checkpoint does not cover it,
// NOT_FOUND if its bytes are not here.
absl::StatusOr<Receipt> MakeReceipt(const LogReader& log, base::Sequence index,
                                    const SignedCheckpoint& checkpoint);
// The same with a prover of the log at the checkpoint's size, for several receipts by one
// checkpoint.
absl::StatusOr<Receipt> MakeReceipt(const LogReader& log, base::Sequence index,
                                    const SignedCheckpoint& checkpoint, merkle::Prover& prover);

// The text; `checkpoint` must be a note.
std::string ReceiptText(const Receipt& receipt);

// Reads it. INVALID_ARGUMENT if it is none, saying in which line. The checkpoint is only split off.
absl::StatusOr<Receipt> ParseReceipt(absl::string_view text);

// Whether an entry with these bytes stands at the receipt's place in the tree of `checkpoint`,
// which was opened from the receipt's note. DATA_LOSS if not.
absl::Status VerifyReceipt(const Receipt& receipt, absl::string_view entry,
                           const Checkpoint& checkpoint);

}  // namespace selaras::log
