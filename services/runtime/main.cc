#include "services/runtime/main.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/runtime/arguments.h"
#include "services/runtime/config.h"
#include "services/runtime/errors.h"
#include "services/runtime/files.h"
#include "services/runtime/notify.h"
#include "services/runtime/signing_keys.h"
#include "services/runtime/text.h"
#include "services/runtime/version.h"
#include "services/runtime/wrapping_key_files.h"
#include "storage/base/status.h"
#include "storage/log/names.h"

namespace selaras::runtime {
namespace {

enum ExitCode { kDone = 0, kDidNotStart = 1, kMisunderstood = 2 };

int Fail(const std::string& program, const absl::Status& status, ExitCode code) {
  WriteToStderr(absl::StrCat(program, ": ", OneLine(status.message()), "\n"));
  return code;
}

// The signals that end the program, kept for Await instead of interrupting a thread. To be made
// before there are other threads: they inherit it.
class StopSignals {
 public:
  StopSignals() {
    std::signal(SIGPIPE, SIG_IGN);  // a peer that went away is an error of one call
    // Sent by tools that replace certificates; these are found without it.
    std::signal(SIGHUP, SIG_IGN);
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  // Waits for the first. The next one ends the process.
  int Await() {
    int signal = 0;
    while (sigwait(&signals_, &signal) != 0) {
    }
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    return signal;
  }

 private:
  sigset_t signals_{};
};

absl::StatusOr<log::NoteSigner> LoadSigner(absl::string_view setting, const std::string& file,
                                           const config::v1::NodeConfig& config) {
  ASSIGN_OR_RETURN(log::NoteSigner signer, ReadNoteSigner(setting, file));
  if (log::LogOfOrigin(signer.name()) == config.node()) return signer;
  return BadSetting(absl::StrCat(setting, " ", file),
                    absl::StrCat("is the key of ", OneLine(signer.name()), ", not of ",
                                 log::OriginOf(config.node())),
                    "name this node's own key");
}

// Nothing if the node does not cosign.
absl::StatusOr<std::optional<log::Cosigner>> LoadCosigner(const config::v1::NodeConfig& config,
                                                          const log::NoteSigner& signer) {
  if (config.witness_key().empty()) return std::nullopt;
  constexpr absl::string_view kCure = "put a key there that selaras key generate --witness made";
  ASSIGN_OR_RETURN(const std::string text, ReadSecretFile(config.witness_key()));
  const std::string field = absl::StrCat("witness_key ", config.witness_key());
  auto cosigner = log::Cosigner::Parse(absl::StripSuffix(text, "\n"));
  if (!cosigner.ok()) return BadSetting(field, OneLine(cosigner.status().message()), kCure);
  if (cosigner->verifier().key().bytes() == signer.verifier().key().bytes()) {
    return BadSetting(field, "is the key that signs the log", kCure);
  }
  return *std::move(cosigner);
}

absl::StatusOr<std::optional<log::Policy>> LoadPolicy(const config::v1::NodeConfig& config,
                                                      const log::NoteSigner& signer) {
  if (config.policy().empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(config.policy(), kConfigBytesMax));
  const std::string field = absl::StrCat("policy ", config.policy());
  auto policy = log::Policy::Parse(text);
  if (!policy.ok()) {
    return BadSetting(field, OneLine(policy.status().message()), "see C2SP tlog-policy");
  }
  // Otherwise nothing of this node could ever meet it.
  if (!policy->Knows(signer.verifier())) {
    return BadSetting(field, absl::StrCat("does not name the log ", signer.VerifierText()),
                      "add a line: log and that key");
  }
  return *std::move(policy);
}

// The successors that the operator accepts, by peer.
absl::StatusOr<std::map<std::string, log::Succession>> LoadSuccessions(
    const config::v1::NodeConfig& config) {
  std::map<std::string, log::Succession> successions;
  for (int i = 0; i < config.peers_size(); ++i) {
    const config::v1::Peer& peer = config.peers(i);
    if (peer.succession().empty()) continue;
    const std::string field = absl::StrCat("peers[", i, "].succession ", peer.succession());
    ASSIGN_OR_RETURN(const std::string text, ReadFile(peer.succession(), kConfigBytesMax));
    auto succession = log::ParseSuccession(text);
    if (!succession.ok()) {
      return BadSetting(field, OneLine(succession.status().message()),
                        "name the file that selaras log succeed wrote at the peer");
    }
    const auto is_configured = [&](const log::NoteVerifier& key) {
      return key.VerifierText() == peer.verifier_key();
    };
    if (!is_configured(succession->next) &&
        std::none_of(succession->past.begin(), succession->past.end(),
                     [&](const auto& past) { return is_configured(past.verifier); })) {
      return BadSetting(field, "is about a log with other keys than the peer's verifier_key",
                        "name the statement of this peer");
    }
    successions.emplace(peer.node(), *std::move(succession));
  }
  return successions;
}

absl::StatusOr<AccessTable> LoadAccess(const config::v1::NodeConfig& config) {
  if (config.access().empty()) return AccessTable::BuiltIn();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(config.access(), kConfigBytesMax));
  auto table = AccessTable::Parse(config.access(), text);
  RETURN_IF_ERROR(base::Annotate(table.status(), "access"));
  return table;
}

// Whether a peer of the configuration is listed. A key that is not the configured one is judged
// where the mirrors are (serve::LinkHub).
AccessNow AccessNowOf(const config::v1::NodeConfig& config,
                      std::shared_ptr<const DirectoryInForce> directory, Clock& clock) {
  AccessNow now{[&clock] { return clock.Now(); }, nullptr};
  if (directory == nullptr) return now;
  now.listed = [&clock, directory = std::move(directory),
                peers = config.peers()](const std::string& node) -> absl::Status {
    const auto peer = std::find_if(peers.begin(), peers.end(),
                                   [&](const auto& each) { return each.node() == node; });
    if (peer == peers.end()) return absl::OkStatus();
    return CheckPeerListed(*directory->get(), *peer, clock.Now(),
                           [](const log::NoteVerifier&) { return true; });
  };
  return now;
}

absl::StatusOr<Environment> Prepare(const std::string& path, reference::AuthorityRole role,
                                    Clock& clock, crypto::RandomSource& random, Logger& log) {
  ASSIGN_OR_RETURN(config::v1::NodeConfig config, LoadConfig(path));
  const auto catalogue = reference::LoadCatalogue(config.reference());
  RETURN_IF_ERROR(base::Annotate(catalogue.status(), "reference"));
  std::shared_ptr<DirectoryInForce> directory;
  Applied applied;
  if (config.has_directory()) {
    ASSIGN_OR_RETURN(directory, DirectoryInForce::Load(config.directory(), config.store()));
    const absl::string_view service = reference::NameOf(role);
    RETURN_IF_ERROR(CheckOwnListing(*directory->get(), service, config));
    applied = ApplyDirectory(*directory->get(), service, catalogue->get(), &config);
  }
  RETURN_IF_ERROR(base::Annotate(CheckConfig(config, role, **catalogue), path));
  NodeAuthorities authorities = AuthoritiesOf(config);
  ASSIGN_OR_RETURN(AccessTable table, LoadAccess(config));
  ASSIGN_OR_RETURN(Tls tls, LoadTls(config.tls(), clock.Now()));
  RETURN_IF_ERROR(CheckNodeIdentity(tls.identity, authorities));
  ASSIGN_OR_RETURN(log::NoteSigner signer, LoadSigner("log_key", config.log_key(), config));
  std::optional<log::NoteSigner> previous_signer;
  if (const std::string& file = config.previous_log_key(); !file.empty()) {
    ASSIGN_OR_RETURN(previous_signer, LoadSigner("previous_log_key", file, config));
  }
  ASSIGN_OR_RETURN(std::optional<log::Cosigner> cosigner, LoadCosigner(config, signer));
  ASSIGN_OR_RETURN(std::optional<log::Policy> policy, LoadPolicy(config, signer));
  ASSIGN_OR_RETURN(vault::WrappingKeys wrapping_keys, LoadWrappingKeys(config.wrapping_keys()));
  ASSIGN_OR_RETURN(auto successions, LoadSuccessions(config));
  AccessNow now = AccessNowOf(config, directory, clock);
  return Environment{std::move(config),
                     *catalogue,
                     Access(std::move(authorities), std::move(table), std::move(now)),
                     std::move(directory),
                     std::move(applied),
                     std::make_shared<TlsInForce>(std::move(tls)),
                     std::move(signer),
                     std::move(previous_signer),
                     std::move(cosigner),
                     std::move(policy),
                     std::move(wrapping_keys),
                     std::move(successions),
                     clock,
                     random,
                     log};
}

int Serve(const std::string& program, Environment environment, const Start& start,
          StopSignals& signals) {
  Logger& log = environment.log;
  const std::string node = environment.access.node().node;
  auto service = start(std::move(environment));
  if (!service.ok()) return Fail(program, service.status(), kDidNotStart);
  log.Info("serving", {{"node", node}, {"address", (*service)->address()}, {"version", Version()}});
  NotifySystemd("READY=1");
  const int signal = signals.Await();
  log.Info("stopping", {{"node", node}, {"signal", signal}});
  NotifySystemd("STOPPING=1");
  (*service)->Stop();
  service->reset();
  log.Info("stopped", {{"node", node}});
  return kDone;
}

}  // namespace

int Main(int argc, char** argv, reference::AuthorityRole role, const Start& start) {
  RequireTls13();
  StopSignals signals;
  const std::string program = std::filesystem::path(argv[0]).filename().string();
  const auto arguments = ParseArguments(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  if (!arguments.ok()) return Fail(program, arguments.status(), kMisunderstood);
  if (arguments->wish == Arguments::Wish::kHelp) {
    std::fputs(HelpText(program).c_str(), stdout);
    return kDone;
  }
  if (arguments->wish == Arguments::Wish::kVersion) {
    std::puts(absl::StrCat(program, " ", Version()).c_str());
    return kDone;
  }

  SystemClock clock;
  crypto::SystemRandom random;
  Logger log(clock, LevelFromEnvironment(), &WriteToStderr);
  auto environment = Prepare(arguments->config, role, clock, random, log);
  if (!environment.ok()) return Fail(program, environment.status(), kDidNotStart);
  if (arguments->wish == Arguments::Wish::kCheck) {
    std::puts(absl::StrCat(program, ": ", arguments->config, " is good").c_str());
    return kDone;
  }
  return Serve(program, *std::move(environment), start, signals);
}

}  // namespace selaras::runtime
