#include "tools/registers/plan.h"

#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "storage/base/check.h"

namespace selaras::registers {
namespace {

using referral::v1::ReferralCommand;
using sanction::v1::SanctionCommand;

void SetCaseOf(ReferralCommand& command, const std::string& case_id) {
  switch (command.command_case()) {
    case ReferralCommand::kReceiveCase:
      return command.mutable_receive_case()->set_case_id(case_id);
    case ReferralCommand::kVerifyCase:
      return command.mutable_verify_case()->set_case_id(case_id);
    case ReferralCommand::kRecommendSanction:
      return command.mutable_recommend_sanction()->set_case_id(case_id);
    case ReferralCommand::kDismissCase:
      return command.mutable_dismiss_case()->set_case_id(case_id);
    case ReferralCommand::kReturnCase:
      return command.mutable_return_case()->set_case_id(case_id);
    default:
      SELARAS_CHECK(false) << "a register plans no other referral command";
  }
}

void SetCaseOf(SanctionCommand& command, const std::string& case_id) {
  switch (command.command_case()) {
    case SanctionCommand::kReceiveRecommendation:
      return command.mutable_receive_recommendation()->set_case_id(case_id);
    case SanctionCommand::kSummonRespondent:
      return command.mutable_summon_respondent()->set_case_id(case_id);
    case SanctionCommand::kExamineRespondent:
      return command.mutable_examine_respondent()->set_case_id(case_id);
    case SanctionCommand::kRecordBlocker:
      return command.mutable_record_blocker()->set_case_id(case_id);
    case SanctionCommand::kDecideSanction:
      return command.mutable_decide_sanction()->set_case_id(case_id);
    case SanctionCommand::kHandOverDecision:
      return command.mutable_hand_over_decision()->set_case_id(case_id);
    case SanctionCommand::kFileObjection:
      return command.mutable_file_objection()->set_case_id(case_id);
    default:
      SELARAS_CHECK(false) << "a register plans no other sanction command";
  }
}

}  // namespace

absl::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kBawaslu:
      return "bawaslu";
    case Kind::kBkn:
      return "bkn";
    case Kind::kBkpsdm:
      return "bkpsdm";
    case Kind::kWorklist:
      return "worklist";
  }
  return "";
}

void Plan::SetCase(absl::string_view case_id) {
  const std::string id(case_id);
  if (auto* referral = std::get_if<std::vector<ReferralCommand>>(&commands)) {
    for (ReferralCommand& command : *referral) SetCaseOf(command, id);
  } else if (auto* sanction = std::get_if<std::vector<SanctionCommand>>(&commands)) {
    for (SanctionCommand& command : *sanction) SetCaseOf(command, id);
  }
}

}  // namespace selaras::registers
