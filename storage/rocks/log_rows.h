#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/node_source.h"
#include "storage/rocks/database.h"

namespace selaras::rocks {

// The right edge of a log as it is stored, and the newest checkpoint that was signed by then.
struct LogHead {
  merkle::Frontier edge;
  std::string checkpoint;  // a note; empty for an empty mirror
};

// The rows of one log: what is in the database, whether or not readers may see it yet.
// Thread-safe. A value: copies read the same rows.
class LogRows final : public merkle::NodeSource {
 public:
  LogRows(Database& database, std::string log, Slot slot)
      : database_(&database), log_(std::move(log)), slot_(slot) {}

  const std::string& log() const { return log_; }
  Slot slot() const { return slot_; }

  // Nothing if it is not there; nobody says here that it should be.
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const;
  // Calls `entry` for those of `count` entries from `first` on that are there. What is read once is
  // not cached.
  absl::Status EntriesHeld(base::Sequence first, std::uint64_t count,
                           absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const;
  // Those of `count` leaves from `first` on of which a row says that their entry is lost.
  absl::StatusOr<std::vector<base::Sequence>> Lost(base::Sequence first, std::uint64_t count) const;
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override;
  absl::StatusOr<LogHead> Head() const;
  // DATA_LOSS if there are entries or nodes past a log of this size.
  absl::Status CheckNothingPast(base::TreeSize size) const;

  void PutEntry(Database::Batch& batch, base::Sequence sequence, absl::string_view bytes) const;
  // Says that the entry is lost, or that it was found.
  void PutLost(Database::Batch& batch, base::Sequence sequence) const;
  void DeleteLost(Database::Batch& batch, base::Sequence sequence) const;
  void PutNode(Database::Batch& batch, int tile_level, std::uint64_t index,
               const base::Digest& hash) const;
  void PutHead(Database::Batch& batch, const merkle::Frontier& edge,
               absl::string_view checkpoint) const;

  // Takes away what a log of `size` leaves has beyond the first `kept` of them: entries, nodes, and
  // their places in the list of kept ones, which closes up.
  absl::Status PutCut(Database::Batch& batch, base::TreeSize size, base::TreeSize kept) const;

  // The entries of a mirror in the order in which they were kept: how many there are, and the
  // places of at most `max` of them from the `from`-th on.
  absl::StatusOr<std::uint64_t> KeptCount() const;
  absl::StatusOr<std::vector<base::Sequence>> Kept(std::uint64_t from, std::size_t max) const;
  void PutKept(Database::Batch& batch, std::uint64_t ordinal, base::Sequence sequence) const;
  // When an entry of a mirror came; nothing if that was not noted.
  absl::StatusOr<std::optional<absl::Time>> KeptAt(base::Sequence sequence) const;
  void PutKeptAt(Database::Batch& batch, base::Sequence sequence, absl::Time time) const;

 private:
  absl::StatusOr<base::Digest> Node(int tile_level, std::uint64_t index) const;

  Database* database_;
  std::string log_;
  Slot slot_;
};

}  // namespace selaras::rocks
