#include "services/node/watched.h"

#include "absl/strings/strip.h"

#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

void AddFacts(const storage::v1::StoredSubject& report, domain::WatchedSubject* watched) {
  for (const auto& segment : report.segments()) {
    watched->report.insert(watched->report.end(), segment.facts().begin(), segment.facts().end());
  }
  watched->report_has_cases = !report.case_ids().empty();
}

}  // namespace

absl::StatusOr<domain::WatchedSubject> LoadWatched(const log::StoreReader& store,
                                                   absl::string_view subject,
                                                   const SubjectLookUp& look_up) {
  domain::WatchedSubject watched;
  std::string report_id;
  if (absl::ConsumePrefix(&subject, rows::kReportSubject)) {
    watched.report_id = std::string(subject);
    report_id = watched.report_id;
  } else {
    absl::ConsumePrefix(&subject, rows::kCaseSubject);
    watched.case_id = std::string(subject);
    ASSIGN_OR_RETURN(const storage::v1::StoredSubject* own, look_up(rows::CaseState(subject)));
    ASSIGN_OR_RETURN(const auto view, LoadCaseView(store, subject));
    watched.fold = Combine(subject, own, view);
    if (own != nullptr) report_id = own->report_id();
  }
  if (report_id.empty()) return watched;
  ASSIGN_OR_RETURN(const storage::v1::StoredSubject* report, look_up(rows::ReportState(report_id)));
  if (report != nullptr) AddFacts(*report, &watched);
  return watched;
}

}  // namespace selaras::node
