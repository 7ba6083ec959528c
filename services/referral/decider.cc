#include "services/referral/decider.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/domain/decide_referral.h"
#include "services/domain/refusal.h"

namespace selaras::referral {
namespace {

const v1::ExecuteBatchRequest& BatchOf(const google::protobuf::Message& body) {
  return static_cast<const v1::ExecuteBatchRequest&>(body);
}

}  // namespace

int ReferralDecider::CommandCount(const google::protobuf::Message& body) const {
  return BatchOf(body).commands_size();
}

absl::StatusOr<domain::Decision> ReferralDecider::Decide(
    const google::protobuf::Message& body, int index, const std::vector<command::v1::CommandStep>&,
    node::Desk& desk, const domain::Call& call) const {
  const v1::ReferralCommand& command = BatchOf(body).commands(index);
  switch (command.command_case()) {
    case v1::ReferralCommand::kReceiveCase:
      return node::DecideInCase(command.receive_case(), desk, call, domain::DecideReceiveCase);
    case v1::ReferralCommand::kVerifyCase:
      return node::DecideInCase(command.verify_case(), desk, call, domain::DecideVerifyCase);
    case v1::ReferralCommand::kRecommendSanction:
      return node::DecideInCase(command.recommend_sanction(), desk, call,
                                domain::DecideRecommendSanction);
    case v1::ReferralCommand::kDismissCase:
      return node::DecideInCase(command.dismiss_case(), desk, call, domain::DecideDismissCase);
    case v1::ReferralCommand::kReturnCase:
      return node::DecideInCase(command.return_case(), desk, call, domain::DecideReturnCase);
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
