#include "services/rpc/server.h"

#include <cstdint>
#include <utility>

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/time.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <unistd.h>

#include "grpc/health/v1/health.pb.h"
#include "services/rpc/client_limits.h"
#include "services/rpc/errors.h"
#include "services/rpc/grpc_log.h"
#include "services/rpc/grpc_service.h"
#include "services/rpc/listen.h"
#include "services/rpc/server_credentials.h"
#include "services/runtime/address.h"
#include "services/runtime/config.h"
#include "services/runtime/files.h"
#include "storage/base/check.h"
#include "storage/base/status.h"

namespace selaras::rpc {
namespace {

constexpr int kStreamsPerConnectionMax = 1'000;
constexpr int kMetadataBytesMax = 8 << 10;
constexpr int kHandshakeMs = 10'000;
constexpr int kIdleMs = 15 * 60'000;
constexpr int kAgeMs = 60 * 60'000;

void SetArguments(const config::v1::Limits& limits, grpc::ServerBuilder* builder) {
  // Otherwise a second node would silently share the port.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  // Whoever connects and says nothing, or little and slowly, is let go.
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMs);
  // Calls go on to their end, new ones begin on a new connection: a certificate that has ended
  // meanwhile is of no more use.
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kAgeMs);
  builder->SetMaxReceiveMessageSize(static_cast<int>(limits.message_bytes()));
  // A caller that went silent is noticed within a minute, and may itself ask every ten seconds.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
}

config::v1::NodeConfig WithDefaults(config::v1::NodeConfig config) {
  runtime::SetDefaults(config.mutable_limits());
  return config;
}

// What this process has once, whatever number of servers.
void PrepareGrpc() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  // gRPC serves health without a descriptor; reflection needs one, so it has to be linked.
  SELARAS_CHECK(grpc::health::v1::HealthCheckRequest::descriptor() != nullptr) << "linked above";
  // A malformed request is answered, and not worth a line on stderr.
  google::protobuf::SetLogHandler(nullptr);
}

class GrpcServer final : public Server {
 public:
  GrpcServer(const config::v1::NodeConfig& config, const std::vector<Service*>& services,
             runtime::Logger& log)
      : config_(WithDefaults(config)), services_(services), grpc_log_(log) {}

  ~GrpcServer() override {
    if (server_ != nullptr && !stopped_) Shutdown(0);
  }

  absl::Status Listen(std::shared_ptr<const runtime::TlsInForce> tls,
                      const std::vector<Service*>& services, const runtime::Access& access,
                      runtime::Clock& clock) {
    ASSIGN_OR_RETURN(address_, runtime::ParseAddress(config_.listen()));
    RETURN_IF_ERROR(CheckListen(address_));
    grpc::ServerBuilder builder;
    SetArguments(config_.limits(), &builder);
    const auto limits = ClientLimits::Make(config_.limits(), clock);
    int port = 0;
    builder.AddListeningPort(address_.ToString(),
                             MakeServerCredentials(std::move(tls), limits, access), &port);
    for (Service* service : services) {
      service->grpc().Limit(limits);
      builder.RegisterService(&service->grpc());
    }
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      RETURN_IF_ERROR(CheckListen(address_));
      return CannotListen(config_.listen(), "gRPC refuses the address or the certificates");
    }
    address_.port = static_cast<std::uint16_t>(port);
    SetServing(true);
    if (config_.address_file().empty()) return absl::OkStatus();
    return runtime::WriteFileAtomically(config_.address_file(), address() + "\n");
  }

  std::string address() const override { return address_.ToString(); }

  void SetServing(bool serving) override {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    health->SetServingStatus("", serving);
    for (Service* service : services_) {
      health->SetServingStatus(service->grpc().name(), serving);
    }
  }

  void SetServing(const std::string& part, bool serving) override {
    server_->GetHealthCheckService()->SetServingStatus(part, serving);
  }

  void Stop() override {
    SetServing(false);
    for (Service* service : services_) service->grpc().Drain();
    Shutdown(config_.limits().drain_ms());
  }

 private:
  void Shutdown(std::uint32_t patience_ms) {
    // A span, not a moment: also a clock that jumps does not cut it short.
    server_->Shutdown(gpr_time_from_millis(patience_ms, GPR_TIMESPAN));
    stopped_ = true;
    if (!config_.address_file().empty()) ::unlink(config_.address_file().c_str());
  }

  const config::v1::NodeConfig config_;
  const std::vector<Service*> services_;
  const GrpcLog grpc_log_;
  runtime::Address address_;
  std::unique_ptr<grpc::Server> server_;
  bool stopped_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const config::v1::NodeConfig& config, std::shared_ptr<const runtime::TlsInForce> tls,
    const std::vector<Service*>& services, const runtime::Access& access, runtime::Clock& clock,
    runtime::Logger& log) {
  PrepareGrpc();
  auto server = std::make_unique<GrpcServer>(config, services, log);
  RETURN_IF_ERROR(server->Listen(std::move(tls), services, access, clock));
  return server;
}

}  // namespace selaras::rpc
