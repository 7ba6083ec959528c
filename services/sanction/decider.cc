#include "services/sanction/decider.h"

#include "selaras/sanction/v1/sanction.pb.h"

#include "services/domain/decide_common.h"
#include "services/domain/decide_notice.h"
#include "services/domain/decide_sanction.h"
#include "services/domain/erasure.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::sanction {
namespace {

const v1::ExecuteBatchRequest& BatchOf(const google::protobuf::Message& body) {
  return static_cast<const v1::ExecuteBatchRequest&>(body);
}

}  // namespace

int SanctionDecider::CommandCount(const google::protobuf::Message& body) const {
  return BatchOf(body).commands_size();
}

absl::StatusOr<domain::Decision> SanctionDecider::Decide(
    const google::protobuf::Message& body, int index,
    const std::vector<command::v1::CommandStep>& earlier, node::Desk& desk,
    const domain::Call& call) const {
  const v1::SanctionCommand& command = BatchOf(body).commands(index);
  switch (command.command_case()) {
    case v1::SanctionCommand::kReceiveRecommendation:
      return node::DecideInCase(command.receive_recommendation(), desk, call,
                                domain::DecideReceiveRecommendation);
    case v1::SanctionCommand::kSummonRespondent:
      return node::DecideInCase(command.summon_respondent(), desk, call,
                                domain::DecideSummonRespondent);
    case v1::SanctionCommand::kExamineRespondent:
      return node::DecideInCase(command.examine_respondent(), desk, call,
                                domain::DecideExamineRespondent);
    case v1::SanctionCommand::kRecordBlocker:
      return node::DecideInCase(command.record_blocker(), desk, call, domain::DecideRecordBlocker);
    case v1::SanctionCommand::kDecideSanction:
      return node::DecideInCase(command.decide_sanction(), desk, call,
                                domain::DecideDecideSanction);
    case v1::SanctionCommand::kHandOverDecision:
      return node::DecideInCase(command.hand_over_decision(), desk, call,
                                domain::DecideHandOverDecision);
    case v1::SanctionCommand::kFileObjection:
      return node::DecideInCase(command.file_objection(), desk, call, domain::DecideFileObjection);
    case v1::SanctionCommand::kDeclineSanction:
      return node::DecideInCase(command.decline_sanction(), desk, call,
                                domain::DecideDeclineSanction);
    case v1::SanctionCommand::kDecideObjection:
      return node::DecideInCase(command.decide_objection(), desk, call,
                                domain::DecideDecideObjection);
    case v1::SanctionCommand::kRevokeSanction:
      return node::DecideInCase(command.revoke_sanction(), desk, call,
                                domain::DecideRevokeSanction);
    case v1::SanctionCommand::kRecordServed:
      return node::DecideInCase(command.record_served(), desk, call, domain::DecideRecordServed);
    case v1::SanctionCommand::kRecordLeft:
      return node::DecideInCase(command.record_left(), desk, call, domain::DecideRecordLeft);
    case v1::SanctionCommand::kRecordMoved:
      return node::DecideInCase(command.record_moved(), desk, call, domain::DecideRecordMoved);
    case v1::SanctionCommand::kRecordDeliveryStep:
      return node::DecideInCase(command.record_delivery_step(), desk, call,
                                domain::DecideRecordDeliveryStep);
    case v1::SanctionCommand::kRecordAppealStep:
      return node::DecideInCase(command.record_appeal_step(), desk, call,
                                domain::DecideRecordAppealStep);
    case v1::SanctionCommand::kRecordRenumbered:
      return node::DecideInCase(
          command.record_renumbered(), desk, call,
          [&](const auto& sent, const domain::CaseFold& fold,
              const domain::Call& context) -> absl::StatusOr<domain::Decision> {
            ASSIGN_OR_RETURN(const auto respondent, desk.Respondent(fold));
            return domain::DecideRecordRenumbered(sent, fold, respondent, context);
          });
    case v1::SanctionCommand::kNoticeViolation:
      return domain::DecideNoticeViolation(command.notice_violation(), desk.NewCaseId(index), call);
    case v1::SanctionCommand::kSendCopy:
      return node::DecideCommon(command.send_copy(), earlier, desk, section(), call,
                                domain::DecideSendCopy);
    case v1::SanctionCommand::kRecordCopyReceived:
      return node::DecideCommon(command.record_copy_received(), earlier, desk, section(), call,
                                domain::DecideRecordCopyReceived);
    case v1::SanctionCommand::kMakeRequest:
      return node::DecideCommon(command.make_request(), earlier, desk, section(), call,
                                domain::DecideMakeRequest);
    case v1::SanctionCommand::kAnswerRequest:
      return node::DecideCommon(command.answer_request(), earlier, desk, section(), call,
                                domain::DecideAnswerRequest);
    case v1::SanctionCommand::kFlagConflict:
      return node::DecideCommon(command.flag_conflict(), earlier, desk, section(), call,
                                domain::DecideFlagConflict);
    case v1::SanctionCommand::kPlaceLegalHold:
      return node::DecideCommon(command.place_legal_hold(), earlier, desk, section(), call,
                                domain::DecidePlaceLegalHold);
    case v1::SanctionCommand::kLiftLegalHold:
      return node::DecideCommon(command.lift_legal_hold(), earlier, desk, section(), call,
                                domain::DecideLiftLegalHold);
    case v1::SanctionCommand::kOrderErasure:
      return node::DecideCommon(command.order_erasure(), earlier, desk, section(), call,
                                domain::DecideOrderErasure);
    case v1::SanctionCommand::kAnswerErasure:
      return node::DecideCommon(command.answer_erasure(), earlier, desk, section(), call,
                                domain::DecideAnswerErasure);
    case v1::SanctionCommand::kEraseCase:
      return node::DecideCommon(command.erase_case(), earlier, desk, section(), call,
                                domain::DecideEraseCase);
    case v1::SanctionCommand::kAddAttachment:
      return node::DecideAddAttachment(command.add_attachment(), earlier, desk, section(), call);
    case v1::SanctionCommand::kRemoveAttachment:
      return node::DecideRemoveAttachment(command.remove_attachment(), earlier, desk, section(),
                                          call);
    case v1::SanctionCommand::kCorrectFact:
      return node::DecideCorrectFact(command.correct_fact(), desk, section(), call);
    case v1::SanctionCommand::kVoidFact:
      return node::DecideVoidFact(command.void_fact(), desk, section(), call);
    case v1::SanctionCommand::COMMAND_NOT_SET:
      break;
  }
  return domain::BadField("command", "is required");
}

}  // namespace selaras::sanction
