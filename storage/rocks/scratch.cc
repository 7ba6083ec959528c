#include "storage/rocks/scratch.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/base/status.h"
#include "storage/rocks/errors.h"
#include "storage/rocks/status.h"

namespace selaras::rocks {
namespace {

constexpr absl::string_view kFolderPrefix = "selaras-verify-";
constexpr absl::string_view kWhat = "keeping rows to compare";

rocksdb::Slice SliceOf(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
absl::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// A folder that goes with the object.
class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

class RocksScratch final : public log::Scratch {
 public:
  RocksScratch(std::unique_ptr<Folder> folder, std::unique_ptr<rocksdb::DB> db)
      : folder_(std::move(folder)), db_(std::move(db)) {}

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    std::string value;
    const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), SliceOf(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    RETURN_IF_ERROR(FromRocks(status, kWhat));
    return value;
  }

  absl::Status Scan(
      absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override {
    const std::unique_ptr<rocksdb::Iterator> rows(db_->NewIterator(rocksdb::ReadOptions()));
    rows->Seek(SliceOf(std::max(prefix, from)));
    for (; rows->Valid() && absl::StartsWith(ViewOf(rows->key()), prefix); rows->Next()) {
      if (!row(ViewOf(rows->key()), ViewOf(rows->value()))) return absl::OkStatus();
    }
    return rows->Valid() ? absl::OkStatus() : FromRocks(rows->status(), kWhat);
  }

  absl::Status Write(const std::vector<log::RowWrite>& rows) override {
    rocksdb::WriteBatch batch;
    for (const log::RowWrite& row : rows) {
      const rocksdb::Status put = row.value ? batch.Put(SliceOf(row.key), SliceOf(*row.value))
                                            : batch.Delete(SliceOf(row.key));
      RETURN_IF_ERROR(FromRocks(put, kWhat));
    }
    rocksdb::WriteOptions options;
    options.disableWAL = true;  // nobody reads them after a crash
    return FromRocks(db_->Write(options, &batch), kWhat);
  }

 private:
  const std::unique_ptr<Folder> folder_;
  const std::unique_ptr<rocksdb::DB> db_;  // goes before its folder
};

}  // namespace

absl::StatusOr<std::unique_ptr<log::Scratch>> MakeScratch(absl::string_view directory) {
  std::string path = absl::StrCat(directory, "/", kFolderPrefix, "XXXXXX");
  if (mkdtemp(path.data()) == nullptr) return NoScratch(directory);
  auto folder = std::make_unique<Folder>(path);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  options.max_open_files = 256;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::Open(options, folder->path(), &db), kWhat));
  return std::make_unique<RocksScratch>(std::move(folder), std::unique_ptr<rocksdb::DB>(db));
}

void DropScratches(absl::string_view directory) {
  std::error_code error;
  std::filesystem::directory_iterator names(std::string(directory), error);
  for (; !error && names != std::filesystem::directory_iterator(); names.increment(error)) {
    if (!absl::StartsWith(names->path().filename().string(), kFolderPrefix)) continue;
    std::error_code ignored;
    std::filesystem::remove_all(names->path(), ignored);
  }
}

}  // namespace selaras::rocks
