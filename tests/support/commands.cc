#include "tests/support/commands.h"

#include "storage/base/check.h"

namespace selaras::test {
namespace {

// A command about a case that is there.
template <typename Command>
Command About(absl::string_view case_id, absl::string_view day) {
  Command command;
  command.set_case_id(std::string(case_id));
  *command.mutable_occurred_at() = On(day);
  return command;
}

}  // namespace

std::shared_ptr<const reference::Catalogue> ShippedCatalogue() {
  static const auto* const kCatalogue = new std::shared_ptr<const reference::Catalogue>([] {
    auto catalogue = reference::LoadCatalogue(SELARAS_REFERENCE_DIR);
    SELARAS_CHECK(catalogue.ok()) << catalogue.status();
    return *std::move(catalogue);
  }());
  return *kCatalogue;
}

command::v1::CommandHeader HeaderOf(absl::string_view authority, absl::string_view request_id) {
  command::v1::CommandHeader header;
  header.set_authority(std::string(authority));
  header.set_request_id(std::string(request_id));
  header.mutable_officer()->set_officer_id("petugas-7");
  return header;
}

event::v1::When On(absl::string_view day) {
  event::v1::When when;
  when.set_date(std::string(day));
  return when;
}

intake::v1::ReceiveReport SomeReport() {
  intake::v1::ReceiveReport report;
  report.set_source("laporan");
  report.set_election("PILKADA-2024");
  report.set_region("13.04");
  *report.mutable_received_at() = On("2024-10-05");
  report.set_known_on("2024-10-02");
  report.set_register_number("07/Reg/LP/PB/Kab/03.04/X/2024");
  report.mutable_reporter()->set_name("Budi Penyampai");
  report.mutable_reporter()->set_address("Jorong Rahasia 9");
  report.mutable_reporter()->set_phone("080000000001");
  report.set_place("lapangan bola Nagari Uji");
  report.set_chronology("Terlihat membagikan kaus di lapangan.");
  report.add_evidence()->set_sha256(std::string(32, '\x5a'));
  return report;
}

intake::v1::NameRespondent SomeRespondent(absl::string_view nip) {
  intake::v1::NameRespondent named;
  named.mutable_report()->set_opened_by(0);
  named.mutable_respondent()->set_name("Citra Contoh");
  named.mutable_respondent()->set_nip(std::string(nip));
  named.mutable_respondent()->set_position_title("Camat Uji");
  named.mutable_respondent()->set_agency("Pemerintah Kabupaten Tanah Datar");
  named.set_employment_status("PNS");
  named.set_position_kind("administrator");
  named.set_rank("III/d");
  named.set_agency_region("13.04");
  named.add_violations_alleged("HD-06");
  named.set_incident_on("2024-10-01");
  named.add_motives("karier");
  *named.mutable_occurred_at() = On("2024-10-05");
  return named;
}

intake::v1::IdentifyRespondent SomeIdentity() {
  intake::v1::IdentifyRespondent identity;
  identity.mutable_case_ref()->set_opened_by(1);
  identity.set_nip(std::string(kNip));
  identity.set_employment_status("PNS");
  *identity.mutable_occurred_at() = On("2024-10-06");
  return identity;
}

intake::v1::ReviewCase SomeReview() {
  intake::v1::ReviewCase review;
  review.mutable_case_ref()->set_opened_by(1);
  review.set_accepted(true);
  *review.mutable_occurred_at() = On("2024-10-07");
  return review;
}

intake::v1::ConcludeCase SomeConclusion() {
  intake::v1::ConcludeCase conclusion;
  conclusion.mutable_case_ref()->set_opened_by(1);
  conclusion.add_violations_found("HD-06");
  *conclusion.mutable_occurred_at() = On("2024-10-10");
  return conclusion;
}

intake::v1::ReferCase SomeReferral() {
  intake::v1::ReferCase referral;
  referral.mutable_case_ref()->set_opened_by(1);
  referral.set_letter_number("021/PP.00.02/K.03.04/10/2024");
  referral.set_summary("Diduga mendukung salah satu calon.");
  *referral.mutable_occurred_at() = On("2024-10-11");
  return referral;
}

referral::v1::ReceiveCase SomeReceipt(absl::string_view case_id) {
  auto receipt = About<referral::v1::ReceiveCase>(case_id, "2024-10-14");
  receipt.set_agenda_number("AG-0007/2024");
  return receipt;
}

referral::v1::VerifyCase SomeVerification(absl::string_view case_id, bool proven) {
  auto verification = About<referral::v1::VerifyCase>(case_id, "2024-10-18");
  verification.set_proven(proven);
  return verification;
}

referral::v1::RecommendSanction SomeRecommendation(absl::string_view case_id) {
  auto recommendation = About<referral::v1::RecommendSanction>(case_id, "2024-10-21");
  recommendation.set_sanction("B-1");
  recommendation.set_letter_number("R-7/B-AK.02.02/SD/F/2024");
  return recommendation;
}

referral::v1::DismissCase SomeDismissal(absl::string_view case_id) {
  auto dismissal = About<referral::v1::DismissCase>(case_id, "2024-10-21");
  dismissal.set_reason_text("Tidak terbukti.");
  return dismissal;
}

referral::v1::ReturnCase SomeReturn(absl::string_view case_id) {
  auto returned = About<referral::v1::ReturnCase>(case_id, "2024-10-21");
  returned.add_reasons("bukti_kurang");
  return returned;
}

sanction::v1::ReceiveRecommendation SomePpkReceipt(absl::string_view case_id) {
  auto receipt = About<sanction::v1::ReceiveRecommendation>(case_id, "2024-10-24");
  receipt.set_agenda_number("012/2024");
  return receipt;
}

sanction::v1::SummonRespondent SomeSummons(absl::string_view case_id) {
  return About<sanction::v1::SummonRespondent>(case_id, "2024-10-28");
}

sanction::v1::ExamineRespondent SomeExamination(absl::string_view case_id) {
  return About<sanction::v1::ExamineRespondent>(case_id, "2024-11-06");
}

sanction::v1::RecordBlocker SomeBlocker(absl::string_view case_id) {
  auto blocker = About<sanction::v1::RecordBlocker>(case_id, "2024-11-07");
  blocker.set_blocker("pejabat_plt");
  return blocker;
}

sanction::v1::DecideSanction SomeDecision(absl::string_view case_id) {
  auto decision = About<sanction::v1::DecideSanction>(case_id, "2024-11-20");
  decision.set_sanction("B-2");
  decision.set_decree_number("800/17/BKPSDM/2024");
  return decision;
}

sanction::v1::HandOverDecision SomeHandOver(absl::string_view case_id) {
  return About<sanction::v1::HandOverDecision>(case_id, "2024-11-25");
}

sanction::v1::FileObjection SomeObjection(absl::string_view case_id) {
  auto objection = About<sanction::v1::FileObjection>(case_id, "2024-11-29");
  objection.set_route("keberatan");
  return objection;
}

sanction::v1::NoticeViolation SomeNotice(absl::string_view nip) {
  const intake::v1::NameRespondent named = SomeRespondent(nip);
  sanction::v1::NoticeViolation notice;
  notice.set_to("bawaslu/13");
  *notice.mutable_respondent() = named.respondent();
  notice.set_election("PILKADA-2024");
  notice.set_incident_on(named.incident_on());
  notice.set_agency_region(named.agency_region());
  notice.set_employment_status(named.employment_status());
  notice.set_position_kind(named.position_kind());
  notice.set_rank(named.rank());
  *notice.mutable_violations_alleged() = named.violations_alleged();
  notice.set_summary("Diduga ikut kampanye pada hari kerja.");
  notice.set_letter_number("800/3/BKPSDM/2024");
  *notice.mutable_occurred_at() = On("2024-10-03");
  return notice;
}

intake::v1::ReceiveReport SomeReportOf(absl::string_view notice_case_id) {
  intake::v1::ReceiveReport report = SomeReport();
  report.set_source("kepala_daerah");
  report.clear_reporter();
  report.set_notice_case_id(std::string(notice_case_id));
  return report;
}

}  // namespace selaras::test
