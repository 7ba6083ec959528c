#include "tools/selaras/files.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "storage/base/status.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }
  int number() const { return number_; }

 private:
  const int number_;
};

absl::Status WriteAll(const std::string& path, int flags, int mode, absl::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode));
  if (file.number() < 0) return CannotWrite(path, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return CannotWrite(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file.number()) == 0 || errno == EINVAL ? absl::OkStatus()
                                                        : CannotWrite(path, errno);
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return CannotRead(path, errno);
  std::string bytes;
  char buffer[64 << 10];
  for (;;) {
    const ssize_t read = ::read(file.number(), buffer, sizeof buffer);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return CannotRead(path, errno);
    if (read == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(read));
  }
}

absl::Status WriteFile(const std::string& path, absl::string_view bytes) {
  return WriteAll(path, O_TRUNC, 0644, bytes);
}

absl::Status WriteSecretFile(const std::string& path, absl::string_view bytes) {
  return WriteAll(path, O_EXCL, 0600, bytes);
}

}  // namespace selaras::cli
