// The rules of the catalogue, as the commands apply them.
#include "absl/strings/str_join.h"

#include "case_test_base.h"
#include "services/domain/marks.h"
#include "services/domain/references.h"

namespace selaras::domain {
namespace {

using event::v1::ELECTION_PHASE_BEFORE_PENETAPAN;
using event::v1::ELECTION_PHASE_FROM_PENETAPAN;
using event::v1::ELECTION_PHASE_UNSPECIFIED;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

// `CODE rule about`, as far as they are set.
std::vector<std::string> Lines(const Marks& marks) {
  std::vector<std::string> lines;
  for (const event::v1::Mark& mark : marks) {
    std::vector<std::string> parts = {mark.code(), mark.rule()};
    if (!mark.about().empty()) parts.push_back(mark.about());
    lines.push_back(absl::StrJoin(parts, " "));
  }
  return lines;
}

class CatalogueRules : public CaseTest {
 protected:
  const event::v1::RespondentNamed& named() const { return fact().respondent_named(); }
  const event::v1::SanctionRecommended& recommended() const {
    return fact().sanction_recommended();
  }
  const event::v1::SanctionDecided& decided() const { return fact().sanction_decided(); }

  // A case of these violations, up to the verification.
  void UntilVerified(const std::vector<std::string>& violations,
                     const intake::v1::NameRespondent& command = test::SomeRespondent()) {
    ASSERT_TRUE(Name(command).ok());
    auto conclusion = test::SomeConclusion();
    conclusion.clear_violations_found();
    for (const std::string& code : violations) conclusion.add_violations_found(code);
    ASSERT_TRUE(Conclude(conclusion).ok());
    ASSERT_TRUE(Refer().ok());
    ASSERT_TRUE(Receive().ok());
    ASSERT_TRUE(Verify().ok());
  }
  absl::Status Advise(absl::string_view sanction, absl::string_view departure = "",
                      absl::string_view text = "") {
    auto command = test::SomeRecommendation(case_.id());
    command.set_sanction(std::string(sanction));
    command.set_departure(std::string(departure));
    command.set_departure_text(std::string(text));
    return Recommend(command);
  }
  sanction::v1::DecideSanction Decision(absl::string_view office, absl::string_view mandate) {
    auto command = test::SomeDecision(case_.id());
    command.mutable_signed_by()->set_office(std::string(office));
    command.mutable_signed_by()->set_mandate(std::string(mandate));
    return command;
  }
  absl::Status Decide(const sanction::v1::DecideSanction& command) {
    return Sanction(command, DecideDecideSanction);
  }
};

TEST_F(CatalogueRules, TheNamingStatesPhaseAndStageAndWhatTheSourcesDisagreeAbout) {
  ASSERT_TRUE(Name().ok());
  EXPECT_EQ(named().phase(), ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(named().calendar_phase(), ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(named().stage(), "campaign");
  EXPECT_EQ(named().phase_override(), "");
  EXPECT_THAT(Lines(named().marks()), ElementsAre("CONFLICT X-01 HD-06"));
  ASSERT_TRUE(Conclude().ok());
  ASSERT_TRUE(Refer().ok());
  EXPECT_EQ(fact().case_referred().stage(), "campaign");
  EXPECT_EQ(fact().case_referred().calendar_phase(), ELECTION_PHASE_FROM_PENETAPAN);
}

TEST_F(CatalogueRules, ThePhaseIsThatOfTheContestAndAnOpenContestIsMarked) {
  ReportState report = Report();
  report.received.set_election("PEMILU-2024");
  auto command = test::SomeRespondent();
  command.clear_violations_alleged();
  command.set_incident_on("2023-11-05");
  const auto name = [&] {
    return Do(Section::kIntake, kBawaslu, [&](const Call& call) {
      return DecideNameRespondent(command, report, case_.id(), call);
    });
  };
  command.set_contest("presiden");
  ASSERT_TRUE(name().ok());
  EXPECT_EQ(named().phase(), ELECTION_PHASE_BEFORE_PENETAPAN);
  EXPECT_EQ(named().contest(), "presiden");
  EXPECT_THAT(Lines(named().marks()), IsEmpty());
  command.clear_contest();
  ASSERT_TRUE(name().ok());
  EXPECT_EQ(named().phase(), ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_THAT(Lines(named().marks()), ElementsAre("CONTEST_OPEN phase_by_penetapan"));
  command.set_contest("camat");
  EXPECT_EQ(test::FieldIn(name()), "contest");
}

TEST_F(CatalogueRules, AnotherPhaseNeedsAReasonWhichIsKeptBesideTheCalendars) {
  auto command = test::SomeRespondent();
  command.set_phase(ELECTION_PHASE_BEFORE_PENETAPAN);
  EXPECT_EQ(test::FieldIn(Name(command)), "phase_override") << "no reason";
  command.set_phase_override("pertimbangan");
  EXPECT_EQ(test::FieldIn(Name(command)), "phase_override_text") << "the code says nothing";
  command.set_phase_override_text("Unggahan dibuat sebelum penetapan.");
  ASSERT_TRUE(Name(command).ok());
  EXPECT_EQ(named().phase(), ELECTION_PHASE_BEFORE_PENETAPAN);
  EXPECT_EQ(named().calendar_phase(), ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(named().phase_override(), "pertimbangan");
  EXPECT_EQ(draft().personal->reason_text(), "Unggahan dibuat sebelum penetapan.");
  EXPECT_THAT(
      Lines(named().marks()),
      UnorderedElementsAre("PHASE_OVERRIDDEN phase_override",
                           "PHASE_MISMATCH phase_by_penetapan HD-06", "CONFLICT X-01 HD-06"));
  ASSERT_TRUE(Conclude().ok());
  ASSERT_TRUE(Refer().ok());
  EXPECT_EQ(fact().case_referred().phase_override(), "pertimbangan");
  EXPECT_EQ(fact().case_referred().phase(), ELECTION_PHASE_BEFORE_PENETAPAN);
}

TEST_F(CatalogueRules, APhaseThatTheCalendarHasTooIsNoOverride) {
  auto command = test::SomeRespondent();
  command.set_phase(ELECTION_PHASE_FROM_PENETAPAN);
  command.set_phase_override("jadwal_lain");
  ASSERT_TRUE(Name(command).ok());
  EXPECT_EQ(named().phase_override(), "");
  command.clear_phase();
  EXPECT_EQ(test::FieldIn(Name(command)), "phase") << "a reason without a phase";
}

TEST_F(CatalogueRules, APhaseThatCannotBeToldStaysOpenAndIsMarked) {
  auto command = test::SomeRespondent();
  command.clear_incident_on();
  command.clear_violations_alleged();
  ASSERT_TRUE(Name(command).ok());
  EXPECT_EQ(named().phase(), ELECTION_PHASE_UNSPECIFIED);
  EXPECT_EQ(named().stage(), "");
  EXPECT_THAT(Lines(named().marks()), ElementsAre("PHASE_OPEN phase_by_penetapan"));
}

TEST_F(CatalogueRules, CorrectingTheDayOfTheActMovesThePhaseWithIt) {
  ASSERT_TRUE(Name().ok());
  auto correction = Correction(Section::kIntake, "incident_on");
  correction.mutable_new_fact()->mutable_respondent_named()->set_incident_on("2024-09-21");
  ASSERT_TRUE(Correct(Section::kIntake, correction).ok());
  const auto& now =
      LastFact(case_.section(Section::kIntake), event::v1::Fact::kRespondentNamed)->fact();
  EXPECT_EQ(now.respondent_named().incident_on(), "2024-09-21");
  EXPECT_EQ(now.respondent_named().phase(), ELECTION_PHASE_BEFORE_PENETAPAN);
  EXPECT_EQ(now.respondent_named().stage(), "registration");
  EXPECT_EQ(now.respondent_named().employment_status(), "PNS") << "what was not named stays";
  EXPECT_THAT(Lines(now.respondent_named().marks()),
              Contains("PHASE_MISMATCH phase_by_penetapan HD-06"));
}

TEST_F(CatalogueRules, AFileOfAPredecessorKeepsTheSameRules) {
  referral::v1::OpenLegacyCase command;
  command.mutable_respondent()->set_name("Citra Contoh");
  command.mutable_respondent()->set_nip(std::string(test::kNip));
  command.set_election("PILKADA-2024");
  command.set_incident_on("2024-07-01");
  command.set_agency_region("13.04");
  command.set_employment_status("PNS");
  command.add_violations_found("HD-06");
  command.set_agenda_number("KASN-77/2024");
  command.set_role("penggerak");
  auto* reference = command.add_references();
  reference->set_kind(event::v1::REFERENCE_KIND_SBT);
  reference->set_raw("SBT 2024/77");
  const auto open = [&] {
    auto header = test::HeaderOf(kBkn, "r-1");
    header.set_acting_for("kasn");
    last_ = DecideOpenLegacyCase(command, case_.id(), Call{header, *catalogue_});
    return last_.status();
  };
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(fact().legacy_case_opened().phase(), ELECTION_PHASE_BEFORE_PENETAPAN);
  EXPECT_EQ(fact().legacy_case_opened().stage(), "before_registration");
  EXPECT_EQ(fact().legacy_case_opened().role(), "penggerak");
  EXPECT_EQ(draft().personal->references_size(), 2);
  EXPECT_THAT(Lines(fact().legacy_case_opened().marks()),
              Contains("PHASE_MISMATCH phase_by_penetapan HD-06"));
  command.set_role("penonton");
  EXPECT_EQ(test::FieldIn(open()), "role");
  command.clear_role();
  command.set_phase(ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(test::FieldIn(open()), "phase_override");
  command.set_phase_override("jadwal_lain");
  command.set_phase_override_text("Penetapan susulan.");
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(fact().legacy_case_opened().phase(), ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(fact().legacy_case_opened().phase_override(), "jadwal_lain");
  EXPECT_EQ(draft().personal->reason_text(), "Penetapan susulan.");
}

TEST_F(CatalogueRules, ASanctionOfAnotherLevelIsRefusedWithTheRuleUnlessAReasonIsGiven) {
  UntilVerified({"HD-06"});
  const absl::Status refused = Advise("R-1");
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_EQ(test::MetadataIn(refused)["rule"], "level_by_violation");
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("R-1 is ringan, HD-06 leads to berat (SKB 22 September 2022 Lampiran II "
                        "[V K3,K4]); admissible are B-1, B-2, B-3; or give the reason"));
  EXPECT_EQ(test::FieldIn(Advise("R-1", "cuaca")), "departure");
  EXPECT_EQ(test::FieldIn(Advise("R-1", "pertimbangan")), "departure_text");
  EXPECT_EQ(test::FieldIn(Advise("R-1", "", "Ringan saja.")), "departure");
  ASSERT_TRUE(Advise("R-1", "pertimbangan", "Keadaan meringankan.").ok());
  EXPECT_EQ(recommended().departure(), "pertimbangan");
  EXPECT_EQ(draft().personal->reason_text(), "Keadaan meringankan.");
  EXPECT_EQ(recommended().violation(), "HD-06");
  EXPECT_EQ(recommended().regime(), "PP94/2021");
  EXPECT_THAT(Lines(recommended().marks()),
              UnorderedElementsAre("CONFLICT X-01 HD-06", "SANCTION_LEVEL level_by_violation R-1"));
}

TEST_F(CatalogueRules, AReasonForADepartureIsKeptOnlyWhereThereIsOne) {
  UntilVerified({"HD-06"});
  ASSERT_TRUE(Advise("B-2", "register").ok());
  EXPECT_EQ(recommended().departure(), "");
  EXPECT_THAT(Lines(recommended().marks()), ElementsAre("CONFLICT X-01 HD-06"));
}

TEST_F(CatalogueRules, OfSeveralViolationsTheHeaviestDecides) {
  UntilVerified({"HD-09", "HD-12", "KE-02"});
  EXPECT_EQ(test::ReasonIn(Advise("S-T1")), "RULE");
  ASSERT_TRUE(Advise("B-1").ok());
  EXPECT_EQ(recommended().violation(), "HD-12");
  EXPECT_THAT(Lines(recommended().marks()),
              UnorderedElementsAre("CONFLICT X-13 HD-09", "CONFLICT X-01 KE-02"));
}

TEST_F(CatalogueRules, TheLawOfTheDayOfTheActHoldsAndALaterRuleForbidsNothing) {
  auto old = test::SomeRespondent();
  old.set_incident_on("2020-10-10");
  UntilVerified({"HD-06"}, old);
  const absl::Status refused = Advise("B-1");
  EXPECT_EQ(test::MetadataIn(refused)["rule"], "regime_by_act_date");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("did not hold on 2020-10-10"));
  ASSERT_TRUE(Advise("L-S1").ok()) << "the levels of 2022 forbid nothing in 2020";
  EXPECT_EQ(recommended().regime(), "PP53/2010");
  EXPECT_THAT(Lines(recommended().marks()),
              Contains("LEVEL_OF_LATER_RULE level_by_violation HD-06"));
}

TEST_F(CatalogueRules, WhatIsNotInForceYetIsRefusedAndItsSubstituteNamed) {
  UntilVerified({"HD-09"});
  EXPECT_THAT(std::string(Advise("S-1").message()),
              HasSubstr("S-1 is not in force yet; S-T1 stands for it"));
  EXPECT_TRUE(Advise("S-T1").ok());
}

TEST_F(CatalogueRules, APppkHasTheSanctionsOfItsAgencysOwnTable) {
  auto command = test::SomeRespondent("199210142020212013");
  command.set_employment_status("PPPK");
  command.set_rank("IX");
  command.set_position_kind("pelaksana");
  UntilVerified({"HD-12"}, command);
  EXPECT_EQ(test::MetadataIn(Advise("B-1"))["rule"], "pppk_own_table");
  ASSERT_TRUE(Advise("P-B1").ok());
  EXPECT_THAT(Lines(recommended().marks()), Contains("PPPK_TABLE_OPEN pppk_own_table HD-12"));
}

TEST_F(CatalogueRules, TheSanctionImposedKeepsTheSameRules) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  auto command = test::SomeDecision(case_.id());
  command.set_sanction("M-T");
  EXPECT_EQ(test::MetadataIn(Decide(command))["rule"], "level_by_violation");
  command.set_departure("register");
  ASSERT_TRUE(Decide(command).ok());
  EXPECT_EQ(decided().departure(), "register");
  EXPECT_THAT(Lines(decided().marks()), Contains("SANCTION_LEVEL level_by_violation M-T"));
  EXPECT_FALSE(decided().has_signed_by());
}

TEST_F(CatalogueRules, AnOfficialWhoseMandateDoesNotReachIsRefusedAndWaitsAsABlocker) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  for (const absl::string_view mandate : {"plt", "plh"}) {
    const absl::Status refused = Decide(Decision("ppk", mandate));
    EXPECT_EQ(test::MetadataIn(refused)["rule"], "acting_official");
    EXPECT_THAT(
        std::string(refused.message()),
        HasSubstr("does not sign sanctions of level berat (SE Kepala BKN 1/SE/I/2021 [R])"));
    EXPECT_THAT(std::string(refused.message()), HasSubstr("RecordBlocker"));
  }
  auto excused = Decision("ppk", "plt");
  excused.set_departure("pertimbangan");
  excused.set_departure_text("Mendesak.");
  EXPECT_EQ(test::ReasonIn(Decide(excused)), "RULE") << "no reason gives a mandate";
  EXPECT_TRUE(Block().ok());
  ASSERT_TRUE(Decide(Decision("ppk", "pj")).ok());
  EXPECT_EQ(decided().signed_by().mandate(), "pj");
}

TEST_F(CatalogueRules, TheMandateOfTheOfficerInTheHeaderCountsWhereNobodyIsNamed) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  auto header = test::HeaderOf(kPpk, "r-1");
  header.mutable_officer()->set_mandate("plt");
  auto command = test::SomeDecision(case_.id());
  const auto decide = [&] {
    return DecideDecideSanction(command, case_.fold(), Call{header, *catalogue_}).status();
  };
  EXPECT_EQ(test::MetadataIn(decide())["rule"], "acting_official");
  command.mutable_signed_by()->set_mandate("definitif");
  EXPECT_TRUE(decide().ok()) << "a Plt may type what another one signed";
}

TEST_F(CatalogueRules, AnOldRowKeepsWhoSignedAsAMark) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  auto command = Decision("jpt_pratama", "plt");
  command.set_departure("register");
  ASSERT_TRUE(Decide(command).ok());
  EXPECT_THAT(Lines(decided().marks()),
              testing::IsSupersetOf({"MANDATE_TOO_WEAK acting_official plt",
                                     "IMPOSER_OTHER imposer_by_position jpt_pratama"}));
  EXPECT_EQ(decided().departure(), "") << "the sanction itself does not depart";
}

TEST_F(CatalogueRules, AnOfficeThatDoesNotImposeItIsRefusedAndTheRightOneNamed) {
  UntilRecommended();  // an administrator of a kabupaten, berat
  ASSERT_TRUE(ReceiveAsPpk().ok());
  const absl::Status refused = Decide(Decision("jpt_pratama", "definitif"));
  EXPECT_EQ(test::MetadataIn(refused)["rule"], "imposer_by_position");
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("jpt_pratama does not impose B-2 on administrator here; ppk does"));
  EXPECT_EQ(test::FieldIn(Decide(Decision("lurah", ""))), "signed_by.office");
  EXPECT_EQ(test::FieldIn(Decide(Decision("ppk", "raja"))), "signed_by.mandate");
  auto vacant = Decision("jpt_pratama", "definitif");
  vacant.mutable_signed_by()->set_for_vacancy(true);
  EXPECT_EQ(test::ReasonIn(Decide(vacant)), "RULE") << "the next higher one, not a lower one";
  vacant.mutable_signed_by()->set_office("presiden");
  ASSERT_TRUE(Decide(vacant).ok());
  EXPECT_THAT(Lines(decided().marks()), Contains("IMPOSER_VACANCY imposer_vacancy presiden"));
}

TEST_F(CatalogueRules, ATopOfficialOfThePpkItselfIsMarkedAsAConflictOfInterest) {
  auto command = test::SomeRespondent();
  command.set_position_kind("jpt_pratama");
  UntilVerified({"HD-06"}, command);
  ASSERT_TRUE(Advise("B-1").ok());
  EXPECT_THAT(Lines(recommended().marks()), Contains("PPK_INTEREST ppk_interest jpt_pratama"));
}

TEST_F(CatalogueRules, CorrectingASanctionKeepsTheRulesToo) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(CaseTest::Decide().ok());
  auto correction = Correction(Section::kSanction, "sanction");
  correction.mutable_new_fact()->mutable_sanction_decided()->set_sanction("R-2");
  EXPECT_EQ(test::MetadataIn(Correct(Section::kSanction, correction))["rule"],
            "level_by_violation");
  correction.mutable_fields()->add_paths("departure");
  correction.mutable_new_fact()->mutable_sanction_decided()->set_departure("pertimbangan");
  ASSERT_TRUE(Correct(Section::kSanction, correction).ok());
  const auto& now =
      LastFact(case_.section(Section::kSanction), event::v1::Fact::kSanctionDecided)->fact();
  EXPECT_EQ(now.sanction_decided().sanction(), "R-2");
  EXPECT_EQ(now.sanction_decided().departure(), "pertimbangan");
  EXPECT_THAT(Lines(now.sanction_decided().marks()),
              Contains("SANCTION_LEVEL level_by_violation R-2"));
  auto marks = Correction(Section::kSanction, "marks");
  *marks.mutable_new_fact()->mutable_sanction_decided() = {};
  EXPECT_EQ(test::ReasonIn(Correct(Section::kSanction, marks)), "RULE") << "marks are computed";
}

TEST_F(CatalogueRules, AnAppealMayEndOutsideTheRulesAndIsMarked) {
  UntilHandedOver();
  ASSERT_TRUE(Object().ok());
  sanction::v1::DecideObjection outcome;
  outcome.set_case_id(case_.id());
  outcome.set_route("keberatan");
  outcome.set_outcome("memperingan");
  outcome.set_sanction("R-2");
  ASSERT_TRUE(Sanction(outcome, DecideDecideObjection).ok());
  EXPECT_THAT(Lines(fact().objection_decided().marks()),
              Contains("SANCTION_LEVEL level_by_violation R-2"));
}

TEST_F(CatalogueRules, ABodyThatWasNotCompetentOnTheDayIsRefusedAndTheRightOneNamed) {
  ASSERT_TRUE(Name().ok());
  auto referral = test::SomeReferral();
  referral.set_to("kasn");
  const absl::Status refused = Refer(referral);
  EXPECT_EQ(test::MetadataIn(refused)["rule"], "routing_by_send_date");
  EXPECT_EQ(refused.message(),
            "kasn did not receive referrals that were decided on 2024-10-11; send it to bkn "
            "(Perpres 92/2024 Ps 3-4; SE MenPANRB 4/2024 [V A10])");
  referral.set_to("bkn");
  *referral.mutable_occurred_at() = test::On("2024-08-23");
  EXPECT_THAT(std::string(Refer(referral).message()), HasSubstr("send it to kasn"));
  referral.clear_occurred_at();
  EXPECT_TRUE(Refer(referral).ok()) << "without a day nothing is known against it";
}

TEST_F(CatalogueRules, ActingForIsRecordedAndNeverRefusedByDate) {
  UntilVerified({"HD-06"});
  auto header = test::HeaderOf(kBkn, "r-1");
  header.set_acting_for("kasn");
  EXPECT_TRUE(CheckHeader(header, *catalogue_).ok());
  EXPECT_TRUE(DecideRecommendSanction(test::SomeRecommendation(case_.id()), case_.fold(),
                                      Call{header, *catalogue_})
                  .ok());
}

TEST_F(CatalogueRules, NumbersOfOtherSystemsAreKeptAsWritten) {
  const auto add = [](event::v1::ReferenceKind kind, const char* raw, References* references) {
    auto* reference = references->Add();
    reference->set_kind(kind);
    reference->set_raw(raw);
  };
  auto report = test::SomeReport();
  add(event::v1::REFERENCE_KIND_SIGAPLAPOR, "Sigap Lapor No. 12/2024", report.mutable_references());
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu, [&](const Call& call) {
                return DecideReceiveReport(report, Report().report_id, std::nullopt, call);
              }).ok());
  EXPECT_FALSE(draft(0).personal.has_value());
  EXPECT_EQ(draft(1).visibility, Visibility::kPrivate);
  EXPECT_EQ(draft(1).personal->references(1).raw(), "Sigap Lapor No. 12/2024");

  auto command = test::SomeRespondent();
  add(event::v1::REFERENCE_KIND_SBT, "SBT 2024/000123", command.mutable_references());
  add(event::v1::REFERENCE_KIND_SIGAPLAPOR, "12/2024", command.mutable_references());
  case_ = test::PaperCase();
  ASSERT_TRUE(Name(command).ok());
  ASSERT_EQ(draft(0).personal->references_size(), 1);
  EXPECT_EQ(draft(0).personal->references(0).raw(), "SBT 2024/000123");
  EXPECT_EQ(draft(1).visibility, Visibility::kPrivate);
  EXPECT_EQ(draft(1).personal->references(0).raw(), "12/2024");

  auto referral = test::SomeReferral();
  add(event::v1::REFERENCE_KIND_SRIKANDI, "S-99/2024", referral.mutable_references());
  add(event::v1::REFERENCE_KIND_SIGAPLAPOR, "12/2024", referral.mutable_references());
  EXPECT_EQ(test::FieldIn(Refer(referral)), "references") << "it never leaves Bawaslu";
  referral.mutable_references()->RemoveLast();
  ASSERT_TRUE(Refer(referral).ok());
  EXPECT_EQ(draft().personal->references_size(), 2);
}

TEST_F(CatalogueRules, WhatIsNoNumberOfItsSystemIsRefused) {
  auto command = test::SomeRespondent();
  auto* reference = command.add_references();
  reference->set_kind(event::v1::REFERENCE_KIND_SBT);
  reference->set_raw("I-DIS 77");
  EXPECT_EQ(test::FieldIn(Name(command)), "references[0].raw");
  reference->set_raw("77");
  reference->set_kind(event::v1::REFERENCE_KIND_DECREE);
  EXPECT_EQ(test::FieldIn(Name(command)), "references[0].kind");
  reference->set_kind(event::v1::REFERENCE_KIND_SBT);
  for (int i = 0; i < 16; ++i) *command.add_references() = *reference;
  EXPECT_EQ(test::FieldIn(Name(command)), "references") << "17 are too many";
}

TEST_F(CatalogueRules, EveryMarkHasWords) {
  for (const absl::string_view code :
       {"CONFLICT", "PHASE_OPEN", "CONTEST_OPEN", "PHASE_OVERRIDDEN", "PHASE_MISMATCH",
        "SANCTION_LEVEL", "SANCTION_STATUS", "SANCTION_REGIME", "SANCTION_NOT_IN_FORCE",
        "SANCTION_OF_OTHER_AGENCY", "MANDATE_TOO_WEAK", "IMPOSER_OTHER", "PPK_INTEREST",
        "PPK_FLAGGED", "PPK_AVOIDED", "APPEAL_ROUTE", "APPEAL_ROUTE_OPEN"}) {
    EXPECT_THAT(std::string(MarkText(code)), Not(IsEmpty())) << code;
  }
  EXPECT_EQ(MarkText("SOMETHING_NEWER"), "");
}

}  // namespace
}  // namespace selaras::domain
