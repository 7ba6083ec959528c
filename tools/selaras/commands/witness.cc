#include "tools/selaras/witness.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "selaras/cli/v1/output.pb.h"
#include "selaras/config/v1/witness.pb.h"

#include "storage/base/status.h"
#include "storage/log/log_keys.h"
#include "storage/log/names.h"
#include "storage/log/succession.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/config_text.h"
#include "tools/selaras/context.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr absl::Duration kCallMax = absl::Seconds(15);
constexpr std::uint32_t kIntervalDefault = 10;
constexpr std::uint32_t kIntervalMax = 3'600;

struct WitnessOptions {
  std::string config;
  bool once = false;
};

struct Watched {
  WitnessedLog log;
  std::unique_ptr<Node> node;
};

// Two that share a state could cosign a smaller checkpoint after a larger one: one at a time.
class StateLock {
 public:
  static absl::StatusOr<StateLock> Take(const std::string& folder) {
    const std::string file = folder + "/lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return CannotWrite(file, errno);
    StateLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return StateInUse(folder);
    return lock;
  }
  StateLock(StateLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  StateLock& operator=(StateLock&&) = delete;
  ~StateLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit StateLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Whoever reads the key can cosign in the witness's name.
absl::Status CheckSecret(const std::string& file) {
  std::error_code error;
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  const auto mode = std::filesystem::status(file, error).permissions();
  if (error || (mode & others) == std::filesystem::perms::none) return absl::OkStatus();
  return SecretIsOpen(file);
}

// Everything that a witness starts from.
struct Setup {
  StateLock lock;
  log::Cosigner cosigner;
  std::vector<Watched> logs;
  absl::Duration interval;
};

std::string Beside(const std::string& file, const std::string& path) {
  return (std::filesystem::path(file).parent_path() / path).string();
}

absl::StatusOr<config::v1::WitnessConfig> ReadConfig(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  config::v1::WitnessConfig config;
  RETURN_IF_ERROR(ParseConfig(file, text, &config));
  const auto required = [&](absl::string_view field, bool there) {
    return there ? absl::OkStatus() : BadSetting(file, field, "missing", "name it there");
  };
  RETURN_IF_ERROR(required("key", !config.key().empty()));
  RETURN_IF_ERROR(required("state", !config.state().empty()));
  RETURN_IF_ERROR(required("tls", config.has_tls()));
  RETURN_IF_ERROR(required("logs", !config.logs().empty()));
  if (config.interval_seconds() > kIntervalMax) {
    return BadSetting(
        file, "interval_seconds", absl::StrCat(config.interval_seconds(), " is too long"),
        absl::StrCat("use 1 to ", kIntervalMax, ", or leave it out for ", kIntervalDefault));
  }
  return config;
}

absl::StatusOr<log::Cosigner> ReadKey(const std::string& file,
                                      const config::v1::WitnessConfig& config) {
  const std::string path = Beside(file, config.key());
  RETURN_IF_ERROR(CheckSecret(path));
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  auto cosigner = log::Cosigner::Parse(absl::StripSuffix(text, "\n"));
  if (cosigner.ok()) return cosigner;
  return BadSetting(file, "key", absl::StrCat(path, ": ", cosigner.status().message()),
                    "put a key there that selaras key generate --witness made");
}

// `field` is the path of `log` in the file.
absl::StatusOr<log::NoteVerifier> ReadVerifier(const std::string& file, const std::string& field,
                                               const config::v1::WitnessedLog& log) {
  if (const absl::Status bad = log::CheckNodeName(log.node()); !bad.ok()) {
    return BadSetting(file, field + ".node", Printable(bad.message()),
                      "name the node as selaras status of it does");
  }
  constexpr absl::string_view kCure =
      "copy it from the node: selaras checkpoint show prints it there";
  const std::string key = field + ".verifier_key";
  auto verifier = log::NoteVerifier::Parse(log.verifier_key());
  if (!verifier.ok()) return BadSetting(file, key, verifier.status().message(), kCure);
  if (log::LogOfOrigin(verifier->name()) == log.node()) return verifier;
  return BadSetting(
      file, key,
      absl::StrCat("is the key of ", Printable(verifier->name()), ", not of ", log.node()), kCure);
}

// The successor that the operator accepts, if any.
absl::StatusOr<std::optional<log::Succession>> ReadSuccession(const std::string& file,
                                                              const std::string& field,
                                                              const config::v1::WitnessedLog& log,
                                                              const log::NoteVerifier& verifier) {
  if (log.succession().empty()) return std::nullopt;
  const std::string path = Beside(file, log.succession());
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(log::Succession succession, log::ParseSuccession(text));
  const bool is_next = succession.next.VerifierText() == verifier.VerifierText();
  if (!is_next && !log::LogKeys(verifier).SucceededBy(succession).ok()) {
    return BadSetting(file, field + ".succession",
                      absl::StrCat(path, " is about other keys than the verifier_key"),
                      absl::StrCat("name the statement of the log of ", log.node()));
  }
  return succession;
}

absl::StatusOr<std::unique_ptr<Setup>> MakeSetup(Context& context, const std::string& file) {
  ASSIGN_OR_RETURN(const config::v1::WitnessConfig config, ReadConfig(file));
  ASSIGN_OR_RETURN(log::Cosigner cosigner, ReadKey(file, config));
  const std::string state = Beside(file, config.state());
  std::error_code error;
  std::filesystem::create_directories(state, error);
  if (error) return CannotWrite(state, error.value());
  ASSIGN_OR_RETURN(StateLock lock, StateLock::Take(state));
  auto setup = std::make_unique<Setup>(
      Setup{std::move(lock),
            std::move(cosigner),
            {},
            absl::Seconds(config.interval_seconds() == 0 ? kIntervalDefault
                                                         : config.interval_seconds())});
  std::set<std::string> names;
  for (int i = 0; i < config.logs_size(); ++i) {
    const config::v1::WitnessedLog& log = config.logs(i);
    const std::string field = absl::StrCat("logs[", i, "]");
    ASSIGN_OR_RETURN(log::NoteVerifier verifier, ReadVerifier(file, field, log));
    if (!names.insert(log.node()).second) {
      return BadSetting(file, field + ".node", absl::StrCat(log.node(), " stands there twice"),
                        "name every log once");
    }
    ASSIGN_OR_RETURN(auto succession, ReadSuccession(file, field, log, verifier));
    ASSIGN_OR_RETURN(auto node, context.Connect({log.address(), Beside(file, config.tls().ca()),
                                                 Beside(file, config.tls().certificate()),
                                                 Beside(file, config.tls().key()), kCallMax}));
    setup->logs.push_back({WitnessedLog(log.node(), std::move(verifier), std::move(succession),
                                        setup->cosigner, state),
                           std::move(node)});
  }
  return setup;
}

// What came of one round over all logs.
struct Round {
  bool over = true;  // no log is left that a later look could find sound
  ExitCode worst = ExitCode::kOk;
};

// What is worse has the larger number: who does not answer may do so later, who refuses must be
// asked why, and a log that was rewritten outweighs all that happens to others.
int Weight(ExitCode code) {
  switch (code) {
    case ExitCode::kOk:
      return 0;
    case ExitCode::kUnreachable:
      return 1;
    case ExitCode::kDifference:
      return 3;
    default:
      return 2;
  }
}

cli::v1::WitnessedLog ToOutput(const std::string& name, const absl::StatusOr<Look>& look) {
  cli::v1::WitnessedLog told;
  told.set_log(name);
  if (!look.ok()) {
    told.set_rewritten(absl::IsDataLoss(look.status()));
    told.set_problem(std::string(look.status().message()));
    return told;
  }
  told.set_size(look->size.value);
  if (look->cosigned) {
    told.set_cosigned_at(absl::FormatTime(absl::RFC3339_sec, *look->cosigned, absl::UTCTimeZone()));
  }
  return told;
}

std::string InWords(const cli::v1::WitnessedLog& told) {
  if (!told.problem().empty()) return absl::StrCat(told.log(), ": ", Printable(told.problem()));
  if (told.cosigned_at().empty()) return absl::StrCat(told.log(), ": nothing was published yet");
  return absl::StrCat(told.log(), ": cosigned at ", Count(told.size(), "entry"), ", ",
                      told.cosigned_at());
}

// Says only what is new.
Round LookAtAll(Context& context, Setup& setup, std::map<std::string, std::string>& said) {
  Round round;
  for (Watched& watched : setup.logs) {
    const auto look = watched.log.LookAt(*watched.node, context.clock().Now());
    round.over = round.over && absl::IsDataLoss(look.status());
    round.worst = std::max(round.worst, ExitCodeOf(look.status()),
                           [](ExitCode a, ExitCode b) { return Weight(a) < Weight(b); });
    const cli::v1::WitnessedLog told = ToOutput(watched.log.name(), look);
    const std::string words = InWords(told);
    if (std::exchange(said[watched.log.name()], words) == words) continue;
    Output& output = context.output();
    if (output.json()) {
      output.Json(told);
    } else {
      output.Print(absl::StrCat(words, "\n"));
    }
    output.Flush();
  }
  return round;
}

ExitCode Run(Context& context, const WitnessOptions& options) {
  Output& output = context.output();
  const auto setup = MakeSetup(context, options.config);
  if (!setup.ok()) return output.Fail(setup.status());
  std::map<std::string, std::string> said;
  while (true) {
    const Round round = LookAtAll(context, **setup, said);
    if (options.once || round.over) return round.worst;
    context.clock().Sleep((*setup)->interval);
  }
}

}  // namespace

Command WitnessCommand() {
  const auto options = std::make_shared<WitnessOptions>();
  return {.name = "witness",
          .summary = "watch over logs from outside: see that they only grow, and cosign them",
          .details =
              "For an auditor or an ombudsman. Sees sizes and hashes, nothing of what is written. "
              "Each node must name the witness in its configuration. Runs until it is ended; with "
              "--once it looks at every log once and ends with 0, with 5 if a log was rewritten or "
              "turned back, else with 1 if a node refused or what it says could not be used, else "
              "with 6 if "
              "one did not answer. A log that was rewritten is not cosigned any more; both signed "
              "statements are in its evidence file, and selaras checkpoint "
              "verify says what that proves. A log that was turned back proves nothing before it "
              "has grown again: as long as its evidence is no proof, each look asks for one. When "
              "its owner has closed it, name the statement as its succession, once you have "
              "compared the fingerprint.",
          .examples =
              "selaras witness --config ombudsman.textproto\n"
              "selaras witness --config ombudsman.textproto --once",
          .source = Source::kNothing,
          .options = {{"--config", "FILE", &options->config,
                       "see proto/selaras/config/v1/witness.proto", true},
                      {"--once", "", &options->once, "look once, for cron"}},
          .run = [options](Context& context) { return Run(context, *options); }};
}

}  // namespace selaras::cli
