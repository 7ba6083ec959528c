#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/ed25519.h"
#include "storage/log/backups.h"
#include "storage/log/store.h"

namespace selaras::rocks {

struct OpenOptions {
  // Made if it is absent, in a directory that exists. Belongs to this store alone.
  std::string directory;
  // Name of the node: that of its shared log.
  std::string node;
  // Signs the checkpoints of both own logs.
  crypto::SigningKey key;
  // Signs them instead, if the store is still signed with it: see Store::ReplaceKey.
  std::optional<crypto::SigningKey> previous_key = {};
  // While less than this is free on the disk, nothing is written and writes are refused.
  std::uint64_t reserve_bytes = std::uint64_t{64} << 20;
  // Room that is kept occupied, and given up to open the store on a disk that is full. More than
  // recovery may have to write.
  std::uint64_t ballast_bytes = std::uint64_t{48} << 20;
  // Receives the database's warnings, one line each; may be called by any thread.
  std::function<void(absl::string_view line)> diagnostics = {};
};

// The store on disk.
class RocksStore : public log::Store, public log::Backups {
 public:
  // Opens the store, or makes a new one in an empty directory. What recovery found is durable,
  // verified and signed on return. Reads an amount that does not depend on the length of the logs.
  //
  //   UNAVAILABLE          another process has it open; the disk is full or fails.
  //   FAILED_PRECONDITION  no store, one of another node or key, or of a newer format. Nothing in
  //                        the directory was changed, unless a power cut had torn its last write.
  //   DATA_LOSS            the store does not agree with itself.
  //   INVALID_ARGUMENT     the node's name is malformed.
  static absl::StatusOr<std::unique_ptr<RocksStore>> Open(const OpenOptions& options);

  // Everything as of now, to be read while the store is written. As after a kill, the own logs'
  // checkpoints may be older than their sizes, by one batch. DATA_LOSS if the store does not agree
  // with itself. Holds back what the disk could give free: not for long. The store must outlive it.
  virtual absl::StatusOr<std::unique_ptr<log::StoreReader>> AsOfNow() const = 0;
};

// Opens a store that no process runs, without changing it and without its key: checkpoints are
// verified with the keys that the store keeps. Keeps others from opening it for writing. After a
// kill the own logs' checkpoints may be older than their sizes, by one batch.
//
// Errors as above, and FAILED_PRECONDITION if there is no store.
absl::StatusOr<std::unique_ptr<log::StoreReader>> OpenReadOnly(absl::string_view directory);

// Reads every data file of a store that no process runs, and compares it with the checksum that
// was noted when it was written: DATA_LOSS if a byte changed, also one that no entry or row
// depends on. Errors as OpenReadOnly.
absl::Status VerifyFiles(absl::string_view directory);

}  // namespace selaras::rocks
