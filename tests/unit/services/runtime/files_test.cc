#include "services/runtime/files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temp_directory.h"

namespace selaras::runtime {
namespace {

class Files : public testing::Test {
 protected:
  std::string Make(const std::string& name, const std::string& content, unsigned mode) {
    const std::string path = folder_ / name;
    std::ofstream(path) << content;
    ::chmod(path.c_str(), mode);
    return path;
  }

  test::TempDirectory folder_;
};

TEST_F(Files, AreReadWhole) {
  const std::string content = std::string("a\0b", 3) + std::string(100'000, 'x');
  EXPECT_EQ(*ReadFile(Make("f", content, 0644), 1u << 20), content);
  EXPECT_EQ(*ReadFile(Make("empty", "", 0644), 1), "");
}

TEST_F(Files, ThatCannotBeReadSayWhy) {
  EXPECT_TRUE(absl::StrContains(ReadFile(folder_ / "none", 10).status().message(), "No such file"));
  EXPECT_TRUE(absl::StrContains(ReadFile(folder_.path(), 10).status().message(), "directory"));
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(absl::StrContains(ReadFile(folder_ / "pipe", 10).status().message(), "regular"));
  EXPECT_TRUE(absl::StrContains(ReadFile("/dev/zero", 10).status().message(), "regular"));
  EXPECT_EQ(ReadFile(Make("large", "12345678901", 0644), 10).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(Files, OfSecretsMustBeClosedToOthers) {
  EXPECT_EQ(*ReadSecretFile(Make("key", "secret", 0600)), "secret");
  EXPECT_EQ(*ReadSecretFile(Make("read-only", "secret", 0400)), "secret");
  for (const unsigned mode : {0640u, 0604u, 0660u, 0644u, 0601u, 0620u}) {
    const std::string path = Make("open", "secret", mode);
    const auto secret = ReadSecretFile(path);
    EXPECT_EQ(secret.status().code(), absl::StatusCode::kFailedPrecondition) << mode;
    EXPECT_TRUE(absl::StrContains(secret.status().message(), "chmod 600 " + path))
        << secret.status();
  }
  EXPECT_EQ(ReadSecretFile(folder_ / "none").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(Files, OfCredentialsMayBeReadableByTheGroupIfTheyAreRoots) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs a file of root's";
  ::setenv("CREDENTIALS_DIRECTORY", folder_.path().c_str(), 1);
  EXPECT_EQ(*ReadSecretFile(Make("by-access-list", "secret", 0440)), "secret");
  for (const unsigned mode : {0444, 0460, 0640 | 01}) {
    EXPECT_EQ(ReadSecretFile(Make("open", "secret", mode)).status().code(),
              absl::StatusCode::kFailedPrecondition)
        << mode;
  }
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(ReadSecretFile(folder_ / "by-access-list").ok());
}

TEST_F(Files, OfSecretsThatBelongToSomebodyElseAreRefused) {
  const std::string path = Make("key", "secret", 0600);
  if (::geteuid() != 0 || ::chown(path.c_str(), 65'534, 65'534) != 0) {
    GTEST_SUCCEED() << "only root can give a file away";
    return;
  }
  const auto secret = ReadSecretFile(path);
  EXPECT_EQ(secret.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(secret.status().message(), "chown"));
}

TEST_F(Files, AreReplacedWithoutLeavingTraces) {
  const std::string path = folder_ / "address";
  ASSERT_TRUE(WriteFileAtomically(path, "one").ok());
  ASSERT_TRUE(WriteFileAtomically(path, "two").ok());
  EXPECT_EQ(*ReadFile(path, 100), "two");
  std::filesystem::directory_iterator entries(folder_.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
  EXPECT_FALSE(WriteFileAtomically(folder_ / "none/address", "x").ok());
}

}  // namespace
}  // namespace selaras::runtime
