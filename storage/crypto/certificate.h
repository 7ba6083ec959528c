#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// X.509 certificates as files hold them (PEM): enough to say at start what a handshake would only
// refuse later. Handshakes themselves are gRPC's.
namespace selaras::crypto {

struct Certificate {
  std::string subject;  // RFC 2253, e.g. `CN=intake,O=Selaras test PKI`
  std::string issuer;
  absl::Time not_before;
  absl::Time not_after;
  std::vector<std::string> uris;  // subject alternative names of the kind URI
};

// The certificates in order; at least one. INVALID_ARGUMENT if there is none, or one is malformed.
absl::StatusOr<std::vector<Certificate>> ParseCertificates(absl::string_view pem);

// Whether `key_pem` is the private key of the first certificate. INVALID_ARGUMENT if it is none,
// encrypted, or another's; the text is not repeated.
absl::Status CheckKeyFits(absl::string_view chain_pem, absl::string_view key_pem);

// The private key that `key_pem` holds encrypted (PKCS#8), as PEM without a passphrase.
// INVALID_ARGUMENT if it is not encrypted so, or with another passphrase; neither is repeated.
absl::StatusOr<std::string> DecryptKey(absl::string_view key_pem, absl::string_view passphrase);

// Whether the first certificate leads, over the others if need be, to one of `ca_pem` at that
// time. FAILED_PRECONDITION if not, INVALID_ARGUMENT if a text is malformed.
absl::Status CheckChain(absl::string_view chain_pem, absl::string_view ca_pem, absl::Time now);

}  // namespace selaras::crypto
