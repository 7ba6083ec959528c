#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Making keys, requests and certificates (RFC 2986, RFC 5280) for offices that have no PKI of their
// own. All texts are PEM; keys are on the curve P-256.
namespace selaras::crypto {

// A new private key, PKCS#8.
std::string MakeTlsKey();

// A PKCS#10 request signed with the key. INVALID_ARGUMENT if `key_pem` is no private key. Here and
// below a common name has at most 64 characters, and times lie before the year 10000.
absl::StatusOr<std::string> MakeCertificateRequest(absl::string_view key_pem,
                                                   absl::string_view common_name);

// INVALID_ARGUMENT unless it begins with a request, signed with the key that it brings: whoever
// made it has the key.
absl::Status CheckCertificateRequest(absl::string_view request_pem);

// What a certificate says. Nothing of it comes from the request, of which only the key counts.
struct CertificateTerms {
  std::string common_name;
  std::string uri;                     // the only one
  std::vector<std::string> dns_names;  // under which it serves
  std::vector<std::string> addresses;  // IP addresses, likewise
  bool server = false;                 // whether it may serve; all may be clients
  absl::Time not_before;
  absl::Time not_after;
};

// A certificate for the key of the request, signed by the first certificate of `ca_pem`.
// INVALID_ARGUMENT if a text is malformed, the request is not signed, an IP address is none, or
// `ca_key_pem` is another's key; FAILED_PRECONDITION if the authority may not sign, or ends before
// the certificate would.
absl::StatusOr<std::string> IssueCertificate(absl::string_view request_pem,
                                             const CertificateTerms& terms,
                                             absl::string_view ca_pem,
                                             absl::string_view ca_key_pem);

// An authority that signs certificates, itself signed by nobody.
struct MadeAuthority {
  std::string certificate;
  std::string key;
};
MadeAuthority MakeAuthority(absl::string_view common_name, absl::Time not_before,
                            absl::Time not_after);

}  // namespace selaras::crypto
