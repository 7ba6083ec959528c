#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

#include "services/node/engine.h"
#include "tests/support/commands.h"

// Requests of the three roles, from the commands that they hold.
namespace selaras::test {

inline void Put(const intake::v1::ReceiveReport& c, intake::v1::IntakeCommand* out) {
  *out->mutable_receive_report() = c;
}
inline void Put(const intake::v1::NameRespondent& c, intake::v1::IntakeCommand* out) {
  *out->mutable_name_respondent() = c;
}
inline void Put(const intake::v1::IdentifyRespondent& c, intake::v1::IntakeCommand* out) {
  *out->mutable_identify_respondent() = c;
}
inline void Put(const intake::v1::ReviewCase& c, intake::v1::IntakeCommand* out) {
  *out->mutable_review_case() = c;
}
inline void Put(const intake::v1::ConcludeCase& c, intake::v1::IntakeCommand* out) {
  *out->mutable_conclude_case() = c;
}
inline void Put(const intake::v1::ReferCase& c, intake::v1::IntakeCommand* out) {
  *out->mutable_refer_case() = c;
}
inline void Put(const intake::v1::SupplementCase& c, intake::v1::IntakeCommand* out) {
  *out->mutable_supplement_case() = c;
}
inline void Put(const intake::v1::DelegateCase& c, intake::v1::IntakeCommand* out) {
  *out->mutable_delegate_case() = c;
}
inline void Put(const intake::v1::ReceiveDelegatedCase& c, intake::v1::IntakeCommand* out) {
  *out->mutable_receive_delegated_case() = c;
}
inline void Put(const intake::v1::TakeOverCase& c, intake::v1::IntakeCommand* out) {
  *out->mutable_take_over_case() = c;
}
inline void Put(const intake::v1::ReceiveNotice& c, intake::v1::IntakeCommand* out) {
  *out->mutable_receive_notice() = c;
}
inline void Put(const intake::v1::IssueReceiptCode& c, intake::v1::IntakeCommand* out) {
  *out->mutable_issue_receipt_code() = c;
}
inline void Put(const intake::v1::SendReporterMessage& c, intake::v1::IntakeCommand* out) {
  *out->mutable_send_reporter_message() = c;
}
inline void Put(const intake::v1::RequestCompletion& c, intake::v1::IntakeCommand* out) {
  *out->mutable_request_completion() = c;
}
inline void Put(const referral::v1::ReceiveCase& c, referral::v1::ReferralCommand* out) {
  *out->mutable_receive_case() = c;
}
inline void Put(const referral::v1::VerifyCase& c, referral::v1::ReferralCommand* out) {
  *out->mutable_verify_case() = c;
}
inline void Put(const referral::v1::RecommendSanction& c, referral::v1::ReferralCommand* out) {
  *out->mutable_recommend_sanction() = c;
}
inline void Put(const referral::v1::DismissCase& c, referral::v1::ReferralCommand* out) {
  *out->mutable_dismiss_case() = c;
}
inline void Put(const referral::v1::ReturnCase& c, referral::v1::ReferralCommand* out) {
  *out->mutable_return_case() = c;
}
inline void Put(const sanction::v1::ReceiveRecommendation& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_receive_recommendation() = c;
}
inline void Put(const sanction::v1::SummonRespondent& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_summon_respondent() = c;
}
inline void Put(const sanction::v1::ExamineRespondent& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_examine_respondent() = c;
}
inline void Put(const sanction::v1::RecordBlocker& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_record_blocker() = c;
}
inline void Put(const sanction::v1::DecideSanction& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_decide_sanction() = c;
}
inline void Put(const sanction::v1::HandOverDecision& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_hand_over_decision() = c;
}
inline void Put(const sanction::v1::FileObjection& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_file_objection() = c;
}
inline void Put(const sanction::v1::RecordRenumbered& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_record_renumbered() = c;
}
inline void Put(const sanction::v1::NoticeViolation& c, sanction::v1::SanctionCommand* out) {
  *out->mutable_notice_violation() = c;
}
// The same in every role.
template <typename RoleCommand>
void Put(const command::v1::CorrectFact& c, RoleCommand* out) {
  *out->mutable_correct_fact() = c;
}
template <typename RoleCommand>
void Put(const command::v1::VoidFact& c, RoleCommand* out) {
  *out->mutable_void_fact() = c;
}
template <typename RoleCommand>
void Put(const command::v1::FlagConflict& c, RoleCommand* out) {
  *out->mutable_flag_conflict() = c;
}
template <typename RoleCommand>
void Put(const command::v1::PlaceLegalHold& c, RoleCommand* out) {
  *out->mutable_place_legal_hold() = c;
}
template <typename RoleCommand>
void Put(const command::v1::LiftLegalHold& c, RoleCommand* out) {
  *out->mutable_lift_legal_hold() = c;
}
template <typename RoleCommand>
void Put(const command::v1::OrderErasure& c, RoleCommand* out) {
  *out->mutable_order_erasure() = c;
}
template <typename RoleCommand>
void Put(const command::v1::AnswerErasure& c, RoleCommand* out) {
  *out->mutable_answer_erasure() = c;
}
template <typename RoleCommand>
void Put(const command::v1::EraseCase& c, RoleCommand* out) {
  *out->mutable_erase_case() = c;
}
template <typename RoleCommand>
void Put(const command::v1::AddAttachment& c, RoleCommand* out) {
  *out->mutable_add_attachment() = c;
}
template <typename RoleCommand>
void Put(const command::v1::RemoveAttachment& c, RoleCommand* out) {
  *out->mutable_remove_attachment() = c;
}

template <typename Batch, typename... Commands>
node::Request RequestOf(const command::v1::CommandHeader& header, const Commands&... commands) {
  auto body = std::make_shared<Batch>();
  (Put(commands, body->add_commands()), ...);
  return {header, std::move(body)};
}
template <typename... Commands>
node::Request IntakeRequest(absl::string_view id, const Commands&... commands) {
  return RequestOf<intake::v1::ExecuteBatchRequest>(HeaderOf("bawaslu/13", id), commands...);
}
template <typename... Commands>
node::Request ReferralRequest(absl::string_view id, const Commands&... commands) {
  return RequestOf<referral::v1::ExecuteBatchRequest>(HeaderOf("bkn", id), commands...);
}
template <typename... Commands>
node::Request SanctionRequest(absl::string_view id, const Commands&... commands) {
  return RequestOf<sanction::v1::ExecuteBatchRequest>(HeaderOf("ppk/13.04", id), commands...);
}

// The command about the case that is there.
template <typename Command>
Command In(absl::string_view case_id, Command command) {
  command.mutable_case_ref()->set_case_id(std::string(case_id));
  return command;
}

}  // namespace selaras::test
