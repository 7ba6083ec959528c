#include "tests/integration/storage/child.h"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/base/check.h"

namespace selaras::test {

Child::Child(const std::vector<std::string>& arguments, const std::string& errors) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  SELARAS_CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0) << errno;
  // Not fork(): it would copy the page tables of a process with sanitizers.
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  SELARAS_CHECK(failed == 0) << argv[0] << ": " << failed;
  ::close(ends[1]);
  output_ = ends[0];
}

Child::~Child() {
  Kill();
  ::close(output_);
}

std::optional<std::string> Child::TakeLine() {
  const std::size_t end = buffer_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

// Waits for output. False if there will be none.
bool Child::Fill() {
  std::array<char, 4096> bytes;
  ssize_t length = 0;
  do {
    length = ::read(output_, bytes.data(), bytes.size());
  } while (length < 0 && errno == EINTR);
  if (length <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(length));
  return true;
}

std::optional<std::string> Child::ReadLine() {
  for (;;) {
    if (std::optional<std::string> line = TakeLine()) return line;
    if (!Fill()) return std::nullopt;
  }
}

std::vector<std::string> Child::ReadAvailable() {
  pollfd output{.fd = output_, .events = POLLIN, .revents = 0};
  while (::poll(&output, 1, 0) > 0 && (output.revents & POLLIN) != 0 && Fill()) {
  }
  std::vector<std::string> lines;
  while (std::optional<std::string> line = TakeLine()) lines.push_back(*std::move(line));
  return lines;
}

int Child::Kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  return Wait();
}

int Child::Wait() {
  if (pid_ <= 0) return 0;
  int status = 0;
  SELARAS_CHECK(::waitpid(std::exchange(pid_, -1), &status, 0) > 0) << errno;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace selaras::test
