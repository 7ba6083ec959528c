#include "tools/load/child.h"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace selaras::load {
namespace {

constexpr char kSelf[] = "/proc/self/exe";

}  // namespace

absl::StatusOr<Child> Child::Start(const std::vector<std::string>& arguments) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "no pipe to another process");
  }
  std::string self = kSelf;
  std::vector<std::string> words = arguments;
  std::vector<char*> argv = {self.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, kSelf, &files, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::close(in[0]);
  ::close(out[1]);
  if (failed != 0) {
    ::close(in[1]);
    ::close(out[0]);
    return absl::ErrnoToStatus(failed, "another process cannot be started");
  }
  return Child(pid, in[1], out[0]);
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), in_(other.in_), out_(other.out_) {}

Child::~Child() {
  if (pid_ == 0) return;
  ::close(in_);
  ::close(out_);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

absl::StatusOr<std::string> Child::ReadLine() {
  std::string line;
  for (char letter = 0;;) {
    const ssize_t read = ::read(out_, &letter, 1);
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) return absl::UnavailableError("the process ended before it was ready");
    if (letter == '\n') return line;
    line.push_back(letter);
  }
}

}  // namespace selaras::load
