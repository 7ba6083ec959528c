#include "services/serve/scrub_plan.h"

#include <algorithm>

namespace selaras::serve {
namespace {

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds());
}

}  // namespace

absl::Duration ScrubPlan::WaitFor(absl::Time now) const {
  if (remembered_.running().has_began() || !remembered_.last().has_finished()) {
    return absl::ZeroDuration();
  }
  const absl::Duration left = ToTime(remembered_.last().began()) + every_ - now;
  return std::clamp(left, absl::ZeroDuration(), every_);
}

std::vector<std::string> ScrubPlan::Begin(const std::vector<std::string>& stages, absl::Time now) {
  if (remembered_.running().has_began()) {
    const auto under_way = std::find(stages.begin(), stages.end(), remembered_.stage());
    if (under_way != stages.end()) return {under_way, stages.end()};
  }
  remembered_.clear_running();
  remembered_.mutable_running()->mutable_began()->set_seconds(absl::ToUnixSeconds(now));
  remembered_.clear_stage();
  return stages;
}

void ScrubPlan::LeaveStage(const ScrubbedStage& scrubbed) {
  storage::v1::ScrubTally& running = *remembered_.mutable_running();
  running.set_entries(running.entries() + scrubbed.entries);
  running.set_bytes(running.bytes() + scrubbed.bytes);
  running.set_findings(running.findings() + scrubbed.findings);
  if (running.first().empty()) running.set_first(scrubbed.first);
}

void ScrubPlan::Finish(absl::Time now) {
  storage::v1::ScrubTally& last = *remembered_.mutable_last();
  last = remembered_.running();
  last.mutable_finished()->set_seconds(absl::ToUnixSeconds(now));
  remembered_.clear_running();
  remembered_.clear_stage();
}

absl::Duration ScrubPace::WaitAfter(std::uint64_t bytes, absl::Duration now, bool busy) {
  const absl::Duration cost =
      absl::Seconds(static_cast<double>(bytes) / static_cast<double>(bytes_per_second_));
  due_ = std::max(due_ + (busy ? cost * kSlower : cost), now);
  return due_ - now;
}

}  // namespace selaras::serve
