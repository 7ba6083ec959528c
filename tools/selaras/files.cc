#include "tools/selaras/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
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

// Whether the open file is the one of that name.
bool Bears(int descriptor, const std::string& name) {
  struct stat open{};
  struct stat named{};
  return ::fstat(descriptor, &open) == 0 && ::lstat(name.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

// Gives an errno, or 0. Some file systems cannot rename so; a moment long the file has both names.
int RenameIfFree(const std::string& draft, const std::string& path) {
  if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::link(draft.c_str(), path.c_str()) != 0) return errno;
  return ::unlink(draft.c_str()) == 0 ? 0 : errno;
}

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// Makes durable which files it holds.
absl::Status SyncFolder(const std::string& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0) return CannotWrite(folder, errno);
  return ::fsync(directory.number()) == 0 || errno == EINVAL ? absl::OkStatus()
                                                             : CannotWrite(folder, errno);
}

// Gives a draft its name, for good, and closes it.
absl::Status TakeName(const std::string& draft, const std::string& path, bool replace,
                      int* descriptor) {
  if (::fsync(*descriptor) != 0) return CannotWrite(path, errno);
  if (replace) {
    if (std::rename(draft.c_str(), path.c_str()) != 0) return CannotWrite(path, errno);
  } else if (const int error = RenameIfFree(draft, path); error != 0) {
    return error == EEXIST ? FileExists(path) : CannotWrite(path, error);
  }
  ::close(std::exchange(*descriptor, -1));
  return SyncFolder(FolderOf(path));
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

absl::StatusOr<absl::Time> WrittenAt(const std::string& path) {
  struct stat about{};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &about) : ::stat(path.c_str(), &about);
  if (failed != 0) return CannotRead(path, errno);
  return absl::TimeFromTimespec(about.st_mtim);
}

absl::StatusOr<FileReader> FileReader::Open(const std::string& path, std::uint64_t offset) {
  const int descriptor =
      path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotRead(path, errno);
  FileReader reader(path, descriptor);
  if (offset > 0 && ::lseek(descriptor, static_cast<off_t>(offset), SEEK_SET) < 0) {
    return CannotRead(path, errno);
  }
  return reader;
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
  return TakeName(draft_, path_, /*replace=*/true, &descriptor_);
}

absl::Status WriteFileAtomically(const std::string& path, absl::string_view bytes) {
  ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  RETURN_IF_ERROR(file.Append(bytes));
  return file.Commit();
}

absl::StatusOr<PartFile> PartFile::Open(const std::string& path, absl::string_view of) {
  std::string part = absl::StrCat(path, ".", absl::StrReplaceAll(of, {{"/", "_"}}), ".part");
  int descriptor =
      ::open(part.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (descriptor < 0) return errno == ELOOP ? NotYourPart(part) : CannotWrite(part, errno);
  const absl::Cleanup close = [&descriptor] {
    if (descriptor >= 0) ::close(descriptor);
  };
  struct stat about{};
  if (::fstat(descriptor, &about) != 0) return CannotWrite(part, errno);
  if (!S_ISREG(about.st_mode) || about.st_uid != ::geteuid()) return NotYourPart(part);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? PartInUse(part) : CannotWrite(part, errno);
  }
  // Whoever had it locked may have named it otherwise, or written more.
  if (!Bears(descriptor, part)) return PartInUse(part);
  if (::fstat(descriptor, &about) != 0) return CannotWrite(part, errno);
  if (about.st_nlink != 1) return NotYourPart(part);
  if (::fchmod(descriptor, S_IRUSR | S_IWUSR) != 0) return CannotWrite(part, errno);
  return PartFile(path, std::move(part), std::exchange(descriptor, -1),
                  static_cast<std::uint64_t>(about.st_size));
}

PartFile::PartFile(PartFile&& other) noexcept
    : path_(std::move(other.path_)),
      part_(std::move(other.part_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

PartFile::~PartFile() {
  if (descriptor_ < 0) return;
  struct stat about{};
  // Before it is unlocked: afterwards it may be another's.
  const bool empty = ::fstat(descriptor_, &about) == 0 && about.st_size == 0;
  if (empty && Bears(descriptor_, part_)) ::unlink(part_.c_str());
  ::close(descriptor_);
}

absl::StatusOr<std::string> PartFile::Tail(std::size_t bytes_max) const {
  std::string bytes(std::min<std::uint64_t>(bytes_max, size_), '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t read = ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                                 static_cast<off_t>(size_ - bytes.size() + done));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) return CannotRead(part_, read < 0 ? errno : EIO);
    done += static_cast<std::size_t>(read);
  }
  return bytes;
}

absl::Status PartFile::Append(absl::string_view bytes) {
  RETURN_IF_ERROR(WriteTo(descriptor_, part_, bytes));
  size_ += bytes.size();
  return absl::OkStatus();
}

absl::Status PartFile::Commit(Existing existing) {
  struct stat about{};
  if (::fstat(descriptor_, &about) != 0) return CannotWrite(part_, errno);
  if (static_cast<std::uint64_t>(about.st_size) != size_ || !Bears(descriptor_, part_)) {
    return PartChanged(part_);
  }
  return TakeName(part_, path_, existing == Existing::kReplace, &descriptor_);
}

absl::Status WriteSecretFile(const std::string& path, absl::string_view bytes) {
  return WriteAll(path, O_EXCL, 0600, bytes);
}

absl::StatusOr<FolderLock> FolderLock::Take(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return CannotRead(folder, errno);
  FolderLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  return errno == EWOULDBLOCK ? FolderInUse(folder) : CannotRead(folder, errno);
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

absl::StatusOr<NewFolder> NewFolder::Make(const std::string& path) {
  std::string name = path;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  std::error_code error;
  const auto about = std::filesystem::symlink_status(name, error);
  // Somebody may stand in `.`, and a link stays what it is.
  const bool gives_way =
      std::filesystem::is_directory(about) && name != "." && std::filesystem::is_empty(name, error);
  if (std::filesystem::exists(about) && !gives_way) return NotEmpty(name);
  std::string draft = absl::StrCat(name, ".XXXXXX");
  if (::mkdtemp(draft.data()) == nullptr) return CannotWrite(name, errno);  // for its owner alone
  return NewFolder(std::move(name), std::move(draft));
}

NewFolder::NewFolder(NewFolder&& other) noexcept
    : path_(std::move(other.path_)), draft_(std::exchange(other.draft_, "")) {}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!draft_.empty()) std::filesystem::remove_all(draft_, ignored);
}

absl::Status NewFolder::Commit() {
  RETURN_IF_ERROR(SyncFolder(draft_));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(draft_)) {
    if (entry.is_directory()) RETURN_IF_ERROR(SyncFolder(entry.path().string()));
  }
  // An empty folder of the name gives way; anything else does not.
  if (std::rename(draft_.c_str(), path_.c_str()) != 0) {
    return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ? NotEmpty(path_)
                                                                     : CannotWrite(path_, errno);
  }
  draft_.clear();
  return SyncFolder(FolderOf(path_));
}

}  // namespace selaras::cli
