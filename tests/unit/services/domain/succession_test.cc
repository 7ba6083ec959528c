#include "services/domain/succession.h"

#include <functional>

#include "case_test_base.h"
#include "services/domain/appeal.h"
#include "services/domain/decide_common.h"

namespace selaras::domain {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr absl::string_view kSuccessor = "ppk/13.05";
constexpr absl::string_view kOther = "ppk/13";
constexpr absl::string_view kLastDay = "2025-06-30";
constexpr absl::string_view kAfter = "2025-07-01";

// The PPK that has the case ends; ppk/13.05 is its successor.
class Succession : public CaseTest {
 protected:
  void End(absl::string_view successor = kSuccessor) { EndPpkOn(kLastDay, successor); }
  absl::Status RecommendTo(absl::string_view ppk, absl::string_view day = kAfter,
                           absl::string_view departure = "") {
    auto command = test::SomeRecommendation(case_.id());
    command.set_to(std::string(ppk));
    // A sanction that was imposed stands.
    const std::string imposed = SanctionInForce(case_.fold());
    if (!imposed.empty()) command.set_sanction(imposed);
    command.mutable_occurred_at()->Clear();
    if (!day.empty()) command.mutable_occurred_at()->set_date(std::string(day));
    command.set_departure(std::string(departure));
    if (!departure.empty()) command.set_departure_text("Urusannya beralih ke provinsi.");
    return Recommend(command);
  }
  absl::Status DecideAs(absl::string_view ppk, absl::string_view sanction) {
    auto command = test::SomeDecision(case_.id());
    command.set_sanction(std::string(sanction));
    return Sanction(command, DecideDecideSanction, ppk);
  }
  absl::Status DeclineAs(absl::string_view ppk) {
    sanction::v1::DeclineSanction command;
    command.set_case_id(case_.id());
    command.set_reason("tidak_terbukti");
    return Sanction(command, DecideDeclineSanction, ppk);
  }
  absl::Status RevokeAs(absl::string_view ppk) {
    sanction::v1::RevokeSanction command;
    command.set_case_id(case_.id());
    command.set_decree_number("800/9/2025");
    command.set_reason("kekeliruan");
    return Sanction(command, DecideRevokeSanction, ppk);
  }
  absl::Status GiveBackAs(absl::string_view ppk) {
    sanction::v1::RecordMoved command;
    command.set_case_id(case_.id());
    return Sanction(command, DecideRecordMoved, ppk);
  }
  absl::Status CloseAsBkn() {
    referral::v1::CloseCase command;
    command.set_case_id(case_.id());
    command.set_reason("sanksi");
    return Referral(command, DecideCloseCase);
  }
  const event::v1::SanctionRecommended& recommended() const {
    return fact().sanction_recommended();
  }
  std::vector<std::string> Marked() const {
    std::vector<std::string> lines;
    for (const event::v1::Mark& mark : recommended().marks()) {
      if (mark.rule() == kEndedRule) lines.push_back(absl::StrCat(mark.code(), " ", mark.about()));
    }
    return lines;
  }
  std::vector<std::string> Allowed() const {
    return AllowedNow(
        case_.fold(), Section::kReferral,
        [](const std::string& authority) { return authority == kBkn; }, *catalogue_);
  }
};

TEST_F(Succession, TheCaseGoesToTheSuccessorAlthoughTheOldPpkLeftItOpen) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Summon().ok());
  End();
  EXPECT_EQ(StatusOf(case_.fold()).holder, kPpk) << "ending alone moves nothing";
  ASSERT_TRUE(RecommendTo("").ok()) << last_.status();
  EXPECT_EQ(recommended().to(), kSuccessor);
  EXPECT_THAT(Marked(), ElementsAre("PPK_ENDED ppk/13.04"));
  EXPECT_EQ(recommended().departure(), "");
  EXPECT_EQ(recommended().previous_ends().sequence(), case_.Newest(Section::kSanction).sequence());
  EXPECT_EQ(StatusOf(case_.fold()).waiting_for, kSuccessor);
  ASSERT_TRUE(ReceiveAsPpk(kSuccessor).ok()) << last_.status();
  EXPECT_EQ(StatusOf(case_.fold()).holder, kSuccessor);
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
  const storage::v1::SectionFold* old =
      FindSegment(case_.fold().segments(), Section::kSanction, kPpk);
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(old->facts_size(), 2) << "what it did stays";
}

TEST_F(Succession, FromAnyStepAlsoAfterTheDecision) {
  for (int steps = 0; steps <= 6; ++steps) {
    case_ = test::PaperCase();
    catalogue_ = test::ShippedCatalogue();
    UntilRecommended();
    const std::function<absl::Status()> moves[] = {
        [&] { return ReceiveAsPpk(); }, [&] { return Summon(); },   [&] { return Examine(); },
        [&] { return Decide(); },       [&] { return HandOver(); }, [&] { return Object(); }};
    for (int i = 0; i < steps; ++i) ASSERT_TRUE(moves[i]().ok()) << last_.status();
    EXPECT_EQ(RecommendTo(kOther).ok(), false) << "it stands";
    End();
    ASSERT_TRUE(RecommendTo("").ok()) << steps << last_.status();
    EXPECT_EQ(Marked().size(), steps < 4 ? 1u : 2u) << steps;
  }
}

TEST_F(Succession, WhatWasDecidedHoldsAndTheSuccessorGoesOnFromIt) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Decide().ok()) << last_.status();
  ASSERT_TRUE(HandOver().ok()) << last_.status();
  ASSERT_TRUE(CloseAsBkn().ok()) << last_.status();
  End();
  EXPECT_THAT(Allowed(), Contains("RecommendSanction")) << "an appeal may still come";
  auto other = test::SomeRecommendation(case_.id());
  other.mutable_occurred_at()->set_date(std::string(kAfter));
  other.set_sanction("B-1");
  EXPECT_THAT(std::string(Recommend(other).message()), HasSubstr("had imposed B-2"));
  ASSERT_TRUE(RecommendTo("").ok()) << last_.status();
  EXPECT_THAT(Marked(), ElementsAre("PPK_HAD_DECIDED B-2", "PPK_ENDED ppk/13.04"));
  ASSERT_TRUE(ReceiveAsPpk(kSuccessor).ok()) << last_.status();
  for (const absl::Status& again :
       {Summon(kSuccessor),
        Sanction(test::SomeExamination(case_.id()), DecideExamineRespondent, kSuccessor),
        DeclineAs(kSuccessor), DecideAs(kSuccessor, "B-3")}) {
    EXPECT_EQ(test::ReasonIn(again), "RULE");
    EXPECT_THAT(std::string(again.message()),
                AllOf(HasSubstr("had imposed B-2"), HasSubstr("record that decision")));
  }
  ASSERT_TRUE(DecideAs(kSuccessor, "B-2").ok()) << last_.status();
  ASSERT_TRUE(Sanction(test::SomeObjection(case_.id()), DecideFileObjection, kSuccessor).ok())
      << last_.status();
  ASSERT_TRUE(RevokeAs(kSuccessor).ok()) << last_.status();
  EXPECT_EQ(StatusOf(case_.fold()).state, State::kRevoked);
  EXPECT_EQ(StatusOf(case_.fold()).holder, kSuccessor);
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
}

TEST_F(Succession, WhatWasDecidedHoldsAlsoIfTheSuccessorEndsOrGivesTheCaseBack) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Decide().ok());
  End();
  ASSERT_TRUE(RecommendTo("").ok()) << last_.status();
  ASSERT_TRUE(ReceiveAsPpk(kSuccessor).ok());
  ASSERT_TRUE(GiveBackAs(kSuccessor).ok()) << last_.status();
  EXPECT_EQ(test::ReasonIn(RecommendTo(kOther)), "RULE") << "B-1 is another sanction";
  auto command = test::SomeRecommendation(case_.id());
  command.set_to(std::string(kOther));
  command.set_sanction("B-2");
  ASSERT_TRUE(Recommend(command).ok()) << last_.status();
  EXPECT_EQ(HadDecided(case_.fold()), "B-2");
  ASSERT_TRUE(ReceiveAsPpk(kOther).ok());
  EXPECT_EQ(test::ReasonIn(DecideAs(kOther, "B-1")), "RULE");
}

TEST_F(Succession, WhileThePpkStandsItKeepsTheCaseAndTheRefusalSaysWhatIsLeft) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  const absl::Status standing = RecommendTo(kOther);
  EXPECT_EQ(test::ReasonIn(standing), "MOVE_NOT_ALLOWED");
  EXPECT_THAT(std::string(standing.message()),
              AllOf(HasSubstr("ppk/13.04 has the recommendation and has not ended"),
                    HasSubstr("remind it, warn it or escalate"), HasSubstr("RemindPpk")));
  End();
  const absl::Status early = RecommendTo("", kLastDay);
  EXPECT_EQ(test::ReasonIn(early), "MOVE_NOT_ALLOWED") << "its last day is its own";
  EXPECT_THAT(std::string(early.message()), HasSubstr("has not ended"));
  const absl::Status undated = RecommendTo("", "");
  EXPECT_THAT(std::string(undated.message()), HasSubstr("give it in occurred_at"));
}

TEST_F(Succession, AnotherThanTheSuccessorNeedsAReasonWhichEverybodySees) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  End();
  const absl::Status refused = RecommendTo(kOther);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("its successor is ppk/13.05"), HasSubstr("`departure`")));
  ASSERT_TRUE(RecommendTo(kOther, kAfter, "pertimbangan").ok()) << last_.status();
  EXPECT_EQ(recommended().departure(), "pertimbangan");
  EXPECT_THAT(Marked(), ElementsAre("PPK_ENDED ppk/13.04", "PPK_NO_SUCCESSOR ppk/13"));
  EXPECT_EQ(StatusOf(case_.fold()).waiting_for, kOther);
}

TEST_F(Succession, WithoutASuccessorAnyPpkThatStandsMayBeNamed) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  End("");
  const absl::Status nobody = RecommendTo("");
  EXPECT_EQ(test::ReasonIn(nobody), "RULE");
  EXPECT_THAT(std::string(nobody.message()), HasSubstr("ppk/13.04 does not stand on 2025-07-01"));
  ASSERT_TRUE(RecommendTo(kOther).ok()) << last_.status();
  EXPECT_THAT(Marked(), ElementsAre("PPK_ENDED ppk/13.04"));
}

TEST_F(Succession, WhatTheOldPpkStillWritesIsAContradictionAndMovesNothing) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  End();
  ASSERT_TRUE(RecommendTo("").ok()) << last_.status();
  ASSERT_TRUE(ReceiveAsPpk(kSuccessor).ok());
  EXPECT_EQ(Summon().code(), absl::StatusCode::kPermissionDenied) << "its node has heard of it";
  event::v1::Fact summons;
  summons.mutable_respondent_summoned();
  case_.Write(Section::kSanction, kPpk, summons);
  EXPECT_EQ(StatusOf(case_.fold()).holder, kSuccessor);
  EXPECT_THAT(ContradictionsOf(case_.fold()),
              ElementsAre(HasSubstr("ppk/13.04 goes on after the case went to another PPK")));
}

TEST_F(Succession, TheMoveIsOfferedOnceTheReferenceDataNameTheEnd) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  EXPECT_THAT(Allowed(), Not(Contains("RecommendSanction")));
  End();
  EXPECT_THAT(Allowed(), Contains("RecommendSanction"));
}

TEST_F(Succession, ACorrectionOfTheSanctionKeepsTheReasonForTheAddressee) {
  UntilRecommended();
  End();
  ASSERT_TRUE(RecommendTo(kOther, kAfter, "pertimbangan").ok()) << last_.status();
  auto correction = Correction(Section::kReferral, "sanction");
  correction.mutable_new_fact()->mutable_sanction_recommended()->set_sanction("B-2");
  ASSERT_TRUE(Correct(Section::kReferral, correction).ok()) << last_.status();
  const auto& anew = fact().fact_corrected().new_fact().sanction_recommended();
  EXPECT_EQ(anew.departure(), "pertimbangan");
  EXPECT_TRUE(std::any_of(anew.marks().begin(), anew.marks().end(),
                          [](const auto& mark) { return mark.code() == "PPK_NO_SUCCESSOR"; }));
}

}  // namespace
}  // namespace selaras::domain
