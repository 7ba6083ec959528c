#include "storage/rocks/rocks_store.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "storage/log/note.h"
#include "storage/log/rules.h"
#include "storage/rocks/errors.h"
#include "storage/rocks/files.h"
#include "storage/rocks/identity.h"
#include "storage/rocks/own_log_writer.h"
#include "storage/rocks/store_core.h"
#include "storage/rocks/table_rows.h"
#include "storage/rocks/torn_tail.h"

namespace selaras::rocks {
namespace {

constexpr std::size_t kRowsPerEntryBytes = 128;  // keys, leaf hash, share of the nodes above

std::size_t BytesOf(const std::vector<log::RowWrite>& rows) {
  std::size_t bytes = 4'096;  // heads
  for (const log::RowWrite& row : rows) {
    bytes += row.key.size() + (row.value ? row.value->size() : 0) + kRowsPerEntryBytes;
  }
  return bytes;
}

std::size_t BytesOf(const log::AppendBatch& batch) {
  std::size_t bytes = BytesOf(batch.rows);
  for (const std::string& entry : batch.shared) bytes += entry.size() + kRowsPerEntryBytes;
  for (const std::string& entry : batch.private_) bytes += entry.size() + kRowsPerEntryBytes;
  return bytes;
}

std::size_t BytesOf(const log::RecoveryBatch& batch) {
  std::size_t bytes = BytesOf(batch.rows);
  for (const log::RecoveredLeaf& leaf : batch.leaves) {
    bytes += (leaf.entry ? leaf.entry->size() : 0) + kRowsPerEntryBytes;
  }
  for (const log::DisclosedEntry& entry : batch.found) {
    bytes += entry.bytes.size() + kRowsPerEntryBytes;
  }
  return bytes;
}

bool IsCommitted(log::Table table) {
  return table == log::Table::kRequest || table == log::Table::kState;
}

class ReadOnlyStore final : public log::StoreReader {
 public:
  // No lock: it is that of the store that is open for writing.
  ReadOnlyStore(std::optional<StoreLock> lock, std::unique_ptr<StoreCore> core)
      : lock_(std::move(lock)), core_(std::move(core)) {}

  const log::LogReader& shared() const override { return core_->shared(); }
  const log::LogReader& private_log() const override { return core_->private_log(); }
  std::vector<const log::Mirror*> mirrors() const override { return core_->Mirrors(); }
  const log::Mirror* FindMirror(absl::string_view name) const override {
    return core_->FindMirror(name);
  }
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override {
    return core_->Get(table, key, nullptr);
  }
  absl::Status Scan(
      log::Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override {
    return core_->Scan(table, prefix, from, row, nullptr);
  }
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before) const override {
    return core_->Last(table, prefix, before, nullptr);
  }
  absl::StatusOr<std::vector<log::Evidence>> evidence() const override { return core_->Evidence(); }

 private:
  const std::optional<StoreLock> lock_;
  const std::unique_ptr<StoreCore> core_;
};

class RocksStoreImpl final : public RocksStore {
 public:
  RocksStoreImpl(std::string directory, StoreLock lock, Acknowledged acknowledged,
                 std::unique_ptr<StoreCore> core, log::NoteSigner shared_signer,
                 log::NoteSigner private_signer)
      : directory_(std::move(directory)),
        doubt_(ReadRestored(directory_)),
        lock_(std::move(lock)),
        acknowledged_(std::move(acknowledged)),
        core_(std::move(core)),
        shared_writer_(core_->shared(), std::move(shared_signer)),
        private_writer_(core_->private_log(), std::move(private_signer)) {
    Publish(shared_writer_.SignRecovered(), private_writer_.SignRecovered());
  }

  ~RocksStoreImpl() override {
    Database::Batch batch(core_->database());
    shared_writer_.PutCheckpoint(batch);
    private_writer_.PutCheckpoint(batch);
    // Conveniences for the next start and for offline readers: nothing depends on them.
    core_->database().TryCommit(batch, /*sync=*/true).IgnoreError();
    core_->database().Flush().IgnoreError();
  }

  const log::LogReader& shared() const override { return core_->shared(); }
  const log::LogReader& private_log() const override { return core_->private_log(); }
  std::vector<const log::Mirror*> mirrors() const override { return core_->Mirrors(); }
  const log::Mirror* FindMirror(absl::string_view name) const override {
    return core_->FindMirror(name);
  }

  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override {
    return core_->Get(table, key, VisibleTo(table).get());
  }

  absl::Status Scan(
      log::Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override {
    return core_->Scan(table, prefix, from, row, VisibleTo(table).get());
  }

  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before) const override {
    return core_->Last(table, prefix, before, VisibleTo(table).get());
  }

  absl::StatusOr<std::vector<log::Evidence>> evidence() const override { return core_->Evidence(); }

  absl::StatusOr<log::Appended> Append(const log::AppendBatch& batch) override {
    RETURN_IF_ERROR(log::CheckBatch(core_->shared().name(), batch));
    RETURN_IF_ERROR(core_->room().Check());
    const std::lock_guard lock(append_mutex_);
    Database::Batch writes(core_->database(), BytesOf(batch));
    merkle::Frontier shared_edge = shared_writer_.Stage(batch.shared, writes);
    merkle::Frontier private_edge = private_writer_.Stage(batch.private_, writes);
    PutRows(batch.rows, writes);
    core_->database().Commit(writes, /*sync=*/true);

    return Seal(std::move(shared_edge), std::move(private_edge));
  }

  absl::StatusOr<log::Appended> Recover(const log::RecoveryBatch& batch) override {
    RETURN_IF_ERROR(core_->room().Check());
    const std::lock_guard lock(append_mutex_);
    RETURN_IF_ERROR(log::CheckRecovery(core_->shared(), batch));
    Database::Batch writes(core_->database(), BytesOf(batch));
    merkle::Frontier edge = shared_writer_.StageRecovered(batch.leaves, batch.found, writes);
    PutRows(batch.rows, writes);
    core_->database().Commit(writes, /*sync=*/true);
    shared_writer_.VerifyFound(batch.found);
    return Seal(std::move(edge), core_->private_log().head()->edge);
  }

  absl::Status Write(const std::vector<log::RowWrite>& rows, log::Durability durability) override {
    RETURN_IF_ERROR(log::CheckRows(rows));
    // What only deletes makes room.
    const bool adds = std::any_of(rows.begin(), rows.end(),
                                  [](const log::RowWrite& row) { return row.value.has_value(); });
    if (adds) RETURN_IF_ERROR(core_->room().Check());
    Database::Batch batch(core_->database());
    PutRows(rows, batch);
    core_->database().Commit(batch, durability == log::Durability::kSynced);
    return absl::OkStatus();
  }

  absl::Status Reclaim(log::Table table) override {
    return core_->database().Rewrite(FamilyOf(table));
  }

  absl::Status ReplaceKey(const crypto::SigningKey& next) override {
    RETURN_IF_ERROR(core_->room().Check());
    const std::lock_guard lock(append_mutex_);
    Database::Batch writes(core_->database());
    ASSIGN_OR_RETURN(log::KeyChange shared, shared_writer_.StageKey(next, writes));
    ASSIGN_OR_RETURN(log::KeyChange private_log, private_writer_.StageKey(next, writes));
    core_->database().Commit(writes, /*sync=*/true);
    shared_writer_.Apply(std::move(shared));
    private_writer_.Apply(std::move(private_log));
    return absl::OkStatus();
  }

  absl::StatusOr<log::Mirror*> OpenMirror(absl::string_view name,
                                          const log::NoteVerifier& verifier) override {
    return core_->OpenMirror(name, verifier);
  }

  absl::Status Succeed(absl::string_view name, const log::Succession& succession,
                       const std::vector<log::RowWrite>& rows) override {
    return core_->Succeed(name, succession, rows);
  }

  absl::StatusOr<log::BackupSizes> Backup(const std::string& directory, absl::Time now) override {
    RETURN_IF_ERROR(MakeNewDirectory(directory));
    absl::StatusOr<log::BackupSizes> sizes = CopyTo(directory, now);
    if (!sizes.ok()) {
      std::error_code ignored;
      std::filesystem::remove_all(directory, ignored);
    }
    return sizes;
  }

  std::optional<log::StoreDoubt> doubt() const override {
    const std::lock_guard lock(doubt_mutex_);
    if (!doubt_) return std::nullopt;
    const auto made_at = static_cast<std::int64_t>(*doubt_);
    return made_at == 0 ? log::StoreDoubt() : log::StoreDoubt{absl::FromUnixMicros(made_at)};
  }

  absl::Status SetDoubt() override {
    const std::lock_guard lock(doubt_mutex_);
    if (doubt_) return absl::OkStatus();
    doubt_ = 0;
    return MarkRestored(directory_, *doubt_);
  }

  absl::Status ClearDoubt() override {
    const std::lock_guard lock(doubt_mutex_);
    RETURN_IF_ERROR(UnmarkRestored(directory_));
    doubt_.reset();
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<log::StoreReader>> AsOfNow() const override {
    ASSIGN_OR_RETURN(std::unique_ptr<StoreCore> core,
                     StoreCore::Load(core_->database().AsOfNow(), core_->shared().name(),
                                     Room(std::string(), 0)));
    return std::make_unique<ReadOnlyStore>(std::nullopt, std::move(core));
  }

 private:
  // The mark first: whatever is left of a copy that was broken off is in doubt, too.
  absl::StatusOr<log::BackupSizes> CopyTo(const std::string& directory, absl::Time now) {
    RETURN_IF_ERROR(MarkRestored(directory, static_cast<std::uint64_t>(absl::ToUnixMicros(now))));
    // Before the copy is made: it holds at least as much.
    const log::BackupSizes sizes{shared().size(), private_log().size()};
    RETURN_IF_ERROR(core_->database().Copy(DatabaseDirectory(directory)));
    ASSIGN_OR_RETURN(const Acknowledged acknowledged, Acknowledged::Open(directory));
    acknowledged.Write({sizes.shared, sizes.private_});
    RETURN_IF_ERROR(SyncDirectory(directory));
    return sizes;
  }

  // After the commit of what both logs become: reads back, signs, shows, notes as told.
  log::Appended Seal(merkle::Frontier shared_edge, merkle::Frontier private_edge) {
    Recovered shared = shared_writer_.Seal(std::move(shared_edge));
    Recovered private_log = private_writer_.Seal(std::move(private_edge));
    log::Appended appended{shared.edge.size(), private_log.edge.size(), shared.checkpoint};
    Publish(std::move(shared), std::move(private_log));
    acknowledged_.Write({appended.shared_size, appended.private_size});
    return appended;
  }

  // Rows that are written with entries appear when these do: not when they are committed, and not
  // later either. Who already sees an entry waits here for its rows.
  void Publish(Recovered shared, Recovered private_log) {
    std::shared_ptr<const rocksdb::Snapshot> snapshot = core_->database().Snapshot();
    const std::lock_guard lock(snapshot_mutex_);
    shared_writer_.Publish(std::move(shared));
    private_writer_.Publish(std::move(private_log));
    snapshot_.swap(snapshot);
  }

  std::shared_ptr<const rocksdb::Snapshot> VisibleTo(log::Table table) const {
    if (!IsCommitted(table)) return nullptr;
    const std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
  }

  const std::string directory_;
  mutable std::mutex doubt_mutex_;
  std::optional<std::uint64_t> doubt_;  // under doubt_mutex_: what the mark says
  const StoreLock lock_;
  const Acknowledged acknowledged_;
  const std::unique_ptr<StoreCore> core_;
  OwnLogWriter shared_writer_;
  OwnLogWriter private_writer_;
  std::mutex append_mutex_;
  mutable std::mutex snapshot_mutex_;                  // held only to copy or to publish
  std::shared_ptr<const rocksdb::Snapshot> snapshot_;  // goes before the database
};

// Gives up the ballast if recovery needs its room.
absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(const OpenOptions& options) {
  const std::string path = DatabaseDirectory(options.directory);
  absl::StatusOr<std::unique_ptr<Database>> database =
      Database::Open(path, HasDatabase(options.directory), options.diagnostics);
  if (absl::IsResourceExhausted(database.status()) && DropBallast(options.directory)) {
    database = Database::Open(path, HasDatabase(options.directory), options.diagnostics);
  }
  if (absl::IsResourceExhausted(database.status())) {
    return NoRoomToOpen(options.directory, database.status().message());
  }
  return database;
}

// Whose store is in the directory, if any; a tear is mended on the way.
absl::StatusOr<std::optional<Identity>> IdentityOf(absl::string_view directory) {
  if (!HasDatabase(directory)) return std::nullopt;
  absl::StatusOr<std::optional<Identity>> identity = PeekIdentity(directory);
  if (!absl::IsDataLoss(identity.status())) return identity;
  ASSIGN_OR_RETURN(const std::optional<TornTail> tail, FindTornTail(DatabaseDirectory(directory)));
  if (!tail) return identity;
  RETURN_IF_ERROR(CutTornTail(*tail, directory));
  return PeekIdentity(directory);
}

// What somebody was told must be there.
absl::Status CheckAcknowledged(absl::string_view directory, const StoreCore& core) {
  const Sizes told = Acknowledged::Read(directory);
  for (const auto& [log, size] :
       {std::pair<const OwnLog&, base::TreeSize>(core.shared(), told.shared),
        {core.private_log(), told.private_}}) {
    if (log.size() < size) return AcknowledgedMissing(directory, log.name(), size, log.size());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::Open(const OpenOptions& options) {
  RETURN_IF_ERROR(log::CheckNodeName(options.node));
  RETURN_IF_ERROR(PrepareDirectory(options.directory));
  ASSIGN_OR_RETURN(StoreLock lock, StoreLock::Exclusive(options.directory));
  ASSIGN_OR_RETURN(const std::optional<Identity> identity, IdentityOf(options.directory));
  if (identity && identity->node != options.node) {
    return StoreOfAnotherNode(options.directory, identity->node, options.node);
  }
  const std::uint32_t generation =
      identity ? log::GenerationOf(identity->key.substr(0, identity->key.find('+'))) : 1;
  ASSIGN_OR_RETURN(log::NoteSigner shared_signer,
                   log::NoteSigner::Make(log::OriginOf(options.node, generation), options.key));
  if (identity && identity->key != shared_signer.VerifierText()) {
    const std::string wanted = shared_signer.VerifierText();
    if (options.previous_key) {
      ASSIGN_OR_RETURN(shared_signer,
                       log::NoteSigner::Make(shared_signer.name(), *options.previous_key));
    }
    if (identity->key != shared_signer.VerifierText()) {
      return StoreOfAnotherKey(options.directory, identity->key, wanted);
    }
  }
  ASSIGN_OR_RETURN(
      log::NoteSigner private_signer,
      log::NoteSigner::Make(log::OriginOf(log::PrivateLogName(options.node), generation),
                            shared_signer.key()));

  ASSIGN_OR_RETURN(std::unique_ptr<Database> database, OpenDatabase(options));
  if (!identity) {
    ASSIGN_OR_RETURN(const bool blank, IsBlank(*database));
    if (!blank) return NotAStore(options.directory, "its database says of no node whose it is");
    RETURN_IF_ERROR(SyncDirectory(options.directory));  // so that the database itself is found
    Database::Batch batch(*database);
    PutIdentity(*database, batch, options.node, shared_signer, private_signer);
    database->Commit(batch, /*sync=*/true);
  }
  MakeBallast(options.directory, options.ballast_bytes);
  ASSIGN_OR_RETURN(std::unique_ptr<StoreCore> core,
                   StoreCore::Load(std::move(database), options.node,
                                   Room(options.directory, options.reserve_bytes)));
  RETURN_IF_ERROR(CheckAcknowledged(options.directory, *core));
  ASSIGN_OR_RETURN(Acknowledged acknowledged, Acknowledged::Open(options.directory));
  return std::make_unique<RocksStoreImpl>(options.directory, std::move(lock),
                                          std::move(acknowledged), std::move(core),
                                          std::move(shared_signer), std::move(private_signer));
}

absl::StatusOr<std::unique_ptr<log::StoreReader>> OpenReadOnly(absl::string_view directory) {
  if (!HasDatabase(directory)) return NotAStore(directory, "there is no database in it");
  ASSIGN_OR_RETURN(StoreLock lock, StoreLock::Shared(directory));
  const absl::StatusOr<std::optional<Identity>> identity = PeekIdentity(directory);
  if (absl::IsDataLoss(identity.status())) {
    ASSIGN_OR_RETURN(const std::optional<TornTail> tail,
                     FindTornTail(DatabaseDirectory(directory)));
    return tail ? TornByPowerCut(directory) : identity.status();
  }
  RETURN_IF_ERROR(identity);
  if (!*identity) return NotAStore(directory, "its first start was not finished");
  ASSIGN_OR_RETURN(std::unique_ptr<Database> database,
                   Database::OpenReadOnly(DatabaseDirectory(directory)));
  ASSIGN_OR_RETURN(
      std::unique_ptr<StoreCore> core,
      StoreCore::Load(std::move(database), (*identity)->node, Room(std::string(directory), 0)));
  RETURN_IF_ERROR(CheckAcknowledged(directory, *core));
  return std::make_unique<ReadOnlyStore>(std::move(lock), std::move(core));
}

absl::Status VerifyFiles(absl::string_view directory) {
  if (!HasDatabase(directory)) return NotAStore(directory, "there is no database in it");
  ASSIGN_OR_RETURN(const StoreLock lock, StoreLock::Shared(directory));
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                   Database::OpenReadOnly(DatabaseDirectory(directory)));
  return database->VerifyFiles();
}

}  // namespace selaras::rocks
