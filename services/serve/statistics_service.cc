#include "services/serve/statistics_service.h"

#include "selaras/query/v1/statistics.pb.h"

#include "services/serve/viewer_of.h"
#include "storage/base/status.h"

namespace selaras::serve {
namespace {

namespace v1 = query::v1;

// A reader does not hold one of gRPC's few threads for longer than this.
constexpr absl::Duration kPatienceMax = absl::Seconds(2);

}  // namespace

std::unique_ptr<rpc::Service> MakeStatisticsService(const node::StatisticsReader& reader,
                                                    node::Projector& projector,
                                                    runtime::Clock& clock,
                                                    const runtime::Access& access,
                                                    runtime::Logger& log) {
  auto service = std::make_unique<rpc::Service>("selaras.query.v1.StatisticsService", access, log);
  service->Unary<v1::GetStatisticsRequest, v1::GetStatisticsResponse>(
      "GetStatistics",
      [&reader, &projector, &clock](
          const v1::GetStatisticsRequest& request,
          const rpc::CallInfo& call) -> absl::StatusOr<v1::GetStatisticsResponse> {
        for (const auto& position : request.min_positions()) {
          RETURN_IF_ERROR(projector.WaitFor(position, kPatienceMax));
        }
        // On a full disk the answer is of what was counted before, and says so.
        const auto counted = projector.Count();
        if (!counted.ok() && !absl::IsUnavailable(counted.status())) return counted.status();
        return reader.GetStatistics(request, ViewerOf(call), clock.Now());
      });
  return service;
}

}  // namespace selaras::serve
