#include "services/domain/decide_intake.h"

#include <functional>

#include "case_test_base.h"

namespace selaras::domain {
namespace {

using intake::v1::NameRespondent;
using intake::v1::ReceiveReport;
using testing::HasSubstr;

class IntakeRules : public CaseTest {
 protected:
  static constexpr absl::string_view kReportId = "6f9619ff-8b86-8011-b42d-00c04fc964ff";

  absl::StatusOr<Decision> Open(const ReceiveReport& command, std::optional<bool> same = {}) const {
    const auto header = test::HeaderOf(kBawaslu, "r-1");
    return DecideReceiveReport(command, kReportId, same, {header, *catalogue_});
  }
  // The field that is named when a report is spoilt so.
  std::string ReportFault(const std::function<void(ReceiveReport&)>& spoil) const {
    ReceiveReport command = test::SomeReport();
    spoil(command);
    const auto decision = Open(command);
    EXPECT_EQ(decision.status().code(), absl::StatusCode::kInvalidArgument);
    return test::FieldIn(decision.status());
  }
  std::string RespondentFault(const std::function<void(NameRespondent&)>& spoil) {
    NameRespondent command = test::SomeRespondent();
    spoil(command);
    const absl::Status refused = Name(command);
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
    return test::FieldIn(refused);
  }
  event::v1::ElectionPhase PhaseOn(absl::string_view day) {
    NameRespondent command = test::SomeRespondent();
    command.set_incident_on(std::string(day));
    EXPECT_TRUE(Name(command).ok());
    return fact().respondent_named().phase();
  }
  // Who is addressed when the decision to send was made then.
  std::string AddresseeOn(const event::v1::When& when) {
    case_ = test::PaperCase();
    EXPECT_TRUE(Name().ok());
    auto referral = test::SomeReferral();
    *referral.mutable_occurred_at() = when;
    const absl::Status referred = Refer(referral);
    return referred.ok() ? fact().case_referred().to() : std::string(referred.message());
  }
};

TEST_F(IntakeRules, AReportOpensWithAnOfficeFactAndKeepsTheRestPrivate) {
  const auto decision = Open(test::SomeReport());
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->report_id, kReportId);
  ASSERT_EQ(decision->drafts.size(), 2u);
  const Draft& open = decision->drafts[0];
  EXPECT_EQ(open.visibility, Visibility::kOffice);
  EXPECT_FALSE(open.personal.has_value());
  EXPECT_EQ(open.fact.report_received().region(), "13.04");
  EXPECT_EQ(open.occurred_at->date(), "2024-10-05");
  const Draft& details = decision->drafts[1];
  EXPECT_EQ(details.visibility, Visibility::kPrivate);
  EXPECT_TRUE(details.cites_first);
  EXPECT_EQ(details.fact.report_details_recorded().source(), "laporan");
  EXPECT_EQ(details.personal->reporter().name(), "Budi Penyampai");
  EXPECT_EQ(details.personal->references(0).kind(), event::v1::REFERENCE_KIND_REGISTER);
}

TEST_F(IntakeRules, AReportThatIsThereIsMetOnlyIfTheCallerSaysSoAndItIsTheSame) {
  ReceiveReport command = test::SomeReport();
  EXPECT_EQ(test::ReasonIn(Open(command, true).status()), "REPORT_DIFFERS");
  command.set_if_absent(true);
  EXPECT_EQ(test::ReasonIn(Open(command, false).status()), "REPORT_DIFFERS");
  const auto met = Open(command, true);
  ASSERT_TRUE(met.ok()) << met.status();
  EXPECT_TRUE(met->drafts.empty());
  EXPECT_EQ(met->report_id, kReportId);
}

TEST_F(IntakeRules, EveryBadFieldOfAReportIsNamed) {
  using C = ReceiveReport;
  const std::string long_text(20'001, 'x');
  EXPECT_EQ(ReportFault([&](C& c) { c.set_report_key(long_text); }), "report_key");
  EXPECT_EQ(ReportFault([](C& c) { c.set_source("gosip"); }), "source");
  EXPECT_EQ(ReportFault([](C& c) { c.clear_source(); }), "source");
  EXPECT_EQ(ReportFault([](C& c) { c.set_election("PILKADA-1999"); }), "election");
  EXPECT_EQ(ReportFault([](C& c) { c.set_region("99.99"); }), "region");
  EXPECT_EQ(ReportFault([](C& c) { c.clear_received_at(); }), "received_at");
  EXPECT_EQ(ReportFault([](C& c) { c.mutable_received_at()->set_date("5 Oktober"); }),
            "received_at.date");
  EXPECT_EQ(ReportFault([](C& c) { c.mutable_received_at()->set_zone("GMT"); }),
            "received_at.zone");
  EXPECT_EQ(ReportFault([](C& c) { c.mutable_received_at()->mutable_instant()->set_nanos(-1); }),
            "received_at.instant");
  EXPECT_EQ(ReportFault([](C& c) { c.set_known_on("2024-13-01"); }), "known_on");
  EXPECT_EQ(ReportFault([](C& c) { c.set_known_on("2024-10-06"); }), "received_at");
  EXPECT_EQ(ReportFault([&](C& c) { c.set_register_number(long_text); }), "register_number");
  EXPECT_EQ(ReportFault([&](C& c) { c.mutable_reporter()->set_name(long_text); }), "reporter.name");
  EXPECT_EQ(ReportFault([&](C& c) { c.mutable_reporter()->set_address(long_text); }),
            "reporter.address");
  EXPECT_EQ(ReportFault([&](C& c) { c.mutable_reporter()->set_phone(long_text); }),
            "reporter.phone");
  EXPECT_EQ(ReportFault([&](C& c) { c.set_place(long_text); }), "place");
  EXPECT_EQ(ReportFault([&](C& c) { c.set_chronology(long_text); }), "chronology");
  EXPECT_EQ(ReportFault([](C& c) { c.mutable_evidence(0)->set_sha256("short"); }),
            "evidence.sha256");
  EXPECT_EQ(ReportFault([](C& c) {
              for (int i = 0; i < 100; ++i) *c.add_evidence() = c.evidence(0);
            }),
            "evidence");
}

TEST_F(IntakeRules, AnAnonymousReportNeedsNoReporter) {
  ReceiveReport command = test::SomeReport();
  command.clear_reporter();
  command.clear_register_number();
  const auto decision = Open(command);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_FALSE(decision->drafts[1].personal->has_reporter());
  EXPECT_EQ(decision->drafts[1].personal->references_size(), 0);
}

TEST_F(IntakeRules, ARespondentIsNamedInTheReportAndMotivesStayPrivate) {
  ASSERT_TRUE(Name().ok());
  ASSERT_EQ(last_->drafts.size(), 2u);
  EXPECT_EQ(last_->case_id, case_.id());
  EXPECT_EQ(draft().visibility, Visibility::kOffice);
  EXPECT_EQ(draft().citations.size(), 1u) << "the report";
  EXPECT_TRUE(fact().respondent_named().identified());
  EXPECT_EQ(fact().respondent_named().election(), "PILKADA-2024");
  EXPECT_EQ(draft(1).visibility, Visibility::kPrivate);
  EXPECT_TRUE(draft(1).cites_first);
  EXPECT_EQ(draft(1).fact.case_details_recorded().motives(0), "karier");
}

TEST_F(IntakeRules, EveryBadFieldOfARespondentIsNamed) {
  using C = NameRespondent;
  const std::string long_text(201, 'x');
  EXPECT_EQ(RespondentFault([](C& c) { c.mutable_respondent()->set_name("  "); }),
            "respondent.name");
  EXPECT_EQ(RespondentFault([&](C& c) { c.mutable_respondent()->set_name(long_text); }),
            "respondent.name");
  EXPECT_EQ(RespondentFault([](C& c) { c.mutable_respondent()->set_nip("1980"); }),
            "respondent.nip");
  EXPECT_EQ(RespondentFault([&](C& c) { c.mutable_respondent()->set_position_title(long_text); }),
            "respondent.position_title");
  EXPECT_EQ(RespondentFault([&](C& c) { c.mutable_respondent()->set_agency(long_text); }),
            "respondent.agency");
  EXPECT_EQ(RespondentFault([](C& c) { c.set_employment_status("honorer"); }), "employment_status");
  EXPECT_EQ(RespondentFault([](C& c) { c.set_position_kind("lurah"); }), "position_kind");
  EXPECT_EQ(RespondentFault([](C& c) { c.set_rank("IX"); }), "rank") << "a rank of PPPK";
  EXPECT_EQ(RespondentFault([](C& c) { c.set_agency_region("13.99"); }), "agency_region");
  EXPECT_EQ(RespondentFault([](C& c) { c.clear_agency_region(); }), "agency_region");
  EXPECT_EQ(RespondentFault([](C& c) { c.add_violations_alleged("HD-99"); }), "violations_alleged");
  EXPECT_EQ(RespondentFault([](C& c) { c.set_incident_on("kemarin"); }), "incident_on");
  EXPECT_EQ(RespondentFault([](C& c) { c.set_incident_on("2024-10-06"); }), "incident_on");
  EXPECT_EQ(RespondentFault([](C& c) { c.add_motives("iseng"); }), "motives");
  EXPECT_EQ(RespondentFault([](C& c) { c.mutable_occurred_at()->set_date("x"); }),
            "occurred_at.date");
  EXPECT_EQ(RespondentFault([](C& c) {
              for (int i = 0; i < 16; ++i) c.add_violations_alleged("HD-06");
            }),
            "violations_alleged");
}

TEST_F(IntakeRules, ARespondentOfAnotherOfficesReportIsRefusedAsIfThereWereNone) {
  ReportState report = Report();
  report.author = "bawaslu/12";
  const auto header = test::HeaderOf(kBawaslu, "r-1");
  const auto decision =
      DecideNameRespondent(test::SomeRespondent(), report, case_.id(), {header, *catalogue_});
  EXPECT_EQ(test::ReasonIn(decision.status()), "REPORT_NOT_FOUND");
}

TEST_F(IntakeRules, TheIdentityMayStayOpenUntilTheReferral) {
  NameRespondent unknown = test::SomeRespondent("");
  ASSERT_TRUE(Name(unknown).ok());
  EXPECT_FALSE(fact().respondent_named().identified());
  const absl::Status refused = Refer(test::SomeReferral(), "");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("identify the respondent first"));
  ASSERT_TRUE(Identify().ok());
  EXPECT_EQ(draft().personal->respondent().nip(), test::kNip);
  EXPECT_TRUE(Refer().ok());
}

TEST_F(IntakeRules, EveryBadFieldOfAnIdentityIsNamed) {
  ASSERT_TRUE(Name(test::SomeRespondent("")).ok());
  auto command = test::SomeIdentity();
  command.clear_nip();
  EXPECT_EQ(test::FieldIn(Identify(command)), "nip");
  command.set_nip("197813012005011001");
  EXPECT_EQ(test::FieldIn(Identify(command)), "nip") << "month 13";
  command = test::SomeIdentity();
  command.set_employment_status("TNI");
  EXPECT_EQ(test::FieldIn(Identify(command)), "employment_status");
  command.clear_employment_status();
  EXPECT_EQ(test::FieldIn(Identify(command)), "employment_status");
}

TEST_F(IntakeRules, ANipIsRecordedAs18DigitsHoweverItWasWritten) {
  ASSERT_TRUE(Name(test::SomeRespondent("19800101 200501 1 001")).ok());
  EXPECT_EQ(draft().personal->respondent().nip(), test::kNip);
  auto identity = test::SomeIdentity();
  identity.set_nip("'19760912.200704.1.022");
  ASSERT_TRUE(Identify(identity).ok());
  EXPECT_EQ(draft().personal->respondent().nip(), test::kOtherNip);
}

TEST_F(IntakeRules, ThePhaseTurnsOnTheDayOfThePenetapan) {
  EXPECT_EQ(PhaseOn("2024-09-21"), event::v1::ELECTION_PHASE_BEFORE_PENETAPAN);
  EXPECT_EQ(PhaseOn("2024-09-22"), event::v1::ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(PhaseOn("2024-09-23"), event::v1::ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(PhaseOn(""), event::v1::ELECTION_PHASE_UNSPECIFIED);
}

TEST_F(IntakeRules, AReviewHasAReasonOnlyIfItDidNotAccept) {
  ASSERT_TRUE(Name().ok());
  auto review = test::SomeReview();
  review.set_reason("syarat_formal");
  EXPECT_EQ(test::FieldIn(Review(review)), "reason");
  review.set_accepted(false);
  EXPECT_EQ(test::FieldIn(Review(review)), "reason") << "no code of the catalogue";
  review.clear_reason();
  review.set_reason_text("Alamat pelapor tidak ada.");
  ASSERT_TRUE(Review(review).ok());
  EXPECT_EQ(draft().personal->reason_text(), "Alamat pelapor tidak ada.");
  EXPECT_EQ(fact().case_reviewed().reason(), "");
}

TEST_F(IntakeRules, AConclusionNamesKnownViolationsOrNone) {
  ASSERT_TRUE(Name().ok());
  auto conclusion = test::SomeConclusion();
  conclusion.add_violations_found("KE-99");
  EXPECT_EQ(test::FieldIn(Conclude(conclusion)), "violations_found");
  conclusion.clear_violations_found();
  ASSERT_TRUE(Conclude(conclusion).ok());
  EXPECT_EQ(test::ReasonIn(Refer()), "MOVE_NOT_ALLOWED") << "there is nothing to refer";
}

TEST_F(IntakeRules, AReferralRestatesWhatRecipientsNeedAndMakesThemParties) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Conclude().ok());
  ASSERT_TRUE(Refer().ok());
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  const auto& referred = fact().case_referred();
  EXPECT_THAT(referred.parties(), testing::ElementsAre(kBawaslu, kBkn));
  EXPECT_THAT(referred.violations_found(), testing::ElementsAre("HD-06"));
  EXPECT_EQ(referred.election(), "PILKADA-2024");
  EXPECT_EQ(referred.incident_on(), "2024-10-01");
  EXPECT_EQ(referred.phase(), event::v1::ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(referred.agency_region(), "13.04");
  EXPECT_EQ(referred.employment_status(), "PNS");
  EXPECT_EQ(referred.position_kind(), "administrator");
  EXPECT_EQ(referred.rank(), "III/d");
  EXPECT_EQ(draft().personal->respondent().name(), "Citra Contoh");
  EXPECT_EQ(draft().personal->references(0).kind(), event::v1::REFERENCE_KIND_REFERRAL_LETTER);
  EXPECT_EQ(draft().personal->summary(), "Diduga mendukung salah satu calon.");
}

TEST_F(IntakeRules, AReferralGoesToTheBodyThatWasCompetentOnTheDayOfTheDecision) {
  EXPECT_EQ(AddresseeOn(test::On("2024-08-23")), "kasn");
  EXPECT_EQ(AddresseeOn(test::On("2024-08-24")), "bkn");
  event::v1::When instant;  // 2024-08-23 16:30 UTC: still the 23rd in WIB, the 24th in WIT
  instant.mutable_instant()->set_seconds(1'724'430'600);
  EXPECT_EQ(AddresseeOn(instant), "kasn");
  instant.set_zone("WIT");
  EXPECT_EQ(AddresseeOn(instant), "bkn");
  EXPECT_THAT(AddresseeOn(test::On("2010-01-01")), HasSubstr("no body received referrals"));
  EXPECT_THAT(AddresseeOn({}), HasSubstr("to: is required"));
}

TEST_F(IntakeRules, ANamedAddresseeMustReceiveReferrals) {
  ASSERT_TRUE(Name().ok());
  auto referral = test::SomeReferral();
  for (const absl::string_view wrong : {"ppk/13.04", "nobody"}) {
    referral.set_to(std::string(wrong));
    EXPECT_EQ(test::FieldIn(Refer(referral)), "to") << wrong;
  }
  referral.set_to("bkn");
  ASSERT_TRUE(Refer(referral).ok());
  EXPECT_EQ(fact().case_referred().to(), "bkn");
}

TEST_F(IntakeRules, EveryBadFieldOfAReferralIsNamed) {
  ASSERT_TRUE(Name().ok());
  auto referral = test::SomeReferral();
  referral.clear_letter_number();
  EXPECT_EQ(test::FieldIn(Refer(referral)), "letter_number");
  referral.set_letter_number(std::string(121, '1'));
  EXPECT_EQ(test::FieldIn(Refer(referral)), "letter_number");
  referral = test::SomeReferral();
  referral.set_summary(std::string(8'001, 'x'));
  EXPECT_EQ(test::FieldIn(Refer(referral)), "summary");
  referral = test::SomeReferral();
  referral.mutable_occurred_at()->set_zone("WIBB");
  EXPECT_EQ(test::FieldIn(Refer(referral)), "occurred_at.zone");
}

TEST_F(IntakeRules, TheStatusStatedWithTheIdentityIsTheOneReferred) {
  ASSERT_TRUE(Name(test::SomeRespondent("")).ok());
  auto identity = test::SomeIdentity();
  identity.set_employment_status("PPPK");
  identity.set_nip("199210142020212013");
  ASSERT_TRUE(Identify(identity).ok());
  ASSERT_TRUE(Refer().ok());
  EXPECT_EQ(fact().case_referred().employment_status(), "PPPK");
}

TEST_F(IntakeRules, AnInstigatorIsReferredAsOne) {
  auto naming = test::SomeRespondent();
  naming.set_role("penggerak");
  ASSERT_TRUE(Name(naming).ok());
  ASSERT_TRUE(Refer().ok());
  EXPECT_EQ(fact().case_referred().role(), "penggerak");
}

TEST_F(IntakeRules, AdditionalInformationNamesNoPartThatIsMissing) {
  const auto header = test::HeaderOf(kBawaslu, "r-1");
  intake::v1::RequestCompletion command;
  command.set_report_id(Report().report_id);
  const auto decide = [&] {
    return DecideRequestCompletion(command, Report(), {header, *catalogue_});
  };
  EXPECT_EQ(test::FieldIn(decide().status()), "parts");
  command.set_additional_information(true);
  auto asked = decide();
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_TRUE(asked->drafts[0].fact.report_completion_requested().additional_information());
  EXPECT_EQ(asked->drafts[0].visibility, Visibility::kOffice);
  command.add_parts("saksi");
  EXPECT_TRUE(decide().ok());
  command.add_parts("harta");
  EXPECT_EQ(test::FieldIn(decide().status()), "parts");
}

constexpr absl::string_view kNikOfMan = "1304050108660001";

TEST_F(IntakeRules, ANikMustBeWellFormedAndIsKeptWithoutWhatPeopleWriteInIt) {
  auto named = test::SomeRespondent();
  named.mutable_respondent()->set_nik("1304057208660001");
  EXPECT_EQ(test::FieldIn(Name(named)), "respondent.nik") << "day 72";
  named.mutable_respondent()->set_nik("1304 0501 0866 0001");
  ASSERT_TRUE(Name(named).ok()) << last_.status();
  EXPECT_EQ(draft().personal->respondent().nik(), kNikOfMan);
  EXPECT_EQ(draft().visibility, Visibility::kOffice);
}

TEST_F(IntakeRules, ANikMayBecomeKnownWithTheIdentity) {
  ASSERT_TRUE(Name(test::SomeRespondent("")).ok());
  auto identity = test::SomeIdentity();
  identity.set_nik("130405");
  EXPECT_EQ(test::FieldIn(Identify(identity)), "nik");
  identity.set_nik(std::string(kNikOfMan));
  ASSERT_TRUE(Identify(identity).ok()) << last_.status();
  EXPECT_EQ(draft().personal->respondent().nik(), kNikOfMan);
  EXPECT_EQ(draft().visibility, Visibility::kOffice);
}

TEST_F(IntakeRules, TheNikStaysInTheOfficeWhenTheCaseGoesOn) {
  event::v1::Respondent respondent = test::SomeRespondent(test::kNip).respondent();
  respondent.set_nik(std::string(kNikOfMan));
  ASSERT_TRUE(Name().ok());
  intake::v1::DelegateCase given;
  given.set_to("bawaslu/ri");
  given.set_kind("pelimpahan");
  const test::PaperCase named = case_;
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu, [&](const Call& call) {
                return DecideDelegateCase(given, case_.fold(), respondent, call);
              }).ok());
  EXPECT_EQ(draft().personal->respondent().nip(), test::kNip);
  EXPECT_EQ(draft().personal->respondent().nik(), "");
  case_ = named;
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu, [&](const Call& call) {
                return DecideReferCase(test::SomeReferral(), case_.fold(), respondent, call);
              }).ok());
  EXPECT_EQ(draft().personal->respondent().nip(), test::kNip);
  EXPECT_EQ(draft().personal->respondent().nik(), "");
  auto correction = Correction(Section::kIntake, "personal.respondent");
  *correction.mutable_new_personal()->mutable_respondent() = respondent;
  EXPECT_EQ(test::FieldIn(Correct(Section::kIntake, correction)), "new_personal.respondent.nik");
}

TEST_F(IntakeRules, TheReportersNikIsProtectedLikeTheName) {
  intake::v1::ReceiveReport command = test::SomeReport();
  const auto receive = [&] {
    return Do(Section::kIntake, kBawaslu, [&](const Call& call) {
      return DecideReceiveReport(command, "6f9619ff-8b86-8011-b42d-00c04fc964ff", {}, call);
    });
  };
  command.mutable_reporter()->set_nik("1304050113660001");
  EXPECT_EQ(test::FieldIn(receive()), "reporter.nik") << "month 13";
  command.mutable_reporter()->set_nik("'1304050108660001");
  ASSERT_TRUE(receive().ok()) << last_.status();
  EXPECT_FALSE(draft(0).personal.has_value());
  EXPECT_EQ(draft(1).visibility, Visibility::kPrivate);
  EXPECT_EQ(draft(1).personal->reporter().nik(), kNikOfMan);
}

}  // namespace
}  // namespace selaras::domain
