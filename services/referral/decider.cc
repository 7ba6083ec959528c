#include "services/referral/decider.h"

#include "absl/strings/string_view.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/domain/decide_common.h"
#include "services/domain/decide_referral.h"
#include "services/domain/erasure.h"
#include "services/domain/refusal.h"
#include "services/domain/routing.h"
#include "services/reference/catalogue.h"
#include "storage/base/status.h"

namespace selaras::referral {
namespace {

const v1::ExecuteBatchRequest& BatchOf(const google::protobuf::Message& body) {
  return static_cast<const v1::ExecuteBatchRequest&>(body);
}

// Whether the name is one of a central agency or of an office of it.
bool IsCentral(absl::string_view agency_name, const reference::Catalogue& catalogue) {
  const reference::Agency* agency = catalogue.FindAgency(agency_name);
  if (agency == nullptr) return false;
  const reference::Authority* ppk = catalogue.FindAuthority(agency->authority);
  return ppk != nullptr && ppk->region.empty();
}

// Where no PPK is named, the region of the respondent's agency decides; but a local office of a
// central agency has the PPK of that agency.
absl::StatusOr<domain::Decision> RecommendSanction(const v1::RecommendSanction& command,
                                                   const node::Desk& desk,
                                                   const domain::Call& call) {
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(command.case_id()));
  const auto day = domain::LocalDate::ParseIso(domain::DayOf(command.occurred_at()));
  const auto respondent = desk.Respondent(fold);
  if (!command.to().empty() || !day || !respondent.ok() ||
      !IsCentral(respondent->agency(), call.catalogue)) {
    return domain::DecideRecommendSanction(command, fold, call);
  }
  ASSIGN_OR_RETURN(const auto ppk, domain::FindPpk(respondent->agency(), "", *day, call.catalogue));
  v1::RecommendSanction addressed = command;
  addressed.set_to(ppk.authority->id);
  return domain::DecideRecommendSanction(addressed, fold, call);
}

}  // namespace

int ReferralDecider::CommandCount(const google::protobuf::Message& body) const {
  return BatchOf(body).commands_size();
}

absl::StatusOr<domain::Decision> ReferralDecider::Decide(
    const google::protobuf::Message& body, int index,
    const std::vector<command::v1::CommandStep>& earlier, node::Desk& desk,
    const domain::Call& call) const {
  const v1::ReferralCommand& command = BatchOf(body).commands(index);
  switch (command.command_case()) {
    case v1::ReferralCommand::kReceiveCase:
      return node::DecideInCase(command.receive_case(), desk, call, domain::DecideReceiveCase);
    case v1::ReferralCommand::kVerifyCase:
      return node::DecideInCase(command.verify_case(), desk, call, domain::DecideVerifyCase);
    case v1::ReferralCommand::kRecommendSanction:
      return RecommendSanction(command.recommend_sanction(), desk, call);
    case v1::ReferralCommand::kDismissCase:
      return node::DecideInCase(command.dismiss_case(), desk, call, domain::DecideDismissCase);
    case v1::ReferralCommand::kReturnCase:
      return node::DecideInCase(command.return_case(), desk, call, domain::DecideReturnCase);
    case v1::ReferralCommand::kAssignCase:
      return node::DecideInCase(command.assign_case(), desk, call, domain::DecideAssignCase);
    case v1::ReferralCommand::kRemindPpk:
      return node::DecideInCase(command.remind_ppk(), desk, call, domain::DecideRemindPpk);
    case v1::ReferralCommand::kWarnPpk:
      return node::DecideInCase(command.warn_ppk(), desk, call, domain::DecideWarnPpk);
    case v1::ReferralCommand::kBlockServices:
      return node::DecideInCase(command.block_services(), desk, call, domain::DecideBlockServices);
    case v1::ReferralCommand::kUnblockServices:
      return node::DecideInCase(command.unblock_services(), desk, call,
                                domain::DecideUnblockServices);
    case v1::ReferralCommand::kEscalateCase:
      return node::DecideInCase(command.escalate_case(), desk, call, domain::DecideEscalateCase);
    case v1::ReferralCommand::kOpenLegacyCase:
      return domain::DecideOpenLegacyCase(command.open_legacy_case(), desk.NewCaseId(index), call);
    case v1::ReferralCommand::kCloseCase:
      return node::DecideInCase(command.close_case(), desk, call, domain::DecideCloseCase);
    case v1::ReferralCommand::kReopenCase:
      return node::DecideInCase(command.reopen_case(), desk, call, domain::DecideReopenCase);
    case v1::ReferralCommand::kSendCopy:
      return node::DecideCommon(command.send_copy(), earlier, desk, section(), call,
                                domain::DecideSendCopy);
    case v1::ReferralCommand::kRecordCopyReceived:
      return node::DecideCommon(command.record_copy_received(), earlier, desk, section(), call,
                                domain::DecideRecordCopyReceived);
    case v1::ReferralCommand::kMakeRequest:
      return node::DecideCommon(command.make_request(), earlier, desk, section(), call,
                                domain::DecideMakeRequest);
    case v1::ReferralCommand::kAnswerRequest:
      return node::DecideCommon(command.answer_request(), earlier, desk, section(), call,
                                domain::DecideAnswerRequest);
    case v1::ReferralCommand::kFlagConflict:
      return node::DecideCommon(command.flag_conflict(), earlier, desk, section(), call,
                                domain::DecideFlagConflict);
    case v1::ReferralCommand::kPlaceLegalHold:
      return node::DecideCommon(command.place_legal_hold(), earlier, desk, section(), call,
                                domain::DecidePlaceLegalHold);
    case v1::ReferralCommand::kLiftLegalHold:
      return node::DecideCommon(command.lift_legal_hold(), earlier, desk, section(), call,
                                domain::DecideLiftLegalHold);
    case v1::ReferralCommand::kOrderErasure:
      return node::DecideCommon(command.order_erasure(), earlier, desk, section(), call,
                                domain::DecideOrderErasure);
    case v1::ReferralCommand::kAnswerErasure:
      return node::DecideCommon(command.answer_erasure(), earlier, desk, section(), call,
                                domain::DecideAnswerErasure);
    case v1::ReferralCommand::kEraseCase:
      return node::DecideCommon(command.erase_case(), earlier, desk, section(), call,
                                domain::DecideEraseCase);
    case v1::ReferralCommand::kAddAttachment:
      return node::DecideAddAttachment(command.add_attachment(), earlier, desk, section(), call);
    case v1::ReferralCommand::kRemoveAttachment:
      return node::DecideRemoveAttachment(command.remove_attachment(), earlier, desk, section(),
                                          call);
    case v1::ReferralCommand::kCorrectFact:
      return node::DecideCorrectFact(command.correct_fact(), desk, section(), call);
    case v1::ReferralCommand::kVoidFact:
      return node::DecideVoidFact(command.void_fact(), desk, section(), call);
    case v1::ReferralCommand::COMMAND_NOT_SET:
      break;
  }
  return domain::BadField("command", "is required");
}

}  // namespace selaras::referral
