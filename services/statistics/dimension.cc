#include "services/statistics/dimension.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

#include "services/domain/phase.h"
#include "services/domain/transitions.h"

namespace selaras::statistics {
namespace {

namespace v1 = query::v1;
using domain::Section;

constexpr Section kIntake[] = {Section::kIntake};
constexpr Section kReferral[] = {Section::kReferral};
constexpr Section kSanction[] = {Section::kSanction};
constexpr Section kAll[] = {Section::kIntake, Section::kReferral, Section::kSanction};

struct Place {
  v1::CaseState state;
  absl::string_view name;
};
// In the order in which a case goes through them.
constexpr std::array kPlaces = {
    Place{v1::CASE_STATE_NAMED, "open_at_bawaslu"},
    Place{v1::CASE_STATE_DELEGATED, "open_at_bawaslu"},
    Place{v1::CASE_STATE_ACCEPTED, "open_at_bawaslu"},
    Place{v1::CASE_STATE_VIOLATION_FOUND, "open_at_bawaslu"},
    Place{v1::CASE_STATE_NOT_ACCEPTED, "not_accepted"},
    Place{v1::CASE_STATE_NO_VIOLATION, "not_violation"},
    Place{v1::CASE_STATE_HANDED_ELSEWHERE, "not_violation"},
    Place{v1::CASE_STATE_REFERRED, "awaiting_receipt_bkn"},
    Place{v1::CASE_STATE_RECEIVED, "awaiting_bkn"},
    Place{v1::CASE_STATE_VERIFIED, "awaiting_bkn"},
    Place{v1::CASE_STATE_RETURNED, "returned"},
    Place{v1::CASE_STATE_DISMISSED, "dismissed"},
    Place{v1::CASE_STATE_CLOSED, "dismissed"},
    Place{v1::CASE_STATE_RECOMMENDED, "awaiting_receipt_ppk"},
    Place{v1::CASE_STATE_RECEIVED_BY_PPK, "awaiting_ppk"},
    Place{v1::CASE_STATE_SUMMONED, "awaiting_ppk"},
    Place{v1::CASE_STATE_EXAMINED, "awaiting_ppk"},
    Place{v1::CASE_STATE_DECLINED, "awaiting_ppk"},
    Place{v1::CASE_STATE_RESPONDENT_LEFT, "awaiting_ppk"},
    Place{v1::CASE_STATE_RESPONDENT_MOVED, "awaiting_ppk"},
    Place{v1::CASE_STATE_DECIDED, "sanctioned"},
    Place{v1::CASE_STATE_HANDED_OVER, "sanctioned"},
    Place{v1::CASE_STATE_OBJECTED, "sanctioned"},
    Place{v1::CASE_STATE_OBJECTION_DECIDED, "sanctioned"},
    Place{v1::CASE_STATE_REVOKED, "sanctioned"},
    Place{v1::CASE_STATE_SERVED, "sanctioned"},
};

template <typename Rows, typename Key>
std::vector<std::string> Keys(const Rows& rows, Key key) {
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(key(row));
  return keys;
}

std::vector<std::string> CodesOf(const reference::Catalogue& catalogue, absl::string_view list) {
  return Keys(catalogue.CodesOf(list), [](const reference::Code& row) { return row.code; });
}

std::vector<std::string> PlaceNames() {
  std::vector<std::string> names;
  for (const Place& place : kPlaces) {
    if (names.empty() || names.back() != place.name) names.emplace_back(place.name);
  }
  return names;
}

std::vector<std::string> StateNames() {
  std::vector<std::string> names;
  for (int state = 1; state < domain::kStates; ++state) {
    if (domain::IsOfNotice(static_cast<domain::State>(state))) continue;  // no case
    names.emplace_back(domain::StateName(static_cast<domain::State>(state)));
  }
  return names;
}

std::vector<std::string> StageNames() {
  std::vector<std::string> names;
  for (const domain::Stage stage :
       {domain::Stage::kBeforeRegistration, domain::Stage::kRegistration, domain::Stage::kCampaign,
        domain::Stage::kQuietDays, domain::Stage::kVotingAndCount, domain::Stage::kAfter,
        domain::Stage::kRevote}) {
    names.emplace_back(domain::NameOf(stage));
  }
  return names;
}

// Limits that somebody owes and that run in a case.
std::vector<std::string> OwedDeadlines(const reference::Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const reference::Deadline& row : catalogue.deadlines()) {
    if (!row.met_by.empty()) ids.push_back(row.id);
  }
  return ids;
}

}  // namespace

std::vector<Dimension> Dimensions() {
  std::vector<Dimension> all;
  for (int i = 1; i <= v1::StatisticsDimension_MAX; ++i) {
    if (v1::StatisticsDimension_IsValid(i)) all.push_back(static_cast<Dimension>(i));
  }
  return all;
}

std::string NameOf(Dimension dimension) {
  absl::string_view name = v1::StatisticsDimension_Name(dimension);
  absl::ConsumePrefix(&name, "STATISTICS_DIMENSION_");
  return absl::AsciiStrToLower(name);
}

bool IsPlain(Dimension dimension) {
  return dimension == v1::STATISTICS_DIMENSION_ELECTION ||
         dimension == v1::STATISTICS_DIMENSION_REGION ||
         dimension == v1::STATISTICS_DIMENSION_PROVINCE;
}

bool IsSeveral(Dimension dimension) {
  return dimension == v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED ||
         dimension == v1::STATISTICS_DIMENSION_VIOLATION_FOUND ||
         dimension == v1::STATISTICS_DIMENSION_MOTIVE ||
         dimension == v1::STATISTICS_DIMENSION_BLOCKER ||
         dimension == v1::STATISTICS_DIMENSION_OVERDUE;
}

v1::StatisticsUnit UnitOf(Dimension dimension) {
  return dimension == v1::STATISTICS_DIMENSION_REPORT_SOURCE ? v1::STATISTICS_UNIT_DOCUMENT
                                                             : v1::STATISTICS_UNIT_CASE;
}

std::span<const Section> SectionsOf(Dimension dimension) {
  switch (dimension) {
    case v1::STATISTICS_DIMENSION_PLACE:
    case v1::STATISTICS_DIMENSION_STATE:
    case v1::STATISTICS_DIMENSION_OVERDUE:
      return kAll;
    case v1::STATISTICS_DIMENSION_SANCTION_RECOMMENDED:
    case v1::STATISTICS_DIMENSION_VIOLATION_RECOMMENDED:
      return kReferral;
    case v1::STATISTICS_DIMENSION_SANCTION_IMPOSED:
    case v1::STATISTICS_DIMENSION_OBJECTION:
    case v1::STATISTICS_DIMENSION_BLOCKER:
      return kSanction;
    default:
      return kIntake;
  }
}

std::vector<std::string> ValuesOf(Dimension dimension, absl::string_view region,
                                  const reference::Catalogue& catalogue) {
  switch (dimension) {
    case v1::STATISTICS_DIMENSION_ELECTION:
      return Keys(catalogue.elections(), [](const auto& row) { return row.code; });
    case v1::STATISTICS_DIMENSION_REGION:
    case v1::STATISTICS_DIMENSION_PROVINCE: {
      std::vector<std::string> codes;
      for (const reference::Region& row : catalogue.regions()) {
        const bool province = row.level == reference::RegionLevel::kProvince;
        if (!IsIn(row.code, region)) continue;
        if (dimension == v1::STATISTICS_DIMENSION_REGION || province) codes.push_back(row.code);
      }
      return codes;
    }
    case v1::STATISTICS_DIMENSION_PHASE:
      return {"before_penetapan", "from_penetapan"};
    case v1::STATISTICS_DIMENSION_ELECTION_STAGE:
      return StageNames();
    case v1::STATISTICS_DIMENSION_PLACE:
      return PlaceNames();
    case v1::STATISTICS_DIMENSION_STATE:
      return StateNames();
    case v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED:
    case v1::STATISTICS_DIMENSION_VIOLATION_FOUND:
    case v1::STATISTICS_DIMENSION_VIOLATION_RECOMMENDED:
      return Keys(catalogue.violations(), [](const auto& row) { return row.code; });
    case v1::STATISTICS_DIMENSION_SANCTION_RECOMMENDED:
    case v1::STATISTICS_DIMENSION_SANCTION_IMPOSED:
      return Keys(catalogue.sanctions(), [](const auto& row) { return row.code; });
    case v1::STATISTICS_DIMENSION_MOTIVE:
      return CodesOf(catalogue, "motive");
    case v1::STATISTICS_DIMENSION_SOURCE:
    case v1::STATISTICS_DIMENSION_REPORT_SOURCE:
      return CodesOf(catalogue, "source");
    case v1::STATISTICS_DIMENSION_ROLE:
      return CodesOf(catalogue, "respondent_role");
    case v1::STATISTICS_DIMENSION_POSITION:
      return CodesOf(catalogue, "position");
    case v1::STATISTICS_DIMENSION_EMPLOYMENT:
      return {"PNS", "PPPK"};
    case v1::STATISTICS_DIMENSION_IDENTITY:
      return {"identified", "open"};
    case v1::STATISTICS_DIMENSION_OBJECTION:
      return {"objected"};
    case v1::STATISTICS_DIMENSION_BLOCKER:
      return CodesOf(catalogue, "blocker");
    case v1::STATISTICS_DIMENSION_OVERDUE:
      return OwedDeadlines(catalogue);
    default:
      return {};
  }
}

absl::string_view PlaceOf(v1::CaseState state) {
  for (const Place& place : kPlaces) {
    if (place.state == state) return place.name;
  }
  return {};
}

bool IsForwarded(absl::string_view place) {
  return !place.empty() && place != "open_at_bawaslu" && place != "not_accepted" &&
         place != "not_violation";
}

bool IsRecommended(absl::string_view place) {
  return place == "awaiting_receipt_ppk" || place == "awaiting_ppk" || place == "sanctioned";
}

absl::string_view ProvinceOf(absl::string_view region) {
  return region.substr(0, region.find('.'));
}

bool IsIn(absl::string_view region, absl::string_view wanted) {
  return wanted.empty() || region == wanted ||
         (absl::StartsWith(region, wanted) && region.substr(wanted.size(), 1) == ".");
}

}  // namespace selaras::statistics
