#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"

// The layout of a store's directory, and what of it RocksDB does not look after:
//
//   db/            RocksDB
//   lock           held by the process that has the store open; names it
//   ballast        room that is given up when the disk is too full to open the store
//   acknowledged   sizes of the own logs that somebody was told
//   restored       the store was a backup, or lacks entries for another reason: it is in doubt
//   torn-*         ends of write-ahead logs that a power cut tore (torn_tail.h), for whoever asks
namespace selaras::rocks {

std::string DatabaseDirectory(absl::string_view directory);

// Makes the directory if it is absent, durably. FAILED_PRECONDITION if it holds something else
// than a store.
absl::Status PrepareDirectory(absl::string_view directory);

// Whether a database was begun in it.
bool HasDatabase(absl::string_view directory);

// Makes the names in `directory` durable.
absl::Status SyncDirectory(absl::string_view directory);

// Bytes that may still be written there.
absl::StatusOr<std::uint64_t> FreeBytes(absl::string_view directory);

// Holds the store for this process until it is destroyed, or the process ends in any way.
class StoreLock {
 public:
  // UNAVAILABLE if somebody has it.
  static absl::StatusOr<StoreLock> Exclusive(absl::string_view directory);
  // Among readers. Nothing is held where the directory has no lock file, as in a backup.
  static absl::StatusOr<StoreLock> Shared(absl::string_view directory);

  StoreLock(StoreLock&& other) noexcept;
  StoreLock& operator=(StoreLock&& other) noexcept;
  ~StoreLock();

 private:
  explicit StoreLock(int file) : file_(file) {}

  int file_;
};

// Sizes of both own logs.
struct Sizes {
  base::TreeSize shared;
  base::TreeSize private_;
};

// Remembers what was acknowledged. RocksDB takes a damaged end of its write-ahead log for a write
// that was never finished; this tells the two apart. Written after the entries are durable and
// never synced itself, so it claims too little after a power cut, but never too much.
class Acknowledged {
 public:
  static absl::StatusOr<Acknowledged> Open(absl::string_view directory);
  // What the file of `directory` claims; nothing if it is absent or unreadable.
  static Sizes Read(absl::string_view directory);

  Acknowledged(Acknowledged&& other) noexcept;
  Acknowledged& operator=(Acknowledged&& other) noexcept;
  ~Acknowledged();

  void Write(Sizes sizes) const;

 private:
  explicit Acknowledged(int file) : file_(file) {}

  int file_;
};

// The mark of a store that may lack entries: when the backup was made, in microseconds since 1970;
// 0 if it is unknown, or cannot be read. Durable on return.
absl::Status MarkRestored(absl::string_view directory, std::uint64_t made_at);
absl::Status UnmarkRestored(absl::string_view directory);
std::optional<std::uint64_t> ReadRestored(absl::string_view directory);

// Makes a directory that was not there. ALREADY_EXISTS if something is.
absl::Status MakeNewDirectory(absl::string_view directory);

// A file that occupies `bytes`. Made if there is room for it, else not: the store opens without.
void MakeBallast(absl::string_view directory, std::uint64_t bytes);
// Gives its room up. Whether there was any.
bool DropBallast(absl::string_view directory);

}  // namespace selaras::rocks
