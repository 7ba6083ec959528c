#include "tools/selaras/trust.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logs.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

using testing::HasSubstr;

std::string KeyOf(const std::string& node) { return test::SignerOfLog(node).VerifierText(); }

std::string FileWith(const std::string& name, const std::string& text) {
  const std::string path = absl::StrCat(testing::TempDir(), "/trust-", name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(TrustTest, AKeyThatIsGivenTwiceIsOneKey) {
  const auto policy = PolicyOf({{KeyOf("bkn"), KeyOf("bawaslu-13"), KeyOf("bkn")}, "", {}});
  ASSERT_TRUE(policy.ok()) << policy.status();
  for (const char* node : {"bkn", "bawaslu-13"}) {
    EXPECT_TRUE(policy->Knows(test::SignerOfLog(node).verifier())) << node;
  }
  EXPECT_FALSE(policy->Knows(test::SignerOfLog("ppk-13.04").verifier()));
}

TEST(TrustTest, EitherKeysOrAPolicyAreGiven) {
  const std::string file =
      FileWith("policy", absl::StrCat("log ", KeyOf("bkn"), "\nquorum none\n"));
  EXPECT_TRUE(PolicyOf({{}, file, {}}).ok());
  EXPECT_TRUE(IsUsage(PolicyOf({{}, "", {}}).status()));
  EXPECT_TRUE(IsUsage(PolicyOf({{KeyOf("bkn")}, file, {}}).status()));
  EXPECT_THAT(PolicyOf({{KeyOf("bkn")}, file, {}}).status().message(),
              HasSubstr("--key and --policy exclude each other"));
}

TEST(TrustTest, AKeyOrPolicyThatIsNoneIsNamed) {
  EXPECT_THAT(std::string(PolicyOf({{"x"}, "", {}}).status().message()),
              testing::StartsWith("--key: "));
  EXPECT_THAT(std::string(LogKeysOf({{"x"}, "", {}}).status().message()),
              testing::StartsWith("--key: "));
  const std::string file = FileWith("no-policy", "junk\n");
  EXPECT_THAT(std::string(PolicyOf({{}, file, {}}).status().message()),
              testing::StartsWith(file + ": "));
}

TEST(TrustTest, AKeyChangeThatIsNoneIsAnErrorThatNamesItsFile) {
  event::v1::Event other;
  other.mutable_fact()->mutable_report_received();
  event::v1::Event change;
  change.mutable_fact()->mutable_log_key_replaced();
  const auto store = test::StoreOf("bkn", std::vector{other, change});
  for (const std::string& text :
       {std::string(), std::string("junk\n"), test::ReceiptOf(*store, 0)}) {
    const std::string file = FileWith("change", text);
    for (const absl::Status& status : {PolicyOf({{KeyOf("bkn")}, "", {file}}).status(),
                                       LogKeysOf({{KeyOf("bkn")}, "", {file}}).status()}) {
      EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
      EXPECT_THAT(status.message(),
                  HasSubstr(absl::StrCat(file, " is no receipt of a key change")));
    }
  }
  // One of a log that is not trusted here leads nowhere, and is no mistake: a verification of
  // several logs is given the changes of all.
  const std::string file = FileWith("change", test::ReceiptOf(*store, 1));
  EXPECT_TRUE(PolicyOf({{KeyOf("bawaslu-13")}, "", {file}}).ok());
}

}  // namespace
}  // namespace selaras::cli
