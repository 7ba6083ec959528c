#include "services/sanction/decider.h"

#include "selaras/sanction/v1/sanction.pb.h"

#include "services/domain/decide_sanction.h"
#include "services/domain/refusal.h"

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
    const google::protobuf::Message& body, int index, const std::vector<command::v1::CommandStep>&,
    node::Desk& desk, const domain::Call& call) const {
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
