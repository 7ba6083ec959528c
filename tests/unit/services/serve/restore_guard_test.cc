#include "services/serve/restore_guard.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/refusal.h"
#include "services/runtime/clock.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"

namespace selaras::serve {
namespace {

using testing::HasSubstr;

const absl::Time kMade = absl::FromUnixSeconds(1'740'000'000);

// The mark of a store, kept while guards come and go.
class Mark final : public log::Backups {
 public:
  absl::StatusOr<log::BackupSizes> Backup(const std::string&, absl::Time) override {
    return absl::UnimplementedError("not here");
  }
  std::optional<log::StoreDoubt> doubt() const override { return doubt_; }
  absl::Status SetDoubt() override {
    if (!doubt_) doubt_ = log::StoreDoubt();
    return absl::OkStatus();
  }
  absl::Status ClearDoubt() override {
    if (fails_) return absl::UnavailableError("disk");
    doubt_.reset();
    return absl::OkStatus();
  }

  std::optional<log::StoreDoubt> doubt_;
  bool fails_ = false;
};

class RestoreGuardTest : public testing::Test {
 protected:
  RestoreGuardTest() {
    log::AppendBatch batch;
    batch.shared = {"one", "two", "three"};
    EXPECT_TRUE(store_->Append(batch).ok());
  }

  void Start(std::vector<std::string> peers = {"bawaslu-13", "bkn"}) {
    guard_ = std::make_unique<RestoreGuard>(mark_, store_->shared(), std::move(peers), log_,
                                            [this] { ++changes_; });
  }
  std::string Refusal() const { return domain::ReasonOf(guard_->MayWrite()); }

  runtime::SystemClock clock_;
  runtime::Logger log_{clock_, runtime::Level::kError, [](absl::string_view) {}};
  std::unique_ptr<log::MemoryStore> store_ = log::MemoryStore::Make(
      "ppk", *log::NoteSigner::Make(log::OriginOf("ppk"),
                                    *crypto::SigningKey::FromSeed(std::string(32, 's'))));
  Mark mark_;
  std::unique_ptr<RestoreGuard> guard_;
  int changes_ = 0;
};

TEST_F(RestoreGuardTest, AStoreThatWasNeverRestoredIsWrittenAtOnce) {
  Start();
  EXPECT_TRUE(guard_->MayWrite().ok());
  guard_->Heard("bkn", {3});
  EXPECT_TRUE(guard_->MayWrite().ok());
  EXPECT_EQ(changes_, 0);
  EXPECT_EQ(domain::ReasonOf(guard_->Confirm()), "NOT_RESTORED");
}

TEST_F(RestoreGuardTest, ARestoredStoreIsReadOnlyUntilEveryPeerHasShownThatItHoldsNoMore) {
  mark_.doubt_ = log::StoreDoubt{kMade};
  Start();
  EXPECT_EQ(Refusal(), "RESTORED_UNCONFIRMED");
  EXPECT_THAT(std::string(guard_->MayWrite().message()), HasSubstr("bawaslu-13, bkn"));
  EXPECT_THAT(std::string(guard_->MayWrite().message()), HasSubstr("2025-02-19"));
  guard_->Heard("bkn", {3});
  guard_->Heard("bkn", {2});
  EXPECT_EQ(Refusal(), "RESTORED_UNCONFIRMED");
  EXPECT_THAT(guard_->doubt()->unheard, testing::ElementsAre("bawaslu-13"));
  guard_->Heard("bawaslu-13", {0});
  EXPECT_TRUE(guard_->MayWrite().ok());
  EXPECT_FALSE(mark_.doubt_);
  EXPECT_EQ(changes_, 2);
}

TEST_F(RestoreGuardTest, WhatAPeerHoldsMoreEndsWritingForGood) {
  mark_.doubt_ = log::StoreDoubt{kMade};
  Start();
  guard_->Heard("bawaslu-13", {3});
  guard_->Heard("bkn", {5});
  EXPECT_EQ(Refusal(), "LOG_BEHIND_PEERS");
  EXPECT_THAT(std::string(guard_->MayWrite().message()), HasSubstr("entries 3 to 4 are missing"));
  EXPECT_EQ(domain::ReasonOf(guard_->Confirm()), "LOG_BEHIND_PEERS");
  EXPECT_TRUE(mark_.doubt_);
}

TEST_F(RestoreGuardTest, AStoreWithoutMarkIsDoubtedAsSoonAsAPeerHoldsMore) {
  Start();
  guard_->Heard("bkn", {4});
  EXPECT_EQ(Refusal(), "LOG_BEHIND_PEERS");
  ASSERT_TRUE(mark_.doubt_);
  Start();  // after a restart nothing is known but that it is in doubt
  EXPECT_EQ(Refusal(), "RESTORED_UNCONFIRMED");
  guard_->Heard("bkn", {4});
  EXPECT_EQ(Refusal(), "LOG_BEHIND_PEERS");
}

TEST_F(RestoreGuardTest, AnOperatorAnswersForPeersThatWereNotHeard) {
  mark_.doubt_ = log::StoreDoubt{kMade};
  Start();
  guard_->Heard("bkn", {3});
  mark_.fails_ = true;
  EXPECT_TRUE(absl::IsUnavailable(guard_->Confirm()));
  EXPECT_EQ(Refusal(), "RESTORED_UNCONFIRMED");
  mark_.fails_ = false;
  EXPECT_TRUE(guard_->Confirm().ok());
  EXPECT_TRUE(guard_->MayWrite().ok());
  EXPECT_FALSE(mark_.doubt_);
  guard_->Heard("bawaslu-13", {9});  // he was wrong
  EXPECT_EQ(Refusal(), "LOG_BEHIND_PEERS");
}

TEST_F(RestoreGuardTest, AMarkThatCannotBeRemovedIsTriedAgain) {
  mark_.doubt_ = log::StoreDoubt{kMade};
  mark_.fails_ = true;
  Start({"bkn"});
  guard_->Heard("bkn", {3});
  EXPECT_EQ(Refusal(), "RESTORED_UNCONFIRMED");
  mark_.fails_ = false;
  guard_->Heard("bkn", {3});
  EXPECT_TRUE(guard_->MayWrite().ok());
}

TEST_F(RestoreGuardTest, ANodeWithoutPeersHasNobodyToAsk) {
  mark_.doubt_ = log::StoreDoubt{kMade};
  Start({});
  EXPECT_TRUE(guard_->MayWrite().ok());
}

}  // namespace
}  // namespace selaras::serve
