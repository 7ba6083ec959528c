#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/intake/v1/emergency.pb.h"

#include "storage/base/bytes.h"
#include "storage/log/store.h"

namespace selaras::intake {

// What operations took by break-glass, and what its offices made of it; follows the private log a
// little later, as the projector does. Unseals nothing. Thread-safe.
class EmergencyReader {
 public:
  // The store must outlive the reader.
  explicit EmergencyReader(const log::StoreReader& store) : store_(store) {}

  // Of reports of these offices.
  absl::StatusOr<v1::ListBreakGlassResponse> List(const v1::ListBreakGlassRequest& request,
                                                  const std::set<std::string>& offices,
                                                  absl::Time now) const;
  // Whether one of this office, open or not, was not reviewed.
  absl::StatusOr<bool> AwaitsReview(const std::string& office) const;
  // What the request with this tag took of the report. NOT_FOUND if it took nothing.
  absl::StatusOr<v1::BreakGlassResponse> TakenBy(const base::Digest& request_tag,
                                                 absl::string_view report_id) const;

 private:
  absl::StatusOr<v1::BreakGlassTaken> Read(std::uint64_t sequence, const std::string& report_id,
                                           absl::Time now) const;

  const log::StoreReader& store_;
};

}  // namespace selaras::intake
