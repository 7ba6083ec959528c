#include "services/serve/operations_service.h"

#include <utility>

#include "selaras/ledger/v1/operations.pb.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::serve {

namespace v1 = ledger::v1;

std::unique_ptr<rpc::Service> MakeOperationsService(runtime::ClockGuard& clock_guard,
                                                    std::function<void()> confirmed,
                                                    const runtime::NodeAuthorities& node,
                                                    runtime::Logger& log) {
  auto service = std::make_unique<rpc::Service>("selaras.ledger.v1.OperationsService", node, log);
  service->Unary<v1::ConfirmClockRequest, v1::ConfirmClockResponse>(
      "ConfirmClock",
      [&clock_guard, &log, confirmed = std::move(confirmed)](
          const v1::ConfirmClockRequest& request,
          const rpc::CallInfo& call) -> absl::StatusOr<v1::ConfirmClockResponse> {
        if (!request.has_time()) {
          return domain::BadField("time", "missing; state what time it is");
        }
        RETURN_IF_ERROR(clock_guard.Confirm(absl::FromUnixSeconds(request.time().seconds())));
        log.Info("clock confirmed", {{"by", call.caller.authority}});
        confirmed();
        return v1::ConfirmClockResponse();
      });
  return service;
}

}  // namespace selaras::serve
