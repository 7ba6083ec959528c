#include "services/node/case_deadlines.h"

#include <string>

#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

query::v1::DeadlineState ToProto(domain::DeadlineState state) {
  switch (state) {
    case domain::DeadlineState::kOpen:
      return query::v1::DEADLINE_STATE_OPEN;
    case domain::DeadlineState::kMet:
      return query::v1::DEADLINE_STATE_MET;
    case domain::DeadlineState::kMetLate:
      return query::v1::DEADLINE_STATE_MET_LATE;
    case domain::DeadlineState::kMetRecordedLate:
      return query::v1::DEADLINE_STATE_MET_RECORDED_LATE;
    case domain::DeadlineState::kOverdue:
      return query::v1::DEADLINE_STATE_OVERDUE;
    case domain::DeadlineState::kSuspended:
      return query::v1::DEADLINE_STATE_SUSPENDED;
    case domain::DeadlineState::kNotApplicable:
      return query::v1::DEADLINE_STATE_NOT_APPLICABLE;
  }
  return query::v1::DEADLINE_STATE_UNSPECIFIED;
}

query::v1::Deadline ToProto(const domain::DeadlineStatus& status) {
  query::v1::Deadline out;
  out.set_id(status.rule->id);
  out.set_step(status.rule->step);
  out.set_basis(status.rule->basis);
  out.set_mark(std::string(reference::NameOf(status.rule->provenance.mark)));
  out.set_conflict(status.rule->conflict);
  *out.mutable_anchor() = status.anchor;
  if (status.anchor_day) out.set_anchor_on(status.anchor_day->ToIso());
  if (status.due) {
    out.set_due_on(status.due->day.ToIso());
    for (const int year : status.due->incomplete_years) out.add_incomplete_years(year);
  }
  out.set_duty(status.duty);
  out.set_watcher(status.watcher);
  out.set_state(ToProto(status.state));
  out.set_because(status.because);
  if (status.met) *out.mutable_met_by() = status.met->position;
  out.set_past_when_recorded(status.past_when_recorded);
  return out;
}

}  // namespace

absl::StatusOr<query::v1::ListDeadlinesResponse> ListDeadlines(
    const query::v1::ListDeadlinesRequest& request, const CaseReader& reader, const Viewer& viewer,
    const domain::DeadlineRules& rules, absl::Time as_of) {
  ASSIGN_OR_RETURN(const CaseReader::Facts facts, reader.FactsOf(request.case_id(), viewer));
  query::v1::ListDeadlinesResponse response;
  response.set_case_id(facts.fold.case_id());
  response.set_catalogue(base::HexEncode(rules.catalogue().digest().view()));
  response.mutable_as_of()->set_seconds(absl::ToUnixSeconds(as_of));
  for (const domain::DeadlineStatus& status : rules.Of({&facts.fold, facts.report}, as_of)) {
    *response.add_deadlines() = ToProto(status);
  }
  if (const auto day = rules.InForceOn(facts.fold).day) response.set_in_force_on(day->ToIso());
  return response;
}

}  // namespace selaras::node
