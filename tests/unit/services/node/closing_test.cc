#include "services/node/closing.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/node/link_rows.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/log/names.h"
#include "storage/log/succession.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"
#include "tests/support/case_node.h"
#include "tests/support/commands.h"
#include "tests/support/requests.h"
#include "tests/support/rows_of.h"

namespace selaras::node {
namespace {

using test::IntakeRequest;
using test::RowsOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Rows = std::map<std::string, std::string>;

crypto::SigningKey NextKey() { return *crypto::SigningKey::FromSeed(std::string(32, 's')); }

// The statement that closes a log after `size` leaves.
log::Succession Statement(const log::LogReader& log, base::TreeSize size) {
  const auto next = log::NoteSigner::Make(
      log::OriginOf(log.name(), log::GenerationOf(log.origin()) + 1), NextKey());
  return {log.name(),
          {{log.keys()->newest(), size}},
          next->verifier(),
          log::SuccessionReason::kLostTail,
          {base::Digest()},
          log::SignCheckpoint(*next, {next->name(), size, *merkle::RootAt(log, size)}),
          ""};
}

class ClosingTest : public testing::Test {
 protected:
  // What a node lives through: the first `count` of these requests.
  static std::vector<Request> Requests() {
    std::vector<Request> requests;
    for (const char* id : {"a", "b", "c"}) {
      requests.push_back(IntakeRequest(id, test::SomeReport(), test::SomeRespondent()));
    }
    return requests;
  }
  // Where the shared log ends after each request, and what the node held then.
  void Live(test::CaseNode& node, std::size_t count) {
    std::vector<std::string> cases;
    for (std::size_t i = 0; i < count; ++i) {
      if (i < 3) {
        cases.push_back(node.Must(Requests()[i]).case_id());
      } else {
        node.Must(IntakeRequest("review-" + std::to_string(i),
                                test::In(cases[i - 3], test::SomeReview())));
      }
      node.Project();
    }
  }
  static constexpr std::size_t kRequests = 6;

  absl::Status Succeed(test::CaseNode& node, const Closing& closing) {
    return node.store().SucceedOwn(Statement(node.store().shared(), closing.shared),
                                   Statement(node.store().private_log(), closing.private_),
                                   closing.rows, NextKey());
  }
};

TEST_F(ClosingTest, WhatIsLeftIsWhatANodeHoldsThatNeverDidTheRest) {
  for (std::size_t kept = 0; kept <= kRequests; ++kept) {
    test::CaseNode twin(test::BawasluNode(), {test::BknNode()});
    Live(twin, kept);
    test::CaseNode node(test::BawasluNode(), {test::BknNode()});
    Live(node, kRequests);
    const auto closing = CloseAt(node.store(), twin.store().shared().size());
    ASSERT_TRUE(closing.ok()) << closing.status();
    EXPECT_EQ(closing->private_, twin.store().private_log().size()) << kept;
    ASSERT_TRUE(Succeed(node, *closing).ok());
    EXPECT_EQ(RowsOf(node.store(), log::Table::kState), RowsOf(twin.store(), log::Table::kState));
    EXPECT_EQ(RowsOf(node.store(), log::Table::kRequest),
              RowsOf(twin.store(), log::Table::kRequest));
    // Keys of what was cut off stay, for when it is said again; until then they open nothing.
    const Rows secrets = RowsOf(node.store(), log::Table::kSecret);
    for (const auto& [key, value] : RowsOf(twin.store(), log::Table::kSecret)) {
      EXPECT_THAT(secrets, testing::Contains(testing::Pair(key, value)));
    }
  }
}

TEST_F(ClosingTest, WhatWasDerivedGoesButPlacesThatOthersRemember) {
  test::CaseNode node(test::BawasluNode(), {test::BknNode()});
  Live(node, kRequests);
  const std::string epoch =
      RowsOf(node.store(), log::Table::kView)[std::string(rows::kDisclosureEpoch)];
  ASSERT_TRUE(node.store()
                  .Write({{log::Table::kView, rows::Follow("bkn"), "as far as it was read"}},
                         log::Durability::kSynced)
                  .ok());
  const Rows before = RowsOf(node.store(), log::Table::kView);
  const auto closing = CloseAt(node.store(), {2});
  ASSERT_TRUE(closing.ok()) << closing.status();
  ASSERT_TRUE(Succeed(node, *closing).ok());
  for (const auto& [key, value] : RowsOf(node.store(), log::Table::kView)) {
    EXPECT_TRUE(absl::StartsWith(key, rows::kChanges) || key == rows::kChangeCount ||
                key == rows::kViewBasis || key == rows::Follow("bkn"))
        << key;
    EXPECT_EQ(value, before.at(key));
  }
  node.Crash();  // starts again
  node.Project();
  EXPECT_NE(RowsOf(node.store(), log::Table::kView)[std::string(rows::kDisclosureEpoch)], epoch);
  EXPECT_GT(
      rows::DecodeNumber(RowsOf(node.store(), log::Table::kView)[std::string(rows::kChangeCount)]),
      rows::DecodeNumber(before.at(std::string(rows::kChangeCount))));
}

TEST_F(ClosingTest, ALinkStandsStillNoLongerForThisLogButForAPeersItDoes) {
  test::CaseNode node(test::BawasluNode(), {test::BknNode()});
  Live(node, 2);
  const auto stopped_for = [](const std::string& note) {
    storage::v1::StoredLink link;
    link.set_arrived_size(4);
    link.set_arrived_epoch("epoch");
    link.set_arrived_disclosed(3);
    link.set_heard_size(7);
    link.set_fault("two statements");
    link.set_stopped(true);
    link.set_given(note);
    link.set_held("the other");
    return link;
  };
  const log::NoteSigner peer = *log::NoteSigner::Make("selaras/ppk", NextKey());
  const std::string own = node.store().shared().checkpoint().note;
  const std::string theirs = log::SignCheckpoint(peer, {peer.name(), {9}, base::Digest()}).note;
  ASSERT_TRUE(
      node.store()
          .Write({{log::Table::kView, rows::Link("bkn"), stopped_for(own).SerializeAsString()},
                  {log::Table::kView, rows::Link("ppk"), stopped_for(theirs).SerializeAsString()}},
                 log::Durability::kSynced)
          .ok());
  ASSERT_TRUE(Succeed(node, *CloseAt(node.store(), {2})).ok());
  for (const std::string name : {"bkn", "ppk"}) {
    const auto link = LoadLink(node.store(), name);
    ASSERT_TRUE(link.ok()) << link.status();
    EXPECT_EQ(link->arrived_size() + link->arrived_disclosed(), 0u) << "it is asked again";
    EXPECT_EQ(link->arrived_epoch(), "");
    EXPECT_EQ(link->heard_size(), 7u) << "of its own log";
    EXPECT_EQ(link->stopped(), name == "ppk");
    EXPECT_EQ(link->given(), name == "ppk" ? theirs : "");
  }
}

TEST_F(ClosingTest, ARequestThatWasCutOffIsHeardAgainWithTheSameIds) {
  test::CaseNode node(test::BawasluNode(), {test::BknNode()});
  Live(node, kRequests);
  const auto closing = CloseAt(node.store(), {4});
  ASSERT_TRUE(closing.ok()) << closing.status();
  ASSERT_TRUE(Succeed(node, *closing).ok());
  node.Crash();
  node.Project();
  EXPECT_TRUE(node.Must(Requests()[1]).repeated_request());
  const auto again = node.Must(Requests()[2]);
  EXPECT_FALSE(again.repeated_request());
  EXPECT_EQ(again.positions(0).sequence(), 4u);
}

TEST_F(ClosingTest, ASizeWithinOneRequestOrBeyondTheLogIsRefused) {
  test::CaseNode node(test::BawasluNode(), {});
  Live(node, 2);
  const auto within = CloseAt(node.store(), {3});
  EXPECT_EQ(within.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(within.status().message()), HasSubstr("close it at 2"));
  EXPECT_EQ(CloseAt(node.store(), {5}).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(ClosingTest, EntriesThatARestoreLostAreNoHindrance) {
  test::CaseNode node(test::BawasluNode(), {test::BknNode()});
  Live(node, 2);
  const base::Digest lost = merkle::HashLeaf("what nobody holds");
  ASSERT_TRUE(node.store().Recover({{{lost, std::nullopt}, {lost, std::nullopt}}, {}, {}}).ok());
  for (const std::uint64_t size : {5, 4, 2}) {
    const auto closing = CloseAt(node.store(), {size});
    ASSERT_TRUE(closing.ok()) << size << closing.status();
    ASSERT_TRUE(size > 2 || Succeed(node, *closing).ok());
  }
  EXPECT_EQ(node.store().shared().size().value, 2u);
}

TEST_F(ClosingTest, ASuccessorBeginsWithWhatItSucceeds) {
  test::CaseNode node(test::BawasluNode(), {test::BknNode()});
  Live(node, 2);
  ASSERT_TRUE(node.engine().StateSuccession("bawaslu/13", node.now).ok());
  EXPECT_EQ(node.store().shared().size().value, 4u) << "it succeeds none";
  const log::Succession statement = Statement(node.store().shared(), {2});
  ASSERT_TRUE(Succeed(node, *CloseAt(node.store(), {2})).ok());
  node.Crash();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(node.engine().StateSuccession("bawaslu/13", node.now).ok());
  }
  ASSERT_EQ(node.store().shared().size().value, 3u) << "once";
  const auto event = ReadEvent(node.store().shared(), {2});
  const event::v1::LogSucceeded& stated = event->fact().log_succeeded();
  EXPECT_EQ(stated.verifier_key(), node.store().shared().keys()->newest().VerifierText());
  EXPECT_EQ(stated.closing(), statement.closing.note);
  EXPECT_EQ(stated.reason(), "lost-tail");
  EXPECT_EQ(stated.evidence_size(), 1);
  EXPECT_EQ(stated.statement().size(), 32u);
  EXPECT_EQ(event->subject_case(), event::v1::Event::SUBJECT_NOT_SET);
  // It goes to every peer.
  node.Project();
  EXPECT_THAT(RowsOf(node.store(), log::Table::kView),
              testing::Contains(testing::Key(rows::MaySee("bkn", {2}))));
}

TEST_F(ClosingTest, AFollowerForgetsWhatItDerivedFromTheEndThatWasCutOff) {
  test::CaseNode bawaslu(test::BawasluNode(), {test::BknNode()});
  test::CaseNode bkn(test::BknNode(), {test::BawasluNode()});
  const auto refer = [&](const std::string& id) {
    const auto referred = bawaslu.Must(IntakeRequest(id, test::SomeReport(), test::SomeRespondent(),
                                                     test::SomeReview(), test::SomeConclusion(),
                                                     test::SomeReferral()));
    bawaslu.Project();
    return referred.case_id();
  };
  const std::string kept = refer("a");
  const base::TreeSize size = bawaslu.store().shared().size();
  const std::string cut = refer("b");
  bkn.Copy(bawaslu);
  bkn.Project();
  bkn.Watch();
  ASSERT_TRUE(bkn.Case(cut).ok());
  const Rows views = RowsOf(bkn.store(), log::Table::kView);
  ASSERT_THAT(views, testing::Contains(testing::Key(rows::Watch("case:" + cut))));

  ASSERT_TRUE(
      bkn.store().Succeed("bawaslu-13", Statement(bawaslu.store().shared(), size), {}).ok());
  bkn.Crash();  // starts again
  bkn.Project();
  bkn.Watch();
  EXPECT_TRUE(bkn.Case(kept).ok());
  EXPECT_FALSE(bkn.Case(cut).ok());
  for (const auto& [key, value] : RowsOf(bkn.store(), log::Table::kView)) {
    if (absl::StartsWith(key, rows::kChanges)) continue;
    EXPECT_THAT(key, testing::Not(HasSubstr(cut))) << "nobody waits for a case that is not there";
  }
}

}  // namespace
}  // namespace selaras::node
