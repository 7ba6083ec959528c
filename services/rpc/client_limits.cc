#include "services/rpc/client_limits.h"

#include "absl/strings/str_cat.h"

#include "services/rpc/errors.h"
#include "storage/base/status.h"

namespace selaras::rpc {
namespace {

constexpr std::size_t kClientsMax = 4'096;
constexpr double kSecondsAnHour = 3'600;

runtime::RateLimit::Options RateOf(const config::v1::Limits& limits) {
  const double a_second = limits.client_requests_per_second();
  // No limit for all together: that is the queue's.
  return {.at_once = a_second,
          .an_hour = a_second * kSecondsAnHour,
          .all_keys = static_cast<double>(kClientsMax),
          .keys_max = kClientsMax};
}

std::string NameOf(const runtime::Identity& caller) {
  return absl::StrCat(runtime::NameOf(caller.role), " ", caller.authority);
}

}  // namespace

std::shared_ptr<ClientLimits> ClientLimits::Make(const config::v1::Limits& limits,
                                                 runtime::Clock& clock) {
  return std::shared_ptr<ClientLimits>(new ClientLimits(limits, clock));
}

ClientLimits::ClientLimits(const config::v1::Limits& limits, runtime::Clock& clock)
    : limits_(limits), clock_(clock), rate_(RateOf(limits)) {}

absl::StatusOr<ClientLimits::Lease> ClientLimits::Begin(const runtime::Identity& caller,
                                                        Kind kind) {
  std::string client = NameOf(caller);
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Take(client));
  Counts& counts = clients_[client];
  if (kind == Kind::kCall) {
    if (counts.calls >= limits_.client_calls()) return TooManyCalls(limits_.client_calls());
    ++counts.calls;
  } else {
    if (counts.streams >= limits_.client_streams()) return TooManyStreams(limits_.client_streams());
    ++counts.streams;
  }
  return Lease(this, [self = shared_from_this(), client = std::move(client), kind](const void*) {
    self->End(client, kind);
  });
}

absl::Status ClientLimits::Pass(const runtime::Identity& caller) {
  const std::lock_guard lock(mutex_);
  return Take(NameOf(caller));
}

absl::Status ClientLimits::Take(const std::string& client) {
  const absl::Duration wait = rate_.Take(client, clock_.Monotonic());
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  return TooManyRequests(limits_.client_requests_per_second(), wait);
}

void ClientLimits::End(const std::string& client, Kind kind) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(client);
  --(kind == Kind::kCall ? found->second.calls : found->second.streams);
  if (found->second.calls == 0 && found->second.streams == 0) clients_.erase(found);
}

}  // namespace selaras::rpc
