#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/query/v1/statistics.pb.h"

#include "services/domain/facts.h"
#include "services/node/directory.h"
#include "services/node/viewer.h"
#include "services/reference/catalogue.h"
#include "storage/log/store.h"

namespace selaras::node {

// Adds up the numbers that the projector keeps. Reads one row per election and region, whatever the
// number of cases, and one for each set of them in which persons stand at once. Thread-safe.
class StatisticsReader {
 public:
  // Everything handed in must outlive the reader. A directory without own authorities, as that of
  // a store on disk, says nothing of who was heard.
  StatisticsReader(const log::StoreReader& store, const Directory& directory,
                   domain::Section section);

  // The numbers at `now`, of the cases that the viewer may see. INVALID_ARGUMENT if the question
  // cannot be answered.
  absl::StatusOr<query::v1::GetStatisticsResponse> GetStatistics(
      const query::v1::GetStatisticsRequest& request, const Viewer& viewer, absl::Time now) const;

 private:
  // Empty: the whole node. UNIMPLEMENTED for some of several authorities: they may share cases.
  absl::StatusOr<std::string> ScopeOf(const Viewer& viewer) const;
  // Regions for which the viewer's authorities are competent; an empty one is the country.
  std::vector<std::string> JurisdictionOf(const Viewer& viewer) const;
  absl::StatusOr<std::vector<query::v1::StatisticsLog>> Logs(absl::Time now) const;
  query::v1::StatisticsLog Describe(const PeerNode& node) const;

  const log::StoreReader& store_;
  const Directory& directory_;
  const domain::Section section_;
};

}  // namespace selaras::node
