#include "tools/selaras/files.h"

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::cli {
namespace {

class AtomicFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) /
        absl::StrCat("atomic-", testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ / "out.csv"; }
  std::size_t Files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::filesystem::path folder_;
};

TEST_F(AtomicFileTest, HasItsNameOnlyWhenItIsComplete) {
  ASSERT_TRUE(WriteFile(path(), "older").ok());
  auto file = AtomicFile::Create(path());
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->Append("new").ok());
  EXPECT_EQ(*ReadFile(path()), "older");
  ASSERT_TRUE(file->Append("er").ok());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(*ReadFile(path()), "newer");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(AtomicFileTest, WhatWasNotCommittedLeavesNothingBehind) {
  {
    auto file = AtomicFile::Create(path());
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->Append("half").ok());
  }
  EXPECT_EQ(Files(), 0U);
}

TEST_F(AtomicFileTest, AFileIsReadBitByBit) {
  ASSERT_TRUE(WriteFile(path(), "abcdefg").ok());
  auto file = FileReader::Open(path());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->Read(4).value(), "abcd");
  EXPECT_EQ(file->Read(4).value(), "efg");
  EXPECT_EQ(file->Read(4).value(), "");
  EXPECT_TRUE(absl::IsNotFound(FileReader::Open(path() + ".none").status()));
}

TEST_F(AtomicFileTest, AFolderThatIsNotThereIsNamed) {
  const auto file = AtomicFile::Create(folder_ / "no" / "out.csv");
  EXPECT_THAT(std::string(file.status().message()), testing::HasSubstr("no/out.csv"));
}

}  // namespace
}  // namespace selaras::cli
