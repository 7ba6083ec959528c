// What every store promises about a log that comes back after a restore: Store::Recover.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/limits.h"
#include "storage/log/store.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/hash.h"
#include "tests/contract/store_makers.h"

namespace selaras::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RecoveryContract : public testing::TestWithParam<StoreMaker> {
 protected:
  // What was written before the backup.
  void SetUp() override { ASSERT_TRUE(store().Append({{"a", "b"}, {"p"}, {}}).ok()); }

  log::Store& store() { return subject_->store(); }
  const log::LogReader& shared() { return store().shared(); }

  absl::Status Recover(std::vector<log::RecoveredLeaf> leaves,
                       std::vector<log::DisclosedEntry> found = {},
                       std::vector<log::RowWrite> rows = {}) {
    return store().Recover({std::move(leaves), std::move(found), std::move(rows)}).status();
  }

  static log::RecoveredLeaf Held(const std::string& entry) {
    return {merkle::HashLeaf(entry), entry};
  }
  static log::RecoveredLeaf Lost(const std::string& entry) {
    return {merkle::HashLeaf(entry), std::nullopt};
  }

  // The log is signed as the node that wrote these entries had signed it.
  void ExpectTreeOf(const std::vector<std::string>& entries) {
    merkle::Frontier edge;
    for (const std::string& entry : entries) edge.Append(merkle::HashLeaf(entry));
    const log::SignedCheckpoint head = shared().checkpoint();
    EXPECT_EQ(shared().size(), edge.size());
    EXPECT_EQ(head.checkpoint, (log::Checkpoint{shared().origin(), edge.size(), edge.Root()}));
    EXPECT_EQ(log::OpenCheckpoint(VerifierOf(shared()), head.note).value(), head);
  }

  std::vector<std::string> Entries() {
    std::vector<std::string> entries;
    EXPECT_TRUE(
        shared()
            .Entries({0}, shared().size().value,
                     [&](base::Sequence, absl::string_view bytes) { entries.emplace_back(bytes); })
            .ok());
    return entries;
  }

  std::unique_ptr<StoreUnderTest> subject_ = GetParam().make();
};

TEST_P(RecoveryContract, WhatComesBackIsTheLogThatWasSignedAlsoAfterARestart) {
  ASSERT_TRUE(
      Recover({Held("c"), Lost("d"), Held("e")}, {}, {{log::Table::kState, "s", "1"}}).ok());
  for (int round = 0; round < 2; ++round) {
    ExpectTreeOf({"a", "b", "c", "d", "e"});
    EXPECT_THAT(Entries(), ElementsAre("a", "b", "c", "e"));
    EXPECT_EQ(store().Get(log::Table::kState, "s").value(), "1");
    EXPECT_EQ(store().private_log().size().value, 1u);
    subject_->Crash();
  }
}

TEST_P(RecoveryContract, ALostEntryIsNothingAndNamedAsLost) {
  ASSERT_TRUE(Recover({Lost("c"), Held("d"), Lost("e")}).ok());
  EXPECT_EQ(shared().Entry({2}).value(), std::nullopt);
  EXPECT_EQ(shared().Entry({3}).value(), "d");
  EXPECT_EQ(log::LeafHash(shared(), {2}).value(), merkle::HashLeaf("c"));
  EXPECT_THAT(shared().Lost({0}, 5).value(), ElementsAre(base::Sequence{2}, base::Sequence{4}));
  EXPECT_THAT(shared().Lost({3}, 1).value(), IsEmpty());
  EXPECT_THAT(store().private_log().Lost({0}, 1).value(), IsEmpty());
}

TEST_P(RecoveryContract, TheLogGoesOnBehindWhatCameBack) {
  ASSERT_TRUE(Recover({Lost("c")}).ok());
  ASSERT_TRUE(store().Append({{"d"}, {"q"}, {}}).ok());
  subject_->Reopen();
  ExpectTreeOf({"a", "b", "c", "d"});
  EXPECT_THAT(Entries(), ElementsAre("a", "b", "d"));
  EXPECT_EQ(store().private_log().size().value, 2u);
}

TEST_P(RecoveryContract, AnEntryThatIsFoundLaterIsLostNoMore) {
  ASSERT_TRUE(Recover({Lost("c"), Lost("d")}).ok());
  ASSERT_TRUE(store().Append({{"e"}, {}, {}}).ok());
  ASSERT_TRUE(Recover({}, {{{2}, "c"}}, {{log::Table::kState, "s", "1"}}).ok());
  for (int round = 0; round < 2; ++round) {
    ExpectTreeOf({"a", "b", "c", "d", "e"});
    EXPECT_THAT(Entries(), ElementsAre("a", "b", "c", "e"));
    EXPECT_THAT(shared().Lost({0}, 5).value(), ElementsAre(base::Sequence{3}));
    EXPECT_EQ(store().Get(log::Table::kState, "s").value(), "1");
    subject_->Crash();
  }
}

TEST_P(RecoveryContract, WhatDoesNotFitIsRefusedAndNothingIsWritten) {
  ASSERT_TRUE(Recover({Lost("c")}).ok());
  const log::SignedCheckpoint before = shared().checkpoint();
  const log::RowWrite row{log::Table::kState, "s", "1"};
  const auto code = [&](std::vector<log::RecoveredLeaf> leaves,
                        std::vector<log::DisclosedEntry> found) {
    return Recover(std::move(leaves), std::move(found), {row}).code();
  };
  const log::RecoveredLeaf other{merkle::HashLeaf("d"), "e"};
  EXPECT_EQ(code({Held("d"), other}, {}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code({Held("")}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({Held(std::string(log::kEntryBytesMax + 1, 'x'))}, {}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(std::vector<log::RecoveredLeaf>(log::kAppendEntriesMax + 1, Lost("d")), {}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({}, {{{2}, "d"}}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code({}, {{{1}, "b"}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({}, {{{3}, "d"}}), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(shared().checkpoint(), before);
  EXPECT_THAT(Entries(), ElementsAre("a", "b"));
  EXPECT_EQ(store().Get(log::Table::kState, "s").value(), std::nullopt);
}

TEST_P(RecoveryContract, TheLargestBatchIsTakenAndVerifiedAtTheNextStart) {
  std::vector<log::RecoveredLeaf> leaves;
  std::vector<std::string> entries = {"a", "b"};
  for (std::size_t i = 0; i < log::kAppendEntriesMax; ++i) {
    entries.push_back(absl::StrCat("entry ", i));
    leaves.push_back(i % 3 == 0 ? Lost(entries.back()) : Held(entries.back()));
  }
  ASSERT_TRUE(Recover(leaves).ok());
  ExpectTreeOf(entries);
  subject_->Crash();
  ExpectTreeOf(entries);
}

INSTANTIATE_TEST_SUITE_P(Stores, RecoveryContract, testing::ValuesIn(StoreMakers()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace selaras::test
