#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"

#include "selaras/query/v1/query.pb.h"
#include "selaras/query/v1/statistics.pb.h"

namespace selaras::test {

// A code that no catalogue has; it is counted as another one.
inline constexpr absl::string_view kNotInTheCatalogue = "tidak-ada-di-daftar";

// What a case that is shown says about a dimension: the obvious way, by looking at it. Empty for
// dimensions that a case does not show.
std::set<std::string> ValuesIn(const query::v1::Case& shown,
                               query::v1::StatisticsDimension dimension);

}  // namespace selaras::test
