#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/config/v1/config.pb.h"

#include "services/runtime/access.h"
#include "services/runtime/identity.h"

namespace selaras::runtime {

// When a certificate ends.
struct CertificateEnd {
  enum class Kind { kOwn, kAuthority, kPeer, kListing };
  Kind kind;
  std::string name;  // own and authority: the subject; peer and listing: the node
  absl::Time ends;
};

// Certificates, read and checked.
struct Tls {
  std::string certificate;                // PEM chain, own certificate first
  std::string key;                        // PEM
  std::string ca;                         // PEM
  Identity identity;                      // what the certificate says
  std::vector<CertificateEnd> ends = {};  // of the own one, and of each authority in `ca`
};

// Reads the files. The key, and its passphrase if it has one, must be closed to others; the key
// must fit the certificate, which must be signed by the CA, valid at `now`, and name one identity.
// Errors name the field, the file and the cure.
absl::StatusOr<Tls> LoadTls(const config::v1::Tls& files, absl::Time now);

// INVALID_ARGUMENT unless it is a node's certificate for one of its authorities.
absl::Status CheckNodeIdentity(const Identity& identity, const NodeAuthorities& node);

// From here on this process speaks TLS 1.3 only. To be called first in main(), before there are
// threads and before gRPC starts: gRPC asks once, and offers no other way.
void RequireTls13();

}  // namespace selaras::runtime
