#include "services/runtime/arguments.h"

#include <vector>

#include <gtest/gtest.h>

namespace selaras::runtime {
namespace {

using Wish = Arguments::Wish;

absl::StatusOr<Arguments> Parse(const std::vector<const char*>& words) {
  return ParseArguments(words);
}

TEST(Arguments, NameAConfiguration) {
  EXPECT_EQ(Parse({"--config", "node.textproto"})->config, "node.textproto");
  EXPECT_EQ(Parse({"--config=node.textproto"})->config, "node.textproto");
  EXPECT_EQ(Parse({"--config", "node.textproto"})->wish, Wish::kServe);
  EXPECT_EQ(Parse({"--check", "--config", "node.textproto"})->wish, Wish::kCheck);
  EXPECT_EQ(Parse({"--config", "node.textproto", "--check"})->wish, Wish::kCheck);
}

TEST(Arguments, MayAskForHelpAndVersionAlone) {
  EXPECT_EQ(Parse({"--help"})->wish, Wish::kHelp);
  EXPECT_EQ(Parse({"-h"})->wish, Wish::kHelp);
  EXPECT_EQ(Parse({"--version"})->wish, Wish::kVersion);
}

TEST(Arguments, ThatAreNotUnderstoodAreRefused) {
  EXPECT_FALSE(Parse({}).ok());
  EXPECT_FALSE(Parse({"--check"}).ok());
  EXPECT_FALSE(Parse({"--config"}).ok());
  EXPECT_FALSE(Parse({"--config="}).ok());
  EXPECT_FALSE(Parse({"--config", "a", "b"}).ok());
  EXPECT_FALSE(Parse({"--config", "a", "--port", "1"}).ok());
  EXPECT_EQ(Parse({"--wat\n"}).status().message(), "--wat\\n: not understood; --help tells more");
}

}  // namespace
}  // namespace selaras::runtime
