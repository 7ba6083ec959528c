#include "tools/selaras/files.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

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

absl::Status WriteTo(int descriptor, const std::string& path, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return CannotWrite(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WriteAll(const std::string& path, int flags, int mode, absl::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode));
  if (file.number() < 0) return CannotWrite(path, errno);
  RETURN_IF_ERROR(WriteTo(file.number(), path, bytes));
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

absl::StatusOr<FileReader> FileReader::Open(const std::string& path) {
  const int descriptor =
      path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotRead(path, errno);
  return FileReader(path, descriptor);
}

FileReader::FileReader(FileReader&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FileReader::~FileReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

absl::StatusOr<std::string> FileReader::Read(std::size_t bytes_max) {
  std::string bytes(bytes_max, '\0');
  ssize_t read = 0;
  do {
    read = ::read(descriptor_, bytes.data(), bytes.size());
  } while (read < 0 && errno == EINTR);
  if (read < 0) return CannotRead(path_, errno);
  bytes.resize(static_cast<std::size_t>(read));
  return bytes;
}

absl::Status WriteFile(const std::string& path, absl::string_view bytes) {
  return WriteAll(path, O_TRUNC, 0644, bytes);
}

absl::StatusOr<AtomicFile> AtomicFile::Create(const std::string& path) {
  std::string draft = path + ".XXXXXX";
  const int descriptor = ::mkostemp(draft.data(), O_CLOEXEC);  // readable for the owner only
  if (descriptor < 0) return CannotWrite(path, errno);
  return AtomicFile(path, std::move(draft), descriptor);
}

AtomicFile::AtomicFile(std::string path, std::string draft, int descriptor)
    : path_(std::move(path)), draft_(std::move(draft)), descriptor_(descriptor) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      draft_(std::move(other.draft_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(draft_.c_str());
}

absl::Status AtomicFile::Append(absl::string_view bytes) {
  return WriteTo(descriptor_, path_, bytes);
}

absl::Status AtomicFile::Commit() {
  if (::fsync(descriptor_) != 0) return CannotWrite(path_, errno);
  if (std::rename(draft_.c_str(), path_.c_str()) != 0) return CannotWrite(path_, errno);
  ::close(std::exchange(descriptor_, -1));
  const std::size_t slash = path_.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0) return CannotWrite(path_, errno);
  return ::fsync(directory.number()) == 0 || errno == EINVAL ? absl::OkStatus()
                                                             : CannotWrite(path_, errno);
}

absl::Status WriteSecretFile(const std::string& path, absl::string_view bytes) {
  return WriteAll(path, O_EXCL, 0600, bytes);
}

}  // namespace selaras::cli
