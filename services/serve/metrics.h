#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/rpc/call_counts.h"
#include "services/rpc/handshake_log.h"
#include "services/runtime/tls.h"
#include "services/serve/link_hub.h"
#include "services/serve/scrubber.h"

// Figures of a node for Prometheus. They name logs, peers and methods: no case, no person, and
// nobody who called.
namespace selaras::serve {

// One log, or mirror of one.
struct LogFigures {
  std::string log;
  bool mirror = false;
  std::uint64_t size = 0;
  std::uint64_t entries = 0;    // held
  std::uint64_t published = 0;  // size of its newest published checkpoint; 0: none
};

// A node at one moment.
struct NodeFigures {
  std::string node;
  std::string role;
  std::string version;
  std::vector<LogFigures> logs;
  std::vector<LinkStatus> links;
  std::uint64_t queued = 0;  // requests that wait for the sequencer
  bool serving = true;       // takes commands
  std::optional<ScrubShown> scrub;
  std::vector<runtime::CertificateEnd> certificates;
  rpc::CallCounts::Counts calls;
  rpc::RefusedConnections::Counts refused;
};

// The text of them, as GET /metrics answers.
std::string MetricsText(const NodeFigures& figures);

// Answers GET /metrics over HTTP.
class MetricsEndpoint {
 public:
  // Listens on `host:port`; port 0 picks a free one. `figures` is called on threads of its own,
  // once a question, and must be there as long as the endpoint. FAILED_PRECONDITION if it cannot
  // listen there, `<what>: <why>; <cure>`.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const std::string& address, std::function<NodeFigures()> figures);
  // On return no question is being answered.
  virtual ~MetricsEndpoint() = default;

  // Address listened on.
  virtual std::string address() const = 0;
};

}  // namespace selaras::serve
