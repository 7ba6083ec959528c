#include "services/domain/decide_notice.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/domain/notice.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using storage::v1::EffectiveFact;

absl::Status CheckNotice(const sanction::v1::NoticeViolation& command, MaybeStatus status,
                         const Call& call) {
  const auto& catalogue = call.catalogue;
  const auto* to = catalogue.FindAuthority(command.to());
  if (to == nullptr || to->role != reference::AuthorityRole::kIntake) {
    return BadField("to", absl::StrCat("\"", command.to(), "\" is no office of Bawaslu"));
  }
  RETURN_IF_ERROR(CheckRequired("respondent.name", command.respondent().name(), kNameBytesMax));
  if (!command.election().empty()) {
    RETURN_IF_ERROR(CheckElection("election", command.election(), catalogue));
  }
  RETURN_IF_ERROR(CheckDate("incident_on", command.incident_on()));
  const std::string noticed_on = DayOf(command.occurred_at());
  if (!noticed_on.empty() && command.incident_on() > noticed_on) {
    return BadField("incident_on", "after the notice");
  }
  RETURN_IF_ERROR(CheckRegion("agency_region", command.agency_region(), catalogue));
  if (!command.position_kind().empty()) {
    RETURN_IF_ERROR(CheckCode("position_kind", "position", command.position_kind(), catalogue));
  }
  RETURN_IF_ERROR(CheckRank("rank", command.rank(), status, catalogue));
  RETURN_IF_ERROR(CheckViolations("violations_alleged", command.violations_alleged(), catalogue));
  return CheckRequired("summary", command.summary(), kSummaryBytesMax);
}

}  // namespace

absl::StatusOr<Decision> DecideNoticeViolation(const sanction::v1::NoticeViolation& command,
                                               absl::string_view case_id, const Call& call) {
  ASSIGN_OR_RETURN(const MaybeStatus status,
                   ReadStatus("employment_status", command.employment_status()));
  RETURN_IF_ERROR(CheckNotice(command, status, call));
  ASSIGN_OR_RETURN(auto respondent, ReadRespondent("respondent", command.respondent(), status));
  RETURN_IF_ERROR(CheckNoNik("respondent", respondent));
  CaseFold fold;
  fold.set_case_id(std::string(case_id));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_violation_noticed();
  fact->set_to(command.to());
  fact->set_election(command.election());
  fact->set_incident_on(command.incident_on());
  fact->set_agency_region(command.agency_region());
  fact->set_employment_status(command.employment_status());
  fact->set_position_kind(command.position_kind());
  fact->set_rank(command.rank());
  *fact->mutable_violations_alleged() = command.violations_alleged();
  fact->add_parties(call.header.authority());
  fact->add_parties(command.to());
  auto& personal = draft.personal.emplace();
  *personal.mutable_respondent() = std::move(respondent);
  personal.set_summary(command.summary());
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  return Decision{.case_id = std::string(case_id), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideReceiveNotice(const intake::v1::ReceiveNotice& command,
                                             const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_notice_received();
  if (IsNotice(fold) && NoticeOf(fold) == nullptr) {
    return RuleForbids("FactVoided", "the notice was taken back; there is nothing to receive");
  }
  const Custody custody = CustodyOf(fold);
  const EffectiveFact* sent = custody.under_way;
  if (sent != nullptr && sent->fact().has_violation_noticed()) {
    const std::string& to = AddresseeOf(sent->fact());
    if (to != call.header.authority()) {
      return NotYourCase(call.header.authority(), absl::StrCat("the notice went to ", to));
    }
    draft.citations.push_back(Cite(*sent));
  } else if (SectionIn(fold, Section::kIntake).writer() != call.header.authority()) {
    return NotHereYet("a notice to you in this case");
  }
  return Move(fold, Section::kIntake, std::move(draft), call);
}

}  // namespace selaras::domain
