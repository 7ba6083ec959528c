#include "tools/registers/effective.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/strip.h"
#include <google/protobuf/util/field_mask_util.h>

#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/fold.h"

namespace selaras::registers {
namespace {

using google::protobuf::util::FieldMaskUtil;
using query::v1::TimelineStep;

void CorrectPersonal(const TimelineStep& correction, TimelineStep* step) {
  google::protobuf::FieldMask mask;
  for (absl::string_view path : correction.fact().fact_corrected().fields().paths()) {
    if (absl::ConsumePrefix(&path, "personal.") &&
        FieldMaskUtil::IsValidPath<event::v1::PersonalPart>(std::string(path))) {
      mask.add_paths(std::string(path));
    }
  }
  if (mask.paths().empty()) return;
  if (correction.personal_state() == query::v1::PERSONAL_STATE_PENDING) {
    step->set_personal_state(query::v1::PERSONAL_STATE_PENDING);
    return;
  }
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(correction.personal(), mask, replace, step->mutable_personal());
}

void Correct(const TimelineStep& correction, TimelineStep* step) {
  storage::v1::EffectiveFact fact;
  *fact.mutable_fact() = step->fact();
  *fact.mutable_occurred_at() = step->occurred_at();
  domain::ApplyCorrection(correction.fact().fact_corrected(), &fact);
  *step->mutable_fact() = fact.fact();
  *step->mutable_occurred_at() = fact.occurred_at();
  CorrectPersonal(correction, step);
}

}  // namespace

std::vector<TimelineStep> EffectiveSteps(
    const google::protobuf::RepeatedPtrField<TimelineStep>& recorded) {
  std::vector<TimelineStep> steps;
  std::map<std::pair<std::string, std::uint64_t>, std::size_t> places;
  for (const TimelineStep& step : recorded) {
    if (step.voided() || step.fact().has_fact_voided()) continue;
    if (!step.fact().has_fact_corrected()) {
      places[{step.position().log(), step.position().sequence()}] = steps.size();
      steps.push_back(step);
      continue;
    }
    const auto& corrected = step.fact().fact_corrected().position();
    const auto found = places.find({corrected.log(), corrected.sequence()});
    if (found != places.end()) Correct(step, &steps[found->second]);
  }
  return steps;
}

}  // namespace selaras::registers
