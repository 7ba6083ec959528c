#include "storage/rocks/torn_tail.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <unistd.h>

#include "storage/base/status.h"
#include "storage/rocks/crc32c.h"
#include "storage/rocks/errors.h"
#include "storage/rocks/files.h"

namespace selaras::rocks {
namespace {

// RocksDB's log format: blocks of records that do not cross them; a record is a checksum of all
// that follows (4 bytes), the length of its payload (2), a type (1) and the payload. Numbers are
// little-endian. What is left at the end of a block and too small for a header is zero.
constexpr std::uint64_t kBlock = 32 << 10;
constexpr std::uint64_t kHeader = 7;
constexpr std::uint64_t kSector = 512;  // the least that a disk writes

std::uint64_t LittleEndian(absl::string_view bytes) {
  std::uint64_t value = 0;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    value = value << 8 | static_cast<std::uint8_t>(*byte);
  }
  return value;
}

bool ChecksumFits(absl::string_view record) {
  const std::uint32_t crc = Crc32c(record.substr(6));
  const std::uint32_t masked = std::rotr(crc, 15) + 0xa282ead8u;  // as RocksDB stores it
  return LittleEndian(record.substr(0, 4)) == masked;
}

bool IsZero(absl::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == '\0'; });
}

// Whether a sector that the bytes [begin, end) lie in was never written; of the first one that is
// only what it has from `begin` on. A few zeros at an edge may be chance and prove nothing.
bool HasUnwrittenSector(absl::string_view wal, std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t from = begin; from < end; from = (from / kSector + 1) * kSector) {
    const std::uint64_t next = std::min<std::uint64_t>((from / kSector + 1) * kSector, wal.size());
    const bool enough = std::min(next, end) - from >= kHeader;
    if (enough && IsZero(wal.substr(from, next - from))) return true;
  }
  return false;
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (!(bytes << file.rdbuf()) && file.fail()) return FileFailed("read", path, errno);
  return std::move(bytes).str();
}

absl::Status WriteDurably(const std::string& path, absl::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) return FileFailed("make", path, errno);
  ssize_t written = 1;
  while (!bytes.empty() && (written = ::write(file, bytes.data(), bytes.size())) > 0) {
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const int failed = written > 0 && ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return failed == 0 ? absl::OkStatus() : FileFailed("write", path, failed);
}

absl::Status TruncateDurably(const std::string& path, std::uint64_t size) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return FileFailed("open", path, errno);
  const int failed =
      ::ftruncate(file, static_cast<off_t>(size)) == 0 && ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return failed == 0 ? absl::OkStatus() : FileFailed("cut", path, failed);
}

absl::Status Cut(const std::string& wal, std::uint64_t offset, absl::string_view keep) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(wal));
  if (bytes.size() <= offset) return absl::OkStatus();
  const std::string name = std::filesystem::path(wal).filename().string();
  RETURN_IF_ERROR(
      WriteDurably(absl::StrCat(keep, "/torn-", name), absl::string_view(bytes).substr(offset)));
  RETURN_IF_ERROR(SyncDirectory(keep));
  return TruncateDurably(wal, offset);
}

}  // namespace

std::optional<std::uint64_t> FindTear(absl::string_view wal) {
  std::uint64_t at = 0;
  while (at + kHeader <= wal.size()) {
    const std::uint64_t block_end = std::min<std::uint64_t>((at / kBlock + 1) * kBlock, wal.size());
    if (at + kHeader > block_end) {  // the rest of a block
      at = block_end;
      continue;
    }
    const std::uint64_t length = LittleEndian(wal.substr(at + 4, 2));
    const bool no_header = length == 0 && wal[at + 6] == '\0';
    if (no_header && IsZero(wal.substr(at))) return std::nullopt;  // room kept for later: an end
    if (!no_header && at + kHeader + length > wal.size()) return std::nullopt;  // RocksDB's tail
    const std::uint64_t end = no_header ? block_end : at + kHeader + length;
    if (no_header || end > block_end || !ChecksumFits(wal.substr(at, end - at))) {
      if (end <= block_end && HasUnwrittenSector(wal, at, end)) return at;
      return std::nullopt;
    }
    at = end;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<TornTail>> FindTornTail(absl::string_view path) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(std::string(path), error), end; !error && it != end;
       it.increment(error)) {
    if (absl::EndsWith(it->path().string(), ".log")) files.push_back(it->path().string());
  }
  if (error) return FileFailed("list", path, error.value());
  std::sort(files.begin(), files.end());  // names are numbers of one width
  for (auto wal = files.begin(); wal != files.end(); ++wal) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(*wal));
    if (const std::optional<std::uint64_t> offset = FindTear(bytes)) {
      return TornTail{*wal, *offset, {wal + 1, files.end()}};
    }
  }
  return std::nullopt;
}

absl::Status CutTornTail(const TornTail& tail, absl::string_view keep) {
  // The newest first: what a second power cut leaves is a tear again.
  for (auto later = tail.later.rbegin(); later != tail.later.rend(); ++later) {
    RETURN_IF_ERROR(Cut(*later, 0, keep));
  }
  return Cut(tail.wal, tail.offset, keep);
}

}  // namespace selaras::rocks
