#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// What a power cut may leave at the end of the write-ahead log, and RocksDB takes for corruption.
//
// A batch of several pages that was being written when the power went is on the disk in part: a
// page in its middle may be missing, the one after it present. A sync covers the whole file, so
// behind a sector that was never written nothing was ever acknowledged: it may be cut off. Any
// other difference, as a flipped bit, may be in what was acknowledged, and stays an error.
namespace selaras::rocks {

struct TornTail {
  std::string wal;                 // path of the file
  std::uint64_t offset;            // where the first record begins that was not written whole
  std::vector<std::string> later;  // WAL files that were begun after it
};

// Offset of the first record that is damaged by a sector that was never written, if the first
// damage is of that kind. `wal` is the contents of a WAL file.
std::optional<std::uint64_t> FindTear(absl::string_view wal);

// Looks through the WAL files of the database in `path`, oldest first.
absl::StatusOr<std::optional<TornTail>> FindTornTail(absl::string_view path);

// Cuts it off, durably, and keeps the bytes in files `torn-*` in `keep`.
absl::Status CutTornTail(const TornTail& tail, absl::string_view keep);

}  // namespace selaras::rocks
