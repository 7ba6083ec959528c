#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpc/grpc_security.h>
#include <grpcpp/security/auth_context.h>

#include "services/runtime/identity.h"

namespace selaras::rpc {

// Who is at the other end of a connection, server or client, as its certificate says.
// UNAUTHENTICATED unless the certificate was verified and its only URI is one of ours.
absl::StatusOr<runtime::Identity> IdentityOf(const grpc::AuthContext& context);
absl::StatusOr<runtime::Identity> IdentityOf(const grpc_auth_context* context);

// When the certificate at the other end of a connection ends. Nothing if there is none.
std::optional<absl::Time> CertificateEndOf(const grpc::AuthContext& context);

}  // namespace selaras::rpc
