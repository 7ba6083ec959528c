#include "services/runtime/wrapping_key_files.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/stat.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_directory.h"

namespace selaras::runtime {
namespace {

using testing::HasSubstr;

class WrappingKeyFilesTest : public testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text, ::mode_t mode = 0600) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "/" + name) << text;
    ::chmod((folder_ + "/" + name).c_str(), mode);
  }
  ::mode_t ModeOf(const std::string& path) {
    struct ::stat about{};
    EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 0777;
  }

  test::TempDirectory temporary_;
  const std::string folder_ = temporary_ / "wrapping-keys";
  crypto::SystemRandom random_;
};

std::string KeyOf(char digit) { return "selaras-wrapping-key-v1 " + std::string(64, digit) + "\n"; }

TEST_F(WrappingKeyFilesTest, StandBesideTheStore) {
  EXPECT_EQ(WrappingKeysBeside("/var/lib/selaras/bkn"), "/var/lib/selaras/bkn.wrapping-keys");
  EXPECT_EQ(WrappingKeysBeside("/var/lib/selaras/bkn/"), "/var/lib/selaras/bkn.wrapping-keys");
}

TEST_F(WrappingKeyFilesTest, AFirstKeyIsMadeForNobodyElseAndReadBack) {
  ASSERT_TRUE(LoadWrappingKeys(folder_).ok());
  EXPECT_TRUE(LoadWrappingKeys(folder_)->empty()) << "there is no folder yet";
  const auto made = MakeWrappingKey(folder_, random_);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(ModeOf(folder_), 0700u);
  EXPECT_EQ(ModeOf(folder_ + "/1.key"), 0600u);
  const auto read = LoadWrappingKeys(folder_);
  ASSERT_TRUE(read.ok()) << read.status();
  const std::string key(32, 'k');
  EXPECT_EQ(*read->Unwrap("row", made->Wrap("row", key, random_)), key);
}

TEST_F(WrappingKeyFilesTest, TheHighestNumberIsTheNewestWhateverTheNamesSortTo) {
  Write("9.key", KeyOf('9'));
  Write("10.key", KeyOf('a'));
  Write("10.key.new.77", "left by an interrupted start");
  const auto keys = LoadWrappingKeys(folder_);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->newest_id(), vault::WrappingKeys({std::string(32, '\xaa')}).newest_id());
}

TEST_F(WrappingKeyFilesTest, AFurtherKeyWrapsFromThenOnAndTheOthersStillOpen) {
  const std::string key(32, 'k');
  const std::string before = MakeWrappingKey(folder_, random_)->Wrap("row", key, random_);
  const auto both = MakeWrappingKey(folder_, random_);
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(*both->Unwrap("row", before), key);
  EXPECT_NE(vault::WrappingKeys::IdOf(both->Wrap("row", key, random_)),
            vault::WrappingKeys::IdOf(before));
}

TEST_F(WrappingKeyFilesTest, OlderKeysAreDestroyedAlsoThoseOfARunThatWasBrokenOff) {
  EXPECT_EQ(*DestroyOlderWrappingKeys(folder_), 0) << "there is no folder yet";
  Write("8.key.destroyed", std::string(90, '\0'));
  Write("9.key", KeyOf('9'));
  Write("10.key", KeyOf('a'));
  Write("11.key", KeyOf('b'));
  EXPECT_TRUE(LoadWrappingKeys(folder_).ok()) << "what is about to go is no key";
  const auto destroyed = DestroyOlderWrappingKeys(folder_);
  ASSERT_TRUE(destroyed.ok()) << destroyed.status();
  EXPECT_EQ(*destroyed, 3);
  std::vector<std::string> left;
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    left.push_back(file.path().filename());
  }
  EXPECT_THAT(left, testing::ElementsAre("11.key"));
  EXPECT_EQ(*DestroyOlderWrappingKeys(folder_), 0);
}

TEST_F(WrappingKeyFilesTest, AKeyThatOthersCanReadOrThatIsNoneIsRefusedWithItsName) {
  Write("1.key", KeyOf('1'), 0644);
  const auto open = LoadWrappingKeys(folder_);
  EXPECT_TRUE(absl::IsFailedPrecondition(open.status()));
  EXPECT_THAT(std::string(open.status().message()), HasSubstr("1.key"));
  for (const std::string& text : {std::string(), std::string("x"), std::string(64, '1'), KeyOf('g'),
                                  "selaras-wrapping-key-v2 " + std::string(64, '1'),
                                  "selaras-wrapping-key-v1 " + std::string(62, '1')}) {
    Write("1.key", text);
    const auto keys = LoadWrappingKeys(folder_);
    EXPECT_TRUE(absl::IsInvalidArgument(keys.status())) << text;
    EXPECT_THAT(std::string(keys.status().message()), HasSubstr("1.key"));
    EXPECT_THAT(std::string(keys.status().message()), testing::Not(HasSubstr("1111")));
  }
}

}  // namespace
}  // namespace selaras::runtime
