#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/storage/v1/storage.pb.h"

namespace selaras::serve {

// What one stage of a pass found.
struct ScrubbedStage {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t findings = 0;
  std::string first = {};  // what the first finding is about; empty: there is none
};

// When the scrubber makes a pass, and which stages of it are done: what it remembers across
// restarts. No I/O, no clock. Not thread-safe.
class ScrubPlan {
 public:
  // Goes on from what was remembered.
  ScrubPlan(storage::v1::StoredScrub remembered, absl::Duration every)
      : remembered_(std::move(remembered)), every_(every) {}

  // How long to wait for the next pass: nothing if a stop broke one off, if none was made yet, or
  // if the last one took longer than it should. However the clock was moved, not longer than from
  // one pass to the next.
  absl::Duration WaitFor(absl::Time now) const;

  // Begins a pass, or goes on with the one that was broken off. Gives those of `stages` that are to
  // be done: from the one on that was under way, which is done anew.
  std::vector<std::string> Begin(const std::vector<std::string>& stages, absl::Time now);
  void EnterStage(const std::string& stage) { remembered_.set_stage(stage); }
  void LeaveStage(const ScrubbedStage& scrubbed);
  void Finish(absl::Time now);

  // Whether the pass under way has found something in the stages that are done.
  bool HasFound() const { return remembered_.running().findings() > 0; }
  // Whether neither the last pass nor the one under way has found anything.
  bool IsGood() const { return remembered_.last().findings() == 0 && !HasFound(); }

  // To be kept.
  const storage::v1::StoredScrub& remembered() const { return remembered_; }

 private:
  storage::v1::StoredScrub remembered_;
  const absl::Duration every_;
};

// How fast it reads.
class ScrubPace {
 public:
  // While somebody waits for the node it reads a quarter.
  static constexpr int kSlower = 4;

  explicit ScrubPace(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  // From now on: what was not read before is not made up for. Times are monotonic.
  void Restart(absl::Duration now) { due_ = now; }
  // How long to wait when `bytes` more were read by `now`.
  absl::Duration WaitAfter(std::uint64_t bytes, absl::Duration now, bool busy);

 private:
  const std::uint64_t bytes_per_second_;
  absl::Duration due_;  // when as much should have been read as was
};

}  // namespace selaras::serve
