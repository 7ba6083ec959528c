#include "tools/selaras/bridge.h"

#include <utility>

#include "storage/base/status.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 200;

}  // namespace

absl::Status ForEachCase(CaseSource& cases,
                         const std::function<absl::Status(const query::v1::Case& shown)>& visit) {
  query::v1::ListCasesRequest request;
  request.set_page_size(kPage);
  do {
    ASSIGN_OR_RETURN(const query::v1::ListCasesResponse page, cases.ListCases(request));
    for (const query::v1::Case& shown : page.cases()) RETURN_IF_ERROR(visit(shown));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::StatusOr<BridgedCase> ReadBridged(CaseSource& cases, bridges::System system,
                                        const query::v1::Case& shown) {
  BridgedCase read{.the_case = shown, .timeline = {}, .in_force_on = {}};
  query::v1::GetTimelineRequest steps;
  steps.set_case_id(shown.case_id());
  ASSIGN_OR_RETURN(read.timeline, cases.GetTimeline(steps));
  if (system != bridges::System::kHukdis) return read;
  query::v1::ListDeadlinesRequest limits;
  limits.set_case_id(shown.case_id());
  ASSIGN_OR_RETURN(auto deadlines, cases.ListDeadlines(limits));
  read.in_force_on = std::move(*deadlines.mutable_in_force_on());
  return read;
}

}  // namespace selaras::cli
