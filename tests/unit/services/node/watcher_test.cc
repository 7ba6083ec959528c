// Limits used here, of the shipped table: D-10 runs 7 days from BKN's receipt, is owed by BKN and
// watched by Bawaslu, with rungs -2, 0 and 7; D-30 gives Bawaslu itself 2 days from the report to
// its review, with rungs -1, 0 and 7; D-16 gives the PPK 14 working days, watched by BKN.
#include "services/node/watcher.h"

#include <map>
#include <random>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/domain/refusal.h"
#include "services/node/case_deadlines.h"
#include "services/node/rows.h"
#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/random.h"

namespace selaras::node {
namespace {

using event::v1::Fact;
using test::On;
using testing::ElementsAre;
using testing::IsEmpty;

absl::Time At(absl::string_view day, int hour = 10) {
  absl::CivilDay civil;
  SELARAS_CHECK(absl::ParseCivilTime(day, &civil)) << std::string(day);
  return absl::FromCivil(civil, absl::FixedTimeZone(7 * 60 * 60)) + absl::Hours(hour);
}

struct Stated {
  std::string deadline;
  int rung;
  std::string due_on;
  friend bool operator==(const Stated&, const Stated&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Stated& s) {
    return out << s.deadline << " " << s.rung << " due " << s.due_on;
  }
};

class WatcherTest : public NodeTest {
 protected:
  void SetNow(absl::Time now) {
    for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) node->now = now;
  }
  void WatchEverywhere() {
    for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) node->Watch();
  }

  static std::vector<event::v1::Event> EventsOf(const test::CaseNode& node, Fact::KindCase kind) {
    std::vector<event::v1::Event> found;
    for (const event::v1::Event& event : node.Events()) {
      if (event.fact().kind_case() == kind) found.push_back(event);
    }
    return found;
  }
  static std::vector<Stated> RungsOf(const test::CaseNode& node) {
    std::vector<Stated> rungs;
    for (const auto& event : EventsOf(node, Fact::kDeadlineRungReached)) {
      const auto& rung = event.fact().deadline_rung_reached();
      rungs.push_back({rung.deadline(), rung.rung(), rung.due_on()});
    }
    return rungs;
  }

  // A case that BKN received on the day, recorded at once; its own report is of 2024.
  std::string ReceivedCase(absl::string_view day) {
    SetNow(At(day));
    const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
    Exchange();
    auto receipt = test::SomeReceipt(id);
    *receipt.mutable_occurred_at() = On(day);
    bkn_.Must(test::ReferralRequest("k-1", receipt));
    Exchange();
    return id;
  }
  // A case that the PPK decided on the day, recorded at once.
  std::string DecidedCase(absl::string_view day) {
    SetNow(At(day));
    const std::string id = RecommendedCase();
    ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id)));
    auto decision = test::SomeDecision(id);
    *decision.mutable_occurred_at() = On(day);
    ppk_.Must(test::SanctionRequest("p-2", decision));
    Exchange();
    return id;
  }
  query::v1::Deadline DeadlineAt(test::CaseNode& node, const std::string& id,
                                 const std::string& row) {
    query::v1::ListDeadlinesRequest request;
    request.set_case_id(id);
    const auto answer =
        ListDeadlines(request, node.reader(), node.viewer(), node.engine().deadlines(), node.now);
    SELARAS_CHECK(answer.ok()) << answer.status();
    for (const auto& deadline : answer->deadlines()) {
      if (deadline.id() == row) return deadline;
    }
    return {};
  }
};

// The shipped reference data with one more holiday.
std::shared_ptr<const reference::Catalogue> WithHoliday(absl::string_view day) {
  reference::Catalogue::Files files = test::ShippedCatalogue()->files();
  absl::StrAppend(&files["holidays.tsv"], day, "\tlibur\tUji\tR\t\n");
  auto catalogue = reference::Catalogue::FromFiles(std::move(files));
  SELARAS_CHECK(catalogue.ok()) << catalogue.status();
  return *std::move(catalogue);
}

TEST_F(WatcherTest, EachRungIsStatedOnceWhenItsDayComes) {
  ReceivedCase("2025-02-19");  // due 2025-02-26
  WatchEverywhere();
  EXPECT_THAT(RungsOf(bawaslu_), IsEmpty());
  SetNow(At("2025-02-23", 23));
  WatchEverywhere();
  EXPECT_THAT(RungsOf(bawaslu_), IsEmpty());
  SetNow(At("2025-02-24", 0));
  WatchEverywhere();
  EXPECT_THAT(RungsOf(bawaslu_), ElementsAre(Stated{"D-10", -2, "2025-02-26"}));
  SetNow(At("2025-02-26", 23));
  WatchEverywhere();
  EXPECT_THAT(RungsOf(bawaslu_), ElementsAre(Stated{"D-10", -2, "2025-02-26"}));
  SetNow(At("2025-03-30"));
  WatchEverywhere();
  WatchEverywhere();
  EXPECT_THAT(RungsOf(bawaslu_),
              ElementsAre(Stated{"D-10", -2, "2025-02-26"}, Stated{"D-10", 0, "2025-02-26"},
                          Stated{"D-10", 7, "2025-02-26"}));
  // Others only show it.
  EXPECT_THAT(RungsOf(bkn_), IsEmpty());
  EXPECT_THAT(RungsOf(ppk_), IsEmpty());
}

TEST_F(WatcherTest, EachRungIsStatedOnceAcrossPowerCutsAndJumpsOfTheClock) {
  std::mt19937_64 random = test::SeededRandom();
  for (int run = 0; run < 20; ++run) {
    test::CaseNode bawaslu(test::BawasluNode(), {test::BknNode()}, 1);
    test::CaseNode bkn(test::BknNode(), {test::BawasluNode()}, 2);
    bawaslu.now = bkn.now = At("2025-02-19");
    const std::string id = bawaslu.Must(Referring("b-1")).case_id();
    bawaslu.Project();
    Pair(bawaslu, bkn);
    bkn.Project();
    auto receipt = test::SomeReceipt(id);
    *receipt.mutable_occurred_at() = On("2025-02-19");
    bkn.Must(test::ReferralRequest("k-1", receipt));
    bkn.Project();
    Pair(bawaslu, bkn);
    for (int step = 0; step < 60; ++step) {
      switch (test::Between(random, 0, 5)) {
        case 0:
          bawaslu.now += absl::Hours(static_cast<int>(test::Between(random, 1, 400)));
          break;
        case 1:
          bawaslu.now -= absl::Hours(static_cast<int>(test::Between(random, 1, 200)));
          bawaslu.now = std::max(bawaslu.now, At("2025-02-19"));
          break;
        case 2:
          bawaslu.Crash();
          break;
        case 3:
          bawaslu.Project();
          break;
        case 4:
          // What was handed out is lost with the power.
          bawaslu.Project();
          ASSERT_TRUE(bawaslu.watcher().Learn().ok());
          ASSERT_TRUE(bawaslu.watcher().Due(bawaslu.now).ok());
          bawaslu.Crash();
          break;
        default:
          bawaslu.Watch();
      }
    }
    bawaslu.now = At("2026-02-19");
    bawaslu.Watch();
    EXPECT_THAT(RungsOf(bawaslu), testing::UnorderedElementsAre(Stated{"D-10", -2, "2025-02-26"},
                                                                Stated{"D-10", 0, "2025-02-26"},
                                                                Stated{"D-10", 7, "2025-02-26"}))
        << "in run " << run;
  }
}

TEST_F(WatcherTest, ARungSaysWhatItWasComputedFromAndHowMuchWasSeen) {
  const std::string id = ReceivedCase("2025-02-19");
  SetNow(At("2025-02-24"));
  WatchEverywhere();
  const auto events = EventsOf(bawaslu_, Fact::kDeadlineRungReached);
  ASSERT_EQ(events.size(), 1U);
  const auto& rung = events[0].fact().deadline_rung_reached();
  EXPECT_EQ(events[0].author(), "bawaslu/13");
  EXPECT_EQ(events[0].case_id(), id);
  EXPECT_EQ(events[0].occurred_at().date(), "2025-02-24");
  EXPECT_EQ(events[0].catalogue(), base::HexEncode(test::ShippedCatalogue()->digest().view()));
  EXPECT_EQ(rung.anchor().log(), "bkn");
  EXPECT_EQ(rung.anchor_on(), "2025-02-19");
  EXPECT_EQ(rung.duty(), "bkn");
  EXPECT_FALSE(rung.self_watched());
  EXPECT_EQ(rung.seen().log(), "bkn");
  EXPECT_EQ(rung.seen().size(), bkn_.store().shared().size().value);
  ASSERT_EQ(events[0].citations_size(), 1);
  EXPECT_EQ(events[0].citations(0).position().sequence(), rung.anchor().sequence());
  // In the id space that FORMAT.md gives to watchers.
  const std::string request =
      absl::StrCat("\n", RungId(absl::StrCat("case:", id), "D-10", rung.anchor(), rung.rung()));
  EXPECT_EQ(events[0].request_tag(),
            bawaslu_.engine().keys().RequestTag("bawaslu/13", request).view());
}

TEST_F(WatcherTest, ARungOfAPartysFactGoesToAllPartiesAndAllAgree) {
  const std::string id = ReceivedCase("2025-02-19");
  SetNow(At("2025-02-27"));
  WatchEverywhere();
  Exchange();
  EXPECT_GT(EventsOf(bawaslu_, Fact::kDeadlineRungReached)[0].party_number(), 0U);
  EXPECT_EQ(bkn_.Case(id)->party_digest(), bawaslu_.Case(id)->party_digest());
  EXPECT_THAT(bkn_.Case(id)->contradictions(), IsEmpty());
  // What passed changes nobody's turn.
  EXPECT_EQ(bkn_.Case(id)->state(), query::v1::CASE_STATE_RECEIVED);
  EXPECT_EQ(bkn_.Case(id)->waiting_for(), "bkn");
}

TEST_F(WatcherTest, BeforeAReferralTheOfficeWatchesItselfAndTellsNobody) {
  SetNow(At("2025-02-19"));
  auto report = test::SomeReport();
  *report.mutable_received_at() = On("2025-02-19");  // D-30: due 2025-02-21
  auto named = test::SomeRespondent();
  *named.mutable_occurred_at() = On("2025-02-19");
  bawaslu_.Must(test::IntakeRequest("b-1", report, named));
  SetNow(At("2025-02-20"));
  WatchEverywhere();
  const auto events = EventsOf(bawaslu_, Fact::kDeadlineRungReached);
  std::map<std::string, bool> self_watched;
  for (const auto& event : events) {
    self_watched[event.fact().deadline_rung_reached().deadline()] =
        event.fact().deadline_rung_reached().self_watched();
    EXPECT_EQ(event.party_number(), 0U);
  }
  EXPECT_TRUE(self_watched["D-30"]);
  // Also after the case went out: who does not hold the report learns nothing of it.
  Exchange();
  EXPECT_EQ(bkn_.store().mirrors().empty() ? 0U : bkn_.DisclosedBy(bawaslu_).size(), 0U);
}

TEST_F(WatcherTest, AReportWithoutCasesIsWatchedItselfAndItsCasesGoOnFromThere) {
  SetNow(At("2025-02-19"));
  auto report = test::SomeReport();
  *report.mutable_received_at() = On("2025-02-19");
  const std::string report_id = bawaslu_.Must(test::IntakeRequest("b-1", report)).report_id();
  SetNow(At("2025-02-20"));
  bawaslu_.Watch();
  auto events = EventsOf(bawaslu_, Fact::kDeadlineRungReached);
  ASSERT_FALSE(events.empty());
  for (const auto& event : events) EXPECT_EQ(event.report_id(), report_id);
  const auto before = RungsOf(bawaslu_);
  EXPECT_THAT(before, testing::Contains(Stated{"D-30", -1, "2025-02-21"}));

  auto named = test::SomeRespondent();
  named.mutable_report()->set_report_id(report_id);
  const std::string id = bawaslu_.Must(test::IntakeRequest("b-2", named)).case_id();
  bawaslu_.Watch();
  EXPECT_EQ(RungsOf(bawaslu_), before) << "the case says it again";
  SetNow(At("2025-02-22"));
  bawaslu_.Watch();
  events = EventsOf(bawaslu_, Fact::kDeadlineRungReached);
  ASSERT_GT(events.size(), before.size());
  for (std::size_t i = before.size(); i < events.size(); ++i) EXPECT_EQ(events[i].case_id(), id);
  EXPECT_THAT(RungsOf(bawaslu_), testing::Contains(Stated{"D-30", 0, "2025-02-21"}));
}

TEST_F(WatcherTest, NothingIsStatedForThePast) {
  SetNow(At("2026-07-01"));
  const std::string id = RecommendedCase();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id)));
  Exchange();
  SetNow(At("2028-07-01"));
  WatchEverywhere();
  for (const test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) {
    EXPECT_THAT(RungsOf(*node), IsEmpty()) << node->name();
  }
  EXPECT_EQ(DeadlineAt(bkn_, id, "D-16").state(), query::v1::DEADLINE_STATE_OVERDUE);
  EXPECT_TRUE(DeadlineAt(bkn_, id, "D-16").past_when_recorded());
}

TEST_F(WatcherTest, WhatIsTypedInLateEndsTheLimitAsMetInTime) {
  const std::string id = ReceivedCase("2025-02-19");
  SetNow(At("2025-02-27"));
  WatchEverywhere();
  ASSERT_EQ(RungsOf(bawaslu_).size(), 2U);
  auto verified = test::SomeVerification(id);
  *verified.mutable_occurred_at() = On("2025-02-25");
  bkn_.Must(test::ReferralRequest("k-2", verified));
  Exchange();
  SetNow(At("2026-02-27"));
  WatchEverywhere();
  EXPECT_EQ(RungsOf(bawaslu_).size(), 2U);
  EXPECT_EQ(DeadlineAt(bawaslu_, id, "D-10").state(), query::v1::DEADLINE_STATE_MET_RECORDED_LATE);
}

TEST_F(WatcherTest, NothingIsStatedWhileWhatTheDutyHolderSentIsNotDerived) {
  const std::string id = ReceivedCase("2025-02-19");
  bawaslu_.Watch();
  bkn_.Must(test::ReferralRequest("k-2", test::SomeVerification(id)));
  bkn_.Project();
  bawaslu_.Copy(bkn_);
  const auto due = bawaslu_.watcher().Due(At("2025-02-24"));
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due->size(), 1U);
  SetNow(At("2025-02-24"));
  EXPECT_EQ(domain::ReasonOf(bawaslu_.Execute(due->at(0)).status()), "NOT_HERE_YET");
  bawaslu_.Project();
  EXPECT_EQ(domain::ReasonOf(bawaslu_.Execute(due->at(0)).status()), "RULE") << "it was met";
  bawaslu_.Watch();
  EXPECT_THAT(RungsOf(bawaslu_), IsEmpty());
}

TEST_F(WatcherTest, NoCallersRequestIdTakesThePlaceOfARungs) {
  ReceivedCase("2025-02-19");
  SetNow(At("2025-02-24"));
  bawaslu_.Project();
  ASSERT_TRUE(*bawaslu_.watcher().Learn());
  const auto due = bawaslu_.watcher().Due(bawaslu_.now);
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due->size(), 1U);
  auto supplement = test::IntakeRequest(due->at(0).header.request_id(), test::SomeReport());
  bawaslu_.Must(supplement);
  EXPECT_TRUE(bawaslu_.Execute(due->at(0)).ok());
  EXPECT_EQ(RungsOf(bawaslu_).size(), 1U);
}

TEST_F(WatcherTest, AFactCanBeTakenBackThoughARungWasStatedSince) {
  const std::string id = ReceivedCase("2025-02-19");
  SetNow(At("2025-02-27"));
  WatchEverywhere();
  Exchange();
  ASSERT_EQ(RungsOf(bawaslu_).size(), 2U);
  // By BKN, on whose receipt the rungs rest.
  const auto receipt =
      EventsOf(bawaslu_, Fact::kDeadlineRungReached)[0].fact().deadline_rung_reached().anchor();
  EXPECT_TRUE(bkn_.Execute(test::ReferralRequest("k-9", VoidOf(id, receipt))).ok());
  Exchange();
  // By Bawaslu, whose newest entry is a rung, which itself stands for ever.
  event::v1::Position rung;
  rung.set_log("bawaslu-13");
  rung.set_sequence(bawaslu_.store().shared().size().value - 1);
  EXPECT_EQ(
      domain::ReasonOf(bawaslu_.Execute(test::IntakeRequest("b-8", VoidOf(id, rung))).status()),
      "RULE");
  event::v1::Position referral;
  for (const auto& event : bawaslu_.Events()) {
    if (event.fact().has_case_referred()) break;
    referral.set_sequence(referral.sequence() + 1);
  }
  referral.set_log("bawaslu-13");
  EXPECT_TRUE(bawaslu_.Execute(test::IntakeRequest("b-9", VoidOf(id, referral))).ok());
}

TEST_F(WatcherTest, ADueDayThatTheCalendarMovesIsStatedOnceWithItsReason) {
  DecidedCase("2025-02-19");  // D-16: 14 working days, due 2025-03-11
  WatchEverywhere();
  const std::string before = base::HexEncode(test::ShippedCatalogue()->digest().view());
  bkn_.Adopt(WithHoliday("2025-03-03"));
  bkn_.Watch();
  bkn_.Crash();
  bkn_.Watch();
  const auto moved = EventsOf(bkn_, Fact::kDeadlineRecomputed);
  ASSERT_EQ(moved.size(), 1U);
  const auto& fact = moved[0].fact().deadline_recomputed();
  EXPECT_EQ(fact.deadline(), "D-16");
  EXPECT_EQ(fact.previous_due_on(), "2025-03-11");
  EXPECT_EQ(fact.due_on(), "2025-03-12");
  EXPECT_EQ(fact.previous_catalogue(), before);
  EXPECT_NE(moved[0].catalogue(), before);
  EXPECT_THAT(fact.changed_tables(), ElementsAre("holidays.tsv"));
  EXPECT_GT(moved[0].party_number(), 0U);

  bkn_.now = At("2025-03-10");  // two working days before the new day
  bkn_.Watch();
  EXPECT_THAT(RungsOf(bkn_), ElementsAre(Stated{"D-16", -2, "2025-03-12"}));
}

TEST_F(WatcherTest, OtherReferenceDataThatMoveNoDayAreNoFact) {
  DecidedCase("2025-02-19");
  WatchEverywhere();
  bkn_.Adopt(WithHoliday("2025-03-20"));
  bkn_.Watch();
  EXPECT_THAT(EventsOf(bkn_, Fact::kDeadlineRecomputed), IsEmpty());
}

TEST_F(WatcherTest, WhatIsOfThePastIsNotRecomputed) {
  SetNow(At("2026-07-01"));
  const std::string id = RecommendedCase();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id)));
  Exchange();
  WatchEverywhere();
  bkn_.Adopt(WithHoliday("2024-11-28"));
  bkn_.Watch();
  EXPECT_THAT(EventsOf(bkn_, Fact::kDeadlineRecomputed), IsEmpty());
}

// A store that, like the one on disk, steps over what was deleted until it is compacted, and counts
// the steps.
class MarkedStore final : public test::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  absl::Status Scan(
      log::Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override {
    std::string end;
    const absl::Status status =
        ForwardingStore::Scan(table, prefix, from, [&](absl::string_view key, auto value) {
          end = std::string(key);
          return row(key, value);
        });
    for (auto mark = marks_.lower_bound(std::string(std::max(prefix, from)));
         mark != marks_.end() && absl::StartsWith(*mark, prefix) && (end.empty() || *mark < end);
         ++mark) {
      ++steps_;
    }
    return status;
  }
  absl::Status Write(const std::vector<log::RowWrite>& rows, log::Durability durability) override {
    for (const log::RowWrite& row : rows) {
      if (row.value) {
        marks_.erase(row.key);
      } else {
        marks_.insert(row.key);
      }
    }
    return ForwardingStore::Write(rows, durability);
  }

  std::size_t marks() const { return marks_.size(); }
  std::size_t steps() const { return steps_; }

 private:
  std::set<std::string> marks_;
  mutable std::size_t steps_ = 0;
};

TEST_F(WatcherTest, WhatItTookAwayIsNotSteppedOverAgainAndAgain) {
  MarkedStore store(bawaslu_.store());
  Watcher watcher(store, bawaslu_.directory(), bawaslu_.engine().deadlines());
  const auto look = [&] {
    bawaslu_.Project();
    while (*watcher.Learn()) {
    }
    ASSERT_TRUE(watcher.Due(bawaslu_.now).ok());
    ASSERT_TRUE(watcher.Next().ok());
  };
  SetNow(At("2025-02-19"));
  for (int i = 0; i < 100; ++i) {
    bawaslu_.now += absl::Hours(1);
    auto report = test::SomeReport();
    *report.mutable_received_at() =
        On(absl::FormatTime("%Y-%m-%d", bawaslu_.now, absl::FixedTimeZone(7 * 60 * 60)));
    auto respondent = test::SomeRespondent();
    respondent.clear_incident_on();
    const auto named =
        bawaslu_.Must(test::IntakeRequest(absl::StrCat("n-", i), report, respondent));
    look();  // a moment comes
    auto review = test::SomeReview();
    review.mutable_case_ref()->set_case_id(named.case_id());
    *review.mutable_occurred_at() = report.received_at();
    bawaslu_.Must(test::IntakeRequest(absl::StrCat("r-", i), review));
    look();  // and goes
  }
  EXPECT_GT(store.marks(), 200U);
  EXPECT_LT(store.steps(), 10 * store.marks());
}

}  // namespace
}  // namespace selaras::node
