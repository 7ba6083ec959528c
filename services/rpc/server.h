#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/config/v1/config.pb.h"

#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/runtime/tls_in_force.h"

namespace selaras::rpc {

// A gRPC server over mutual TLS with health and reflection, which any certificate of this node's
// or a peer's authorities may ask.
class Server {
 public:
  // Listens on config.listen and serves. When it returns, health says SERVING for "" and for
  // every service, and the address file, if one is configured, holds the address. A connection
  // uses the certificates that are in force when it begins.
  //
  //   FAILED_PRECONDITION  the address is in use, not this machine's, or not allowed
  //
  // What a client may have under way (config.limits) is counted here, for all services together.
  //
  // The services, `access`, `clock` and `log` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const config::v1::NodeConfig& config, std::shared_ptr<const runtime::TlsInForce> tls,
      const std::vector<Service*>& services, const runtime::Access& access, runtime::Clock& clock,
      runtime::Logger& log);

  // Stops, if Stop was not called, without waiting for calls under way.
  virtual ~Server() = default;

  // Address listened on, with the port that was picked.
  virtual std::string address() const = 0;

  // Says in health whether the node serves; calls are taken either way.
  virtual void SetServing(bool serving) = 0;
  // Says so of a part of it that is no service, e.g. a link, under a name of its own.
  virtual void SetServing(const std::string& part, bool serving) = 0;

  // Says NOT_SERVING, takes no more calls, waits for those under way at most limits.drain_ms,
  // cancels the rest and removes the address file. On return no handler runs any more; a Done
  // may still be called and does nothing. Streams should be ended first: they count as calls.
  virtual void Stop() = 0;
};

}  // namespace selaras::rpc
