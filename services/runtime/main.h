#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/config/v1/config.pb.h"

#include "services/reference/catalogue.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/directory_in_force.h"
#include "services/runtime/log.h"
#include "services/runtime/tls_in_force.h"
#include "storage/crypto/random.h"
#include "storage/log/cosignature.h"
#include "storage/log/note.h"
#include "storage/log/policy.h"
#include "storage/log/succession.h"
#include "storage/vault/wrapping_keys.h"

// What the programs have in common around what they do.
namespace selaras::runtime {

// Everything a node starts from, read and checked. The references outlive the service.
struct Environment {
  config::v1::NodeConfig config;  // checked: LoadConfig, ApplyDirectory, CheckConfig
  std::shared_ptr<const reference::Catalogue> catalogue;
  Access access;
  std::shared_ptr<DirectoryInForce> directory;  // null: none is configured
  Applied applied;                              // what it was applied to
  std::shared_ptr<TlsInForce> tls;
  log::NoteSigner signer;  // of the shared log; its name is the log's origin
  std::optional<log::NoteSigner> previous_signer;  // which `signer` replaces
  std::optional<log::Cosigner> cosigner;           // of what peers publish
  std::optional<log::Policy> policy;               // of the shared log
  vault::WrappingKeys wrapping_keys;               // none at the first start
  // By peer: the statement by which its log goes on in a successor, as the operator accepts it.
  std::map<std::string, log::Succession> successions;
  Clock& clock;
  crypto::RandomSource& random;
  Logger& log;
};

// What runs. The destructor comes after Stop.
class RunningService {
 public:
  virtual ~RunningService() = default;

  // Address listened on, with the port that was picked.
  virtual std::string address() const = 0;

  // Ends calls under way within limits.drain_ms, then everything else. Called once.
  virtual void Stop() = 0;
};

// Returns when the service serves. An error's message reads `<what>: <why>; <cure>`.
using Start = std::function<absl::StatusOr<std::unique_ptr<RunningService>>(Environment)>;

// The whole of main() of a node program, of the role that its authorities must have:
//
//   selaras-intake --config FILE [--check]
//   selaras-intake --version | --help
//
// Serves until SIGTERM or SIGINT and then stops; a second signal ends the process at once. SIGHUP
// does nothing: replaced certificates are found without it.
// Tells systemd (NOTIFY_SOCKET) when it serves and when it stops. --check reads and checks
// everything that can be checked without the store and the port. Returns the exit code: 0 done,
// 1 did not start, 2 misunderstood. Errors are one line on stderr:
// `selaras-intake: <what>: <why>; <cure>`.
//
// Must be called first, before there are threads.
int Main(int argc, char** argv, reference::AuthorityRole role, const Start& start);

}  // namespace selaras::runtime
