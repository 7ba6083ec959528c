#include <functional>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/runtime/config.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/cosignature.h"
#include "storage/log/names.h"
#include "storage/log/note.h"

namespace selaras::runtime {
namespace {

using config::v1::NodeConfig;
using reference::AuthorityRole;

std::string VerifierOf(const std::string& node, char seed) {
  const auto key = crypto::SigningKey::FromSeed(std::string(32, seed));
  return log::NoteSigner::Make("selaras/" + node, *key)->VerifierText();
}

std::string WitnessOf(const std::string& node, char seed) {
  const auto key = crypto::SigningKey::FromSeed(std::string(32, seed));
  return log::Cosigner::Make(log::WitnessKeyNameOf(node), *key)->VerifierText();
}

NodeConfig Good() {
  NodeConfig config;
  config.set_node("bawaslu-13");
  config.add_authorities("bawaslu/13");
  config.add_authorities("bawaslu/12");
  config.set_listen("127.0.0.1:0");
  auto* bkn = config.add_peers();
  bkn->set_node("bkn");
  bkn->add_authorities("bkn");
  bkn->set_verifier_key(VerifierOf("bkn", 'b'));
  bkn->set_dial("127.0.0.1:7414");
  auto* ppk = config.add_peers();
  ppk->set_node("ppk-13.04");
  ppk->add_authorities("ppk/13.04");
  ppk->set_verifier_key(VerifierOf("ppk-13.04", 'p'));
  return config;
}

class CheckedConfig : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto loaded = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    catalogue() = *loaded;
  }

  static std::shared_ptr<const reference::Catalogue>& catalogue() {
    static std::shared_ptr<const reference::Catalogue> loaded;
    return loaded;
  }

  static absl::Status Check(const NodeConfig& config, AuthorityRole role = AuthorityRole::kIntake) {
    return CheckConfig(config, role, *catalogue());
  }

  // What is said of a good configuration after a change.
  static std::string After(const std::function<void(NodeConfig&)>& change) {
    NodeConfig config = Good();
    change(config);
    const absl::Status status = Check(config);
    EXPECT_EQ(status.ok() ? absl::StatusCode::kInvalidArgument : status.code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(status.ok() || absl::StrContains(status.message(), "; ")) << "no cure: " << status;
    return std::string(status.message());
  }
};

TEST_F(CheckedConfig, OfAGoodNodePasses) { EXPECT_EQ(Check(Good()), absl::OkStatus()); }

TEST_F(CheckedConfig, WrappingKeysLieOutsideStoreAndBackups) {
  const auto keys_in = [](const std::string& folder) {
    return After([&](NodeConfig& config) {
      config.set_store("/var/lib/bkn");
      config.set_backups("/var/backups");
      config.set_wrapping_keys(folder);
    });
  };
  EXPECT_THAT(keys_in("/var/lib/bkn.wrapping-keys"), testing::IsEmpty());
  EXPECT_THAT(keys_in("/var/lib/bkn"), testing::HasSubstr("lies in store"));
  EXPECT_THAT(keys_in("/var/lib/bkn/keys"), testing::HasSubstr("lies in store"));
  EXPECT_THAT(keys_in("/var/backups/keys"), testing::HasSubstr("lies in backups"));
}

TEST_F(CheckedConfig, WithWitnessesPasses) {
  EXPECT_EQ(After([](NodeConfig& config) {
              config.mutable_peers(0)->set_witness_key(WitnessOf("bkn", 'w'));
              auto* ombudsman = config.add_witnesses();
              ombudsman->set_authority("ombudsman");
              ombudsman->set_verifier_key(WitnessOf("ombudsman", 'o'));
            }),
            "");
}

TEST_F(CheckedConfig, AWitnessHasAKeyOfItsOwn) {
  const auto first = [](NodeConfig& c) -> std::string& {
    return *c.mutable_peers(0)->mutable_witness_key();
  };
  for (const std::string& key : {std::string("x"), VerifierOf("bkn", 'w'), WitnessOf("bkn", 'b')}) {
    EXPECT_TRUE(
        absl::StartsWith(After([&](NodeConfig& c) { first(c) = key; }), "peers[0].witness_key"))
        << key << ": no key, one that signs logs, that of the peer's own log";
  }
  const std::string twice = After([&](NodeConfig& c) {
    first(c) = WitnessOf("bkn", 'w');
    auto* witness = c.add_witnesses();
    witness->set_authority("ombudsman");
    witness->set_verifier_key(WitnessOf("ombudsman", 'w'));
  });
  EXPECT_TRUE(absl::StartsWith(twice, "witnesses[0].verifier_key: ")) << twice;
}

TEST_F(CheckedConfig, AWitnessIsNamedOnceByWhatItsCertificateSays) {
  const auto add = [](NodeConfig& c, const std::string& authority, char seed) {
    auto* witness = c.add_witnesses();
    witness->set_authority(authority);
    witness->set_verifier_key(WitnessOf("x", seed));
  };
  for (const std::string authority : {"", "Ombudsman", "a b", "/x"}) {
    EXPECT_TRUE(absl::StartsWith(After([&](NodeConfig& c) { add(c, authority, 'o'); }),
                                 "witnesses[0].authority: "))
        << authority;
  }
  EXPECT_TRUE(absl::StartsWith(After([&](NodeConfig& c) {
                                 add(c, "ombudsman", 'o');
                                 add(c, "ombudsman", 'q');
                               }),
                               "witnesses[1].authority: "));
}

TEST_F(CheckedConfig, NoMoreMayCosignThanANoteCanTake) {
  EXPECT_TRUE(absl::StrContains(After([](NodeConfig& c) {
                                  for (int i = 0; i < 49; ++i) {
                                    auto* witness = c.add_witnesses();
                                    witness->set_authority("w" + std::to_string(i));
                                    witness->set_verifier_key(
                                        WitnessOf("w", static_cast<char>('!' + i)));
                                  }
                                }),
                                "more than 48"));
}

TEST_F(CheckedConfig, WithoutPeersPasses) {
  EXPECT_EQ(After([](NodeConfig& config) { config.clear_peers(); }), "");
}

TEST_F(CheckedConfig, NeedsANameThatCanNameALog) {
  for (const std::string name :
       {"", "Bawaslu", "bawaslu 13", "bawaslu/13", "-x", ".x", "a_b", "a\nb", "b\xC3\xA4"}) {
    EXPECT_TRUE(absl::StartsWith(After([&](NodeConfig& c) { c.set_node(name); }), "node: "))
        << name;
  }
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.set_node(std::string(49, 'a')); }), "node: "));
  EXPECT_EQ(After([](NodeConfig& c) { c.set_node(std::string(48, 'a')); }), "");
}

TEST_F(CheckedConfig, NeedsAnAddressToListenOn) {
  for (const char* listen : {"", "7413", "localhost", "localhost:99999", "unix:x"}) {
    EXPECT_TRUE(absl::StartsWith(After([&](NodeConfig& c) { c.set_listen(listen); }), "listen: "))
        << listen;
  }
}

TEST_F(CheckedConfig, NeedsKnownAuthoritiesOfTheProgramsRole) {
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.clear_authorities(); }),
                               "authorities: missing"));
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.set_authorities(1, "bawaslu/99"); }),
                               "authorities[1]: the reference data know no \"bawaslu/99\""));
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.set_authorities(1, "ppk/13"); }),
                               "authorities[1]: ppk/13 has the role sanction"));
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.set_authorities(1, "bawaslu/13"); }),
                               "authorities[1]: bawaslu/13 stands in authorities[0] already"));
  EXPECT_FALSE(Check(Good(), AuthorityRole::kReferral).ok());
}

TEST_F(CheckedConfig, NamesEveryPeerOnceAndNotItself) {
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.mutable_peers(0)->set_node("B K N"); }),
                               "peers[0].node: "));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_peers(1)->set_node("bawaslu-13"); }),
                       "peers[1].node: bawaslu-13 is this node"));
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.mutable_peers(1)->set_node("bkn"); }),
                               "peers[1].node: bkn stands in peers[0] already"));
}

TEST_F(CheckedConfig, HasOneNodeForEveryAuthority) {
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_peers(1)->set_authorities(0, "bkn"); }),
                       "peers[1].authorities[0]: bkn stands in peers[0].authorities[0] already"));
  EXPECT_TRUE(absl::StartsWith(
      After([](NodeConfig& c) { c.mutable_peers(1)->add_authorities("bawaslu/13"); }),
      "peers[1].authorities[1]: bawaslu/13 stands in authorities[0] already"));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_peers(1)->set_authorities(0, "x"); }),
                       "peers[1].authorities[0]: the reference data know no"));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_peers(1)->clear_authorities(); }),
                       "peers[1].authorities: missing"));
}

TEST_F(CheckedConfig, NeedsThePeersOwnVerifierKey) {
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_peers(0)->set_verifier_key("junk"); }),
                       "peers[0].verifier_key: "));
  const std::string other =
      After([](NodeConfig& c) { c.mutable_peers(0)->set_verifier_key(c.peers(1).verifier_key()); });
  EXPECT_TRUE(absl::StrContains(other, "\"selaras/ppk-13.04\", not of selaras/bkn")) << other;
}

TEST_F(CheckedConfig, DialsOnlyAddresses) {
  EXPECT_EQ(After([](NodeConfig& c) { c.mutable_peers(0)->clear_dial(); }), "");
  for (const char* dial : {"bkn", "bkn:0", "bkn:http"}) {
    EXPECT_TRUE(absl::StartsWith(After([&](NodeConfig& c) { c.mutable_peers(0)->set_dial(dial); }),
                                 "peers[0].dial: "))
        << dial;
  }
}

TEST_F(CheckedConfig, KeepsLimitsInRange) {
  EXPECT_TRUE(absl::StartsWith(
      After([](NodeConfig& c) { c.mutable_limits()->set_queue_requests(1'000'000); }),
      "limits.queue_requests: 1000000 is out of range; use 1 to 65536"));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_limits()->set_message_bytes(10); }),
                       "limits.message_bytes: "));
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.mutable_limits()->set_drain_ms(~0u); }),
                               "limits.drain_ms: "));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_limits()->set_wrong_codes(~0u); }),
                       "limits.wrong_codes: "));
  EXPECT_TRUE(absl::StartsWith(
      After([](NodeConfig& c) { c.mutable_limits()->set_wrong_codes_per_hour(~0u); }),
      "limits.wrong_codes_per_hour: "));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_limits()->set_client_calls(~0u); }),
                       "limits.client_calls: "));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_limits()->set_client_streams(~0u); }),
                       "limits.client_streams: "));
  EXPECT_TRUE(absl::StartsWith(
      After([](NodeConfig& c) { c.mutable_limits()->set_client_requests_per_second(~0u); }),
      "limits.client_requests_per_second: "));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_scrub()->set_bytes_per_second(1); }),
                       "scrub.bytes_per_second: 1 is out of range; use 65536 to 1073741824"));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_scrub()->set_every_seconds(~0u); }),
                       "scrub.every_seconds: "));
  EXPECT_TRUE(
      absl::StartsWith(After([](NodeConfig& c) { c.mutable_tls()->set_reload_seconds(86'401); }),
                       "tls.reload_seconds: 86401 is out of range; use 1 to 86400"));
  EXPECT_TRUE(absl::StartsWith(After([](NodeConfig& c) { c.set_metrics("9413"); }), "metrics: "));
}

TEST_F(CheckedConfig, TellsTheAccessTableWhoIsWho) {
  const NodeAuthorities node = AuthoritiesOf(Good());
  EXPECT_EQ(node.node, "bawaslu-13");
  EXPECT_EQ(node.own.size(), 2u);
  EXPECT_EQ(node.peers.at("ppk/13.04"), "ppk-13.04");
}

config::v1::Mandate* AddMandate(NodeConfig& config) {
  config::v1::Mandate* mandate = config.add_mandates();
  mandate->set_to("inspektorat/13");
  mandate->set_on_behalf_of("bawaslu/13");
  mandate->set_type("mandat");
  mandate->set_reference("800/12/SP-2026");
  mandate->set_valid_from("2026-01-01");
  mandate->set_valid_until("2026-12-31");
  return mandate;
}

TEST_F(CheckedConfig, AMandateSaysWhoActsForWhomByWhichLetterAndUntilWhen) {
  const auto after = [](const std::function<void(config::v1::Mandate&)>& change) {
    return After([&](NodeConfig& config) { change(*AddMandate(config)); });
  };
  using M = config::v1::Mandate;
  EXPECT_EQ(after([](M&) {}), "");
  EXPECT_EQ(after([](M& m) { m.set_type("delegasi"); }), "");
  for (const auto& [change, field] : std::vector<std::pair<std::function<void(M&)>, std::string>>{
           {[](M& m) { m.clear_to(); }, "to"},
           {[](M& m) { m.set_to("Inspektorat 13"); }, "to"},
           {[](M& m) { m.set_to("bawaslu/12"); }, "to"},
           {[](M& m) { m.clear_on_behalf_of(); }, "on_behalf_of"},
           {[](M& m) { m.set_on_behalf_of("bkn"); }, "on_behalf_of"},
           {[](M& m) { m.set_type("kuasa"); }, "type"},
           {[](M& m) { m.clear_reference(); }, "reference"},
           {[](M& m) { m.set_reference("for Budi, head of"); }, "reference"},
           {[](M& m) { m.set_reference(std::string(65, 'x')); }, "reference"},
           {[](M& m) { m.clear_valid_from(); }, "valid_from"},
           {[](M& m) { m.set_valid_until("31-12-2026"); }, "valid_until"},
           {[](M& m) { m.set_valid_until("2025-12-31"); }, "valid_until"}}) {
    EXPECT_TRUE(absl::StartsWith(after(change), "mandates[0]." + field)) << after(change);
  }
}

TEST_F(CheckedConfig, WhatItSaysOfMandatesIsWhatTheAccessTableIsAskedWith) {
  NodeConfig config = Good();
  AddMandate(config);
  const NodeAuthorities authorities = AuthoritiesOf(config);
  ASSERT_EQ(authorities.mandates.size(), 1u);
  EXPECT_EQ(authorities.mandates[0].to, "inspektorat/13");
  EXPECT_EQ(authorities.mandates[0].on_behalf_of, "bawaslu/13");
  EXPECT_EQ(authorities.mandates[0].last.ToIso(), "2026-12-31");
}

}  // namespace
}  // namespace selaras::runtime
