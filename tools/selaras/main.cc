// The command line of Selaras. Names every concrete part; see program.h.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include <sys/ioctl.h>
#include <unistd.h>

#include "storage/crypto/random.h"
#include "storage/rocks/rocks_store.h"
#include "storage/rocks/scratch.h"
#include "storage/rocks/successor.h"
#include "tools/selaras/clock.h"
#include "tools/selaras/grpc_node.h"
#include "tools/selaras/program.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
// A third of what a command takes under the sanitizer would be a search for leaks in a process that
// ends anyway. cli_test looks for them in most of the same code.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif
#endif

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

// Only one that is there: nothing is made by mistake.
absl::StatusOr<selaras::cli::WritableStore> WriteStore(const std::string& directory,
                                                       const selaras::cli::NodeFile& node) {
  std::error_code none;
  if (!std::filesystem::is_directory(directory + "/db", none)) {
    return absl::FailedPreconditionError(directory + " is no store: there is no database in it");
  }
  std::optional<selaras::crypto::SigningKey> previous_key;
  if (node.previous_signer) previous_key = node.previous_signer->key();
  absl::StatusOr<std::unique_ptr<selaras::rocks::RocksStore>> opened =
      selaras::rocks::RocksStore::Open({.directory = directory,
                                        .node = node.node,
                                        .key = node.signer.key(),
                                        .previous_key = std::move(previous_key)});
  if (!opened.ok()) return opened.status();
  const std::shared_ptr<selaras::rocks::RocksStore> store = *std::move(opened);
  return selaras::cli::WritableStore{store, store.get()};
}

std::size_t TerminalWidth() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
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
      .make_successor = selaras::rocks::MakeSuccessor,
      .make_scratch =
          [] { return selaras::rocks::MakeScratch(FromEnvironment("TMPDIR").value_or("/tmp")); },
      .write_store = WriteStore,
      .environment = FromEnvironment,
      .clock = &clock,
      .random = &random,
  };
  const selaras::cli::Streams streams{&std::cout, &std::cerr, isatty(STDOUT_FILENO) == 1,
                                      isatty(STDERR_FILENO) == 1, TerminalWidth()};
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  return static_cast<int>(selaras::cli::RunProgram(world, streams, std::move(arguments)));
}
