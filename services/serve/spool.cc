#include "services/serve/spool.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

namespace selaras::serve {
namespace {

constexpr std::uint64_t kBytesMax = std::uint64_t{4} << 30;

absl::Status Failed(absl::string_view what, int error) {
  return absl::UnavailableError(absl::StrCat("cannot ", what,
                                             " a file beside the store: ", std::strerror(error),
                                             "; look at the disk and try again"));
}

}  // namespace

absl::StatusOr<std::shared_ptr<Spool>> Spool::Create(const std::string& directory) {
  int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {  // not every file system has files without names
    std::string name = directory + "/spool.XXXXXX";
    file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0) ::unlink(name.c_str());
  }
  if (file < 0) return Failed("make", errno);
  return std::shared_ptr<Spool>(new Spool(file));
}

Spool::~Spool() { ::close(file_); }

absl::Status Spool::Append(absl::string_view bytes) {
  if (size_ + bytes.size() > kBytesMax) {
    return absl::ResourceExhaustedError("a file of more than 4 GiB; name the right file");
  }
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Spool::Read(std::uint64_t at, std::size_t bytes) const {
  std::string read(bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes) {
    const ssize_t part =
        ::pread(file_, read.data() + filled, bytes - filled, static_cast<off_t>(at + filled));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) return Failed("read", errno);
    if (part == 0) break;
    filled += static_cast<std::size_t>(part);
  }
  read.resize(filled);
  return read;
}

}  // namespace selaras::serve
