#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/store.h"
#include "storage/rocks/database.h"
#include "storage/rocks/evidence_rows.h"
#include "storage/rocks/identity.h"
#include "storage/rocks/rocks_log.h"
#include "storage/rocks/rocks_mirror.h"
#include "storage/rocks/room.h"

namespace selaras::rocks {

// The opened parts of a store, for whoever writes it and whoever only reads it. Thread-safe.
class StoreCore {
 public:
  // Recovers every log of the database. DATA_LOSS if one does not agree with itself.
  static absl::StatusOr<std::unique_ptr<StoreCore>> Load(std::unique_ptr<Database> database,
                                                         absl::string_view node, Room room);

  Database& database() const { return *database_; }
  const Room& room() const { return room_; }
  OwnLog& shared() const { return *shared_; }
  OwnLog& private_log() const { return *private_; }

  std::vector<const log::Mirror*> Mirrors() const;
  const log::Mirror* FindMirror(absl::string_view name) const;
  absl::StatusOr<log::Mirror*> OpenMirror(absl::string_view name,
                                          const log::NoteVerifier& verifier);
  absl::Status Succeed(absl::string_view name, const log::Succession& succession,
                       const std::vector<log::RowWrite>& rows);

  absl::StatusOr<std::optional<std::string>> Get(log::Table table, absl::string_view key,
                                                 const rocksdb::Snapshot* snapshot) const;
  absl::Status Scan(log::Table table, absl::string_view prefix, absl::string_view from,
                    const std::function<bool(absl::string_view, absl::string_view)>& row,
                    const rocksdb::Snapshot* snapshot) const;
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before,
      const rocksdb::Snapshot* snapshot) const;
  absl::StatusOr<std::vector<log::Evidence>> Evidence() const { return evidence_.All(); }

 private:
  StoreCore(std::unique_ptr<Database> database, Room room)
      : database_(std::move(database)), room_(std::move(room)), evidence_(*database_) {}

  absl::StatusOr<std::unique_ptr<OwnLog>> LoadOwn(absl::string_view name, const KnownLog& known);
  absl::Status LoadMirror(absl::string_view name, const KnownLog& known);

  const std::unique_ptr<Database> database_;
  const Room room_;
  EvidenceRows evidence_;
  std::unique_ptr<OwnLog> shared_;
  std::unique_ptr<OwnLog> private_;
  mutable std::shared_mutex mirrors_mutex_;
  std::map<std::string, std::unique_ptr<RocksMirror>, std::less<>> mirrors_;
  Slot next_slot_ = Slot::kFirstMirror;
};

}  // namespace selaras::rocks
