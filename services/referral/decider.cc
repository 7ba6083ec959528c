#include "services/referral/decider.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/domain/decide_referral.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::referral {
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

int ReferralDecider::CommandCount(const google::protobuf::Message& body) const {
  return BatchOf(body).commands_size();
}

absl::StatusOr<domain::Decision> ReferralDecider::Decide(
    const google::protobuf::Message& body, int index, const std::vector<command::v1::CommandStep>&,
    node::Desk& desk, const domain::Call& call) const {
  const v1::ReferralCommand& command = BatchOf(body).commands(index);
  switch (command.command_case()) {
    case v1::ReferralCommand::kReceiveCase:
      return InCase(command.receive_case(), desk, call, domain::DecideReceiveCase);
    case v1::ReferralCommand::kVerifyCase:
      return InCase(command.verify_case(), desk, call, domain::DecideVerifyCase);
    case v1::ReferralCommand::kRecommendSanction:
      return InCase(command.recommend_sanction(), desk, call, domain::DecideRecommendSanction);
    case v1::ReferralCommand::kDismissCase:
      return InCase(command.dismiss_case(), desk, call, domain::DecideDismissCase);
    case v1::ReferralCommand::kReturnCase:
      return InCase(command.return_case(), desk, call, domain::DecideReturnCase);
    case v1::ReferralCommand::kCorrectFact: {
      ASSIGN_OR_RETURN(const auto fold, desk.Case(command.correct_fact().case_id()));
      return domain::DecideCorrectFact(command.correct_fact(), fold, section(), call);
    }
    case v1::ReferralCommand::kVoidFact: {
      ASSIGN_OR_RETURN(const auto fold, desk.Case(command.void_fact().case_id()));
      return domain::DecideVoidFact(command.void_fact(), fold, section(), call);
    }
    case v1::ReferralCommand::COMMAND_NOT_SET:
      break;
  }
  return domain::BadField("command", "is required");
}

}  // namespace selaras::referral
