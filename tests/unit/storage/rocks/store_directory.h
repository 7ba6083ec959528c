#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/rocks/database.h"
#include "storage/rocks/rocks_store.h"
#include "tests/support/temp_directory.h"

namespace selaras::test {

crypto::SigningKey KeyOf(char seed);

// A directory for one store of node `bkn`, and ways to look at it and to damage it.
class StoreDirectory {
 public:
  StoreDirectory() : path_(directory_ / "store") {}
  explicit StoreDirectory(const std::string& name) : path_(directory_ / name) {}

  const std::string& path() const { return path_; }
  rocks::OpenOptions Options() const;
  absl::StatusOr<std::unique_ptr<rocks::RocksStore>> Open() const;
  // Checks that it opens.
  std::unique_ptr<rocks::RocksStore> MustOpen() const;

  // What a SIGKILL would leave of `other` now: its files as they are.
  void CopyFrom(const StoreDirectory& other) const;

  // Changes rows below the store's feet. The store must be closed.
  void Tamper(const std::function<void(rocks::Database&, rocks::Database::Batch&)>& change) const;

  // Takes a family away with its rows. The store must be closed.
  void Drop(rocks::Family family) const;

  // Files of the database that end in `suffix`, the largest last.
  std::vector<std::string> Files(const std::string& suffix) const;
  // Every file and its contents.
  std::vector<std::pair<std::string, std::string>> Contents() const;

 private:
  TempDirectory directory_;
  std::string path_;
};

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& bytes);

// Appends `count` shared entries `entry <n>`, numbered by their place, in a batch each.
void AppendEntries(log::Store& store, std::uint64_t count);

}  // namespace selaras::test
