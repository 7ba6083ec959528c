#include "services/sanction/decider.h"

#include "selaras/sanction/v1/sanction.pb.h"

#include "services/domain/decide_sanction.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::sanction {
namespace {

const v1::ExecuteBatchRequest& BatchOf(const google::protobuf::Message& body) {
  return static_cast<const v1::ExecuteBatchRequest&>(body);
}

template <typename Command, typename Decide>
absl::StatusOr<domain::Decision> InCase(const Command& command, const node::Desk& desk,
                                        const domain::Call& call, Decide decide) {
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(command.case_id()));
  return decide(command, fold, call);
}

}  // namespace

int SanctionDecider::CommandCount(const google::protobuf::Message& body) const {
  return BatchOf(body).commands_size();
}

absl::StatusOr<domain::Decision> SanctionDecider::Decide(
    const google::protobuf::Message& body, int index, const std::vector<command::v1::CommandStep>&,
    node::Desk& desk, const domain::Call& call) const {
  const v1::SanctionCommand& command = BatchOf(body).commands(index);
  switch (command.command_case()) {
    case v1::SanctionCommand::kReceiveRecommendation:
      return InCase(command.receive_recommendation(), desk, call,
                    domain::DecideReceiveRecommendation);
    case v1::SanctionCommand::kSummonRespondent:
      return InCase(command.summon_respondent(), desk, call, domain::DecideSummonRespondent);
    case v1::SanctionCommand::kExamineRespondent:
      return InCase(command.examine_respondent(), desk, call, domain::DecideExamineRespondent);
    case v1::SanctionCommand::kRecordBlocker:
      return InCase(command.record_blocker(), desk, call, domain::DecideRecordBlocker);
    case v1::SanctionCommand::kDecideSanction:
      return InCase(command.decide_sanction(), desk, call, domain::DecideDecideSanction);
    case v1::SanctionCommand::kHandOverDecision:
      return InCase(command.hand_over_decision(), desk, call, domain::DecideHandOverDecision);
    case v1::SanctionCommand::kFileObjection:
      return InCase(command.file_objection(), desk, call, domain::DecideFileObjection);
    case v1::SanctionCommand::kCorrectFact: {
      ASSIGN_OR_RETURN(const auto fold, desk.Case(command.correct_fact().case_id()));
      return domain::DecideCorrectFact(command.correct_fact(), fold, section(), call);
    }
    case v1::SanctionCommand::kVoidFact: {
      ASSIGN_OR_RETURN(const auto fold, desk.Case(command.void_fact().case_id()));
      return domain::DecideVoidFact(command.void_fact(), fold, section(), call);
    }
    case v1::SanctionCommand::COMMAND_NOT_SET:
      break;
  }
  return domain::BadField("command", "is required");
}

}  // namespace selaras::sanction
