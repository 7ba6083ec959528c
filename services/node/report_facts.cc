#include "services/node/report_facts.h"

#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {

absl::StatusOr<std::vector<storage::v1::EffectiveFact>> ReportFacts(
    const log::StoreReader& store, const storage::v1::StoredSubject& report) {
  std::vector<storage::v1::EffectiveFact> facts;
  for (const auto& segment : report.segments()) {
    facts.insert(facts.end(), segment.facts().begin(), segment.facts().end());
  }
  // When a reporter learned of it stands in the private log only.
  for (const std::uint64_t sequence : report.private_()) {
    ASSIGN_OR_RETURN(const auto event, ReadEvent(store.private_log(), {sequence}));
    if (!event.fact().has_report_details_recorded()) continue;
    storage::v1::EffectiveFact& fact = facts.emplace_back();
    fact.mutable_position()->set_log(store.private_log().name());
    fact.mutable_position()->set_sequence(sequence);
    fact.set_author(event.author());
    *fact.mutable_recorded_at() = event.recorded_at();
    *fact.mutable_fact() = event.fact();
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
  for (const std::uint64_t sequence : of_case.private_()) {
    ASSIGN_OR_RETURN(const auto event, ReadEvent(store.private_log(), {sequence}));
    if (!event.fact().has_case_details_recorded()) continue;
    const auto& recorded = event.fact().case_details_recorded().motives();
    motives.assign(recorded.begin(), recorded.end());
  }
  return motives;
}

}  // namespace selaras::node
