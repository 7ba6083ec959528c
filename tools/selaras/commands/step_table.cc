#include "tools/selaras/commands/step_table.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

std::string ByWhom(const query::v1::TimelineStep& step) {
  std::string who = step.author();
  if (!step.acting_for().empty()) absl::StrAppend(&who, " for ", step.acting_for());
  if (step.has_delegation()) absl::StrAppend(&who, " by ", Printable(step.delegation().to()));
  return who;
}

}  // namespace

Table StepTable(const google::protobuf::RepeatedPtrField<query::v1::TimelineStep>& steps) {
  Table table({"ON", "WHO", "WHAT", "DETAILS", "POSITION"});
  for (const query::v1::TimelineStep& step : steps) {
    const std::string name = step.fact_name().empty() ? FactName(step.fact()) : step.fact_name();
    const std::string when = WhenText(step.occurred_at());
    table.Add(
        {when.empty() ? Cell("not recorded", Tone::kDim) : Cell(when),
         ByWhom(step),
         {step.voided() ? name + " (voided)" : name, step.voided() ? Tone::kDim : Tone::kStrong},
         FactNews(step.fact()),
         {PositionText(step.position()), Tone::kDim}});
  }
  return table;
}

}  // namespace selaras::cli
