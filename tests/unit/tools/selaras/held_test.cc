#include "tools/selaras/held.h"

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "tests/support/log_owner.h"
#include "tests/support/temp_directory.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

using ::testing::HasSubstr;
using Relation = HeldByFollower::Relation;

HeldByFollower Holds(std::uint64_t size, Relation relation = Relation::kSame) {
  return {"follower.note", {size}, relation};
}

// A log of 10 entries that is to be closed.
class HeldTest : public testing::Test {
 protected:
  HeldTest() {
    owner_.Append(10);
    const auto mirror = store_->OpenMirror("bkn", owner_.verifier());
    EXPECT_TRUE((*mirror)->Extend({0}, owner_.Leaves(0, 10), owner_.Note()).ok());
    log_ = *mirror;
  }

  absl::StatusOr<std::vector<HeldByFollower>> Read(const std::string& note) {
    const std::string file = folder_ / "follower.note";
    std::ofstream(file) << note;
    return ReadHeld(*log_, {file});
  }
  Relation RelationOf(const std::string& note) { return Read(note).value().front().relation; }
  std::string Problem(std::uint64_t size, const std::vector<HeldByFollower>& held,
                      bool force = false) {
    return std::string(CheckClosing(*log_, {size}, held, force).message());
  }

  test::TempDirectory folder_;
  test::LogOwner owner_{"bkn"};
  const std::unique_ptr<log::MemoryStore> store_ = log::MemoryStore::Make(
      "node", *log::NoteSigner::Make(log::OriginOf("node"),
                                     *crypto::SigningKey::FromSeed(std::string(32, 'n'))));
  const log::LogReader* log_ = nullptr;
};

TEST_F(HeldTest, ACheckpointIsOfThisHistoryOfAnotherOrOfMore) {
  EXPECT_EQ(RelationOf(owner_.Note(4)), Relation::kSame);
  EXPECT_EQ(RelationOf(owner_.Note(10)), Relation::kSame);
  test::LogOwner fork("bkn");
  fork.Append(8, "other ");
  EXPECT_EQ(RelationOf(fork.Note()), Relation::kForked);
  owner_.Append(1);
  EXPECT_EQ(RelationOf(owner_.Note()), Relation::kAhead);
}

TEST_F(HeldTest, WhatTheLogDidNotSignIsNoAnswer) {
  test::LogOwner stranger("ppk");
  stranger.Append(3);
  for (const std::string& note : {stranger.Note(), std::string("a letter"), std::string()}) {
    const auto held = Read(note);
    EXPECT_TRUE(IsUsage(held.status())) << held.status();
    EXPECT_THAT(std::string(held.status().message()), HasSubstr("checkpoint show --log bkn"));
  }
}

TEST_F(HeldTest, ALogIsClosedAtTheLastSizeOnWhichItsFollowersAgree) {
  EXPECT_EQ(Problem(9, {Holds(7), Holds(9)}), "");
  EXPECT_THAT(Problem(10, {Holds(7), Holds(9)}), HasSubstr("no follower holds more than 9"));
  EXPECT_THAT(Problem(8, {Holds(7), Holds(9)}), HasSubstr("its followers agree on 9"));
  EXPECT_THAT(Problem(9, {}), HasSubstr("nobody was asked"));
  EXPECT_THAT(Problem(10, {Holds(12, Relation::kAhead)}), HasSubstr("Bring back the rest first"));
  for (const std::uint64_t size : {8, 10}) {
    EXPECT_EQ(Problem(size, {Holds(7), Holds(9), Holds(12, Relation::kAhead)}, true), "") << size;
  }
  EXPECT_EQ(Problem(9, {}, true), "");
}

TEST_F(HeldTest, WhereAFollowerMustRefuseNothingForcesIt) {
  const std::vector<HeldByFollower> held = {Holds(9), Holds(6, Relation::kForked)};
  for (const bool force : {false, true}) {
    EXPECT_THAT(Problem(6, held, force), HasSubstr("of another history, already at 6"));
    EXPECT_THAT(Problem(9, held, force), HasSubstr("selaras log diff"));
    EXPECT_THAT(Problem(11, held, force), HasSubstr("it has 10 entries only"));
    EXPECT_EQ(Problem(5, held, force), "") << "where both are one";
  }
}

}  // namespace
}  // namespace selaras::cli
