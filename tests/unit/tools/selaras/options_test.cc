#include "tools/selaras/options.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

using testing::HasSubstr;

class OptionsTest : public testing::Test {
 protected:
  absl::StatusOr<NodeAddress> Resolve() {
    return ResolveNode(
        options_,
        [this](const char* name) -> std::optional<std::string> {
          const auto found = environment_.find(name);
          return found == environment_.end() ? std::nullopt : std::optional(found->second);
        },
        [this](const std::string& path) -> absl::StatusOr<std::string> {
          const auto found = files_.find(path);
          if (found == files_.end()) return absl::NotFoundError(path);
          return found->second;
        });
  }

  GlobalOptions options_;
  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> files_;
};

TEST_F(OptionsTest, TheCommandLineWinsOverTheFileAndTheFileOverTheEnvironment) {
  environment_ = {{"SELARAS_NODE", "env:1"},
                  {"SELARAS_CA", "env-ca"},
                  {"SELARAS_CERT", "env-cert"},
                  {"SELARAS_KEY", "env-key"}};
  files_["/etc/client.textproto"] =
      R"(node: "file:2" tls { ca: "ca.pem" certificate: "/abs.pem" })";
  options_.client = "/etc/client.textproto";
  options_.node = "line:3";
  const auto address = Resolve();
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->address, "line:3");
  EXPECT_EQ(address->ca, "/etc/ca.pem");  // relative to the file
  EXPECT_EQ(address->certificate, "/abs.pem");
  EXPECT_EQ(address->key, "env-key");
}

TEST_F(OptionsTest, WhatIsMissingIsNamedAsWrongUse) {
  EXPECT_TRUE(IsUsage(Resolve().status()));
  EXPECT_THAT(Resolve().status().message(), HasSubstr("SELARAS_NODE"));
  options_.node = "localhost";
  EXPECT_THAT(Resolve().status().message(), HasSubstr("no port"));
  options_.node = "localhost:7413";
  options_.ca = "ca.pem";
  EXPECT_THAT(Resolve().status().message(), HasSubstr("--cert, --key is missing"));
}

TEST_F(OptionsTest, ABadClientFileIsNamedWithLineAndColumn) {
  files_["c"] = "node: \"a:1\"\nnode_address: 7";
  options_.client = "c";
  EXPECT_THAT(
      Resolve().status().message(),
      testing::AllOf(HasSubstr("c:2:13: "), HasSubstr("node_address"),
                     HasSubstr("\nits fields are those of proto/selaras/config/v1/client.proto")));
  options_.client = "absent";
  EXPECT_TRUE(absl::IsNotFound(Resolve().status()));
}

TEST_F(OptionsTest, DurationsNeedAUnitAndMayNotBeNegative) {
  EXPECT_EQ(*ParseDuration("--wait", "2m"), absl::Minutes(2));
  EXPECT_EQ(*ParseDuration("--wait", "0s"), absl::ZeroDuration());
  EXPECT_TRUE(IsUsage(ParseDuration("--wait", "30").status()));
  EXPECT_TRUE(IsUsage(ParseDuration("--wait", "-1s").status()));
  EXPECT_TRUE(IsUsage(ParseDuration("--wait", "").status()));
}

}  // namespace
}  // namespace selaras::cli
