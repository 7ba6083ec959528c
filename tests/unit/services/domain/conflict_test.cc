#include "services/domain/conflict.h"

#include "case_test_base.h"
#include "services/domain/decide_common.h"
#include "services/domain/marks.h"

namespace selaras::domain {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr absl::string_view kGovernor = "ppk/13";

class ConflictRules : public CaseTest {
 protected:
  absl::Status Flag(absl::string_view authority, Section section = Section::kReferral,
                    absl::string_view reason = "ikut_terlapor") {
    command::v1::FlagConflict command;
    command.mutable_case_ref()->set_case_id(case_.id());
    command.set_authority(std::string(authority));
    command.set_reason(std::string(reason));
    command.set_reason_text("Disebut oleh pelapor.");
    return Do(section, WriterOf(section), [&](const Call& call) {
      return DecideFlagConflict(command, case_.fold(), section, call);
    });
  }
  absl::Status RecommendTo(absl::string_view ppk, absl::string_view departure = "",
                           absl::string_view text = "") {
    auto command = test::SomeRecommendation(case_.id());
    command.set_to(std::string(ppk));
    command.set_conflict_departure(std::string(departure));
    command.set_conflict_departure_text(std::string(text));
    return Recommend(command);
  }
  const event::v1::SanctionRecommended& recommended() const {
    return fact().sanction_recommended();
  }
  // `CODE about` of the marks that a flag led to.
  std::vector<std::string> Marked() const {
    std::vector<std::string> lines;
    for (const event::v1::Mark& mark : recommended().marks()) {
      if (mark.rule() == kConflictRule)
        lines.push_back(absl::StrCat(mark.code(), " ", mark.about()));
    }
    return lines;
  }
  void UntilVerified() {
    UntilReferred();
    ASSERT_TRUE(Receive().ok());
    ASSERT_TRUE(Verify().ok());
  }
};

TEST_F(ConflictRules, AFlaggedPpkGetsNoRecommendationAndTheRefusalNamesWhoDecidesInstead) {
  UntilVerified();
  ASSERT_TRUE(Flag(kPpk).ok()) << last_.status();
  for (const absl::string_view to : {absl::string_view(), kPpk}) {
    const absl::Status refused = RecommendTo(to);
    EXPECT_EQ(test::ReasonIn(refused), "RULE");
    EXPECT_THAT(std::string(refused.message()),
                AllOf(HasSubstr("ppk/13.04 is flagged"), HasSubstr("UU 30/2014 Ps 42-45 [R]"),
                      HasSubstr("in `to`: ppk/13 (UU 30/2014 Ps 42-45; UU 23/2014 Ps 91 [R])"),
                      HasSubstr("conflict_departure")));
    EXPECT_THAT(test::PreconditionIn(refused), HasSubstr(std::string(kConflictRule)));
  }
  ASSERT_TRUE(RecommendTo(kGovernor).ok()) << last_.status();
  EXPECT_EQ(recommended().to(), kGovernor);
  EXPECT_THAT(Marked(), ElementsAre("PPK_AVOIDED ppk/13.04"));
  EXPECT_THAT(recommended().parties(), Not(testing::Contains(kPpk))) << "it never hears of it";
}

TEST_F(ConflictRules, AlsoBeforeTheVerification) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Flag(kPpk).ok());
  EXPECT_EQ(test::ReasonIn(RecommendTo("")), "RULE");
  EXPECT_TRUE(RecommendTo(kGovernor).ok()) << last_.status();
}

TEST_F(ConflictRules, WhoDecidesInsteadIsNotFlaggedEither) {
  UntilVerified();
  ASSERT_TRUE(Flag(kPpk).ok());
  ASSERT_TRUE(Flag(kGovernor).ok());
  EXPECT_THAT(std::string(RecommendTo("").message()), HasSubstr("in `to`: ppk/kemendagri"));
  EXPECT_THAT(std::string(RecommendTo(kGovernor).message()), HasSubstr("ppk/kemendagri"));
  ASSERT_TRUE(Flag("ppk/kemendagri").ok());
  EXPECT_THAT(std::string(RecommendTo("").message()), HasSubstr("not on record (alternates.tsv)"));
}

TEST_F(ConflictRules, AReasonSendsItThereAndEverybodySeesThatItWasGiven) {
  UntilVerified();
  ASSERT_TRUE(Flag(kPpk).ok());
  EXPECT_EQ(test::FieldIn(RecommendTo("", "bosan")), "conflict_departure");
  EXPECT_EQ(test::FieldIn(RecommendTo("", "pertimbangan")), "conflict_departure_text");
  EXPECT_EQ(test::FieldIn(RecommendTo("", "", "Sudah diperiksa.")), "conflict_departure");
  ASSERT_TRUE(RecommendTo("", "pertimbangan", "Sudah diperiksa.").ok()) << last_.status();
  EXPECT_EQ(recommended().to(), kPpk);
  EXPECT_EQ(recommended().conflict_departure(), "pertimbangan");
  EXPECT_THAT(Marked(), ElementsAre("PPK_FLAGGED ppk/13.04"));
  EXPECT_EQ(draft().personal->reason_text(), "Sudah diperiksa.");
}

TEST_F(ConflictRules, AReasonWithoutAFlagIsNotKept) {
  UntilVerified();
  ASSERT_TRUE(Flag("ppk/13.05").ok());
  ASSERT_TRUE(RecommendTo("", "tidak_berkepentingan").ok()) << last_.status();
  EXPECT_EQ(recommended().conflict_departure(), "");
  EXPECT_THAT(Marked(), IsEmpty()) << "a flag against another one decided nothing";
}

TEST_F(ConflictRules, TwoReasonsStandTogetherAndAreNotTooLong) {
  UntilVerified();
  ASSERT_TRUE(Flag(kPpk).ok());
  auto command = test::SomeRecommendation(case_.id());
  command.set_sanction("R-1");
  command.set_departure("pertimbangan");
  command.set_departure_text("Menyesal.");
  command.set_conflict_departure("pertimbangan");
  command.set_conflict_departure_text(std::string(1'999, 'x'));
  EXPECT_EQ(test::FieldIn(Recommend(command)), "conflict_departure_text");
  command.set_conflict_departure_text("Sudah diperiksa.");
  ASSERT_TRUE(Recommend(command).ok()) << last_.status();
  EXPECT_EQ(draft().personal->reason_text(), "Menyesal.\nSudah diperiksa.");
}

TEST_F(ConflictRules, AReasonForTheSanctionIsNoneForTheAddressee) {
  UntilVerified();
  ASSERT_TRUE(Flag(kPpk).ok());
  auto command = test::SomeRecommendation(case_.id());
  command.set_departure("pertimbangan");
  command.set_departure_text("Menyesal.");
  EXPECT_EQ(test::ReasonIn(Recommend(command)), "RULE");
}

// Rule 8: why an authority is flagged may tell who spoke.
TEST_F(ConflictRules, AFlagAndItsReasonStayInTheOffice) {
  UntilVerified();
  ASSERT_TRUE(Flag(kPpk).ok());
  EXPECT_EQ(draft().visibility, Visibility::kOffice);
  ASSERT_TRUE(RecommendTo(kGovernor).ok());
  EXPECT_THAT(fact().ShortDebugString(), Not(HasSubstr("ikut_terlapor")));
  EXPECT_EQ(draft().personal->reason_text(), "");
  for (const auto& earlier : recommended().earlier_party_entries()) {
    for (const auto& entry : case_.entries()) {
      const bool same =
          entry.position.log() == earlier.log() && entry.position.sequence() == earlier.sequence();
      EXPECT_FALSE(same && entry.event.fact().has_conflict_flagged());
    }
  }
}

TEST_F(ConflictRules, TheReferralTellsWhichPpkItsOfficeHadFlaggedAndNothingElseOfIt) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Flag("kemendagri", Section::kIntake).ok()) << last_.status();
  ASSERT_TRUE(Flag(kPpk, Section::kIntake).ok()) << last_.status();
  ASSERT_TRUE(Refer().ok()) << last_.status();
  std::vector<std::string> told;
  for (const event::v1::Mark& mark : fact().case_referred().marks()) {
    if (mark.rule() == kConflictRule) told.push_back(absl::StrCat(mark.code(), " ", mark.about()));
  }
  EXPECT_THAT(told, ElementsAre("PPK_FLAGGED_BY_SENDER ppk/13.04")) << "of others it says nothing";
  EXPECT_FALSE(MarkText(kFlagTold).empty());
  EXPECT_THAT(fact().ShortDebugString(), Not(HasSubstr("ikut_terlapor")));
  EXPECT_EQ(draft().personal->reason_text(), "");
}

TEST_F(ConflictRules, AFlagThatTheReferralTellsSendsTheCaseToAnotherPpk) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Flag(kPpk, Section::kIntake).ok()) << last_.status();
  ASSERT_TRUE(Refer().ok()) << last_.status();
  ASSERT_TRUE(Receive().ok());
  const absl::Status refused = Recommend();
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("in `to`: ppk/13 "));
  ASSERT_TRUE(RecommendTo(kGovernor).ok()) << last_.status();
  EXPECT_THAT(Marked(), ElementsAre("PPK_AVOIDED ppk/13.04"));
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  ASSERT_TRUE(RecommendTo(kPpk, "tidak_berkepentingan").ok()) << last_.status();
  EXPECT_THAT(Marked(), ElementsAre("PPK_FLAGGED ppk/13.04"));
}

TEST_F(ConflictRules, ACorrectionOfTheActKeepsWhomTheReferralTells) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Flag(kPpk, Section::kIntake).ok());
  ASSERT_TRUE(Refer().ok()) << last_.status();
  auto correction = Correction(Section::kIntake, "incident_on");
  correction.mutable_new_fact()->mutable_case_referred()->set_incident_on("2024-09-30");
  ASSERT_TRUE(Correct(Section::kIntake, correction).ok()) << last_.status();
  EXPECT_NE(FlagAgainst(CustodyOf(case_.fold()), Section::kReferral, kBkn, kPpk), nullptr);
}

TEST_F(ConflictRules, AFlagThatWasTakenBackBeforeACaseIsReferredAgainIsToldNoMore) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Flag(kPpk, Section::kIntake).ok());
  ASSERT_TRUE(Refer().ok()) << last_.status();
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << last_.status();
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << last_.status();
  ASSERT_TRUE(Refer().ok()) << last_.status();
  ASSERT_TRUE(Receive().ok());
  EXPECT_TRUE(Recommend().ok()) << last_.status();
}

TEST_F(ConflictRules, AnotherOfficesFlagThatNobodyTellsIsNotActedOnUnlessPartiesSeeIt) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Refer().ok());
  ASSERT_TRUE(Flag(kPpk, Section::kIntake).ok()) << last_.status();
  ASSERT_TRUE(Receive().ok());
  EXPECT_TRUE(Recommend().ok()) << "the node of BKN does not hold it";
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  event::v1::Fact flag;
  flag.mutable_conflict_flagged()->set_authority(std::string(kPpk));
  case_.Write(Section::kIntake, kBawaslu, flag);
  EXPECT_EQ(test::ReasonIn(Recommend()), "RULE");
}

TEST_F(ConflictRules, AFlagRaisedLaterTakesTheCaseToAnotherPpkWhichEndsWhatTheFirstOneWrote) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Summon().ok());
  const absl::Status early = RecommendTo(kGovernor);
  EXPECT_EQ(test::ReasonIn(early), "MOVE_NOT_ALLOWED") << "no flag stands";
  ASSERT_TRUE(Flag("ppk/13.05").ok());
  EXPECT_EQ(test::ReasonIn(RecommendTo(kGovernor)), "MOVE_NOT_ALLOWED") << "against who has it";
  ASSERT_TRUE(Flag(kPpk).ok());
  EXPECT_EQ(test::ReasonIn(RecommendTo(kPpk)), "RULE");
  ASSERT_TRUE(RecommendTo(kGovernor).ok()) << last_.status();
  EXPECT_EQ(recommended().previous_ends().sequence(), case_.Newest(Section::kSanction).sequence());
  EXPECT_THAT(Marked(), ElementsAre("PPK_AVOIDED ppk/13.04"));
  EXPECT_EQ(Summon().code(), absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(ReceiveAsPpk(kGovernor).ok()) << last_.status();
  EXPECT_EQ(StatusOf(case_.fold()).holder, kGovernor);
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
}

TEST_F(ConflictRules, TheMoveEndsWithTheFlagAndWithTheDecision) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Flag(kPpk).ok());
  const auto allowed = [&] {
    return AllowedNow(
        case_.fold(), Section::kReferral,
        [](const std::string& authority) { return authority == kBkn; }, *catalogue_);
  };
  EXPECT_THAT(allowed(), testing::Contains("RecommendSanction"));
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  EXPECT_THAT(allowed(), Not(testing::Contains("RecommendSanction")));
  ASSERT_TRUE(Flag(kPpk).ok());
  ASSERT_TRUE(Decide().ok());
  EXPECT_THAT(allowed(), Not(testing::Contains("RecommendSanction")));
}

TEST_F(ConflictRules, ARecommendationThatNobodyTookInGoesPastThePpkAndALateReceiptShows) {
  UntilRecommended();
  const test::PaperCase before = case_;
  ASSERT_TRUE(Flag(kPpk).ok());
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  ASSERT_TRUE(Flag(kPpk).ok());
  EXPECT_EQ(test::ReasonIn(RecommendTo(kPpk, "tidak_berkepentingan")), "RULE")
      << "it is on its way there";
  ASSERT_TRUE(RecommendTo(kGovernor).ok()) << last_.status();
  EXPECT_FALSE(recommended().has_previous_ends());
  EXPECT_EQ(StatusOf(case_.fold()).waiting_for, kGovernor);
  // The first PPK took it in before it heard of that.
  event::v1::Fact receipt;
  receipt.mutable_recommendation_received();
  Decision late{.case_id = case_.id(), .drafts = {Draft()}};
  late.drafts[0].fact = receipt;
  late.drafts[0].case_id = case_.id();
  late.drafts[0].visibility = Visibility::kParty;
  late.drafts[0].citations.push_back(
      Cite(*LastFact(before.section(Section::kReferral), event::v1::Fact::kSanctionRecommended)));
  case_.Write(Section::kSanction, kPpk, late);
  EXPECT_EQ(StatusOf(case_.fold()).waiting_for, kGovernor);
  EXPECT_THAT(ContradictionsOf(case_.fold()),
              ElementsAre(HasSubstr("ppk/13.04 goes on after the case went to another PPK")));
}

TEST_F(ConflictRules, ACorrectionOfTheSanctionKeepsWhatTheFlagDecided) {
  UntilVerified();
  ASSERT_TRUE(Flag(kPpk).ok());
  ASSERT_TRUE(RecommendTo(kGovernor).ok());
  auto correction = Correction(Section::kReferral, "sanction");
  correction.mutable_new_fact()->mutable_sanction_recommended()->set_sanction("B-2");
  ASSERT_TRUE(Correct(Section::kReferral, correction).ok()) << last_.status();
  const auto& marks = fact().fact_corrected().new_fact().sanction_recommended().marks();
  EXPECT_TRUE(std::any_of(marks.begin(), marks.end(),
                          [](const auto& mark) { return mark.code() == "PPK_AVOIDED"; }));
}

}  // namespace
}  // namespace selaras::domain
