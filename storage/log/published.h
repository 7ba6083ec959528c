#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/cosignature.h"
#include "storage/log/store.h"

// Checkpoints that were published, of the own log and of mirrors, and who cosigned them. They are
// kept beside the logs, never in them, and follow from nothing else.
namespace selaras::log {

// Key of a row of Table::kPublished: its value is the note. Rows of a log stand in the order of
// their sizes.
std::string PublishedKey(absl::string_view log, base::TreeSize size);

// The log and the size that a key names. DATA_LOSS if it is malformed.
struct PublishedPlace {
  std::string log;
  base::TreeSize size;

  friend bool operator==(const PublishedPlace&, const PublishedPlace&) = default;
};
absl::StatusOr<PublishedPlace> ReadPublishedKey(absl::string_view key);

// One row.
struct PublishedCheckpoint {
  base::TreeSize size;
  std::string note;

  friend bool operator==(const PublishedCheckpoint&, const PublishedCheckpoint&) = default;
};

// The newest, or nothing. DATA_LOSS if a key is malformed.
absl::StatusOr<std::optional<PublishedCheckpoint>> NewestPublished(const StoreReader& store,
                                                                   absl::string_view log);
// The newest of fewer than `size` leaves.
absl::StatusOr<std::optional<PublishedCheckpoint>> PublishedBefore(const StoreReader& store,
                                                                   absl::string_view log,
                                                                   base::TreeSize size);

// Calls `row` for those of `from` leaves and more, in the order of their sizes, until it answers
// false.
absl::Status ScanPublished(const StoreReader& store, absl::string_view log, base::TreeSize from,
                           const std::function<bool(const PublishedCheckpoint& row)>& row);

// Who cosigned, and when: what the lines say, which nobody verifies here.
struct CosignedBy {
  std::string name;
  std::uint32_t key_id = 0;
  absl::Time first;
  absl::Time newest;

  friend bool operator==(const CosignedBy&, const CosignedBy&) = default;
};
// In the order of the lines. INVALID_ARGUMENT if it is no note.
absl::StatusOr<std::vector<CosignedBy>> ReadCosignatures(absl::string_view note);

// `note` and those of the witness's signature lines in `lines` that count: of each witness the
// first and the newest are kept.
//
//   INVALID_ARGUMENT  `lines` are no signature lines, or the note has kCosignersMax witnesses
//   already DATA_LOSS         the witness did not sign it, or any of its signatures is wrong
absl::StatusOr<std::string> MergeCosignatures(absl::string_view note,
                                              const CosignatureVerifier& witness,
                                              absl::string_view lines);

// The text of a note and the signatures of its log alone, as it goes to others; their cosignatures
// are asked for, not passed on. INVALID_ARGUMENT if it is no note.
absl::StatusOr<std::string> WithoutCosignatures(absl::string_view note);

// Writes the rows. Thread-safe; of one store only one may write.
class PublishedCheckpoints {
 public:
  // The store must outlive it.
  explicit PublishedCheckpoints(Store& store) : store_(store) {}

  // Keeps the checkpoint, unless one of its size is kept already. Errors are those of Store::Write.
  absl::Status Publish(absl::string_view log, const SignedCheckpoint& checkpoint);

  // Adds to the row of that size. NOT_FOUND if there is none; else as MergeCosignatures.
  absl::Status Cosign(absl::string_view log, base::TreeSize size,
                      const CosignatureVerifier& witness, absl::string_view lines,
                      Durability durability);

 private:
  Store& store_;
  std::mutex mutex_;  // a row is read, changed and written as one
};

}  // namespace selaras::log
