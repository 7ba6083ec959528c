#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"

#include "selaras/config/v1/config.pb.h"

#include "services/runtime/clock.h"
#include "services/runtime/identity.h"
#include "services/runtime/rate_limit.h"

namespace selaras::rpc {

// What one client may have under way and how often it may call. A client is who its certificate
// says: also over many connections. What others have does not count. Any thread.
class ClientLimits : public std::enable_shared_from_this<ClientLimits> {
 public:
  enum class Kind { kCall, kStream };

  // Counts as long as there is a copy of it, also after the limits are gone.
  using Lease = std::shared_ptr<const void>;

  // `clock` must outlive the last call.
  static std::shared_ptr<ClientLimits> Make(const config::v1::Limits& limits,
                                            runtime::Clock& clock);

  // RESOURCE_EXHAUSTED, with what it takes and when to come back: TOO_MANY_REQUESTS,
  // TOO_MANY_CALLS or TOO_MANY_STREAMS.
  absl::StatusOr<Lease> Begin(const runtime::Identity& caller, Kind kind);

  // Of a call that is over before anybody could count it: TOO_MANY_REQUESTS.
  absl::Status Pass(const runtime::Identity& caller);

 private:
  struct Counts {
    std::uint32_t calls = 0;
    std::uint32_t streams = 0;
  };

  ClientLimits(const config::v1::Limits& limits, runtime::Clock& clock);

  absl::Status Take(const std::string& client);  // mutex_ is held
  void End(const std::string& client, Kind kind);

  const config::v1::Limits limits_;
  runtime::Clock& clock_;
  std::mutex mutex_;
  runtime::RateLimit rate_;                // under mutex_
  std::map<std::string, Counts> clients_;  // under mutex_: of those that have something under way
};

}  // namespace selaras::rpc
