#include "services/serve/query_service.h"

#include "selaras/query/v1/query.pb.h"

#include "services/domain/deadline.h"
#include "services/node/case_deadlines.h"
#include "services/serve/viewer_of.h"
#include "storage/base/status.h"

namespace selaras::serve {
namespace {

namespace v1 = query::v1;

// A reader does not hold one of gRPC's few threads for longer than this.
constexpr absl::Duration kPatienceMax = absl::Seconds(2);

// Adds a method that reads for whoever calls.
template <typename Request, typename Response>
void Read(rpc::Service& service, absl::string_view method, const node::CaseReader& reader,
          absl::StatusOr<Response> (node::CaseReader::*read)(const Request&, const node::Viewer&)
              const) {
  service.Unary<Request, Response>(
      method, [&reader, read](const Request& request, const rpc::CallInfo& call) {
        return (reader.*read)(request, ViewerOf(call));
      });
}

}  // namespace

std::unique_ptr<rpc::Service> MakeQueryService(
    const node::CaseReader& reader, const node::Projector& projector,
    const std::shared_ptr<const reference::Catalogue>& catalogue, runtime::Clock& clock,
    CaseStreams& streams, const runtime::Access& access, runtime::Logger& log) {
  auto service = std::make_unique<rpc::Service>("selaras.query.v1.QueryService", access, log);
  using node::CaseReader;
  Read(*service, "GetReport", reader, &CaseReader::GetReport);
  Read(*service, "ListReports", reader, &CaseReader::ListReports);
  Read(*service, "LookUpCases", reader, &CaseReader::LookUp);
  Read(*service, "ListChanges", reader, &CaseReader::ListChanges);
  service->Unary<v1::GetCaseRequest, v1::GetCaseResponse>(
      "GetCase", [&reader, &clock](const v1::GetCaseRequest& request, const rpc::CallInfo& call) {
        return reader.GetCase(request, ViewerOf(call), clock.Now());
      });
  service->Unary<v1::GetTimelineRequest, v1::GetTimelineResponse>(
      "GetTimeline",
      [&reader, &clock](const v1::GetTimelineRequest& request, const rpc::CallInfo& call) {
        return reader.GetTimeline(request, ViewerOf(call), clock.Now());
      });
  const auto rules = std::make_shared<const domain::DeadlineRules>(catalogue);
  service->Unary<v1::ListDeadlinesRequest, v1::ListDeadlinesResponse>(
      "ListDeadlines",
      [&reader, &clock, rules](const v1::ListDeadlinesRequest& request, const rpc::CallInfo& call) {
        return node::ListDeadlines(request, reader, ViewerOf(call), *rules, clock.Now());
      });
  service->Unary<v1::GetWorklistRequest, v1::GetWorklistResponse>(
      "GetWorklist",
      [&reader, &clock, rules](const v1::GetWorklistRequest& request, const rpc::CallInfo& call) {
        return reader.GetWorklist(request, ViewerOf(call), *rules, clock.Now());
      });
  service->Unary<v1::ListCasesRequest, v1::ListCasesResponse>(
      "ListCases",
      [&reader, &projector, &clock](const v1::ListCasesRequest& request, const rpc::CallInfo& call)
          -> absl::StatusOr<v1::ListCasesResponse> {
        for (const auto& position : request.min_positions()) {
          RETURN_IF_ERROR(projector.WaitFor(position, kPatienceMax));
        }
        return reader.ListCases(request, ViewerOf(call), clock.Now());
      });
  AddWatchCases(*service, streams);
  return service;
}

}  // namespace selaras::serve
