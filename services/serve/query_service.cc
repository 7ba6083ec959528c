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

// Adds a method whose answers may show personal data.
template <typename Request, typename Response, typename Answer>
void AddRecorded(rpc::Service& service, absl::string_view method, ReadRecorder& recorder,
                 const Answer& answer) {
  service.UnaryLater<Request, Response>(
      method, [&recorder, answer](const Request& request, Response* response,
                                  const rpc::CallInfo& call, const rpc::Done& done) {
        if (const absl::Status status = recorder.Check(request.reading()); !status.ok()) {
          return done(status);
        }
        absl::StatusOr<Response> answered = answer(request, call);
        if (!answered.ok()) return done(answered.status());
        *response = *std::move(answered);
        recorder.Record(call, request.reading(), ShownIn(request, *response),
                        response->ByteSizeLong(), [response, done](const absl::Status& recorded) {
                          const bool withheld = absl::IsUnavailable(recorded) && Withhold(response);
                          done(withheld ? absl::OkStatus() : recorded);
                        });
      });
}

// The same of a method that reads for whoever calls.
template <typename Request, typename Response>
void AddRecorded(rpc::Service& service, absl::string_view method, ReadRecorder& recorder,
                 const node::CaseReader& reader,
                 absl::StatusOr<Response> (node::CaseReader::*read)(const Request&,
                                                                    const node::Viewer&) const) {
  AddRecorded<Request, Response>(
      service, method, recorder,
      [&reader, read](const Request& request, const rpc::CallInfo& call) {
        return (reader.*read)(request, ViewerOf(call));
      });
}

// And of one that asks what time it is.
template <typename Request, typename Response>
void AddRecorded(rpc::Service& service, absl::string_view method, const QueryParts& parts,
                 absl::StatusOr<Response> (node::CaseReader::*read)(const Request&,
                                                                    const node::Viewer&, absl::Time)
                     const) {
  AddRecorded<Request, Response>(service, method, parts.recorder,
                                 [&reader = parts.reader, &clock = parts.clock, read](
                                     const Request& request, const rpc::CallInfo& call) {
                                   return (reader.*read)(request, ViewerOf(call), clock.Now());
                                 });
}

// Who may not see who reported, may if he broke the glass.
absl::StatusOr<v1::GetReportResponse> GetReport(const node::CaseReader& reader,
                                                const v1::GetReportRequest& request,
                                                const rpc::CallInfo& call, absl::Time now) {
  node::Viewer viewer = ViewerOf(call);
  if (viewer.sees_reporters) return reader.GetReport(request, viewer);
  ASSIGN_OR_RETURN(const auto glass, reader.OpenBreakGlass(request, viewer, call.caller.authority,
                                                           runtime::NameOf(call.caller.role), now));
  viewer.sees_reporters = glass.has_value();
  ASSIGN_OR_RETURN(v1::GetReportResponse response, reader.GetReport(request, viewer));
  if (glass) *response.mutable_report()->mutable_break_glass() = *glass;
  return response;
}

// Adds a method that shows nothing of persons.
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

std::unique_ptr<rpc::Service> MakeQueryService(const QueryParts& parts, runtime::Logger& log) {
  auto service = std::make_unique<rpc::Service>("selaras.query.v1.QueryService", parts.access, log);
  using node::CaseReader;
  const CaseReader& reader = parts.reader;
  runtime::Clock& clock = parts.clock;
  ReadRecorder& recorder = parts.recorder;
  AddRecorded<v1::GetReportRequest, v1::GetReportResponse>(
      *service, "GetReport", recorder,
      [&reader, &clock](const v1::GetReportRequest& request, const rpc::CallInfo& call) {
        return GetReport(reader, request, call, clock.Now());
      });
  AddRecorded(*service, "ListReports", recorder, reader, &CaseReader::ListReports);
  AddRecorded(*service, "LookUpCases", recorder, reader, &CaseReader::LookUp);
  AddRecorded(*service, "GetCase", parts, &CaseReader::GetCase);
  AddRecorded(*service, "GetTimeline", parts, &CaseReader::GetTimeline);
  Read(*service, "ListChanges", reader, &CaseReader::ListChanges);
  AddRecorded(*service, "ListReads", recorder, reader, &CaseReader::ListReads);
  const auto rules = std::make_shared<const domain::DeadlineRules>(parts.catalogue);
  service->Unary<v1::ListDeadlinesRequest, v1::ListDeadlinesResponse>(
      "ListDeadlines",
      [&reader, &clock, rules](const v1::ListDeadlinesRequest& request, const rpc::CallInfo& call) {
        return node::ListDeadlines(request, reader, ViewerOf(call), *rules, clock.Now());
      });
  AddRecorded<v1::GetWorklistRequest, v1::GetWorklistResponse>(
      *service, "GetWorklist", recorder,
      [&reader, &clock, rules](const v1::GetWorklistRequest& request, const rpc::CallInfo& call) {
        return reader.GetWorklist(request, ViewerOf(call), *rules, clock.Now());
      });
  AddRecorded<v1::ListCasesRequest, v1::ListCasesResponse>(
      *service, "ListCases", recorder,
      [&reader, &projector = parts.projector, &clock](
          const v1::ListCasesRequest& request,
          const rpc::CallInfo& call) -> absl::StatusOr<v1::ListCasesResponse> {
        for (const auto& position : request.min_positions()) {
          RETURN_IF_ERROR(projector.WaitFor(position, kPatienceMax));
        }
        return reader.ListCases(request, ViewerOf(call), clock.Now());
      });
  AddWatchCases(*service, parts.streams);
  return service;
}

}  // namespace selaras::serve
