#include "services/domain/erasure.h"

#include <algorithm>

#include "case_test_base.h"
#include "services/domain/custody.h"
#include "services/domain/decide_common.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ErasureTest : public CaseTest {
 protected:
  static constexpr absl::string_view kOtherPpk = "ppk/13.05";

  template <typename Command, typename Decide>
  absl::Status As(absl::string_view authority, const Command& command, Decide decide) {
    const Section section = authority == kBawaslu ? Section::kIntake
                            : authority == kBkn   ? Section::kReferral
                                                  : Section::kSanction;
    const absl::Status done = Do(section, authority, [&](const Call& call) {
      return decide(command, case_.fold(), section, call);
    });
    if (done.ok()) newest_ = case_.entries().back().position;
    return done;
  }
  absl::Status Hold(absl::string_view authority, absl::string_view matter = "pengadilan") {
    command::v1::PlaceLegalHold command;
    command.set_matter(std::string(matter));
    command.set_letter_number("12/Pdt.G/2025");
    return As(authority, command, DecidePlaceLegalHold);
  }
  absl::Status Lift(absl::string_view authority, const event::v1::Position& hold) {
    command::v1::LiftLegalHold command;
    *command.mutable_hold() = hold;
    return As(authority, command, DecideLiftLegalHold);
  }
  absl::Status Order(absl::string_view authority, absl::string_view ground = "putusan",
                     absl::string_view on = "") {
    command::v1::OrderErasure command;
    command.set_ground(std::string(ground));
    if (!on.empty()) command.mutable_occurred_at()->set_date(std::string(on));
    const absl::Status done = As(authority, command, DecideOrderErasure);
    if (done.ok()) order_ = newest_;
    return done;
  }
  absl::Status Answer(absl::string_view authority, bool consents = true) {
    command::v1::AnswerErasure command;
    *command.mutable_order() = order_;
    command.set_consents(consents);
    return As(authority, command, DecideAnswerErasure);
  }
  absl::Status Erase(absl::string_view authority) {
    return As(authority, command::v1::EraseCase(), DecideEraseCase);
  }
  void UntilDismissed() {
    UntilReferred();
    ASSERT_TRUE(Receive().ok());
    ASSERT_TRUE(Verify(false).ok());
    ASSERT_TRUE(Dismiss().ok());
  }
  void UntilAgreed() {
    UntilDismissed();
    ASSERT_TRUE(Order(kBawaslu).ok()) << last_.status();
    ASSERT_TRUE(Answer(kBawaslu).ok()) << last_.status();
    ASSERT_TRUE(Answer(kBkn).ok()) << last_.status();
  }
  // As a node sees the case that holds the logs of these authorities only.
  CaseFold SeenBy(const std::vector<absl::string_view>& authorities) const {
    std::vector<test::PaperCase::Entry> seen;
    for (const auto& entry : case_.entries()) {
      if (std::find(authorities.begin(), authorities.end(), entry.event.author()) !=
          authorities.end()) {
        seen.push_back(entry);
      }
    }
    return test::FoldOf(case_.id(), seen);
  }
  std::vector<std::string> AllowedTo(absl::string_view authority, Section section) const {
    return AllowedNow(
        case_.fold(), section, [&](const std::string& other) { return other == authority; },
        *catalogue_);
  }
  Erasure Now() const { return ErasureOf(case_.fold(), Section::kReferral); }
  static void ExpectRule(const absl::Status& refused, absl::string_view why) {
    EXPECT_EQ(test::ReasonIn(refused), "RULE") << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(why));
  }

  event::v1::Position newest_;
  event::v1::Position order_;
};

TEST_F(ErasureTest, WhoeverWroteInTheCaseErasesItOnceAllOfThemConsented) {
  UntilDismissed();
  ASSERT_TRUE(Order(kBawaslu).ok()) << last_.status();
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  EXPECT_THAT(Now().missing, ElementsAre(kBawaslu, kBkn))
      << "also who ordered it consents by itself";
  ASSERT_TRUE(Answer(kBawaslu).ok()) << last_.status();
  ExpectRule(Erase(kBawaslu), "has consented: bkn");
  ASSERT_TRUE(Answer(kBkn).ok()) << last_.status();
  EXPECT_THAT(Now().missing, IsEmpty());
  ASSERT_TRUE(Erase(kBkn).ok()) << last_.status();
  EXPECT_EQ(draft().citations.size(), 2);
  EXPECT_FALSE(HasErased(case_.fold(), kBawaslu));
  ASSERT_TRUE(Erase(kBawaslu).ok()) << last_.status();
  EXPECT_EQ(Now().erased.size(), 2);
  // It moved nothing, whatever was heard first.
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), "dismissed");
  EXPECT_EQ(test::FoldOf(case_.id(), case_.EntriesBackwards()).SerializeAsString(),
            case_.fold().SerializeAsString());
}

TEST_F(ErasureTest, SomebodyWhoWroteNothingInTheCaseHasNoSay) {
  UntilDismissed();
  EXPECT_EQ(test::ReasonIn(Hold(kPpk)), "NOT_YOUR_CASE");
  EXPECT_EQ(test::ReasonIn(Order(kPpk)), "NOT_YOUR_CASE");
  EXPECT_EQ(test::ReasonIn(Erase(kPpk)), "NOT_YOUR_CASE");
}

TEST_F(ErasureTest, AHoldOfAnybodyForbidsToOrderToConsentAndToErase) {
  UntilDismissed();
  ASSERT_TRUE(Hold(kBkn).ok()) << last_.status();
  ExpectRule(Order(kBawaslu), "a legal hold keeps the case: pengadilan by bkn");
  const event::v1::Position hold = newest_;
  ASSERT_TRUE(Lift(kBkn, hold).ok()) << last_.status();
  ASSERT_TRUE(Order(kBawaslu).ok()) << last_.status();
  ASSERT_TRUE(Hold(kBawaslu, "pemeriksaan").ok()) << "also after consent";
  ExpectRule(Answer(kBkn), "pemeriksaan by bawaslu/13");
  const event::v1::Position second = newest_;
  ASSERT_TRUE(Lift(kBawaslu, second).ok());
  ASSERT_TRUE(Answer(kBawaslu).ok()) << last_.status();
  ASSERT_TRUE(Answer(kBkn).ok()) << last_.status();
  ASSERT_TRUE(Hold(kBkn).ok());
  ExpectRule(Erase(kBkn), "pengadilan by bkn");
  ExpectRule(Erase(kBawaslu), "pengadilan by bkn");
}

TEST_F(ErasureTest, SeveralMattersHoldUntilEachIsLiftedByWhoPlacedIt) {
  UntilDismissed();
  ASSERT_TRUE(Hold(kBkn).ok());
  const event::v1::Position court = newest_;
  ASSERT_TRUE(Hold(kBkn, "pemeriksaan").ok());
  const event::v1::Position audit = newest_;
  ExpectRule(Lift(kBawaslu, court), "only bkn lifts its hold");
  ASSERT_TRUE(Lift(kBkn, court).ok());
  EXPECT_EQ(test::FieldIn(Lift(kBkn, court)), "hold") << "it was lifted";
  ExpectRule(Order(kBawaslu), "pemeriksaan by bkn");
  ASSERT_TRUE(Lift(kBkn, audit).ok());
  EXPECT_TRUE(Order(kBawaslu).ok()) << last_.status();
}

TEST_F(ErasureTest, ACaseThatHasNotEndedIsNotErased) {
  UntilRecommended();
  ExpectRule(Order(kBawaslu), "has not ended: recommended, it waits for ppk/13.04");
  ASSERT_TRUE(Hold(kBawaslu).ok()) << "a matter may be pending at any time";
}

TEST_F(ErasureTest, WhatIsNotHereMayBeAHold) {
  UntilDismissed();
  ASSERT_TRUE(Order(kBawaslu).ok());
  event::v1::Fact stray;
  stray.mutable_recommendation_received();
  case_.Write(Section::kSanction, kOtherPpk, stray);
  ASSERT_FALSE(ContradictionsOf(case_.fold()).empty());
  ExpectRule(Answer(kBkn), "contradicts itself");
}

TEST_F(ErasureTest, TheTimeOfTheOutcomeMustBeOverWhereThatIsTheGround) {
  UntilDismissed();
  const auto* since = StatusOf(case_.fold()).since;
  ASSERT_NE(since, nullptr);
  const std::string ended = DayOf(since->occurred_at());
  const auto day = *LocalDate::ParseIso(ended);
  const auto over = *LocalDate::Of(day.year() + 1, day.month(), day.day());
  const auto before = *LocalDate::FromDaysSinceEpoch(over.DaysSinceEpoch() - 1);
  EXPECT_EQ(test::FieldIn(Order(kBkn, "retention_over")), "occurred_at");
  ExpectRule(Order(kBkn, "retention_over", before.ToIso()),
             absl::StrCat("dismissed on ", ended, " is kept until ", over.ToIso()));
  EXPECT_TRUE(Order(kBkn, "retention_over", over.ToIso()).ok()) << last_.status();
}

TEST_F(ErasureTest, ATimeThatOutlastsTheCalendarNeverEnds) {
  reference::Catalogue::Files files = catalogue_->files();
  std::string& text = files["retention.tsv"];
  const std::string dismissed = "dismissed\t1\t";
  text.replace(text.find(dismissed), dismissed.size(), "dismissed\t9999\t");
  catalogue_ = *reference::Catalogue::FromFiles(files);
  UntilDismissed();
  ExpectRule(Order(kBkn, "retention_over", "2025-10-21"), "is kept until 9999-12-31");
}

TEST_F(ErasureTest, EveryOutcomeInWhichACaseCanEndHasATime) {
  for (int i = 1; i < kStates; ++i) {
    const State state = static_cast<State>(i);
    EXPECT_EQ(catalogue_->FindRetention(StateName(state)) != nullptr,
              TurnIn(state) == Turn::kNobody)
        << StateName(state);
  }
}

TEST_F(ErasureTest, ConsentStandsAndARefusalCanBecomeConsent) {
  UntilDismissed();
  ASSERT_TRUE(Order(kBawaslu).ok());
  ASSERT_TRUE(Answer(kBawaslu).ok());
  ASSERT_TRUE(Answer(kBkn, false).ok()) << last_.status();
  EXPECT_THAT(Now().refused, ElementsAre(kBkn));
  ExpectRule(Erase(kBawaslu), "has consented: bkn");
  ASSERT_TRUE(Answer(kBkn).ok()) << last_.status();
  EXPECT_THAT(Now().refused, IsEmpty());
  ExpectRule(Answer(kBkn, false), "you have consented");
}

TEST_F(ErasureTest, WhereTheCaseGoesOnOrderAndConsentAreOfThePast) {
  UntilAgreed();
  referral::v1::ReopenCase reopen;
  reopen.set_case_id(case_.id());
  reopen.set_reason("bukti_baru");
  ASSERT_TRUE(Referral(reopen, DecideReopenCase).ok()) << last_.status();
  ExpectRule(Erase(kBawaslu), "no order of it stands");
  ASSERT_TRUE(Dismiss().ok()) << last_.status();
  ExpectRule(Erase(kBawaslu), "no order of it stands");
  EXPECT_EQ(test::FieldIn(Answer(kBkn)), "order");
  ASSERT_TRUE(Order(kBawaslu).ok()) << last_.status();
  EXPECT_THAT(Now().missing, ElementsAre(kBawaslu, kBkn));
}

TEST_F(ErasureTest, NoneOfItIsTakenBackAndWhatCameBeforeStillCanBe) {
  UntilReferred();
  ASSERT_TRUE(Hold(kBawaslu).ok());
  ExpectRule(Void(Section::kIntake, newest_), "lift the hold");
  const auto& facts = case_.section(Section::kIntake).facts();
  EXPECT_TRUE(Void(Section::kIntake, facts[facts.size() - 2].position()).ok()) << last_.status();
}

TEST_F(ErasureTest, NothingIsAddedToACaseThatOneErased) {
  UntilAgreed();
  ASSERT_TRUE(Erase(kBkn).ok()) << last_.status();
  EXPECT_EQ(test::ReasonIn(Hold(kBkn)), "ERASED");
  EXPECT_EQ(test::ReasonIn(Erase(kBkn)), "ERASED");
  referral::v1::ReopenCase reopen;
  reopen.set_case_id(case_.id());
  reopen.set_reason("bukti_baru");
  EXPECT_EQ(test::ReasonIn(Referral(reopen, DecideReopenCase)), "ERASED");
  EXPECT_THAT(AllowedTo(kBkn, Section::kReferral), IsEmpty());
}

TEST_F(ErasureTest, WhoTookBackWhatItStatedIsNotAskedAndContradictsNothing) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Hold(kPpk).ok());
  const event::v1::Position hold = newest_;
  const auto& facts = case_.section(Section::kSanction).facts();
  ASSERT_TRUE(Void(Section::kSanction, facts[0].position()).ok()) << last_.status();
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok()) << last_.status();
  ASSERT_TRUE(Dismiss().ok()) << last_.status();
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
  ExpectRule(Order(kBkn), "pengadilan by ppk/13.04");
  EXPECT_EQ(test::ReasonIn(Hold(kPpk)), "NOT_YOUR_CASE");
  EXPECT_THAT(AllowedTo(kPpk, Section::kSanction), ElementsAre("LiftLegalHold"));
  ASSERT_TRUE(Lift(kPpk, hold).ok()) << last_.status();
  ASSERT_TRUE(Order(kBkn).ok()) << last_.status();
  EXPECT_THAT(Now().missing, ElementsAre(kBawaslu, kBkn));
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
}

TEST_F(ErasureTest, WhereNothingStandsButAHoldThereIsNoCaseAndNoContradiction) {
  event::v1::Fact hold;
  hold.mutable_legal_hold_placed()->set_matter("lain");
  test::PaperCase alone;
  alone.Write(Section::kReferral, kBkn, hold);
  EXPECT_EQ(StateName(StatusOf(alone.fold()).state), "not begun");
  EXPECT_TRUE(NothingStands(alone.section(Section::kReferral)));
  EXPECT_THAT(ContradictionsOf(alone.fold()), IsEmpty());
}

// PPKs do not see each other.
TEST_F(ErasureTest, APpkFromWhichTheCaseWentOnIsAskedAndTheNextOneErasesOnlyAfterIt) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  sanction::v1::RecordMoved moved;
  moved.set_case_id(case_.id());
  moved.set_to(std::string(kOtherPpk));
  ASSERT_TRUE(Sanction(moved, DecideRecordMoved).ok()) << last_.status();
  auto again = test::SomeRecommendation(case_.id());
  again.set_to(std::string(kOtherPpk));
  ASSERT_TRUE(Recommend(again).ok()) << last_.status();
  ASSERT_TRUE(ReceiveAsPpk(kOtherPpk).ok()) << last_.status();
  ASSERT_TRUE(Sanction(test::SomeDecision(case_.id()), DecideDecideSanction, kOtherPpk).ok());
  sanction::v1::RecordLeft left;
  left.set_case_id(case_.id());
  left.set_reason("pensiun");
  ASSERT_TRUE(Sanction(left, DecideRecordLeft, kOtherPpk).ok()) << last_.status();
  const auto first = [&] { return SeenBy({kBawaslu, kBkn, kPpk}); };
  const auto second = [&] { return SeenBy({kBawaslu, kBkn, kOtherPpk}); };

  ASSERT_TRUE(Order(kBawaslu).ok()) << last_.status();
  EXPECT_THAT(ErasureOf(first(), Section::kSanction).orders, IsEmpty())
      << "it sees no end, and only who sent the case on may say so";
  ASSERT_TRUE(Order(kBkn).ok()) << last_.status();
  EXPECT_EQ(ErasureOf(first(), Section::kSanction).orders.size(), 1);
  ASSERT_TRUE(Answer(kBawaslu).ok()) << last_.status();
  ASSERT_TRUE(Answer(kOtherPpk).ok()) << last_.status();
  ExpectRule(Answer(kBkn), "ppk/13.04 has not consented; your answer comes after");
  EXPECT_THAT(ErasureOf(second(), Section::kSanction).missing, ElementsAre(kBkn))
      << "so the next one waits for the first without seeing it";
  ASSERT_TRUE(Answer(kPpk).ok()) << last_.status();
  ASSERT_TRUE(Hold(kPpk).ok()) << last_.status();
  ExpectRule(Answer(kBkn), "pengadilan by ppk/13.04");
  ASSERT_TRUE(Lift(kPpk, newest_).ok()) << last_.status();
  ASSERT_TRUE(Answer(kBkn).ok()) << last_.status();
  EXPECT_THAT(ErasureOf(first(), Section::kSanction).missing, IsEmpty());
  EXPECT_THAT(ErasureOf(second(), Section::kSanction).missing, IsEmpty());
  EXPECT_THAT(ErasureMoves(first(), Section::kSanction, kPpk),
              ElementsAre(F::kLegalHoldPlaced, F::kCaseErased));
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
}

}  // namespace
}  // namespace selaras::domain
