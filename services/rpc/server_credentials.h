#pragma once

#include <memory>

#include <grpcpp/security/server_credentials.h>

#include "services/rpc/client_limits.h"
#include "services/runtime/access.h"
#include "services/runtime/tls_in_force.h"

namespace selaras::rpc {

// Mutual TLS with the certificates that are in force when a connection begins. Applies the access
// table and the rate of a client to the services that gRPC brings along; ours apply it themselves
// (GrpcService), because here a refusal cannot carry details. `access` must outlive the server.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(
    std::shared_ptr<const runtime::TlsInForce> tls, std::shared_ptr<ClientLimits> limits,
    const runtime::Access& access);

}  // namespace selaras::rpc
