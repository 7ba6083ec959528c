#include "tools/load/echo_server.h"

#include <utility>

#include "absl/strings/string_view.h"

#include "selaras/intake/v1/intake.pb.h"

#include "services/runtime/tls_in_force.h"
#include "storage/base/status.h"

namespace selaras::load {
namespace {

constexpr std::uint32_t kMessageBytesMax = 4 << 20;  // what a node takes that sets no limit
// It is to show what the line carries, so it holds nobody back.
constexpr std::uint32_t kRequestsPerSecondMax = 1'000'000;
constexpr char kUuid[] = "00000000-0000-4000-8000-000000000000";

template <typename Request, typename Response>
void Echo(rpc::Service& service, absl::string_view method, const std::string& filler) {
  service.UnaryLater<Request, Response>(
      method,
      [&filler](const Request&, Response* response, const rpc::CallInfo&, const rpc::Done& done) {
        auto* outcome = response->mutable_outcome();
        // What the next request of a course is about.
        outcome->set_report_id(kUuid);
        outcome->set_case_id(kUuid);
        outcome->set_checkpoint(filler);
        done(absl::OkStatus());
      });
}

}  // namespace

EchoingNode::EchoingNode(runtime::NodeAuthorities node, std::size_t answer_bytes)
    : log_(clock_, runtime::Level::kError, runtime::WriteToStderr),
      access_(std::move(node)),
      filler_(answer_bytes, 'x'),
      intake_("selaras.intake.v1.IntakeService", access_, log_) {
  namespace v1 = intake::v1;
  Echo<v1::ReceiveReportRequest, v1::ReceiveReportResponse>(intake_, "ReceiveReport", filler_);
  Echo<v1::NameRespondentRequest, v1::NameRespondentResponse>(intake_, "NameRespondent", filler_);
  Echo<v1::ReviewCaseRequest, v1::ReviewCaseResponse>(intake_, "ReviewCase", filler_);
  Echo<v1::ConcludeCaseRequest, v1::ConcludeCaseResponse>(intake_, "ConcludeCase", filler_);
  Echo<v1::ExecuteBatchRequest, v1::ExecuteBatchResponse>(intake_, "ExecuteBatch", filler_);
}

absl::StatusOr<std::unique_ptr<EchoingNode>> EchoingNode::Start(const std::string& listen,
                                                                const std::string& ca,
                                                                const std::string& certificate,
                                                                const std::string& key,
                                                                std::size_t answer_bytes) {
  config::v1::NodeConfig config;
  config.set_listen(listen);
  config.mutable_limits()->set_message_bytes(kMessageBytesMax);
  config.mutable_limits()->set_drain_ms(1'000);
  config.mutable_limits()->set_client_requests_per_second(kRequestsPerSecondMax);
  config.mutable_tls()->set_ca(ca);
  config.mutable_tls()->set_certificate(certificate);
  config.mutable_tls()->set_key(key);
  runtime::SystemClock clock;
  ASSIGN_OR_RETURN(runtime::Tls tls, runtime::LoadTls(config.tls(), clock.Now()));
  const runtime::NodeAuthorities node{"echo", {tls.identity.authority}, {}};
  RETURN_IF_ERROR(runtime::CheckNodeIdentity(tls.identity, node));
  // Two ids of a UUID's length and their tags come on top of the filler.
  constexpr std::size_t kIdBytes = 2 * (sizeof(kUuid) - 1) + 16;
  const std::size_t filler = answer_bytes > kIdBytes ? answer_bytes - kIdBytes : 0;
  std::unique_ptr<EchoingNode> echoing(new EchoingNode(node, filler));
  ASSIGN_OR_RETURN(
      echoing->server_,
      rpc::Server::Start(config, std::make_shared<runtime::TlsInForce>(std::move(tls)),
                         {&echoing->intake_}, echoing->access_, echoing->clock_, echoing->log_));
  return echoing;
}

}  // namespace selaras::load
