#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/log_reader.h"
#include "storage/log/split_view.h"
#include "storage/log/store.h"

namespace selaras::log {

// Where a log may be read that its own store does not hold to its end any more.
struct RecoverySource {
  std::string name;      // for people
  const LogReader* log;  // read by leaf hashes and entries; nothing in it is believed
};

// What others hold of a log whose store was restored from a backup: every leaf up to the newest
// checkpoint that one of them has under this log's own signature, and the entries that any of them
// holds. Nothing is written here.
class Recovery {
 public:
  // Told now and then; may be empty.
  using Progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

  // Reads all that the sources have beyond `own`, and what they have of its lost entries, and
  // verifies it: the signatures by the keys of `own`, that `own` and every source are beginnings of
  // the tree of the longest one, and each entry. Everything handed in must outlive the object.
  //
  //   DATA_LOSS            a source does not hold what the log signed: it is damaged, or its
  //                        checkpoint is not signed by this log. Or the log signed two histories:
  //                        then `contradiction` is set, which proves it.
  //   INVALID_ARGUMENT     a source is of another log.
  //   FAILED_PRECONDITION  the key of the log was replaced by what is missing here.
  //
  // Other errors are those of the sources. Each names the source.
  static absl::StatusOr<Recovery> Plan(const LogReader& own, std::vector<RecoverySource> sources,
                                       const Progress& progress,
                                       std::optional<SplitView>* contradiction);

  // The newest checkpoint that a source holds, or the own one if that is newer.
  const SignedCheckpoint& head() const { return head_; }
  // The root that the log has over its first `size` leaves, at most those of head().
  absl::StatusOr<base::Digest> RootAt(base::TreeSize size) const;
  // Leaves that are missing in the store, and how many entries of them nobody holds.
  std::uint64_t missing() const { return leaves_.size(); }
  std::uint64_t lost() const { return lost_; }
  // Entries of leaves that were lost until now.
  std::uint64_t found() const { return found_.size(); }

  // What is written next, before the next call; nothing when all is. Verified again, because
  // sources are read anew.
  absl::StatusOr<std::optional<RecoveryBatch>> Next();

 private:
  Recovery(const LogReader& own, std::vector<RecoverySource> sources)
      : own_(&own), sources_(std::move(sources)) {}

  absl::Status OpenHeads();
  absl::Status CompareTrees(std::optional<SplitView>* contradiction);
  // Those that `head_` covers beyond the own ones.
  absl::Status ReadLeaves(const RecoverySource& longest, std::optional<SplitView>* contradiction);
  absl::Status CheckBeginning(std::size_t source, std::optional<SplitView>* contradiction) const;
  absl::Status CheckEntries(const Progress& progress);
  // Calls `entry` for the entries of a range that any source holds, each once.
  absl::Status Entries(
      base::Sequence first, std::uint64_t count,
      absl::FunctionRef<void(base::Sequence sequence, absl::string_view bytes)> entry) const;
  absl::StatusOr<base::Digest> LeafAt(base::Sequence sequence) const;

  const LogReader* own_;
  std::vector<RecoverySource> sources_;
  std::vector<SignedCheckpoint> heads_;  // of the sources, verified
  base::TreeSize from_;                  // of the own log when the plan was made
  SignedCheckpoint head_;
  std::string head_by_;
  std::vector<base::Digest> leaves_;   // from from_ on
  std::vector<base::Sequence> found_;  // ascending
  std::size_t found_given_ = 0;        // of these
  std::uint64_t lost_ = 0;
};

}  // namespace selaras::log
