#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "storage/crypto/handshake.h"

namespace selaras::rpc {

// Why a connection did not come about, for whoever runs this node. The other end is told nothing.
struct RefusedConnection {
  std::string reason;  // UPPER_SNAKE_CASE
  std::string why;
  std::string cure;
  std::string claims;  // the identity in a certificate that was refused, if it has one
};

// What a line of gRPC's log says of a handshake, with what is remembered of its certificate.
// Nothing if the line is about something else.
std::optional<RefusedConnection> ExplainHandshake(
    absl::string_view line, const std::optional<crypto::RefusedCertificate>& refused);

// The same of a line that this thread is about to log.
std::optional<RefusedConnection> ExplainHandshake(absl::string_view line);

// Refused connections by reason. Thread-safe.
class RefusedConnections {
 public:
  using Counts = std::map<std::string, std::uint64_t>;

  // Those of this process.
  static RefusedConnections& OfProcess();

  void Add(const std::string& reason);
  Counts all() const;

 private:
  mutable std::mutex mutex_;
  Counts counts_;
};

}  // namespace selaras::rpc
