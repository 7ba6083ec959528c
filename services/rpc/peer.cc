#include "services/rpc/peer.h"

#include <vector>

#include "absl/strings/string_view.h"
#include <grpc/grpc_security_constants.h>

#include "storage/crypto/certificate.h"

namespace selaras::rpc {

absl::StatusOr<runtime::Identity> IdentityOf(const grpc::AuthContext& context) {
  // gRPC gives this property only if the certificate has this one URI and no other.
  const std::vector<grpc::string_ref> uris =
      context.FindPropertyValues(GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  if (!context.IsPeerAuthenticated() || uris.size() != 1) return runtime::ParseIdentity("");
  return runtime::ParseIdentity(absl::string_view(uris[0].data(), uris[0].size()));
}

std::optional<absl::Time> CertificateEndOf(const grpc::AuthContext& context) {
  const std::vector<grpc::string_ref> pem =
      context.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pem.empty()) return std::nullopt;
  const auto found = crypto::ParseCertificates(absl::string_view(pem[0].data(), pem[0].size()));
  if (!found.ok()) return std::nullopt;
  return found->front().not_after;
}

absl::StatusOr<runtime::Identity> IdentityOf(const grpc_auth_context* context) {
  grpc_auth_property_iterator found =
      grpc_auth_context_find_properties_by_name(context, GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  const grpc_auth_property* uri = grpc_auth_property_iterator_next(&found);
  const bool one = uri != nullptr && grpc_auth_property_iterator_next(&found) == nullptr;
  if (grpc_auth_context_peer_is_authenticated(context) == 0 || !one) {
    return runtime::ParseIdentity("");
  }
  return runtime::ParseIdentity(absl::string_view(uri->value, uri->value_length));
}

}  // namespace selaras::rpc
