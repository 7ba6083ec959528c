#pragma once

#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::runtime {

// What a certificate is for; deploy/pki/README.md describes the scheme.
enum class Role {
  kNode,        // a running service, and the links that it dials
  kEntry,       // data entry: every authority of the node that it talks to
  kBackoffice,  // the back office of one authority
  kOps,         // operations: reads, never writes
  kPortal,      // the public portal of Bawaslu: speaks for reporters who give a code
  kWitness,     // outside, e.g. the Ombudsman: sees hashes, cosigns checkpoints
  kAuditor,     // of the agency's own inspectorate: verifies its logs, sees no case
};

// `node`, `entry`, `backoffice`, `ops`, `portal`, `witness`, `auditor`.
absl::string_view NameOf(Role role);

// Who calls, as the certificate says.
struct Identity {
  Role role = Role::kOps;
  std::string authority;  // `bawaslu/13`, `bkn`

  friend bool operator==(const Identity&, const Identity&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Identity& identity);
};

// `spiffe://selaras/<role>/<authority>`, as it stands in a certificate. Checks nothing.
std::string IdentityUri(absl::string_view role, absl::string_view authority);

// Reads `spiffe://selaras/<role>/<authority>`, where the authority may have slashes.
// UNAUTHENTICATED for everything else: no other scheme, domain, role or character, no empty
// segment.
absl::StatusOr<Identity> ParseIdentity(absl::string_view uri);
// The same of its two parts.
absl::StatusOr<Identity> MakeIdentity(absl::string_view role, absl::string_view authority);

}  // namespace selaras::runtime
