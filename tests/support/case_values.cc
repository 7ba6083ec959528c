#include "tests/support/case_values.h"

#include "services/domain/transitions.h"

namespace selaras::test {

namespace v1 = query::v1;

std::set<std::string> ValuesIn(const v1::Case& shown, v1::StatisticsDimension dimension) {
  const auto several = [](const auto& values) {
    std::set<std::string> distinct(values.begin(), values.end());
    // What the reference data do not name; the populations of tests have one such code.
    if (distinct.erase(std::string(kNotInTheCatalogue)) > 0) distinct.insert("other");
    if (distinct.empty()) distinct.insert("");
    return distinct;
  };
  switch (dimension) {
    case v1::STATISTICS_DIMENSION_ELECTION:
      return {shown.election()};
    case v1::STATISTICS_DIMENSION_REGION:
      return {shown.agency_region()};
    case v1::STATISTICS_DIMENSION_PROVINCE:
      return {shown.agency_region().substr(0, 2)};
    case v1::STATISTICS_DIMENSION_PHASE:
      return {shown.phase() == 1 ? "before_penetapan" : shown.phase() == 2 ? "from_penetapan" : ""};
    case v1::STATISTICS_DIMENSION_STATE:
      if (shown.state() == v1::CASE_STATE_UNSPECIFIED) return {""};
      return {std::string(domain::StateName(static_cast<domain::State>(shown.state())))};
    case v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED:
      return several(shown.violations_alleged());
    case v1::STATISTICS_DIMENSION_VIOLATION_FOUND:
      return several(shown.violations_found());
    case v1::STATISTICS_DIMENSION_SANCTION_RECOMMENDED:
      return {shown.sanction_recommended()};
    case v1::STATISTICS_DIMENSION_SANCTION_IMPOSED:
      return {shown.sanction_imposed()};
    case v1::STATISTICS_DIMENSION_MOTIVE:
      return several(shown.motives());
    case v1::STATISTICS_DIMENSION_SOURCE:
      return {shown.source()};
    case v1::STATISTICS_DIMENSION_POSITION:
      return {shown.position_kind()};
    case v1::STATISTICS_DIMENSION_EMPLOYMENT:
      return {shown.employment_status()};
    case v1::STATISTICS_DIMENSION_IDENTITY:
      return {shown.identified() ? "identified" : "open"};
    case v1::STATISTICS_DIMENSION_OBJECTION:
      return {shown.objected() ? "objected" : ""};
    case v1::STATISTICS_DIMENSION_BLOCKER:
      return several(shown.blockers());
    case v1::STATISTICS_DIMENSION_VIOLATION_RECOMMENDED:
      return {shown.violation_recommended()};
    case v1::STATISTICS_DIMENSION_ROLE:
      return {shown.role().empty() ? "terlapor" : shown.role()};
    default:
      return {};
  }
}

}  // namespace selaras::test
