#include "services/runtime/config.h"

#include <cstdint>
#include <fstream>
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace selaras::runtime {
namespace {

constexpr absl::string_view kConfig = R"(
# A comment.
node: "bawaslu-13"
authorities: "bawaslu/13"
listen: "127.0.0.1:0"
store: "store"
reference: "/usr/share/selaras/reference"
log_key: "../keys/log.key"
tls { certificate: "pki/node.crt" key: "pki/node.key" ca: "pki/ca.crt" }
peers { node: "bkn" authorities: "bkn" verifier_key: "x" }
limits { message_bytes: 1100000 }
witness_key: "../keys/witness.key"
policy: "policy"
)";

absl::StatusOr<config::v1::NodeConfig> Parse(absl::string_view text) {
  return ParseConfig(text, "node.textproto", "/etc/selaras");
}

TEST(Config, IsReadWithItsPathsMadeAbsolute) {
  const auto config = Parse(kConfig);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->node(), "bawaslu-13");
  EXPECT_EQ(config->store(), "/etc/selaras/store");
  EXPECT_EQ(config->reference(), "/usr/share/selaras/reference");
  EXPECT_EQ(config->log_key(), "/etc/keys/log.key");
  EXPECT_EQ(config->tls().certificate(), "/etc/selaras/pki/node.crt");
  EXPECT_EQ(config->tls().key(), "/etc/selaras/pki/node.key");
  EXPECT_EQ(config->tls().ca(), "/etc/selaras/pki/ca.crt");
  EXPECT_EQ(config->address_file(), "");
  EXPECT_EQ(config->backups(), "");
  EXPECT_EQ(Parse(absl::StrCat(kConfig, "backups: \"b\""))->backups(), "/etc/selaras/b");
  EXPECT_EQ(config->witness_key(), "/etc/keys/witness.key");
  EXPECT_EQ(config->policy(), "/etc/selaras/policy");
}

TEST(Config, NamesCredentialsOfSystemd) {
  const std::string text =
      absl::StrReplaceAll(kConfig, {{"../keys/log.key", "$CREDENTIALS_DIRECTORY/log.key"}});
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(Parse(text).status().message(),
            "node.textproto: log_key: systemd handed no credentials to this program; start it by a "
            "unit with LoadCredential=, or name a file");
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/selaras", 1);
  const auto config = Parse(text);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->log_key(), "/run/credentials/selaras/log.key");
}

TEST(Config, HasDefaultsForLimitsThatAreNotSet) {
  const auto config = Parse(kConfig);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->limits().queue_requests(), 4'096u);
  EXPECT_EQ(config->limits().message_bytes(), 1'100'000u);
  EXPECT_EQ(config->limits().drain_ms(), 10'000u);
  EXPECT_EQ(config->limits().wrong_codes(), 20u);
  EXPECT_EQ(config->limits().wrong_codes_per_hour(), 60u);
  EXPECT_EQ(config->scrub().bytes_per_second(), 1u << 20);
  EXPECT_EQ(config->scrub().every_seconds(), 86'400u);
  EXPECT_EQ(config->tls().reload_seconds(), 60u);
  EXPECT_EQ(config->limits().client_calls(), 4'000u);
  EXPECT_EQ(config->limits().client_streams(), 256u);
  EXPECT_EQ(config->limits().client_requests_per_second(), 20'000u);
  EXPECT_FALSE(config->scrub().off());
  EXPECT_EQ(config->metrics(), "");
}

TEST(Config, ThatIsMalformedNamesLineColumnAndReason) {
  struct Case {
    const char* text;
    const char* error;
  };
  for (const Case& bad : {
           Case{"node: 'a'\nnodes: 'b'\n", "node.textproto:2:6: Message type"},
           Case{"node: 'a'\nnodes: 'b'\n", "has no field named \"nodes\""},
           Case{"node: 'a'\n\n  node: 'b'", "node.textproto:3:"},
           Case{"node: 7", "node.textproto:1:7: "},
           Case{"limits { queue_requests: -1 }", "node.textproto:1:"},
           Case{"limits { queue_requests: 4294967296 }", "node.textproto:1:"},
           Case{"tls { certificate: 'x'", "node.textproto:1:"},
           Case{"node: \"unterminated", "node.textproto:1:"},
           Case{"node: 'a'\nlisten: '\xFF'", "node.textproto:2:10: not text"},
           Case{"[selaras.config.v1.Tls] { }", "node.textproto:1:"},
       }) {
    const auto config = Parse(bad.text);
    EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument) << bad.text;
    EXPECT_TRUE(absl::StrContains(config.status().message(), bad.error)) << config.status();
  }
}

TEST(Config, MustNameItsFiles) {
  EXPECT_EQ(Parse("").status().message(),
            "node.textproto: store: missing; name it in the configuration file");
  const auto config = Parse("store: 's' reference: 'r' log_key: 'k' tls { certificate: 'c' }");
  EXPECT_TRUE(absl::StrContains(config.status().message(), "tls.key: missing"));
  EXPECT_TRUE(absl::StrContains(Parse("store: 'a\\000b'").status().message(), "zero byte"));
}

TEST(Config, OfAnyBytesIsRefusedWithoutHarm) {
  const auto seed = static_cast<std::uint32_t>(testing::UnitTest::GetInstance()->random_seed());
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::string bytes(random() % 400, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const auto config = Parse(bytes);
    EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(config.status().message().find('\n'), absl::string_view::npos);
  }
}

TEST(Config, CutOffAnywhereIsRefusedOrRead) {
  for (std::size_t size = 0; size < kConfig.size(); ++size) {
    const auto config = Parse(kConfig.substr(0, size));
    if (!config.ok()) {
      EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

TEST(ConfigFile, IsReadRelativeToItsFolder) {
  const test::TempDirectory folder;
  std::ofstream(folder / "node.textproto") << kConfig;
  const auto config = LoadConfig(folder / "node.textproto");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->store(), folder / "store");
}

TEST(ConfigFile, ThatIsNoneSaysWhy) {
  const test::TempDirectory folder;
  const auto missing = LoadConfig(folder / "none.textproto");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(absl::StrContains(missing.status().message(), "none.textproto: cannot be read"));
  EXPECT_TRUE(absl::StrContains(LoadConfig(folder.path()).status().message(), "directory"));
  std::ofstream(folder / "large") << std::string(kConfigBytesMax + 1, '#');
  EXPECT_TRUE(absl::StrContains(LoadConfig(folder / "large").status().message(), "larger than"));
}

}  // namespace
}  // namespace selaras::runtime
