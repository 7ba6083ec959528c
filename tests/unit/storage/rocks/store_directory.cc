#include "tests/unit/storage/rocks/store_directory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/check.h"
#include "storage/rocks/files.h"

namespace selaras::test {

namespace fs = std::filesystem;

crypto::SigningKey KeyOf(char seed) {
  return *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, seed));
}

rocks::OpenOptions StoreDirectory::Options() const {
  return {.directory = path_,
          .node = "bkn",
          .key = KeyOf('k'),
          .reserve_bytes = 1 << 20,
          .ballast_bytes = 1 << 20};
}

absl::StatusOr<std::unique_ptr<rocks::RocksStore>> StoreDirectory::Open() const {
  return rocks::RocksStore::Open(Options());
}

std::unique_ptr<rocks::RocksStore> StoreDirectory::MustOpen() const {
  absl::StatusOr<std::unique_ptr<rocks::RocksStore>> store = Open();
  SELARAS_CHECK(store.ok()) << store.status();
  return *std::move(store);
}

void StoreDirectory::CopyFrom(const StoreDirectory& other) const {
  fs::remove_all(path_);
  fs::copy(other.path_, path_, fs::copy_options::recursive);
}

void StoreDirectory::Tamper(
    const std::function<void(rocks::Database&, rocks::Database::Batch&)>& change) const {
  auto database = rocks::Database::Open(rocks::DatabaseDirectory(path_), true, {});
  SELARAS_CHECK(database.ok()) << database.status();
  rocks::Database::Batch batch(**database);
  change(**database, batch);
  (*database)->Commit(batch, /*sync=*/true);
}

void StoreDirectory::Drop(rocks::Family family) const {
  const std::string path = rocks::DatabaseDirectory(path_);
  std::vector<std::string> names;
  SELARAS_CHECK(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(
      rocks::DatabaseOptions({}), path, rocks::FamilyDescriptors(names, rocks::kBlockCacheBytes),
      &handles, &opened);
  SELARAS_CHECK(status.ok()) << status.ToString();
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    if (handle->GetName() == rocks::kFamilyNames[static_cast<std::size_t>(family)]) {
      SELARAS_CHECK(db->DropColumnFamily(handle).ok());
    }
    SELARAS_CHECK(db->DestroyColumnFamilyHandle(handle).ok());
  }
}

std::vector<std::string> StoreDirectory::Files(const std::string& suffix) const {
  std::vector<std::string> files;
  for (const auto& file : fs::directory_iterator(rocks::DatabaseDirectory(path_))) {
    if (absl::EndsWith(file.path().string(), suffix)) files.push_back(file.path().string());
  }
  std::sort(files.begin(), files.end(), [](const std::string& a, const std::string& b) {
    return fs::file_size(a) < fs::file_size(b);
  });
  return files;
}

std::vector<std::pair<std::string, std::string>> StoreDirectory::Contents() const {
  std::vector<std::pair<std::string, std::string>> contents;
  for (const auto& file : fs::recursive_directory_iterator(path_)) {
    if (file.is_regular_file()) contents.emplace_back(file.path(), ReadFile(file.path()));
  }
  std::sort(contents.begin(), contents.end());
  return contents;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  SELARAS_CHECK(file.good()) << path;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void AppendEntries(log::Store& store, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const absl::Status appended =
        store.Append({{absl::StrCat("entry ", store.shared().size().value)}, {}, {}}).status();
    SELARAS_CHECK(appended.ok()) << appended;
  }
}

}  // namespace selaras::test
