#pragma once

#include <functional>
#include <utility>

#include "absl/strings/string_view.h"
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/server_callback.h>

#include "services/rpc/grpc_service.h"
#include "services/rpc/service.h"

// The streaming methods of a service, which do see gRPC. The same checks come first; requests of
// a bidirectional stream are checked by whoever reads them (runtime::CheckAllKnown).
namespace selaras::rpc {

// `make` returns the reactor of one call; it deletes itself in OnDone.
template <typename Request, typename Response>
void AddServerStream(
    Service& service, absl::string_view method,
    std::function<grpc::ServerWriteReactor<Response>*(const Request&, const CallInfo&)> make) {
  service.grpc().AddServerStream<Request, Response>(method, std::move(make));
}

template <typename Request, typename Response>
void AddBidiStream(
    Service& service, absl::string_view method,
    std::function<grpc::ServerBidiReactor<Request, Response>*(const CallInfo&)> make) {
  service.grpc().AddBidiStream<Request, Response>(method, std::move(make));
}

}  // namespace selaras::rpc
