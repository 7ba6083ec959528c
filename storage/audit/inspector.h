#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/cosignature.h"

namespace selaras::audit {

// The two logs of a node's own.
enum class OwnLog { kShared, kPrivate };

// Places in both own logs, each list ascending.
struct Places {
  std::vector<base::Sequence> shared;
  std::vector<base::Sequence> private_;

  friend bool operator==(const Places&, const Places&) = default;
};

// What an own entry says about rows that the store keeps beside the log.
struct EntryMarks {
  std::string request_tag = {};  // key of the row in Table::kRequest; empty: there is none
  std::string state_key = {};    // key of the row in Table::kState; empty: there is none
  std::string catalogue = {};    // key of the row in Table::kCatalogue; empty: there is none
};

// What differs, in words that a person can compare.
struct Difference {
  std::string expected;
  std::string actual;
};

// One own entry as it is stored.
struct StoredEntry {
  std::string log_name;
  base::Sequence sequence;
  std::string bytes;
  base::Digest leaf_hash;  // of the bytes
};

// A state row, and what follows from the entries that it lists.
struct ComparedState {
  Places places;                         // that it lists
  std::optional<Difference> difference;  // nothing: they agree
};

// What a state row follows from.
struct StateSource {
  // One entry of an own log that matches its leaf hash; DATA_LOSS if it does not.
  std::function<absl::StatusOr<StoredEntry>(OwnLog log, base::Sequence sequence)> entry;
  // Another state row, or nothing.
  std::function<absl::StatusOr<std::optional<std::string>>(absl::string_view key)> row;
};

// Knows what the bytes mean, of which storage knows nothing. All functions are pure; an error is
// reported as a difference at the place concerned. Thread-safe.
class Inspector {
 public:
  virtual ~Inspector() = default;

  // With which key the log `name` is verified; nothing: its signatures are not checked, and the
  // report says so.
  virtual std::optional<log::NoteVerifier> VerifierOf(absl::string_view name) const = 0;

  // What verifies the cosignatures of a witness, by the name and the key's id in its lines;
  // nothing: they are not checked, and counted.
  virtual std::optional<log::CosignatureVerifier> WitnessOf(absl::string_view name,
                                                            std::uint32_t key_id) const = 0;

  // Reads an entry of an own log.
  virtual absl::StatusOr<EntryMarks> ReadEntry(absl::string_view bytes) const = 0;

  // Reads a row of Table::kRequest: the entries that the request wrote.
  virtual absl::StatusOr<Places> ReadRequest(absl::string_view row) const = 0;

  // Reads a row of Table::kState: the entries that it was folded from.
  virtual absl::StatusOr<Places> ReadState(absl::string_view row) const = 0;

  // Folds the entries of a state row anew and compares. One that was written by another version of
  // the fold, which folds again when it reads it, agrees.
  virtual absl::StatusOr<ComparedState> CompareState(absl::string_view key, absl::string_view row,
                                                     const StateSource& source) const = 0;
};

}  // namespace selaras::audit
