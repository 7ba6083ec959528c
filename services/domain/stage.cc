#include <array>

#include "absl/strings/str_cat.h"

#include "services/domain/phase.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using reference::Catalogue;
using reference::ElectionPeriod;
using reference::ElectionStage;

// Stages in the order of an election, and the row with whose first day each begins.
struct Beginning {
  Stage stage;
  ElectionStage row;
};
constexpr std::array<Beginning, 4> kBeginnings = {{
    {Stage::kVotingAndCount, ElectionStage::kVoting},
    {Stage::kQuietDays, ElectionStage::kQuietDays},
    {Stage::kCampaign, ElectionStage::kCampaign},
    {Stage::kRegistration, ElectionStage::kRegistration},
}};

bool Contains(const ElectionPeriod& period, LocalDate day) {
  return period.from <= day && day <= period.to;
}

const ElectionPeriod* FindRevote(const ElectionPlace& place, LocalDate day,
                                 const Catalogue& catalogue) {
  const reference::Region* region = catalogue.FindRegion(place.region);
  for (const ElectionPeriod& period : catalogue.FindElection(place.election)->periods) {
    if (period.stage != ElectionStage::kRevote || !Contains(period, day)) continue;
    const bool here =
        period.region == "*" || period.region == region->code || period.region == region->parent;
    const bool counts =
        place.contest.empty() || period.contest == "*" || period.contest == place.contest;
    if (here && counts) return &period;
  }
  return nullptr;
}

absl::Status NotOnRecord(const ElectionPlace& place, ElectionStage row) {
  return RuleForbids(
      "stage_by_calendar",
      absl::StrCat("no ", reference::NameOf(row), " of ", place.election,
                   " is on record for region ", place.region, "; add a row to elections.tsv"));
}

}  // namespace

absl::string_view NameOf(Stage stage) {
  switch (stage) {
    case Stage::kBeforeRegistration:
      return "before_registration";
    case Stage::kRegistration:
      return "registration";
    case Stage::kCampaign:
      return "campaign";
    case Stage::kQuietDays:
      return "quiet_days";
    case Stage::kVotingAndCount:
      return "voting_and_count";
    case Stage::kAfter:
      return "after";
    case Stage::kRevote:
      return "revote";
  }
  return "?";
}

absl::StatusOr<StageFinding> FindStage(const ElectionPlace& place, LocalDate act,
                                       const Catalogue& catalogue) {
  if (catalogue.FindElection(place.election) == nullptr) {
    return BadField("election", absl::StrCat("unknown election \"", place.election, "\""));
  }
  if (catalogue.FindRegion(place.region) == nullptr) {
    return BadField("region", absl::StrCat("unknown region \"", place.region, "\""));
  }
  const auto row = [&](ElectionStage stage) {
    return catalogue.FindPeriod(place.election, place.contest, place.region, stage);
  };
  StageFinding finding;
  finding.grounds.push_back(GroundOfRule("stage_by_calendar", catalogue));
  const auto found = [&](Stage stage, const ElectionPeriod* by) {
    finding.stage = stage;
    finding.grounds.push_back(GroundOf(*by, place.election));
    if (Contains(*by, act)) finding.period = by;
    return finding;
  };

  const ElectionPeriod* voting = row(ElectionStage::kVoting);
  if (voting == nullptr) return NotOnRecord(place, ElectionStage::kVoting);
  const ElectionPeriod* count = row(ElectionStage::kCount);
  const ElectionPeriod* last = count != nullptr && count->to > voting->to ? count : voting;
  if (act > last->to) {
    const ElectionPeriod* revote = FindRevote(place, act, catalogue);
    return revote != nullptr ? found(Stage::kRevote, revote) : found(Stage::kAfter, last);
  }
  for (const Beginning& beginning : kBeginnings) {
    const ElectionPeriod* by = row(beginning.row);
    if (by == nullptr) return NotOnRecord(place, beginning.row);
    if (act < by->from) continue;
    StageFinding answer = found(beginning.stage, by);
    const ElectionPeriod* penetapan = row(ElectionStage::kPenetapan);
    for (const ElectionPeriod* other : {count, penetapan}) {
      if (answer.period == nullptr && other != nullptr && Contains(*other, act)) {
        answer.period = other;
      }
    }
    return answer;
  }
  return found(Stage::kBeforeRegistration, row(ElectionStage::kRegistration));
}

}  // namespace selaras::domain
