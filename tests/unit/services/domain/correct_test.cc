#include "case_test_base.h"
#include "services/domain/decide.h"

namespace selaras::domain {
namespace {

using testing::HasSubstr;

class CorrectionRules : public CaseTest {
 protected:
  static constexpr Section kIntake = Section::kIntake;
  static constexpr Section kReferral = Section::kReferral;
};

TEST_F(CorrectionRules, ACorrectionFollowsWhatItCorrects) {
  ASSERT_TRUE(Name().ok());
  auto correction = Correction(kIntake, "rank");
  correction.mutable_new_fact()->mutable_respondent_named()->set_rank("IV/a");
  ASSERT_TRUE(Correct(kIntake, correction).ok());
  EXPECT_EQ(draft().visibility, Visibility::kOffice);
  EXPECT_EQ(draft().personal->reason_text(), "salah ketik");
  ASSERT_EQ(draft().citations.size(), 1u);
  EXPECT_EQ(draft().citations[0].position().sequence(), 0u);

  ASSERT_TRUE(Refer().ok());
  correction = Correction(kIntake, "occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  ASSERT_TRUE(Correct(kIntake, correction).ok());
  EXPECT_EQ(draft().visibility, Visibility::kParty);
}

TEST_F(CorrectionRules, OnlyWhatIsNamedIsWritten) {
  ASSERT_TRUE(Name().ok());
  auto correction = Correction(kIntake, "rank");
  correction.mutable_fields()->add_paths("personal.respondent.name");
  auto* named = correction.mutable_new_fact()->mutable_respondent_named();
  named->set_rank("IV/a");
  named->set_incident_on("2024-01-01");
  *correction.mutable_new_occurred_at() = test::On("2024-01-01");
  correction.mutable_new_personal()->mutable_respondent()->set_name("Citra Cantoh");
  correction.mutable_new_personal()->mutable_respondent()->set_agency("Tidak disebut");
  correction.mutable_new_personal()->set_chronology("Tidak disebut");
  ASSERT_TRUE(Correct(kIntake, correction).ok());
  const auto& written = fact().fact_corrected();
  EXPECT_EQ(written.new_fact().respondent_named().rank(), "IV/a");
  EXPECT_EQ(written.new_fact().respondent_named().incident_on(), "");
  EXPECT_FALSE(written.has_new_occurred_at());
  EXPECT_EQ(draft().personal->respondent().name(), "Citra Cantoh");
  EXPECT_EQ(draft().personal->respondent().agency(), "");
  EXPECT_EQ(draft().personal->chronology(), "");
  EXPECT_EQ(draft().personal->reason_text(), "salah ketik");
}

TEST_F(CorrectionRules, AFactOfAnotherKindCannotRideAlong) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Refer().ok());
  auto correction = Correction(kIntake, "occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  correction.mutable_new_fact()->mutable_report_details_recorded()->set_source("wbs");
  ASSERT_TRUE(Correct(kIntake, correction).ok());
  EXPECT_FALSE(fact().fact_corrected().has_new_fact());
  correction = Correction(kIntake, "rank");
  correction.mutable_new_fact()->mutable_respondent_named()->set_rank("IV/a");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_fact");
}

TEST_F(CorrectionRules, EveryBadFieldIsNamed) {
  ASSERT_TRUE(Name().ok());
  auto correction = Correction(kIntake, "rank");
  correction.mutable_new_fact()->mutable_respondent_named()->set_rank("IV/a");
  correction.clear_reason();
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "reason");
  correction.set_reason(std::string(2'001, 'x'));
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "reason");
  correction.set_reason("salah ketik");
  correction.mutable_position()->set_sequence(7);
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "position");
  correction = Correction(kIntake, "rank");
  correction.clear_fields();
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "fields");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, Correction(kIntake, "colour"))), "fields");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, Correction(kIntake, "personal.colour"))), "fields");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, Correction(kIntake, "personal"))), "fields");
  correction = Correction(kIntake, "occurred_at");
  correction.mutable_new_occurred_at()->set_date("kemarin");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_occurred_at.date");
}

TEST_F(CorrectionRules, TheNewValuesKeepTheRulesOfTheOldOnes) {
  ASSERT_TRUE(Name().ok());
  const auto fault = [&](const std::string& path, auto set) {
    auto correction = Correction(kIntake, path);
    set(*correction.mutable_new_fact()->mutable_respondent_named());
    return test::FieldIn(Correct(kIntake, correction));
  };
  using N = event::v1::RespondentNamed;
  EXPECT_EQ(fault("rank", [](N& n) { n.set_rank("XX"); }), "new_fact.rank");
  EXPECT_EQ(fault("agency_region", [](N& n) { n.set_agency_region("99"); }),
            "new_fact.agency_region");
  EXPECT_EQ(fault("violations_alleged", [](N& n) { n.add_violations_alleged("?"); }),
            "new_fact.violations_alleged");
  EXPECT_EQ(fault("incident_on", [](N& n) { n.set_incident_on("?"); }), "new_fact.incident_on");
  EXPECT_EQ(fault("position_kind", [](N& n) { n.set_position_kind("?"); }),
            "new_fact.position_kind");
  EXPECT_EQ(fault("employment_status", [](N& n) { n.set_employment_status("?"); }),
            "new_fact.employment_status");

  ASSERT_TRUE(Refer().ok());
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Recommend().ok());
  auto sanction = Correction(kReferral, "sanction");
  sanction.mutable_new_fact()->mutable_sanction_recommended()->set_sanction("?");
  EXPECT_EQ(test::FieldIn(Correct(kReferral, sanction)), "new_fact.sanction");
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Block().ok());
  auto blocker = Correction(Section::kSanction, "blocker");
  blocker.mutable_new_fact()->mutable_blocker_recorded()->set_blocker("?");
  EXPECT_EQ(test::FieldIn(Correct(Section::kSanction, blocker)), "new_fact.blocker");
}

TEST_F(CorrectionRules, AReasonIsACodeOrNothing) {
  ASSERT_TRUE(Name().ok());
  auto refusal = test::SomeReview();
  refusal.set_accepted(false);
  ASSERT_TRUE(Review(refusal).ok());
  auto correction = Correction(kIntake, "reason");
  correction.mutable_new_fact()->mutable_case_reviewed()->set_reason("Budi tidak hadir");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_fact.reason")
      << "the open part of an entry can never be erased";
  correction.mutable_new_fact()->mutable_case_reviewed()->clear_reason();
  EXPECT_TRUE(Correct(kIntake, correction).ok());
}

TEST_F(CorrectionRules, CorrectedPersonalDataKeepTheRulesOfTheOldOnes) {
  ASSERT_TRUE(Name().ok());
  auto correction = Correction(kIntake, "personal.respondent.nip");
  correction.mutable_new_personal()->mutable_respondent()->set_nip("123");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_personal.respondent.nip");
  correction.mutable_new_personal()->mutable_respondent()->set_nip("19800101 200501 1 001");
  ASSERT_TRUE(Correct(kIntake, correction).ok());
  EXPECT_EQ(draft().personal->respondent().nip(), test::kNip);
  correction = Correction(kIntake, "personal.respondent.name");
  correction.mutable_new_personal()->mutable_respondent()->set_name(std::string(201, 'x'));
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_personal.respondent.name");
  correction = Correction(kIntake, "personal.summary");
  correction.mutable_new_personal()->set_summary(std::string(8'001, 'x'));
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_personal.summary");
}

TEST_F(CorrectionRules, WhatRule8ProtectsCannotBeSmuggledOutByACorrection) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Refer().ok());
  for (const std::string path :
       {"reporter", "reporter.name", "place", "chronology", "evidence", "message"}) {
    auto correction = Correction(kIntake, "personal." + path);
    auto* personal = correction.mutable_new_personal();
    personal->mutable_reporter()->set_name("Budi Penyampai");
    personal->set_place("lapangan");
    personal->set_chronology("Terlihat …");
    personal->set_message("Saya yang melapor.");
    personal->add_evidence()->set_sha256(std::string(32, 'x'));
    EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_personal") << path;
  }
  auto correction = Correction(kIntake, "personal.references");
  *correction.mutable_new_personal()->add_references() =
      Reference(event::v1::REFERENCE_KIND_REGISTER, "07/Reg/LP");
  EXPECT_EQ(test::FieldIn(Correct(kIntake, correction)), "new_personal");
  correction.mutable_new_personal()->mutable_references(0)->set_kind(
      event::v1::REFERENCE_KIND_REFERRAL_LETTER);
  EXPECT_TRUE(Correct(kIntake, correction).ok());
}

TEST_F(CorrectionRules, ACorrectionCannotChangeWhichStepHappened) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Review().ok());
  auto review = Correction(kIntake, "accepted");
  review.mutable_new_fact()->mutable_case_reviewed()->set_accepted(false);
  EXPECT_EQ(test::ReasonIn(Correct(kIntake, review)), "RULE");
  ASSERT_TRUE(Conclude().ok());
  auto conclusion = Correction(kIntake, "violations_found");
  conclusion.mutable_new_fact()->mutable_case_concluded();
  const absl::Status refused = Correct(kIntake, conclusion);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("void the fact instead"));
  conclusion.mutable_new_fact()->mutable_case_concluded()->add_violations_found("HD-02");
  EXPECT_TRUE(Correct(kIntake, conclusion).ok());
}

TEST_F(CorrectionRules, ACorrectionCannotChangeWhereTheCaseGoes) {
  UntilRecommended();
  for (const std::string path : {"to", "parties", "earlier_party_entries"}) {
    auto correction = Correction(kReferral, path);
    correction.mutable_new_fact()->mutable_sanction_recommended()->set_to("ppk/13.05");
    EXPECT_EQ(test::ReasonIn(Correct(kReferral, correction)), "RULE") << path;
  }
}

TEST_F(CorrectionRules, OnlyTheWriterOfASectionCorrectsIt) {
  UntilReferred();
  const auto header = test::HeaderOf("bawaslu/12", "r-1");
  auto correction = Correction(kIntake, "occurred_at");
  EXPECT_EQ(
      test::ReasonIn(
          DecideCorrectFact(correction, case_.fold(), kIntake, {header, *catalogue_}).status()),
      "NOT_YOUR_CASE");
  EXPECT_EQ(test::ReasonIn(Correct(kReferral, correction)), "CASE_NOT_FOUND")
      << "that section is not begun";
}

TEST_F(CorrectionRules, OnlyTheNewestFactCanBeTakenBack) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Review().ok());
  const auto review = case_.Newest(kIntake);
  ASSERT_TRUE(Conclude().ok());
  const absl::Status refused = Void(kIntake, review);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("only the newest"));
  ASSERT_TRUE(VoidNewest(kIntake).ok());
  EXPECT_TRUE(Void(kIntake, review).ok()) << "now it is the newest";
  EXPECT_EQ(test::FieldIn(Void(kIntake, review)), "position") << "it is no fact any more";
}

TEST_F(CorrectionRules, ACorrectedFactCanBeTakenBack) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Conclude().ok());
  auto correction = Correction(kIntake, "occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-09");
  ASSERT_TRUE(Correct(kIntake, correction).ok());
  EXPECT_TRUE(VoidNewest(kIntake).ok());
}

TEST_F(CorrectionRules, TheOpeningOfACaseStands) {
  ASSERT_TRUE(Name().ok());
  EXPECT_EQ(test::ReasonIn(VoidNewest(kIntake)), "RULE");
}

TEST_F(CorrectionRules, TakingBackNeedsAReason) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Review().ok());
  EXPECT_EQ(test::FieldIn(Void(kIntake, case_.Newest(kIntake), "")), "reason");
}

TEST_F(CorrectionRules, WhatTheAddresseeAcknowledgedCannotBeTakenBack) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  EXPECT_EQ(test::ReasonIn(VoidNewest(kIntake)), "RULE");
  ASSERT_TRUE(Recommend().ok());
  ASSERT_TRUE(ReceiveAsPpk().ok());
  const absl::Status refused = VoidNewest(kReferral);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("acknowledged"));
}

}  // namespace
}  // namespace selaras::domain
