#include "storage/rocks/files.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/rocks/errors.h"

namespace selaras::rocks {
namespace {

constexpr absl::string_view kDatabase = "db";
constexpr absl::string_view kLock = "lock";
constexpr absl::string_view kBallast = "ballast";
constexpr absl::string_view kAcknowledged = "acknowledged";
constexpr absl::string_view kRestored = "restored";
constexpr absl::string_view kTorn = "torn-";
constexpr std::size_t kMarkBytes = 8;  // of the digest: enough against chance

std::string In(absl::string_view directory, absl::string_view name) {
  return absl::StrCat(directory, "/", name);
}

// What may lie in a directory in which a store was begun or is to be begun.
bool IsOurs(absl::string_view name) {
  return name == kDatabase || name == kLock || name == kBallast || name == kAcknowledged ||
         name == kRestored || name == "lost+found" || absl::StartsWith(name, kTorn);
}

// The bytes, and the first ones of their digest: a file that a power cut tore claims nothing.
std::string WithMark(std::string bytes) {
  const base::Digest digest = crypto::Sha256(bytes);
  return bytes.append(digest.view().data(), kMarkBytes);
}

std::string EncodeSizes(Sizes sizes) {
  std::string bytes;
  base::AppendU64(&bytes, sizes.shared.value);
  base::AppendU64(&bytes, sizes.private_.value);
  return WithMark(std::move(bytes));
}

std::string EncodeRestored(std::uint64_t made_at) {
  std::string bytes;
  base::AppendU64(&bytes, made_at);
  return WithMark(std::move(bytes));
}

// What the holder of a lock wrote into it.
std::string ReadHolder(int file) {
  std::array<char, 64> text;
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  if (length <= 0) return "";
  return std::string(absl::StripSuffix({text.data(), static_cast<std::size_t>(length)}, "\n"));
}

absl::StatusOr<int> Lock(absl::string_view directory, int flags, int operation) {
  const std::string path = In(directory, kLock);
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0640);
  if (file < 0) return FileFailed("open", path, errno);
  if (::flock(file, operation | LOCK_NB) == 0) return file;
  const int error = errno;
  const std::string holder = ReadHolder(file);
  ::close(file);
  return error == EWOULDBLOCK ? StoreLocked(directory, holder) : FileFailed("lock", path, error);
}

}  // namespace

std::string DatabaseDirectory(absl::string_view directory) { return In(directory, kDatabase); }

bool HasDatabase(absl::string_view directory) {
  return ::access(In(DatabaseDirectory(directory), "CURRENT").c_str(), F_OK) == 0;
}

absl::Status PrepareDirectory(absl::string_view directory) {
  const std::string path(directory);
  if (::mkdir(path.c_str(), 0750) == 0) {
    return SyncDirectory(std::filesystem::absolute(path).parent_path().string());
  }
  if (errno != EEXIST) return FileFailed("make directory", path, errno);
  if (HasDatabase(directory)) return absl::OkStatus();
  std::error_code error;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!IsOurs(name)) return NotAStore(directory, absl::StrCat("it holds ", name));
  }
  return error ? FileFailed("list", path, error.value()) : absl::OkStatus();
}

absl::Status SyncDirectory(absl::string_view directory) {
  const std::string path(directory);
  const int file = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return FileFailed("open", path, errno);
  const int failed = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return failed == 0 ? absl::OkStatus() : FileFailed("sync", path, failed);
}

absl::StatusOr<std::uint64_t> FreeBytes(absl::string_view directory) {
  const std::string path(directory);
  struct statvfs disk;
  if (::statvfs(path.c_str(), &disk) != 0) return FileFailed("look at the disk of", path, errno);
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

absl::StatusOr<StoreLock> StoreLock::Exclusive(absl::string_view directory) {
  ASSIGN_OR_RETURN(const int file, Lock(directory, O_RDWR | O_CREAT, LOCK_EX));
  StoreLock lock(file);
  // For the message that others get. On a full disk it may fail: the lock holds all the same.
  const std::string holder = absl::StrCat("process ", ::getpid(), "\n");
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, holder.data(), holder.size(), 0) < 0) errno = 0;
  return lock;
}

absl::StatusOr<StoreLock> StoreLock::Shared(absl::string_view directory) {
  if (::access(In(directory, kLock).c_str(), F_OK) != 0) return StoreLock(-1);
  ASSIGN_OR_RETURN(const int file, Lock(directory, O_RDONLY, LOCK_SH));
  return StoreLock(file);
}

StoreLock::StoreLock(StoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

StoreLock& StoreLock::operator=(StoreLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

StoreLock::~StoreLock() {
  if (file_ >= 0) ::close(file_);
}

absl::StatusOr<Acknowledged> Acknowledged::Open(absl::string_view directory) {
  const std::string path = In(directory, kAcknowledged);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return FileFailed("open", path, errno);
  return Acknowledged(file);
}

Sizes Acknowledged::Read(absl::string_view directory) {
  const int file = ::open(In(directory, kAcknowledged).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 2 * sizeof(std::uint64_t) + kMarkBytes> bytes{};
  const ssize_t length = ::pread(file, bytes.data(), bytes.size(), 0);
  ::close(file);
  if (length != static_cast<ssize_t>(bytes.size())) return {};
  base::ByteReader reader({bytes.data(), bytes.size()});
  const Sizes sizes{{*reader.ReadU64()}, {*reader.ReadU64()}};
  return EncodeSizes(sizes) == absl::string_view(bytes.data(), bytes.size()) ? sizes : Sizes{};
}

void Acknowledged::Write(Sizes sizes) const {
  const std::string bytes = EncodeSizes(sizes);
  // A failure leaves an older claim, which is as true.
  if (::pwrite(file_, bytes.data(), bytes.size(), 0) < 0) errno = 0;
}

Acknowledged::Acknowledged(Acknowledged&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Acknowledged& Acknowledged::operator=(Acknowledged&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Acknowledged::~Acknowledged() {
  if (file_ >= 0) ::close(file_);
}

absl::Status MarkRestored(absl::string_view directory, std::uint64_t made_at) {
  const std::string path = In(directory, kRestored);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) return FileFailed("open", path, errno);
  const std::string bytes = EncodeRestored(made_at);
  const bool written =
      ::pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()) &&
      ::fsync(file) == 0;
  const int failed = written ? 0 : errno;
  ::close(file);
  return written ? SyncDirectory(directory) : FileFailed("write", path, failed);
}

absl::Status UnmarkRestored(absl::string_view directory) {
  const std::string path = In(directory, kRestored);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return FileFailed("remove", path, errno);
  return SyncDirectory(directory);
}

std::optional<std::uint64_t> ReadRestored(absl::string_view directory) {
  const int file = ::open(In(directory, kRestored).c_str(), O_RDONLY | O_CLOEXEC);
  // A mark that is there and cannot be read is one all the same.
  if (file < 0) return errno == ENOENT ? std::nullopt : std::optional<std::uint64_t>(0);
  std::array<char, sizeof(std::uint64_t) + kMarkBytes> bytes{};
  const ssize_t length = ::pread(file, bytes.data(), bytes.size(), 0);
  ::close(file);
  if (length != static_cast<ssize_t>(bytes.size())) return 0;
  const absl::string_view read(bytes.data(), bytes.size());
  const std::uint64_t made_at = *base::ByteReader(read).ReadU64();
  return EncodeRestored(made_at) == read ? made_at : 0;
}

absl::Status MakeNewDirectory(absl::string_view directory) {
  const std::string path(directory);
  if (::mkdir(path.c_str(), 0750) == 0) {
    return SyncDirectory(std::filesystem::absolute(path).parent_path().string());
  }
  return errno == EEXIST ? DirectoryExists(path) : FileFailed("make directory", path, errno);
}

void MakeBallast(absl::string_view directory, std::uint64_t bytes) {
  const std::string path = In(directory, kBallast);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return;
  struct stat present;
  const bool complete =
      ::fstat(file, &present) == 0 && static_cast<std::uint64_t>(present.st_blocks) * 512 >= bytes;
  const bool made = complete || ::posix_fallocate(file, 0, static_cast<off_t>(bytes)) == 0;
  ::close(file);
  if (!made) ::unlink(path.c_str());  // half a ballast would only take the room away
}

bool DropBallast(absl::string_view directory) {
  return ::unlink(In(directory, kBallast).c_str()) == 0;
}

}  // namespace selaras::rocks
