// What was known on a day: by those who wrote it, and at a node.
#include "services/node/as_known.h"

#include <array>
#include <map>
#include <optional>
#include <random>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/domain/calendar.h"
#include "services/domain/deadline_facts.h"
#include "services/node/case_facts.h"
#include "services/node/subjects.h"
#include "storage/merkle/hash.h"
#include "tests/support/random.h"

namespace selaras::node {
namespace {

using query::v1::KNOWN_BY_AUTHORS;
using query::v1::KNOWN_BY_THIS_NODE;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr absl::Duration kDay = absl::Hours(24);

class AsKnownTest : public NodeTest {
 protected:
  static std::string DayOf(absl::Time time) {
    return domain::DayAt(time, reference::TimeZone::kWib)->ToIso();
  }
  static query::v1::AsKnown On(const std::string& day, query::v1::KnownBy known_by) {
    query::v1::AsKnown as_known;
    as_known.set_on(day);
    as_known.set_known_by(known_by);
    return as_known;
  }
  static absl::StatusOr<query::v1::Case> Then(const test::CaseNode& node, absl::string_view id,
                                              const query::v1::AsKnown& as_known) {
    query::v1::GetCaseRequest request;
    request.set_case_id(std::string(id));
    *request.mutable_as_known() = as_known;
    const auto response = node.reader().GetCase(request, node.viewer(), node.now);
    if (!response.ok()) return response.status();
    return response->case_();
  }
  static absl::StatusOr<query::v1::GetTimelineResponse> StepsThen(
      const test::CaseNode& node, absl::string_view id,
      const std::optional<query::v1::AsKnown>& as_known) {
    query::v1::GetTimelineRequest request;
    request.set_case_id(std::string(id));
    if (as_known) *request.mutable_as_known() = *as_known;
    return node.reader().GetTimeline(request, node.viewer(), node.now);
  }
  static std::vector<std::string> NamesOf(const query::v1::GetTimelineResponse& timeline) {
    std::vector<std::string> names;
    for (const auto& step : timeline.steps()) {
      names.push_back((step.voided() ? "-" : "") + step.fact_name());
    }
    return names;
  }
  // Without what only holds now.
  static query::v1::Case Lasting(query::v1::Case shown) {
    shown.clear_allowed_commands();
    shown.clear_arrivals();
    shown.clear_revision();
    for (auto& section : *shown.mutable_sections()) {
      section.clear_verified_size();
      section.clear_verified_at();
    }
    return shown;
  }
  std::array<test::CaseNode*, 4> Nodes() { return {&bawaslu_, &bkn_, &ppk_, &padang_}; }
  void Pass(absl::Duration time) {
    for (test::CaseNode* node : Nodes()) node->now += time;
  }
};

TEST_F(AsKnownTest, WhatIsUnderWayIsKnownToItsAuthorAndNotYetWhereItGoes) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  Exchange();
  const std::string first = DayOf(bkn_.now);
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id),
                                  test::SomeRecommendation(id)));
  bkn_.Project();
  // The line is down for two days.
  Pass(2 * kDay);
  Exchange();
  const std::string later = DayOf(ppk_.now);
  EXPECT_EQ(Then(ppk_, id, On(first, KNOWN_BY_AUTHORS))->state(),
            query::v1::CASE_STATE_RECOMMENDED);
  const absl::Status unknown = Then(ppk_, id, On(first, KNOWN_BY_THIS_NODE)).status();
  EXPECT_TRUE(absl::IsNotFound(unknown));
  EXPECT_EQ(test::ReasonIn(unknown), "CASE_NOT_KNOWN_THEN");
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("give a later day"));
  EXPECT_EQ(Then(ppk_, id, On(later, KNOWN_BY_THIS_NODE))->state(),
            query::v1::CASE_STATE_RECOMMENDED);
  EXPECT_EQ(Then(bkn_, id, On(first, KNOWN_BY_THIS_NODE))->state(),
            query::v1::CASE_STATE_RECOMMENDED);
  EXPECT_EQ(Then(bawaslu_, id, On(first, KNOWN_BY_THIS_NODE))->state(),
            query::v1::CASE_STATE_REFERRED);
  EXPECT_EQ(Then(bawaslu_, id, On(first, KNOWN_BY_AUTHORS))->state(),
            query::v1::CASE_STATE_RECOMMENDED);
  const auto timeline = StepsThen(ppk_, id, std::nullopt);
  for (const auto& step : timeline->steps()) {
    EXPECT_EQ(step.held_since().seconds(), absl::ToUnixSeconds(ppk_.now)) << step.fact_name();
    EXPECT_EQ(step.recorded_at().seconds(), absl::ToUnixSeconds(ppk_.now - 2 * kDay));
  }
  const auto at_bkn = StepsThen(bkn_, id, std::nullopt);
  for (const auto& step : at_bkn->steps()) {
    EXPECT_EQ(step.held_since().seconds(), absl::ToUnixSeconds(bkn_.now - 2 * kDay));
  }
}

TEST_F(AsKnownTest, WhatWasCorrectedOrTakenBackLaterWasSoBefore) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  const std::string& id = outcome.case_id();
  Exchange();
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id)));
  const auto verified = bkn_.Must(test::ReferralRequest("k-2", test::SomeVerification(id)));
  Exchange();
  const std::string first = DayOf(bkn_.now);
  Pass(kDay);
  bkn_.Must(test::ReferralRequest("k-3", VoidOf(id, verified.positions(0))));
  command::v1::CorrectFact correction;
  correction.set_case_id(id);
  *correction.mutable_position() = outcome.positions(4);
  correction.mutable_fields()->add_paths("occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  Exchange();
  const std::string second = DayOf(bkn_.now);
  for (const auto* node : {&bawaslu_, &bkn_}) {
    for (const auto known_by : {KNOWN_BY_AUTHORS, KNOWN_BY_THIS_NODE}) {
      EXPECT_EQ(Then(*node, id, On(first, known_by))->state(), query::v1::CASE_STATE_VERIFIED);
      EXPECT_EQ(Then(*node, id, On(second, known_by))->state(), query::v1::CASE_STATE_RECEIVED);
      EXPECT_THAT(NamesOf(*StepsThen(*node, id, On(first, known_by))),
                  testing::Not(testing::Contains(HasSubstr("-"))));
    }
  }
  EXPECT_THAT(NamesOf(*StepsThen(bkn_, id, On(second, KNOWN_BY_AUTHORS))),
              ElementsAre("case_referred", "fact_corrected", "case_received", "-case_verified",
                          "fact_voided"));
}

TEST_F(AsKnownTest, OfThePastOnlyWhatHeldThenIsSaid) {
  const std::string id = RecommendedCase();
  const auto then = *Then(bkn_, id, On(DayOf(bkn_.now), KNOWN_BY_THIS_NODE));
  EXPECT_TRUE(then.allowed_commands().empty());
  EXPECT_TRUE(then.arrivals().empty());
  EXPECT_EQ(then.revision(), 0u);
  EXPECT_EQ(then.sections(0).verified_size(), 0u);
  EXPECT_FALSE(then.sections(0).has_verified_at());
  EXPECT_EQ(then.party_digest(), bkn_.Case(id)->party_digest());
}

TEST_F(AsKnownTest, ADayEndsInTheZoneThatIsNamed) {
  // 2025-02-19 23:30 in WIB is the next day in WIT.
  for (test::CaseNode* node : Nodes()) {
    node->now =
        domain::StartOf(*domain::LocalDate::ParseIso("2025-02-19"), reference::TimeZone::kWib) +
        absl::Hours(23) + absl::Minutes(30);
  }
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Project();
  query::v1::AsKnown as_known = On("2025-02-19", KNOWN_BY_AUTHORS);
  EXPECT_TRUE(Then(bawaslu_, id, as_known).ok());
  as_known.set_zone("WIT");
  EXPECT_EQ(test::ReasonIn(Then(bawaslu_, id, as_known).status()), "CASE_NOT_KNOWN_THEN");
  as_known.set_on("2025-02-20");
  EXPECT_TRUE(Then(bawaslu_, id, as_known).ok());
  as_known.set_zone("WIB");
  EXPECT_TRUE(absl::IsInvalidArgument(Then(bawaslu_, id, as_known).status())) << "tomorrow";
}

TEST_F(AsKnownTest, RefusesWhatIsNoDayThatWas) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Project();
  for (const char* day : {"", "2025-02-30", "19-02-2025", "2031-01-01"}) {
    const absl::Status refused = Then(bawaslu_, id, On(day, KNOWN_BY_AUTHORS)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << day << ": " << refused;
    EXPECT_EQ(StepsThen(bawaslu_, id, On(day, KNOWN_BY_AUTHORS)).status(), refused);
  }
  query::v1::AsKnown elsewhere = On("2025-02-19", KNOWN_BY_AUTHORS);
  elsewhere.set_zone("UTC");
  EXPECT_TRUE(absl::IsInvalidArgument(Then(bawaslu_, id, elsewhere).status()));
}

TEST_F(AsKnownTest, WhoMayNotSeeTheCaseLearnsNothingOfItsPast) {
  const std::string id = RecommendedCase();
  query::v1::GetCaseRequest request;
  request.set_case_id(id);
  *request.mutable_as_known() = On(DayOf(bkn_.now), KNOWN_BY_AUTHORS);
  const Viewer stranger{.authorities = {"ppk/13.05"}};
  const absl::Status hidden = bkn_.reader().GetCase(request, stranger, bkn_.now).status();
  EXPECT_EQ(test::ReasonIn(hidden), "CASE_NOT_FOUND");
  *request.mutable_as_known() = On("2020-01-01", KNOWN_BY_AUTHORS);
  EXPECT_EQ(bkn_.reader().GetCase(request, stranger, bkn_.now).status(), hidden);
}

TEST_F(AsKnownTest, WhatCameBeforeThatWasNotedCountsAsHeldSinceItWasRecorded) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Project();
  const std::string first = DayOf(bkn_.now);
  Pass(2 * kDay);
  bkn_.CopyOnly(bawaslu_, {});
  const auto places = bkn_.DisclosedBy(bawaslu_);
  std::vector<log::DisclosedEntry> entries;
  for (const base::Sequence place : places) {
    entries.push_back({place, **bawaslu_.store().shared().Entry(place)});
  }
  ASSERT_TRUE(bkn_.MirrorOf(bawaslu_.party()).Keep(entries, absl::InfinitePast()).ok());
  bkn_.Project();
  EXPECT_TRUE(Then(bkn_, id, On(first, KNOWN_BY_THIS_NODE)).ok());
  EXPECT_FALSE(StepsThen(bkn_, id, std::nullopt)->steps(0).has_held_since());
}

// The fold of what the logs held before `end`, as far as the node holds it: each log in its order.
domain::CaseFold FoldOfCutLogs(const test::CaseNode& node, const std::string& id, absl::Time end) {
  domain::CaseFold fold;
  fold.set_case_id(id);
  std::vector<const log::LogReader*> logs = {&node.store().shared()};
  for (const log::Mirror* mirror : node.store().mirrors()) logs.push_back(mirror);
  for (const log::LogReader* log : logs) {
    for (std::uint64_t i = 0; i < log->size().value; ++i) {
      const auto bytes = *log->Entry({i});
      if (!bytes) continue;
      const auto event = *ParseEvent(*bytes);
      if (event.case_id() != id || domain::TimeOf(event.recorded_at()) >= end) continue;
      const domain::Section section = node.directory().SectionOfAuthority(event.author());
      const bool own = log == logs[0];
      if (!own && !domain::CanFold(fold.segments(), section, event)) continue;
      event::v1::Position position;
      position.set_log(log->name());
      position.set_sequence(i);
      domain::Evolve(*fold.mutable_segments(), section, position, merkle::HashLeaf(*bytes), event);
    }
  }
  return fold;
}

// One step of somebody, allowed or not: what is refused changes nothing.
class RandomHistory {
 public:
  RandomHistory(std::mt19937_64& random, test::CaseNode& bawaslu, test::CaseNode& bkn,
                test::CaseNode& ppk)
      : random_(random), bawaslu_(bawaslu), bkn_(bkn), ppk_(ppk) {}

  void Step(const std::string& id) {
    const std::string request = absl::StrCat("r-", ++requests_);
    switch (test::Between(random_, 0, 13)) {
      case 0:
        return Try(bkn_, test::ReferralRequest(request, test::SomeReceipt(id)));
      case 1:
        return Try(bkn_, test::ReferralRequest(request, test::SomeVerification(id)));
      case 2:
        return Try(bkn_, test::ReferralRequest(request, test::SomeRecommendation(id)));
      case 3:
        return Try(bkn_, test::ReferralRequest(request, test::SomeReturn(id)));
      case 4:  // rarely: little happens afterwards
        if (test::Between(random_, 0, 5) > 0) return;
        return Try(bkn_, test::ReferralRequest(request, test::SomeDismissal(id)));
      case 5:
        return Try(ppk_, test::SanctionRequest(request, test::SomePpkReceipt(id)));
      case 6:
        return Try(ppk_, test::SanctionRequest(request, test::SomeSummons(id)));
      case 7:
        return Try(ppk_, test::SanctionRequest(request, test::SomeBlocker(id)));
      case 8:
        return Try(ppk_, test::SanctionRequest(request, test::SomeDecision(id)));
      case 9:
        return Try(bawaslu_, test::IntakeRequest(request, test::In(id, test::SomeReferral())));
      case 10:
        return Try(bawaslu_, test::IntakeRequest(request, Correction(bawaslu_, id)));
      case 11:
        return Try(bawaslu_, test::IntakeRequest(request, Void(bawaslu_, id)));
      case 12:
        return Try(bkn_, test::ReferralRequest(request, Void(bkn_, id)));
      default:
        return Try(ppk_, test::SanctionRequest(request, Void(ppk_, id)));
    }
  }

  int done() const { return done_; }

 private:
  void Try(test::CaseNode& node, const Request& request) {
    const Outcome outcome = node.Execute(request);
    if (outcome.ok()) ++done_;
  }
  event::v1::Position Somewhere(const test::CaseNode& node) {
    event::v1::Position position;
    position.set_log(node.name());
    const std::uint64_t size = node.store().shared().size().value;
    // Mostly the newest: only that may be taken back.
    const std::uint64_t back = test::Between(random_, 1, std::min<std::uint64_t>(size, 3) + 1);
    position.set_sequence(size - std::min(size, back));
    return position;
  }
  command::v1::VoidFact Void(const test::CaseNode& node, const std::string& id) {
    command::v1::VoidFact command;
    command.set_case_id(id);
    *command.mutable_position() = Somewhere(node);
    command.set_reason("keliru");
    return command;
  }
  command::v1::CorrectFact Correction(const test::CaseNode& node, const std::string& id) {
    command::v1::CorrectFact command;
    command.set_case_id(id);
    *command.mutable_position() = Somewhere(node);
    command.mutable_fields()->add_paths("occurred_at");
    *command.mutable_new_occurred_at() = test::On("2024-10-12");
    command.set_reason("salah ketik");
    return command;
  }

  std::mt19937_64& random_;
  test::CaseNode& bawaslu_;
  test::CaseNode& bkn_;
  test::CaseNode& ppk_;
  int requests_ = 0;
  int done_ = 0;
};

TEST_F(AsKnownTest, EveryDayOfARandomHistoryIsAnsweredLaterAsItWasThen) {
  std::mt19937_64 random = test::SeededRandom();
  RandomHistory history(random, bawaslu_, bkn_, ppk_);
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  // What each node said at the end of each day.
  struct Said {
    absl::StatusOr<query::v1::Case> shown;
    std::vector<std::string> steps;
  };
  std::map<std::pair<std::string, std::string>, Said> said;
  std::map<std::string, absl::Time> ends;
  for (int day = 0; day < 30; ++day) {
    for (int i = 0; i < 6; ++i) {
      history.Step(id);
      for (test::CaseNode* node : Nodes()) node->Project();
      // Lines are down half of the time, each way by itself.
      for (test::CaseNode* from : Nodes()) {
        for (test::CaseNode* to : Nodes()) {
          const bool apart = (from == &ppk_ && to == &padang_) || (from == &padang_ && to == &ppk_);
          if (from == to || apart || test::Between(random, 0, 1) == 0) continue;
          to->Copy(*from);
          to->Project();
        }
      }
      Pass(absl::Hours(2));
    }
    const std::string today = DayOf(bawaslu_.now);
    for (test::CaseNode* node : Nodes()) {
      auto& now = said.try_emplace({today, node->name()}, Said{node->Case(id), {}}).first->second;
      if (now.shown.ok()) now.steps = NamesOf(*StepsThen(*node, id, std::nullopt));
      if (!now.shown.ok()) continue;
      const auto as_known = Then(*node, id, On(today, KNOWN_BY_THIS_NODE));
      ASSERT_TRUE(as_known.ok()) << as_known.status();
      EXPECT_EQ(as_known->DebugString(), Lasting(*now.shown).DebugString()) << "today is now";
    }
    ends[today] =
        domain::StartOf(*domain::LocalDate::ParseIso(today), reference::TimeZone::kWib) + kDay;
    Pass(kDay - absl::Hours(12));
  }
  EXPECT_GT(history.done(), 0);
  int known = 0;
  for (const auto& [key, then] : said) {
    for (test::CaseNode* node : Nodes()) {
      if (node->name() != key.second || !then.shown.ok()) continue;
      ++known;
      const auto again = Then(*node, id, On(key.first, KNOWN_BY_THIS_NODE));
      ASSERT_TRUE(again.ok()) << key.first << " " << node->name() << ": " << again.status();
      EXPECT_EQ(again->DebugString(), Lasting(*then.shown).DebugString())
          << key.first << " " << node->name();
      EXPECT_EQ(NamesOf(*StepsThen(*node, id, On(key.first, KNOWN_BY_THIS_NODE))), then.steps);
    }
  }
  EXPECT_GE(known, 30) << "its office knows it every day";
  for (test::CaseNode* node : Nodes()) {
    if (!node->Case(id).ok()) continue;
    for (const auto& [day, end] : ends) {
      const domain::CaseFold cut = FoldOfCutLogs(*node, id, end);
      const auto then = Then(*node, id, On(day, KNOWN_BY_AUTHORS));
      ASSERT_EQ(then.ok(), !cut.segments().empty()) << day << " " << node->name();
      if (!then.ok()) continue;
      query::v1::Case expected;
      FillFromFacts(cut, &expected);
      EXPECT_EQ(then->state(), expected.state()) << day << " " << node->name();
      EXPECT_EQ(then->holder(), expected.holder());
      EXPECT_EQ(then->waiting_for(), expected.waiting_for());
      EXPECT_EQ(then->since().DebugString(), expected.since().DebugString());
      EXPECT_TRUE(std::equal(then->parties().begin(), then->parties().end(),
                             expected.parties().begin(), expected.parties().end()));
      const base::Digest digest = domain::PartyDigest(cut);
      EXPECT_EQ(then->party_digest(),
                digest == base::Digest() ? "" : base::HexEncode(digest.view()));
    }
  }
}

}  // namespace
}  // namespace selaras::node
