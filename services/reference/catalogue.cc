#include "services/reference/catalogue.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/reference/errors.h"
#include "storage/base/status.h"

namespace selaras::reference {

bool Catalogue::IsSuccessorOf(absl::string_view candidate, absl::string_view of) const {
  if (FindAuthority(candidate) == nullptr) return false;
  // Ends: parsing refused circles and successors that do not exist.
  for (const Authority* each = FindAuthority(of); each != nullptr;
       each = FindAuthority(each->successor)) {
    if (each->id == candidate) return true;
  }
  return false;
}

bool Catalogue::IsAbove(absl::string_view office, absl::string_view other) const {
  const Authority* above = FindAuthority(office);
  const Authority* below = FindAuthority(other);
  if (above == nullptr || below == nullptr || above->role != AuthorityRole::kIntake ||
      below->role != AuthorityRole::kIntake || below->region.empty()) {
    return false;
  }
  return above->region.empty() || absl::StartsWith(below->region, absl::StrCat(above->region, "."));
}

const Authority* Catalogue::ReferralAuthorityOn(LocalDate date) const {
  for (const Authority& authority : authorities()) {
    if (authority.role == AuthorityRole::kReferral && IsValidOn(authority, date)) {
      return &authority;
    }
  }
  return nullptr;
}

std::span<const Code> Catalogue::CodesOf(absl::string_view list) const {
  const auto found = codes_.find(list);
  return found == codes_.end() ? std::span<const Code>() : found->second;
}

const Code* Catalogue::FindCode(absl::string_view list, absl::string_view code) const {
  for (const Code& each : CodesOf(list)) {
    if (each.code == code) return &each;
  }
  return nullptr;
}

const Code* Catalogue::FindCodeOrText(absl::string_view list,
                                      absl::string_view code_or_text) const {
  if (const Code* exact = FindCode(list, code_or_text); exact != nullptr) return exact;
  for (const Code& each : CodesOf(list)) {
    if (absl::EqualsIgnoreCase(each.code, code_or_text) ||
        absl::EqualsIgnoreCase(each.text, code_or_text)) {
      return &each;
    }
  }
  return nullptr;
}

const SbtState* Catalogue::FindSbtState(absl::string_view state, absl::string_view reason) const {
  const SbtState* any = nullptr;
  for (const SbtState& row : sbt_states_) {
    if (row.state != state) continue;
    if (row.reason == reason) return &row;
    if (row.reason.empty()) any = &row;
  }
  return any;
}

std::vector<const Conflict*> Catalogue::ConflictsOf(absl::string_view table,
                                                    absl::string_view row) const {
  std::vector<const Conflict*> found;
  for (const Conflict& conflict : conflicts_) {
    if (conflict.table != table) continue;
    const auto& rows = conflict.rows;
    if (std::find(rows.begin(), rows.end(), row) != rows.end()) found.push_back(&conflict);
  }
  return found;
}

absl::Status Catalogue::CheckGolongan(absl::string_view code, EmploymentStatus status) const {
  const Golongan* golongan = FindGolongan(code);
  if (golongan == nullptr) return UnknownGolongan(code);
  if (golongan->status != status) return GolonganOfOtherStatus(*golongan, status);
  return absl::OkStatus();
}

const ElectionPeriod* Catalogue::FindPeriod(absl::string_view election, absl::string_view contest,
                                            absl::string_view region, ElectionStage stage) const {
  const Election* held = FindElection(election);
  const Region* place = FindRegion(region);
  if (held == nullptr || place == nullptr) return nullptr;
  for (const absl::string_view where :
       {absl::string_view(place->code), absl::string_view(place->parent), absl::string_view("*")}) {
    const ElectionPeriod* of_all = nullptr;
    for (const ElectionPeriod& period : held->periods) {
      if (period.stage != stage || period.region != where) continue;
      if (period.contest == contest) return &period;
      if (period.contest == "*" && of_all == nullptr) of_all = &period;
    }
    if (of_all != nullptr) return of_all;
  }
  return nullptr;
}

absl::StatusOr<ElectionPhase> Catalogue::Phase(absl::string_view election,
                                               absl::string_view contest, absl::string_view region,
                                               LocalDate date) const {
  if (FindElection(election) == nullptr) return UnknownElection(election);
  if (FindRegion(region) == nullptr) return UnknownRegion(region);
  const ElectionPeriod* penetapan =
      FindPeriod(election, contest, region, ElectionStage::kPenetapan);
  if (penetapan == nullptr) return NoPenetapan(election, region);
  return date < penetapan->from ? ElectionPhase::kBeforePenetapan : ElectionPhase::kFromPenetapan;
}

absl::StatusOr<ElectionRegime> Catalogue::Regime(absl::string_view election) const {
  const Election* held = FindElection(election);
  if (held == nullptr) return UnknownElection(election);
  return held->regime;
}

const Alternate* Catalogue::AlternateOf(absl::string_view ppk, std::optional<LocalDate> day) const {
  for (const Alternate& each : alternates_) {
    if (each.authority == ppk && (!day || IsValidOn(each, *day))) return &each;
  }
  return nullptr;
}

const Deadline* Catalogue::FollowUpOf(absl::string_view authority) const {
  const Deadline* own = follow_ups_.Find(authority);
  return own != nullptr ? own : follow_ups_.Find("*");
}

bool Catalogue::IsCalendarComplete(int year) const {
  const CalendarYear* known = calendar_years_.Find(absl::StrCat(year));
  return known != nullptr && known->complete;
}

TimeZone Catalogue::ZoneOf(absl::string_view region) const {
  const Region* place = FindRegion(region);
  if (place == nullptr) return TimeZone::kWib;
  const ZoneRow* zone = time_zones_.Find(place->parent.empty() ? place->code : place->parent);
  return zone == nullptr ? TimeZone::kWib : zone->zone;
}

}  // namespace selaras::reference
