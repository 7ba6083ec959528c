#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "selaras/cli/v1/evidence.pb.h"
#include "selaras/event/v1/event.pb.h"

#include "tools/selaras/cosigned_bounds.h"

namespace selaras::cli {

struct Thresholds {
  absl::Duration recorded = absl::Hours(14 * 24);  // from the end of the day on which it happened
  absl::Duration held = absl::Hours(24);           // from its recording until somebody else held it
  // From its recording until a tree without it was still cosigned as the newest. A line may be
  // slow.
  absl::Duration cosigned = absl::Hours(1);
};

// A node may be ahead of another one by so much: clocks differ.
inline constexpr absl::Duration kClockSlack = absl::Minutes(5);

// Counts entries by author and fact.
class LateCounts {
 public:
  explicit LateCounts(Thresholds thresholds) : thresholds_(thresholds) {}

  // Takes one more entry; `held` since when somebody else holds it, and what cosignatures say of
  // it. Says why it is late; without a reason it is not.
  cli::v1::LateEntry Add(const event::v1::Event& event, std::optional<absl::Time> held,
                         const CosignedBounds& cosigned = {});

  // By author, then by fact.
  std::vector<cli::v1::LateCount> All() const;

 private:
  const Thresholds thresholds_;
  std::map<std::pair<std::string, std::string>, cli::v1::LateCount> counts_;
};

// The end of what an author says about when something happened: of a day its last moment, in its
// zone. Nothing if it says nothing that can be read.
std::optional<absl::Time> EndOf(const event::v1::When& when);

}  // namespace selaras::cli
