#include "services/rpc/service.h"

#include "services/rpc/grpc_service.h"

namespace selaras::rpc {

Service::Service(absl::string_view name, const runtime::Access& access, runtime::Logger& log)
    : grpc_(std::make_unique<GrpcService>(name, access, log)) {}

Service::~Service() = default;

void Service::AddUnary(absl::string_view method, const google::protobuf::Message& request,
                       const google::protobuf::Message& response, AnyHandler handler) {
  grpc_->AddUnary(method, request, response, std::move(handler));
}

void Service::AddPipeline(absl::string_view method, const google::protobuf::Message& request,
                          const google::protobuf::Message& response, const PipelineBounds& bounds,
                          AnyHandler handler, AnyRefuse refuse) {
  grpc_->AddPipeline(method,
                     {request, response, bounds, std::move(handler), std::move(refuse), {}, {}});
}

}  // namespace selaras::rpc
