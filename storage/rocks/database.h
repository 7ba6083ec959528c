#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/rocks/keys.h"
#include "storage/rocks/options.h"

namespace selaras::rocks {

inline rocksdb::Slice ToSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// RocksDB with our families, and our errors instead of its own. Thread-safe.
class Database {
 public:
  // Opens what is in `path`, or makes it, and what is missing of it. RESOURCE_EXHAUSTED if the
  // disk is full.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path, bool exists,
                                                        Diagnostics diagnostics);
  // Only these of our families, or all if there are none, of which the late ones may be absent;
  // nothing on disk changes, and what a killed process left in the WAL is seen.
  static absl::StatusOr<std::unique_ptr<Database>> OpenReadOnly(
      const std::string& path, const std::vector<Family>& families = {});
  // Names of the families in `path`.
  static absl::StatusOr<std::vector<std::string>> ListFamilies(const std::string& path);

  ~Database();

  // Whether the family is there: all are, but in a store that was opened read-only.
  bool Has(Family family) const { return Handle(family) != nullptr; }

  absl::StatusOr<std::optional<std::string>> Get(Family family, absl::string_view key,
                                                 const rocksdb::Snapshot* snapshot = nullptr) const;

  // The rows from `from` on, up to but not including `end` (empty: up to the last). The views
  // live until the next step.
  class Rows {
   public:
    bool Valid() const { return iterator_->Valid(); }
    void Next() { iterator_->Next(); }
    absl::string_view key() const { return ToView(iterator_->key()); }
    absl::string_view value() const { return ToView(iterator_->value()); }
    // Once no row is Valid(): whether that was the end, or an error.
    absl::Status status() const;

   private:
    friend class Database;
    Rows() = default;
    std::unique_ptr<std::string> end_;  // must not move while the iterator lives
    std::unique_ptr<rocksdb::Slice> end_slice_;
    std::unique_ptr<rocksdb::Iterator> iterator_;
  };
  Rows Scan(Family family, absl::string_view from, absl::string_view end,
            const rocksdb::Snapshot* snapshot = nullptr) const;

  // The same for rows that are read once and in bulk: they push nothing out of the cache.
  Rows ScanOnce(Family family, absl::string_view from, absl::string_view end) const;

  // The key of the last row in [from, end), or nothing.
  absl::StatusOr<std::optional<std::string>> LastKey(Family family, absl::string_view from,
                                                     absl::string_view end) const;

  // The last row whose key starts with `prefix` and comes before `before` (empty: wherever it
  // comes), or nothing.
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> LastRow(
      Family family, absl::string_view prefix, absl::string_view before,
      const rocksdb::Snapshot* snapshot) const;

  // Collects writes. Keys and values are copied.
  class Batch {
   public:
    explicit Batch(const Database& database, std::size_t bytes = 0)
        : database_(database), batch_(bytes) {}
    void Put(Family family, absl::string_view key, absl::string_view value);
    void Delete(Family family, absl::string_view key);

   private:
    friend class Database;
    const Database& database_;
    rocksdb::WriteBatch batch_;
  };
  // Ends the process if the write or its sync fails: its outcome would be unknown.
  void Commit(Batch& batch, bool sync);
  // For what may fail, while the process is going down.
  absl::Status TryCommit(Batch& batch, bool sync);

  // Writes out what so far stands only in the write-ahead log. May fail: nothing is lost.
  absl::Status Flush();

  // Writes all rows of the family into new files and removes the old ones, so that of rows that
  // were deleted nothing is left. Slow.
  absl::Status Rewrite(Family family);

  // Makes another database in `path`, which must not exist, as this one is now. Files that do not
  // change any more are shared where the file system can.
  absl::Status Copy(const std::string& path);

  // Reads every file and compares it with the checksum that was noted when it was written.
  // DATA_LOSS if one differs.
  absl::Status VerifyFiles();

  // The same database as of now: what is written later is not seen by whoever reads through it, and
  // it must not be written through. Lives at most as long as the database.
  std::unique_ptr<Database> AsOfNow() const;

  // What readers see who must not see later writes. Lives at most as long as the database.
  std::shared_ptr<const rocksdb::Snapshot> Snapshot() const;

 private:
  Database() = default;
  rocksdb::ColumnFamilyHandle* Handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }
  Rows Scan(rocksdb::ReadOptions options, Family family, absl::string_view from,
            absl::string_view end) const;
  void Adopt(const std::vector<rocksdb::ColumnFamilyHandle*>& handles);

  const rocksdb::Snapshot* Effective(const rocksdb::Snapshot* given) const {
    return given != nullptr ? given : pinned_.get();
  }

  std::shared_ptr<rocksdb::DB> db_;
  std::shared_ptr<const rocksdb::Snapshot> pinned_;  // goes before the database; see AsOfNow()
  std::vector<rocksdb::ColumnFamilyHandle*> all_handles_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyNames.size()> handles_{};
};

}  // namespace selaras::rocks
