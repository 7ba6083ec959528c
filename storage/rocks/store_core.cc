#include "storage/rocks/store_core.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/names.h"
#include "storage/log/rules.h"
#include "storage/rocks/errors.h"
#include "storage/rocks/recover.h"
#include "storage/rocks/table_rows.h"

namespace selaras::rocks {

absl::StatusOr<std::unique_ptr<StoreCore>> StoreCore::Load(std::unique_ptr<Database> database,
                                                           absl::string_view node, Room room) {
  std::unique_ptr<StoreCore> core(new StoreCore(std::move(database), std::move(room)));
  ASSIGN_OR_RETURN(const auto logs, ReadLogs(*core->database_));
  for (const auto& [name, known] : logs) {
    if (known.slot == Slot::kShared) {
      ASSIGN_OR_RETURN(core->shared_, core->LoadOwn(name, known));
    } else if (known.slot == Slot::kPrivate) {
      ASSIGN_OR_RETURN(core->private_, core->LoadOwn(name, known));
    } else {
      RETURN_IF_ERROR(core->LoadMirror(name, known));
    }
  }
  if (core->shared_ == nullptr || core->shared_->name() != node) return RowMalformed(node);
  if (core->private_ == nullptr) return RowMalformed(log::PrivateLogName(node));
  return core;
}

absl::StatusOr<std::unique_ptr<OwnLog>> StoreCore::LoadOwn(absl::string_view name,
                                                           const KnownLog& known) {
  LogRows rows(*database_, std::string(name), known.slot);
  ASSIGN_OR_RETURN(Recovered recovered, RecoverOwnLog(rows, known.keys));
  return std::make_unique<OwnLog>(std::move(rows), known.keys, std::move(recovered));
}

absl::Status StoreCore::LoadMirror(absl::string_view name, const KnownLog& known) {
  LogRows rows(*database_, std::string(name), known.slot);
  ASSIGN_OR_RETURN(Recovered recovered, RecoverMirror(rows, known.keys));
  ASSIGN_OR_RETURN(const std::uint64_t held, rows.KeptCount());
  mirrors_.emplace(
      name, std::make_unique<RocksMirror>(std::move(rows), known.keys, std::move(recovered), held,
                                          *database_, evidence_, room_));
  next_slot_ = std::max(next_slot_, Next(known.slot));
  return absl::OkStatus();
}

std::vector<const log::Mirror*> StoreCore::Mirrors() const {
  const std::shared_lock lock(mirrors_mutex_);
  std::vector<const log::Mirror*> all;
  for (const auto& [name, mirror] : mirrors_) all.push_back(mirror.get());
  return all;
}

const log::Mirror* StoreCore::FindMirror(absl::string_view name) const {
  const std::shared_lock lock(mirrors_mutex_);
  const auto found = mirrors_.find(name);
  return found == mirrors_.end() ? nullptr : found->second.get();
}

absl::StatusOr<log::Mirror*> StoreCore::OpenMirror(absl::string_view name,
                                                   const log::NoteVerifier& verifier) {
  RETURN_IF_ERROR(log::CheckMirrorName(shared_->name(), name));
  const std::unique_lock lock(mirrors_mutex_);
  auto mirror = mirrors_.find(name);
  if (mirror == mirrors_.end()) {
    RETURN_IF_ERROR(room_.Check());
    if (static_cast<std::uint16_t>(next_slot_) > kSlotMax) return TooManyLogs();
    const Slot slot = next_slot_;
    Database::Batch batch(*database_);
    PutLog(batch, name, slot, verifier);
    LogRows(*database_, std::string(name), slot).PutHead(batch, merkle::Frontier(), "");
    database_->Commit(batch, /*sync=*/true);
    RETURN_IF_ERROR(LoadMirror(name, {slot, log::LogKeys(verifier)}));
    mirror = mirrors_.find(name);
  }
  const log::LogKeys keys = *mirror->second->keys();
  if (keys.Has(verifier)) return mirror->second.get();
  return log::MirrorOfAnotherKey(name, keys.newest().VerifierText(), verifier.VerifierText());
}

absl::Status StoreCore::Succeed(absl::string_view name, const log::Succession& succession,
                                const std::vector<log::RowWrite>& rows) {
  RETURN_IF_ERROR(log::CheckRows(rows));
  const std::unique_lock lock(mirrors_mutex_);
  const auto mirror = mirrors_.find(name);
  if (mirror == mirrors_.end()) return log::NoMirror(name);
  return mirror->second->Succeed(succession, rows);
}

absl::StatusOr<std::optional<std::string>> StoreCore::Get(log::Table table, absl::string_view key,
                                                          const rocksdb::Snapshot* snapshot) const {
  if (!database_->Has(FamilyOf(table))) return std::nullopt;
  return database_->Get(FamilyOf(table), key, snapshot);
}

absl::Status StoreCore::Scan(log::Table table, absl::string_view prefix, absl::string_view from,
                             const std::function<bool(absl::string_view, absl::string_view)>& row,
                             const rocksdb::Snapshot* snapshot) const {
  if (!database_->Has(FamilyOf(table))) return absl::OkStatus();
  Database::Rows rows = database_->Scan(FamilyOf(table), std::max(prefix, from), "", snapshot);
  for (; rows.Valid() && absl::StartsWith(rows.key(), prefix); rows.Next()) {
    if (!row(rows.key(), rows.value())) return absl::OkStatus();
  }
  return rows.Valid() ? absl::OkStatus() : rows.status();
}

absl::StatusOr<std::optional<std::pair<std::string, std::string>>> StoreCore::Last(
    log::Table table, absl::string_view prefix, absl::string_view before,
    const rocksdb::Snapshot* snapshot) const {
  if (!database_->Has(FamilyOf(table))) return std::nullopt;
  return database_->LastRow(FamilyOf(table), prefix, before, snapshot);
}

}  // namespace selaras::rocks
