#include "tools/selaras/backdating.h"

#include <algorithm>

#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

// WIB, WITA, WIT: hours before UTC.
int HoursOf(const std::string& zone) { return zone == "WIT" ? 9 : zone == "WITA" ? 8 : 7; }

cli::v1::CosignedTree ToOutput(const CosignedTree& tree) {
  cli::v1::CosignedTree output;
  output.set_witness(tree.witness);
  output.set_time(Rfc3339(tree.time));
  output.set_tree_size(tree.size.value);
  return output;
}

// What cosignatures say against when its author says that it was recorded.
void Bound(const CosignedBounds& cosigned, absl::Time recorded, absl::Duration threshold,
           cli::v1::LateEntry* late, cli::v1::LateCount* count) {
  if (cosigned.without) {
    *late->mutable_last_without() = ToOutput(*cosigned.without);
    if (cosigned.without->time - recorded > threshold) {
      late->add_why("cosigned_without");
      count->set_cosigned_without(count->cosigned_without() + 1);
    }
  }
  if (cosigned.with) {
    *late->mutable_first_with() = ToOutput(*cosigned.with);
    count->set_cosigned(count->cosigned() + 1);
    if (recorded - cosigned.with->time > kClockSlack) {
      late->add_why("cosigned_before");
      count->set_cosigned_before(count->cosigned_before() + 1);
    }
  }
}

}  // namespace

std::optional<absl::Time> EndOf(const event::v1::When& when) {
  if (when.has_instant()) return ToTime(when.instant());
  absl::CivilDay day;
  if (!absl::ParseCivilTime(when.date(), &day)) return std::nullopt;
  return absl::FromCivil(day + 1, absl::FixedTimeZone(HoursOf(when.zone()) * 3'600));
}

cli::v1::LateEntry LateCounts::Add(const event::v1::Event& event, std::optional<absl::Time> held,
                                   const CosignedBounds& cosigned) {
  const std::string fact = FactName(event.fact());
  cli::v1::LateCount& count = counts_[{event.author(), fact}];
  count.set_kind("count");
  count.set_author(event.author());
  count.set_fact(fact);
  count.set_entries(count.entries() + 1);
  cli::v1::LateEntry late;
  late.set_kind("entry");
  late.mutable_entry()->set_author(event.author());
  late.mutable_entry()->set_fact(fact);
  late.mutable_entry()->set_occurred_at(WhenText(event.occurred_at()));
  late.mutable_entry()->set_recorded_at(Rfc3339(event.recorded_at()));
  const absl::Time recorded = ToTime(event.recorded_at());
  if (const auto end = EndOf(event.occurred_at())) {
    const absl::Duration after = std::max(recorded - *end, absl::ZeroDuration());
    late.set_recorded_after_s(absl::ToInt64Seconds(after));
    count.set_longest_s(std::max<std::int64_t>(count.longest_s(), late.recorded_after_s()));
    if (after > thresholds_.recorded) {
      late.add_why("recorded_late");
      count.set_recorded_late(count.recorded_late() + 1);
    }
  } else {
    count.set_undated(count.undated() + 1);
  }
  Bound(cosigned, recorded, thresholds_.cosigned, &late, &count);
  if (!held) return late;
  late.mutable_entry()->set_held_since(Rfc3339(*held));
  late.set_held_after_s(absl::ToInt64Seconds(*held - recorded));
  if (*held - recorded > thresholds_.held) {
    late.add_why("held_late");
    count.set_held_late(count.held_late() + 1);
  }
  if (recorded - *held > kClockSlack) {
    late.add_why("from_the_future");
    count.set_from_the_future(count.from_the_future() + 1);
  }
  return late;
}

std::vector<cli::v1::LateCount> LateCounts::All() const {
  std::vector<cli::v1::LateCount> all;
  all.reserve(counts_.size());
  for (const auto& [key, count] : counts_) all.push_back(count);
  return all;
}

}  // namespace selaras::cli
