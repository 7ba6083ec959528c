#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/query/v1/query.pb.h"
#include "selaras/query/v1/statistics.pb.h"

#include "services/domain/facts.h"
#include "services/reference/catalogue.h"

// What there is to know about a dimension by which cases are counted.
namespace selaras::statistics {

using Dimension = query::v1::StatisticsDimension;

// All but UNSPECIFIED, by number.
std::vector<Dimension> Dimensions();

// In lower case, e.g. `violation_found`.
std::string NameOf(Dimension dimension);

// Whether every block of numbers is of one value of it: election, region, province. Only by these
// can numbers be put beside each other in groups.
bool IsPlain(Dimension dimension);

// Whether one case can have several values.
bool IsSeveral(Dimension dimension);

query::v1::StatisticsUnit UnitOf(Dimension dimension);

// Whose facts decide about the value.
std::span<const domain::Section> SectionsOf(Dimension dimension);

// The values that the reference data name, as far as they are in `region` or below where they are
// regions. What occurs beside them is shown, too.
std::vector<std::string> ValuesOf(Dimension dimension, absl::string_view region,
                                  const reference::Catalogue& catalogue);

// In which of ten places a case is; empty for a state that this code does not know.
absl::string_view PlaceOf(query::v1::CaseState state);
// Whether it has gone to the competent body and is not back at Bawaslu; whether a sanction was
// recommended. Both of a place.
bool IsForwarded(absl::string_view place);
bool IsRecommended(absl::string_view place);

// `13` of `13.04`.
absl::string_view ProvinceOf(absl::string_view region);

// Whether the region is `wanted` or lies in it; everything lies in the empty one.
bool IsIn(absl::string_view region, absl::string_view wanted);

}  // namespace selaras::statistics
