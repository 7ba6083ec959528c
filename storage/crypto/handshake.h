#pragma once

#include <optional>
#include <string>
#include <vector>

// Why a handshake of gRPC refused a certificate: gRPC itself only logs that one was. Nothing here
// decides anything.
namespace selaras::crypto {

struct RefusedCertificate {
  enum class Why { kExpired, kNotYetValid, kUnknownAuthority, kOther };
  Why why = Why::kOther;
  std::string words = {};              // OpenSSL's, e.g. `certificate has expired`
  std::vector<std::string> uris = {};  // what it claims to be; nobody has confirmed it
  bool of_server = false;              // the other end is the one that was called
};

// From now on each thread remembers the last certificate that a handshake on it refused. Any number
// of times, before the handshakes.
void WatchHandshakes();

// What this thread remembers; it forgets it.
std::optional<RefusedCertificate> TakeRefusedCertificate();

}  // namespace selaras::crypto
