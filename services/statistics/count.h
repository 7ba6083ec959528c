#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/string_view.h"

#include "selaras/query/v1/query.pb.h"
#include "selaras/storage/v1/statistics.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/deadline.h"
#include "services/reference/catalogue.h"
#include "services/statistics/dimension.h"

namespace selaras::statistics {

// A value that the reference data do not name: others write facts, too, and what they write must
// not make the numbers grow without end.
inline constexpr absl::string_view kOther = "other";

// What cases and reports add to which numbers, by one version of the reference data. Reads nothing
// but what it is given, so equal cases add equal bytes. Immutable: any thread may use it.
class Counter {
 public:
  explicit Counter(std::shared_ptr<const reference::Catalogue> catalogue);

  // What one case adds to the numbers of its election and region: what GetCase shows of it, the
  // days that its stages took, and when what is owed becomes overdue. Of personal data only whether
  // there is a NIP matters; `shown` needs no sections or arrivals; `facts` must have its fold.
  storage::v1::StoredCounts CountCase(const query::v1::Case& shown,
                                      const domain::DeadlineFacts& facts) const;

  // What one report adds. Of `report` election, region and source count.
  storage::v1::StoredCounts CountReport(const query::v1::Report& report) const;

 private:
  // The value, if the reference data name it or it is empty.
  std::string Known(Dimension dimension, absl::string_view value) const;

  const domain::DeadlineRules rules_;
  std::map<Dimension, std::set<std::string, std::less<>>> known_;
};

}  // namespace selaras::statistics
