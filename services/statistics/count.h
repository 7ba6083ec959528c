#pragma once

#include "selaras/query/v1/query.pb.h"
#include "selaras/storage/v1/statistics.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/deadline.h"

namespace selaras::statistics {

// What one case adds to the numbers of its election and region: what GetCase shows of it, the
// days that its stages took, and when what is owed becomes overdue by the catalogue of `rules`.
// Reads nothing else, so equal cases add equal bytes. `shown` needs no personal data, sections or
// arrivals; `facts` must have its fold.
storage::v1::StoredCounts CountCase(const query::v1::Case& shown,
                                    const domain::DeadlineFacts& facts,
                                    const domain::DeadlineRules& rules);

// What one report adds. Of `report` election, region and source count.
storage::v1::StoredCounts CountReport(const query::v1::Report& report);

}  // namespace selaras::statistics
