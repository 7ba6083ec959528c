#include "storage/rocks/database.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

#include "rocksdb/utilities/checkpoint.h"
#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/rocks/status.h"

namespace selaras::rocks {
namespace {

constexpr absl::string_view kReading = "reading the store";

}  // namespace

absl::StatusOr<std::vector<std::string>> Database::ListFamilies(const std::string& path) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::ListColumnFamilies(DatabaseOptions({}), path, &names),
                            "listing the families of the store"));
  return names;
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& path, bool exists,
                                                         Diagnostics diagnostics) {
  std::vector<std::string> present = {rocksdb::kDefaultColumnFamilyName};
  if (exists) {
    ASSIGN_OR_RETURN(present, ListFamilies(path));
  }
  std::vector<std::string> names = present;  // and those that are missing, after these
  for (const char* name : kFamilyNames) {
    if (std::find(present.begin(), present.end(), name) == present.end()) names.emplace_back(name);
  }
  const std::vector<rocksdb::ColumnFamilyDescriptor> all =
      FamilyDescriptors(names, kBlockCacheBytes);
  const auto missing = all.begin() + static_cast<std::ptrdiff_t>(present.size());

  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::Open(DatabaseOptions(std::move(diagnostics)), path,
                                              {all.begin(), missing}, &handles, &db),
                            "opening the store"));
  std::unique_ptr<Database> database(new Database);
  database->db_.reset(db);
  database->Adopt(handles);
  if (missing != all.end()) {
    // Together: RocksDB's own option to create them writes its options file for each.
    handles.clear();
    const rocksdb::Status made =
        database->db_->CreateColumnFamilies({missing, all.end()}, &handles);
    database->Adopt(handles);
    RETURN_IF_ERROR(FromRocks(made, "making the families of the store"));
  }
  return database;
}

absl::StatusOr<std::unique_ptr<Database>> Database::OpenReadOnly(
    const std::string& path, const std::vector<Family>& families) {
  std::vector<std::string> names = {rocksdb::kDefaultColumnFamilyName};
  for (const Family family : families) {
    names.emplace_back(kFamilyNames[static_cast<std::size_t>(family)]);
  }
  if (families.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> present, ListFamilies(path));
    for (const char* name : kFamilyNames) {
      const bool late = name == kFamilyNames[static_cast<std::size_t>(Family::kPublished)] ||
                        name == kFamilyNames[static_cast<std::size_t>(Family::kAttachment)];
      if (late && std::find(present.begin(), present.end(), name) == present.end()) continue;
      names.emplace_back(name);
    }
  }
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  RETURN_IF_ERROR(FromRocks(
      rocksdb::DB::OpenForReadOnly(DatabaseOptions({}), path,
                                   FamilyDescriptors(names, kOfflineCacheBytes), &handles, &db),
      "opening the store read-only"));
  std::unique_ptr<Database> database(new Database);
  database->db_.reset(db);
  database->Adopt(handles);
  return database;
}

void Database::Adopt(const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  all_handles_.insert(all_handles_.end(), handles.begin(), handles.end());
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    const auto name = std::find(kFamilyNames.begin(), kFamilyNames.end(), handle->GetName());
    if (name != kFamilyNames.end()) {
      handles_[static_cast<std::size_t>(name - kFamilyNames.begin())] = handle;
    }
  }
}

std::unique_ptr<Database> Database::AsOfNow() const {
  std::unique_ptr<Database> view(new Database);
  view->db_ = db_;
  view->handles_ = handles_;  // which the original gives back
  view->pinned_ = Snapshot();
  return view;
}

Database::~Database() {
  if (pinned_ != nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : all_handles_) {
    db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();  // what was acknowledged is synced long since
}

absl::StatusOr<std::optional<std::string>> Database::Get(Family family, absl::string_view key,
                                                         const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = Effective(snapshot);
  std::string value;
  const rocksdb::Status status = db_->Get(options, Handle(family), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  RETURN_IF_ERROR(FromRocks(status, kReading));
  return value;
}

absl::Status Database::Rows::status() const { return FromRocks(iterator_->status(), kReading); }

Database::Rows Database::Scan(Family family, absl::string_view from, absl::string_view end,
                              const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = Effective(snapshot);
  return Scan(std::move(options), family, from, end);
}

Database::Rows Database::ScanOnce(Family family, absl::string_view from,
                                  absl::string_view end) const {
  rocksdb::ReadOptions options;
  options.snapshot = pinned_.get();
  options.fill_cache = false;
  options.readahead_size = 128 << 10;  // as the kernel does; larger ones cost more than they spare
  return Scan(std::move(options), family, from, end);
}

Database::Rows Database::Scan(rocksdb::ReadOptions options, Family family, absl::string_view from,
                              absl::string_view end) const {
  Rows rows;
  if (!end.empty()) {
    rows.end_ = std::make_unique<std::string>(end);
    rows.end_slice_ = std::make_unique<rocksdb::Slice>(*rows.end_);
    options.iterate_upper_bound = rows.end_slice_.get();
  }
  rows.iterator_.reset(db_->NewIterator(options, Handle(family)));
  rows.iterator_->Seek(ToSlice(from));
  return rows;
}

absl::StatusOr<std::optional<std::string>> Database::LastKey(Family family, absl::string_view from,
                                                             absl::string_view end) const {
  const rocksdb::Slice upper = ToSlice(end);
  rocksdb::ReadOptions options;
  options.snapshot = pinned_.get();
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options, Handle(family)));
  row->SeekToLast();
  RETURN_IF_ERROR(FromRocks(row->status(), kReading));
  if (!row->Valid() || ToView(row->key()) < from) return std::nullopt;
  return row->key().ToString();
}

absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Database::LastRow(
    Family family, absl::string_view prefix, absl::string_view before,
    const rocksdb::Snapshot* snapshot) const {
  std::string end(prefix);  // the first key past them; empty: there is none
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  if (!before.empty() && (end.empty() || before < end)) end = std::string(before);
  const rocksdb::Slice upper = end;
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  if (!end.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options, Handle(family)));
  row->SeekToLast();
  RETURN_IF_ERROR(FromRocks(row->status(), kReading));
  if (!row->Valid() || !absl::StartsWith(ToView(row->key()), prefix)) return std::nullopt;
  return std::pair(row->key().ToString(), row->value().ToString());
}

void Database::Batch::Put(Family family, absl::string_view key, absl::string_view value) {
  const rocksdb::Status status = batch_.Put(database_.Handle(family), ToSlice(key), ToSlice(value));
  SELARAS_CHECK(status.ok()) << status.ToString();
}

void Database::Batch::Delete(Family family, absl::string_view key) {
  const rocksdb::Status status = batch_.Delete(database_.Handle(family), ToSlice(key));
  SELARAS_CHECK(status.ok()) << status.ToString();
}

absl::Status Database::TryCommit(Batch& batch, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  return FromRocks(db_->Write(options, &batch.batch_), "writing to the store");
}

void Database::Commit(Batch& batch, bool sync) {
  const absl::Status written = TryCommit(batch, sync);
  if (!written.ok()) EndProcess("a write failed", written);
}

absl::Status Database::Flush() {
  return FromRocks(db_->Flush(rocksdb::FlushOptions(), all_handles_), "writing out the store");
}

absl::Status Database::Rewrite(Family family) {
  RETURN_IF_ERROR(Flush());  // the write-ahead log has them, too
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
  options.blob_garbage_collection_age_cutoff = 1.0;  // of all files, not of the oldest only
  options.exclusive_manual_compaction = false;
  return FromRocks(db_->CompactRange(options, Handle(family), nullptr, nullptr),
                   "rewriting a family of the store");
}

absl::Status Database::Copy(const std::string& path) {
  constexpr absl::string_view kCopying = "copying the store";
  rocksdb::Checkpoint* made = nullptr;
  RETURN_IF_ERROR(FromRocks(rocksdb::Checkpoint::Create(db_.get(), &made), kCopying));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // Writes out what stands in the write-ahead log only, so that none has to be copied.
  return FromRocks(checkpoint->CreateCheckpoint(path, /*log_size_for_flush=*/0), kCopying);
}

absl::Status Database::VerifyFiles() {
  return FromRocks(db_->VerifyFileChecksums(rocksdb::ReadOptions()), "comparing files");
}

std::shared_ptr<const rocksdb::Snapshot> Database::Snapshot() const {
  return {db_->GetSnapshot(),
          [db = db_.get()](const rocksdb::Snapshot* snapshot) { db->ReleaseSnapshot(snapshot); }};
}

}  // namespace selaras::rocks
