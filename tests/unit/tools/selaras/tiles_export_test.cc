// A folder that others read is only ever completed.
#include "tools/selaras/tiles_export.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logs.h"
#include "tools/selaras/stored_ledger.h"

namespace selaras::cli {
namespace {

using testing::HasSubstr;

class TilesExportTest : public testing::Test {
 protected:
  TilesExportTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                absl::StrCat("export-",
                             testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
  }
  ~TilesExportTest() override { std::filesystem::remove_all(folder_); }

  // Exports a log of so many entries, others from `fork` on.
  absl::StatusOr<cli::v1::ExportedTiles> Export(const std::string& node, std::uint64_t size,
                                                std::uint64_t fork = 1'000) {
    std::vector<std::string> entries;
    for (std::uint64_t i = 0; i < size; ++i) {
      entries.push_back(absl::StrCat(i < fork ? "entry " : "other ", i));
    }
    StoredLedger ledger(test::StoreOf(node, std::move(entries)));
    return ExportTiles(ledger, "", folder_.string(), [](auto, auto) {});
  }

  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder_)) {
      if (!file.is_regular_file()) continue;
      std::ifstream stream(file.path(), std::ios::binary);
      files[file.path().string()] = std::string(std::istreambuf_iterator<char>(stream), {});
    }
    return files;
  }

  void ExpectRefused(const absl::StatusOr<cli::v1::ExportedTiles>& exported, absl::StatusCode code,
                     const std::string& why, const std::map<std::string, std::string>& before) {
    EXPECT_EQ(exported.status().code(), code) << exported.status();
    EXPECT_THAT(exported.status().message(), HasSubstr(why));
    EXPECT_EQ(Files(), before) << "nothing of the folder may have changed";
  }

  const std::filesystem::path folder_;
};

TEST_F(TilesExportTest, ALogThatGrewIsCompletedFromEverySize) {
  for (const std::uint64_t size : {0, 1, 7, 256, 300, 300, 600}) {
    const auto exported = Export("bkn", size);
    ASSERT_TRUE(exported.ok()) << size << exported.status();
    EXPECT_EQ(exported->size(), size);
  }
}

TEST_F(TilesExportTest, TheFolderOfAnotherLogIsNotTouched) {
  for (const std::uint64_t size : {0, 5, 300}) {
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(Export("bkn", size).ok());
    const auto before = Files();
    ExpectRefused(Export("bawaslu-13", 400), absl::StatusCode::kFailedPrecondition,
                  "holds an export of selaras/bkn, not of selaras/bawaslu-13", before);
  }
}

TEST_F(TilesExportTest, WhatWasPublishedIsNeverTurnedBack) {
  ASSERT_TRUE(Export("bkn", 7).ok());
  const auto before = Files();
  ExpectRefused(Export("bkn", 6), absl::StatusCode::kFailedPrecondition,
                "holds 7 entries of selaras/bkn, and here are only 6", before);
  ExpectRefused(Export("bkn", 0), absl::StatusCode::kFailedPrecondition, "only 0", before);
}

TEST_F(TilesExportTest, AForkOfWhatWasPublishedIsAContradictionAndReplacesNothing) {
  ASSERT_TRUE(Export("bkn", 300).ok());
  const auto before = Files();
  for (const std::uint64_t size : {300, 301, 600}) {
    ExpectRefused(Export("bkn", size, 299), absl::StatusCode::kDataLoss,
                  "does not extend the 300 entries", before);
  }
}

TEST_F(TilesExportTest, AFolderWithSomethingElseAsCheckpointIsNotTouched) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "checkpoint") << "shopping list\n";
  const auto before = Files();
  ExpectRefused(Export("bkn", 7), absl::StatusCode::kInvalidArgument,
                "/checkpoint is no checkpoint: ", before);
}

}  // namespace
}  // namespace selaras::cli
