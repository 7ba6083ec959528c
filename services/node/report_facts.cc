#include "services/node/report_facts.h"

#include "services/node/kept_facts.h"
#include "storage/base/status.h"

namespace selaras::node {

absl::StatusOr<std::vector<storage::v1::EffectiveFact>> ReportFacts(
    const log::StoreReader& store, const storage::v1::StoredSubject& report) {
  std::vector<storage::v1::EffectiveFact> facts;
  for (const auto& segment : report.segments()) {
    facts.insert(facts.end(), segment.facts().begin(), segment.facts().end());
  }
  // When a reporter learned of it stands in the private log only.
  ASSIGN_OR_RETURN(const auto kept, KeptFacts(store, report));
  for (const storage::v1::EffectiveFact& details : kept.facts()) {
    if (!details.fact().has_report_details_recorded()) continue;
    storage::v1::EffectiveFact& fact = facts.emplace_back();
    *fact.mutable_position() = details.position();
    fact.set_author(details.author());
    *fact.mutable_recorded_at() = details.recorded_at();
    *fact.mutable_fact() = details.fact();
  }
  return facts;
}

std::string SourceIn(const std::vector<storage::v1::EffectiveFact>& report) {
  std::string source;
  for (const auto& fact : report) {
    if (!fact.fact().has_report_details_recorded()) continue;
    source = fact.fact().report_details_recorded().source();
  }
  return source;
}

absl::StatusOr<std::vector<std::string>> MotivesOf(const log::StoreReader& store,
                                                   const storage::v1::StoredSubject& of_case) {
  std::vector<std::string> motives;
  ASSIGN_OR_RETURN(const auto kept, KeptFacts(store, of_case));
  for (const storage::v1::EffectiveFact& fact : kept.facts()) {
    if (!fact.fact().has_case_details_recorded()) continue;
    const auto& recorded = fact.fact().case_details_recorded().motives();
    motives.assign(recorded.begin(), recorded.end());
  }
  return motives;
}

}  // namespace selaras::node
