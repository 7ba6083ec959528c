// Drives load against nodes of Selaras. Names every concrete part; see program.h.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include <unistd.h>

#include "storage/crypto/random.h"
#include "storage/rocks/rocks_store.h"
#include "storage/rocks/scratch.h"
#include "tools/load/program.h"
#include "tools/selaras/clock.h"
#include "tools/selaras/grpc_node.h"
#include "tools/selaras/program.h"

namespace {

class SystemClock final : public selaras::cli::Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
  void Sleep(absl::Duration duration) override { absl::SleepFor(duration); }
};

std::optional<std::string> FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

int main(int argc, char** argv) {
  SystemClock clock;
  selaras::crypto::SystemRandom random;
  const selaras::cli::World world{
      .connect = selaras::cli::ConnectNode,
      .open_store =
          [](const std::string& directory) { return selaras::rocks::OpenReadOnly(directory); },
      .verify_files =
          [](const std::string& directory) { return selaras::rocks::VerifyFiles(directory); },
      .make_scratch =
          [] { return selaras::rocks::MakeScratch(FromEnvironment("TMPDIR").value_or("/tmp")); },
      .environment = FromEnvironment,
      .clock = &clock,
      .random = &random,
  };
  const selaras::cli::Streams streams{&std::cout, &std::cerr, isatty(STDOUT_FILENO) == 1,
                                      isatty(STDERR_FILENO) == 1};
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  return static_cast<int>(
      selaras::cli::RunCommands(selaras::load::Program(), world, streams, std::move(arguments)));
}
