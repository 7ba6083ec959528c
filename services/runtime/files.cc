#include "services/runtime/files.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/runtime/errors.h"
#include "storage/base/status.h"

namespace selaras::runtime {
namespace {

constexpr std::size_t kSecretBytesMax = 64u << 10;
constexpr ::mode_t kOthers = 077;
constexpr ::mode_t kOthersOfCredential = 037;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string Why() { return std::strerror(errno); }

// A regular file, with what the file system says of exactly this one.
absl::StatusOr<File> OpenRegular(const std::string& path, struct ::stat* about) {
  // Without O_NONBLOCK a named pipe would be waited for.
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), about) != 0) {
    return CannotRead(path, Why());
  }
  if (S_ISDIR(about->st_mode)) return CannotRead(path, "Is a directory");
  if (!S_ISREG(about->st_mode)) return CannotRead(path, "Not a regular file");
  return file;
}

absl::StatusOr<std::string> ReadAll(const File& file, const std::string& path,
                                    std::size_t bytes_max) {
  std::string content;
  char buffer[16 << 10];
  for (;;) {
    const ssize_t count = ::read(file.descriptor(), buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(path, Why());
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > bytes_max) return FileTooLarge(path, bytes_max);
  }
}

absl::Status WriteAll(const File& file, const std::string& path, absl::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(file.descriptor(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotWrite(path, Why());
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return absl::OkStatus();
}

bool IsCredential(const std::string& path) {
  const std::string folder = CredentialsFolder();
  return !folder.empty() && absl::StartsWith(path, absl::StrCat(folder, "/")) &&
         path.find('/', folder.size() + 1) == std::string::npos;
}

absl::Status Replace(const std::string& path, absl::string_view content, ::mode_t mode) {
  const std::string made = absl::StrCat(path, ".new.", ::getpid());
  {
    const File file(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.descriptor() < 0) return CannotWrite(path, Why());
    if (absl::Status written = WriteAll(file, path, content); !written.ok()) {
      ::unlink(made.c_str());
      return written;
    }
    if (::fsync(file.descriptor()) != 0) {
      absl::Status unsynced = CannotWrite(path, Why());
      ::unlink(made.c_str());
      return unsynced;
    }
  }
  if (std::rename(made.c_str(), path.c_str()) == 0) return SyncFolderOf(path);
  absl::Status refused = CannotWrite(path, Why());
  ::unlink(made.c_str());
  return refused;
}

}  // namespace

absl::Status SyncFolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.descriptor() >= 0 && ::fsync(file.descriptor()) == 0 ? absl::OkStatus()
                                                                   : CannotWrite(path, Why());
}

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t bytes_max) {
  struct ::stat about{};
  ASSIGN_OR_RETURN(const File file, OpenRegular(path, &about));
  return ReadAll(file, path, bytes_max);
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  struct ::stat about{};
  ASSIGN_OR_RETURN(const File file, OpenRegular(path, &about));
  if (about.st_uid != ::geteuid() && about.st_uid != 0) return SecretOfOther(path, about.st_uid);
  const bool credential = about.st_uid == 0 && IsCredential(path);
  const ::mode_t others = credential ? kOthersOfCredential : kOthers;
  if ((about.st_mode & others) != 0) return SecretIsOpen(path, about.st_mode & 07777);
  return ReadAll(file, path, kSecretBytesMax);
}

std::string CredentialsFolder() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder == nullptr ? "" : folder;
}

absl::Status WriteFileAtomically(const std::string& path, absl::string_view content) {
  return Replace(path, content, 0644);
}

absl::Status WriteSecretFileAtomically(const std::string& path, absl::string_view content) {
  return Replace(path, content, 0600);
}

}  // namespace selaras::runtime
