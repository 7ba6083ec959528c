#include "tools/selaras/files.h"

#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace selaras::cli {
namespace {

using testing::HasSubstr;

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

TEST_F(AtomicFileTest, AFileIsReadFromAPlaceOn) {
  ASSERT_TRUE(WriteFile(path(), "abcdefg").ok());
  EXPECT_EQ(FileReader::Open(path(), 3)->Read(9).value(), "defg");
  EXPECT_EQ(FileReader::Open(path(), 9)->Read(9).value(), "");
}

TEST_F(AtomicFileTest, APartStaysUntilItIsCommittedAndIsGoneOnWith) {
  {
    auto file = PartFile::Open(path(), "bkn@7");
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE(file->Append("half").ok());
  }
  EXPECT_FALSE(std::filesystem::exists(path()));
  auto file = PartFile::Open(path(), "bkn@7");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->size(), 4U);
  EXPECT_EQ(*file->Tail(2), "lf");
  EXPECT_EQ(*file->Tail(9), "half");
  ASSERT_TRUE(file->Append(" more").ok());
  EXPECT_EQ(file->size(), 9U);
  ASSERT_TRUE(file->Commit(PartFile::Existing::kKeep).ok());
  EXPECT_EQ(*ReadFile(path()), "half more");
  EXPECT_EQ(Files(), 1U);
}

TEST_F(AtomicFileTest, AnEmptyPartIsNotLeftBehind) {
  ASSERT_TRUE(PartFile::Open(path(), "bkn@7").ok());
  EXPECT_EQ(Files(), 0U);
}

TEST_F(AtomicFileTest, APartBearsWhatItIsAPartOf) {
  EXPECT_EQ(PartFile::Open(path(), "bawaslu-13/private@7")->part(),
            path() + ".bawaslu-13_private@7.part");
  auto one = PartFile::Open(path(), "bkn@7");
  ASSERT_TRUE(one->Append("one").ok());
  EXPECT_EQ(PartFile::Open(path(), "bkn@8")->size(), 0U);
  EXPECT_EQ(*ReadFile(one->part()), "one");
}

TEST_F(AtomicFileTest, APartHasOneWriter) {
  auto one = PartFile::Open(path(), "bkn@7");
  ASSERT_TRUE(one.ok()) << one.status();
  const auto refused = PartFile::Open(path(), "bkn@7");
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("written by another process"));
  EXPECT_TRUE(std::filesystem::exists(one->part()));  // though it is empty
  ASSERT_TRUE(one->Append("one").ok());
  ASSERT_TRUE(one->Commit(PartFile::Existing::kKeep).ok());
  EXPECT_TRUE(PartFile::Open(path(), "bkn@7").ok());
}

TEST_F(AtomicFileTest, APartThatIsNoLongerItsOwnIsLeftAlone) {
  auto one = PartFile::Open(path(), "bkn@7");
  ASSERT_TRUE(one.ok());
  const std::string part = one->part();
  std::filesystem::remove(part);
  ASSERT_TRUE(WriteFile(part, "").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(one->Commit(PartFile::Existing::kKeep)));
  one = absl::CancelledError();
  EXPECT_TRUE(std::filesystem::exists(part));
}

TEST_F(AtomicFileTest, APartThatAnotherChangedIsNotCommitted) {
  auto file = PartFile::Open(path(), "bkn@7");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append("half").ok());
  std::filesystem::resize_file(file->part(), 9);
  EXPECT_THAT(std::string(file->Commit(PartFile::Existing::kKeep).message()),
              HasSubstr("was changed by another process"));
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(AtomicFileTest, AFileThatCameMeanwhileStaysUnlessItMayBeReplaced) {
  auto file = PartFile::Open(path(), "bkn@7");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append("new").ok());
  ASSERT_TRUE(WriteFile(path(), "mine").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(file->Commit(PartFile::Existing::kKeep)));
  EXPECT_EQ(*ReadFile(path()), "mine");
  EXPECT_EQ(*ReadFile(file->part()), "new");
  EXPECT_TRUE(file->Commit(PartFile::Existing::kReplace).ok());
  EXPECT_EQ(*ReadFile(path()), "new");
}

TEST_F(AtomicFileTest, APartIsARegularFileOfThisUserAlone) {
  namespace fs = std::filesystem;
  const std::string part = path() + ".bkn@7.part";
  const std::string other = folder_ / "other";
  ASSERT_TRUE(WriteFile(other, "theirs").ok());
  const auto refused = [&] {
    const absl::Status status = PartFile::Open(path(), "bkn@7").status();
    fs::remove(part);
    return absl::IsFailedPrecondition(status) &&
           absl::StrContains(status.message(), "no regular file of yours alone");
  };
  fs::create_symlink(other, part);
  EXPECT_TRUE(refused());
  fs::create_hard_link(other, part);
  EXPECT_TRUE(refused());
  ASSERT_EQ(::mkfifo(part.c_str(), 0600), 0);
  EXPECT_TRUE(refused());
  EXPECT_EQ(*ReadFile(other), "theirs");
  ASSERT_TRUE(WriteFile(part, "half").ok());
  fs::permissions(part, fs::perms::all);
  ASSERT_TRUE(PartFile::Open(path(), "bkn@7").ok());
  EXPECT_EQ(fs::status(part).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace selaras::cli
