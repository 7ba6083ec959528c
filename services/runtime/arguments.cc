#include "services/runtime/arguments.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "services/runtime/errors.h"
#include "services/runtime/text.h"

namespace selaras::runtime {

absl::StatusOr<Arguments> ParseArguments(std::span<const char* const> arguments) {
  Arguments parsed;
  bool check = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    absl::string_view word = arguments[i];
    if (word == "--help" || word == "-h") return Arguments{Arguments::Wish::kHelp, ""};
    if (word == "--version") return Arguments{Arguments::Wish::kVersion, ""};
    if (word == "--check") {
      check = true;
    } else if (word == "--config" && i + 1 < arguments.size()) {
      parsed.config = arguments[++i];
    } else if (absl::ConsumePrefix(&word, "--config=")) {
      parsed.config = std::string(word);
    } else if (word == "--config") {
      return BadSetting("--config", "needs a file", "--help tells more");
    } else {
      return BadSetting(OneLine(word), "not understood", "--help tells more");
    }
  }
  if (parsed.config.empty()) return BadSetting("--config", "missing", "--help tells more");
  if (check) parsed.wish = Arguments::Wish::kCheck;
  return parsed;
}

std::string HelpText(const std::string& program) {
  return absl::StrCat("usage: ", program, " --config FILE [--check]\n", R"(
  --config FILE  configuration of the node, in protobuf text format
                 (selaras/config/v1/config.proto)
  --check        check the configuration and everything it names, and exit
  --version      print the version and exit
  --help         print this and exit

A path $CREDENTIALS_DIRECTORY/NAME in the configuration is that of a credential that systemd handed
to the program (LoadCredential=, LoadCredentialEncrypted=): the place for tls.key, tls.key_passphrase
and log_key. Secrets that others can read are refused.

SIGTERM and SIGINT end it after the calls under way; a second one ends it at once.
Environment: SELARAS_LOG is debug, info (default), warning or error.
Exit codes: 0 done, 1 did not start, 2 misunderstood.
)");
}

}  // namespace selaras::runtime
