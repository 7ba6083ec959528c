#include "storage/audit/live_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit/audit.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "tests/support/altered_store.h"
#include "text_inspector.h"

namespace selaras::audit {
namespace {

using log::Table;
using testing::ElementsAre;
using testing::IsEmpty;

log::NoteSigner SignerOf(const std::string& node, char seed) {
  return *log::NoteSigner::Make(log::OriginOf(node),
                                *crypto::SigningKey::FromSeed(std::string(32, seed)));
}

// A node whose log and mirror grow, also while it is audited.
class LiveStoreTest : public testing::Test {
 protected:
  LiveStoreTest() {
    inspector_.verifiers.emplace("node", signer_.verifier());
    inspector_.verifiers.emplace("peer", peer_signer_.verifier());
    Grow();
    live_ = *LiveStore::Open([this]() -> absl::StatusOr<std::unique_ptr<log::StoreReader>> {
      ++shown_;
      if (!fault_.ok()) return fault_;
      return std::make_unique<test::AlteredStore>(*store_);
    });
  }

  // One request that names one subject, and an entry of the peer that is disclosed late.
  void Grow() {
    const std::uint64_t i = store_->shared().size().value;
    places_.shared.push_back({i});
    fold_ += "x";
    ASSERT_TRUE(
        store_
            ->Append(
                {{absl::StrCat("tag", i, "|subject|x")},
                 {},
                 {{Table::kRequest, absl::StrCat("tag", i), test::PlacesText(Places{{{i}}, {}})},
                  {Table::kState, "subject", absl::StrCat(test::PlacesText(places_), "=", fold_)}}})
            .ok());
    ASSERT_TRUE(peer_->Append({{absl::StrCat("theirs ", i)}, {}, {}}).ok());
    const auto mirror = store_->OpenMirror("peer", peer_signer_.verifier());
    ASSERT_TRUE(mirror.ok());
    ASSERT_TRUE(
        (*mirror)
            ->Extend({i}, *peer_->shared().Hashes(0, i, 1), peer_->shared().checkpoint().note)
            .ok());
    if (i < 5) return;
    const log::DisclosedEntry late{{i - 5}, absl::StrCat("theirs ", i - 5)};
    ASSERT_TRUE((*mirror)->Keep({&late, 1}, absl::InfinitePast()).ok());
  }

  const log::NoteSigner signer_ = SignerOf("node", 's');
  const log::NoteSigner peer_signer_ = SignerOf("peer", 'p');
  const std::unique_ptr<log::MemoryStore> store_ = log::MemoryStore::Make("node", signer_);
  const std::unique_ptr<log::MemoryStore> peer_ = log::MemoryStore::Make("peer", peer_signer_);
  Places places_;
  std::string fold_;
  int shown_ = 0;
  absl::Status fault_;
  test::TextInspector inspector_;
  std::unique_ptr<LiveStore> live_;
};

TEST_F(LiveStoreTest, WithinALogItsSizeStaysAndWhatIsReadGoesOn) {
  const log::LogReader& shared = live_->shared();
  Grow();
  ASSERT_TRUE(live_->Slide().ok());
  EXPECT_EQ(shared.size().value, 1u);
  EXPECT_EQ(shared.checkpoint().checkpoint.size.value, 1u);
  EXPECT_EQ(live_->mirrors()[0]->size().value, 1u);
  EXPECT_TRUE(live_->Get(Table::kRequest, "tag1")->has_value());
  EXPECT_EQ(shared.Entry({1})->value(), "tag1|subject|x");
  ASSERT_TRUE(live_->Renew().ok());
  EXPECT_EQ(shared.size().value, 2u);
  EXPECT_EQ(live_->mirrors()[0]->size().value, 2u);
}

TEST_F(LiveStoreTest, AfterAnErrorTheMomentBeforeIsShown) {
  Grow();
  fault_ = absl::DataLossError("a file differs");
  EXPECT_EQ(live_->Renew(), fault_);
  EXPECT_EQ(live_->shared().size().value, 1u);
  fault_ = absl::OkStatus();
  EXPECT_TRUE(live_->Renew().ok());
  EXPECT_EQ(live_->shared().size().value, 2u);
}

// What the scrubber does: a sound store that grows all the time gives no finding.
TEST_F(LiveStoreTest, AStoreThatGrowsWhileItIsAuditedIsClean) {
  for (int i = 0; i < 600; ++i) Grow();
  ASSERT_TRUE(live_->Renew().ok());
  bool in_log = false;
  int steps = 0;
  const Progress grow = [&](const Step&) {
    ++steps;
    for (int i = 0; i < 7; ++i) Grow();
    ASSERT_TRUE((in_log ? live_->Slide() : live_->Renew()).ok());
  };
  AuditReport report;
  const AuditOptions options;
  StoreAudit audit(*live_, inspector_, options, grow, &report);
  EXPECT_THAT(audit.Stages(), ElementsAre("log/node", "log/node/private", "log/peer", "requests",
                                          "states", "published", "evidence"));
  for (const std::string& stage : audit.Stages()) {
    in_log = stage.substr(0, 4) == "log/";
    ASSERT_TRUE(live_->Renew().ok());
    audit.Run(stage);
  }
  std::vector<std::string> problems;
  for (const Finding& finding : report.findings) problems.push_back(finding.problem);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_GE(steps, 8);
  EXPECT_GE(report.request_rows, 601u);
  EXPECT_EQ(report.logs.size(), 3u);
}

TEST_F(LiveStoreTest, AStageOfALogThatIsGoneDoesNothing) {
  AuditReport report;
  const AuditOptions options;
  const Progress none;
  StoreAudit(*live_, inspector_, options, none, &report).Run("log/elsewhere");
  EXPECT_THAT(report.logs, IsEmpty());
}

}  // namespace
}  // namespace selaras::audit
