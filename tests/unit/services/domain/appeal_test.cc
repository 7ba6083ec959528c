#include "services/domain/appeal.h"

#include "case_test_base.h"
#include "services/domain/decide_common.h"

namespace selaras::domain {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Appeals : public CaseTest {
 protected:
  // Up to the handing over of a decision on that sanction.
  void UntilHandedOver(absl::string_view sanction) {
    UntilRecommended();
    ASSERT_TRUE(ReceiveAsPpk().ok());
    auto decision = test::SomeDecision(case_.id());
    decision.set_sanction(std::string(sanction));
    decision.set_departure("register");
    ASSERT_TRUE(Sanction(decision, DecideDecideSanction).ok()) << last_.status();
    ASSERT_TRUE(HandOver().ok());
  }
  absl::Status File(absl::string_view route, absl::string_view departure = "") {
    auto objection = test::SomeObjection(case_.id());
    objection.set_route(std::string(route));
    objection.set_departure(std::string(departure));
    return Sanction(objection, DecideFileObjection);
  }
  absl::Status Outcome(absl::string_view outcome, absl::string_view sanction = "",
                       absl::string_view route = "keberatan") {
    sanction::v1::DecideObjection command;
    command.set_case_id(case_.id());
    command.set_route(std::string(route));
    command.set_outcome(std::string(outcome));
    command.set_sanction(std::string(sanction));
    return Sanction(command, DecideDecideObjection);
  }
  absl::Status Step(absl::string_view step) {
    sanction::v1::RecordAppealStep command;
    command.set_case_id(case_.id());
    command.set_step(std::string(step));
    return Sanction(command, DecideRecordAppealStep);
  }
  std::vector<std::string> Marked() const {
    std::vector<std::string> lines;
    for (const auto& mark : fact().objection_filed().marks()) {
      lines.push_back(absl::StrCat(mark.code(), " ", mark.about()));
    }
    return lines;
  }
  // Of a sanction that the PPK decides about again.
  void UntilObjected() {
    UntilHandedOver("B-2");
    ASSERT_TRUE(File("keberatan").ok()) << last_.status();
  }
};

TEST_F(Appeals, BpasnTakesOnlySanctionsWhoseRowHasBanding) {
  UntilHandedOver("B-2");
  const absl::Status refused = File("banding");
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("against B-2"), HasSubstr("the way is keberatan, not banding"),
                    HasSubstr("PP 79/2021 Ps 1 [V B1]")));
  ASSERT_TRUE(File("keberatan").ok()) << last_.status();
  EXPECT_THAT(Marked(), IsEmpty());
}

TEST_F(Appeals, ADismissalIsContestedAtBpasn) {
  UntilHandedOver("B-3");
  EXPECT_THAT(std::string(File("keberatan").message()),
              HasSubstr("the way is banding, not keberatan"));
  ASSERT_TRUE(File("banding").ok()) << last_.status();
  EXPECT_THAT(Marked(), IsEmpty());
}

TEST_F(Appeals, WhereNoWayIsOnRecordThePpkMayBeAskedAndBpasnNot) {
  UntilHandedOver("M-T");
  EXPECT_THAT(std::string(File("banding").message()), HasSubstr("the way is no banding"));
  ASSERT_TRUE(File("keberatan").ok()) << last_.status();
  EXPECT_THAT(Marked(), ElementsAre("APPEAL_ROUTE M-T"));
}

TEST_F(Appeals, ARowOfAnOldRegisterIsTakenAsItStandsAndMarked) {
  UntilHandedOver("B-2");
  EXPECT_EQ(test::FieldIn(File("banding", "pertimbangan")), "departure");
  ASSERT_TRUE(File("banding", "register").ok()) << last_.status();
  EXPECT_EQ(fact().objection_filed().departure(), "register");
  EXPECT_THAT(Marked(), ElementsAre("APPEAL_ROUTE B-2"));
}

TEST_F(Appeals, ACorrectionOfTheWayIsJudgedAnew) {
  UntilObjected();
  auto correction = Correction(Section::kSanction, "route");
  correction.mutable_new_fact()->mutable_objection_filed()->set_route("banding");
  EXPECT_EQ(test::ReasonIn(Correct(Section::kSanction, correction)), "RULE");
}

TEST_F(Appeals, WhatAnObjectionMadeADismissalIsContestedAtBpasn) {
  UntilObjected();
  ASSERT_TRUE(Outcome("memperberat", "B-3").ok()) << last_.status();
  EXPECT_EQ(SanctionInForce(case_.fold()), "B-3");
  EXPECT_EQ(test::ReasonIn(File("keberatan")), "RULE");
  EXPECT_TRUE(File("banding").ok()) << last_.status();
}

TEST_F(Appeals, MemperkuatLeavesTheSanctionAsItIs) {
  UntilObjected();
  const absl::Status refused = Outcome("memperkuat", "B-1");
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("B-2 in force"), HasSubstr("PP 79/2021 Ps 16 [V B1]")));
  ASSERT_TRUE(Outcome("memperkuat").ok()) << last_.status();
  EXPECT_EQ(SanctionInForce(case_.fold()), "B-2");
  EXPECT_EQ(case_.StateIn(Section::kSanction), State::kObjectionDecided);
}

TEST_F(Appeals, MemperinganNeedsALighterSanction) {
  UntilObjected();
  EXPECT_EQ(test::FieldIn(Outcome("memperingan")), "sanction");
  EXPECT_THAT(std::string(Outcome("memperingan", "X-PTDH").message()),
              HasSubstr("X-PTDH (ptdh) is heavier than B-2 (berat)"));
  EXPECT_EQ(test::ReasonIn(Outcome("memperingan", "B-2")), "RULE") << "it is in force already";
  ASSERT_TRUE(Outcome("memperingan", "S-T1").ok()) << last_.status();
  EXPECT_EQ(SanctionInForce(case_.fold()), "S-T1");
}

TEST_F(Appeals, MemperberatNeedsAHeavierSanction) {
  UntilObjected();
  EXPECT_EQ(test::FieldIn(Outcome("memperberat")), "sanction");
  EXPECT_THAT(std::string(Outcome("memperberat", "R-1").message()),
              HasSubstr("R-1 (ringan) is lighter than B-2 (berat)"));
  ASSERT_TRUE(Outcome("memperberat", "B-3").ok()) << "of one level none is called heavier";
}

TEST_F(Appeals, MengubahNeedsAnotherSanction) {
  UntilObjected();
  EXPECT_EQ(test::FieldIn(Outcome("mengubah")), "sanction");
  EXPECT_EQ(test::ReasonIn(Outcome("mengubah", "B-2")), "RULE");
  ASSERT_TRUE(Outcome("mengubah", "B-1").ok()) << last_.status();
  EXPECT_EQ(SanctionInForce(case_.fold()), "B-1");
  auto correction = Correction(Section::kSanction, "outcome");
  correction.mutable_new_fact()->mutable_objection_decided()->set_outcome("memperkuat");
  EXPECT_EQ(test::ReasonIn(Correct(Section::kSanction, correction)), "RULE");
}

TEST_F(Appeals, MembatalkanRevokesTheSanction) {
  UntilObjected();
  EXPECT_EQ(test::ReasonIn(Outcome("membatalkan", "R-1")), "RULE");
  ASSERT_TRUE(Outcome("membatalkan").ok()) << last_.status();
  EXPECT_EQ(case_.StateIn(Section::kSanction), State::kRevoked);
}

TEST_F(Appeals, OnlyBpasnAsksThePpkForItsResponse) {
  UntilHandedOver("B-3");
  EXPECT_EQ(test::ReasonIn(Step("tanggapan_diminta")), "MOVE_NOT_ALLOWED");
  ASSERT_TRUE(File("banding").ok());
  EXPECT_EQ(test::FieldIn(Step("dibaca")), "step");
  ASSERT_TRUE(Step("tanggapan_diminta").ok()) << last_.status();
  ASSERT_EQ(draft().citations.size(), 1u);
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  ASSERT_TRUE(Step("tanggapan_disampaikan").ok()) << last_.status();
  EXPECT_EQ(case_.StateIn(Section::kSanction), State::kObjected);
  ASSERT_TRUE(Outcome("memperkuat", "", "banding").ok()) << last_.status();
}

TEST_F(Appeals, AKeberatanHasNoResponseToBpasn) {
  UntilObjected();
  const absl::Status refused = Step("tanggapan_diminta");
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("a keberatan, which the PPK decides"));
  EXPECT_THAT(AllowedNow(
                  case_.fold(), Section::kSanction,
                  [](const std::string& authority) { return authority == kPpk; }, *catalogue_),
              testing::Not(testing::Contains("RecordAppealStep")));
}

}  // namespace
}  // namespace selaras::domain
