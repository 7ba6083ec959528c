#include "tools/selaras/import/sender.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/status.h"
#include "tools/selaras/error_text.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kNotHereYet = "NOT_HERE_YET";
constexpr absl::string_view kNotYourCase = "NOT_YOUR_CASE";

// The authority for which a row is sent follows from one cell, so that is what is wrong where
// another one is responsible. Of other refusals no single cell is the cause.
RowOutcome Refused(const registers::Plan& plan, const absl::Status& status) {
  RowOutcome outcome{.state = RowState::kRefused, .why = RefusalText(status)};
  if (DetailsOf(status).info.reason() == kNotYourCase) {
    const bool by_region = std::holds_alternative<registers::BawasluRow>(plan.row) ||
                           std::holds_alternative<registers::BkpsdmRow>(plan.row);
    outcome.column = by_region ? "kode_wilayah" : "lembaga";
  }
  return outcome;
}

// Whether the node has understood the row and said no.
bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
      return true;
    default:
      return false;
  }
}

template <typename Request, typename Command>
absl::StatusOr<command::v1::CommandOutcome> ExecuteBatch(Node& node, const registers::Plan& plan,
                                                         bool dry_run,
                                                         const std::vector<Command>& commands) {
  Request request;
  command::v1::CommandHeader* header = request.mutable_header();
  header->set_request_id(plan.request_id);
  header->set_authority(plan.authority);
  header->set_acting_for(plan.acting_for);
  header->set_validate_only(dry_run);
  for (const Command& command : commands) *request.add_commands() = command;
  return node.Execute(request);
}

struct ExecuteOn {
  Node& node;
  const registers::Plan& plan;
  bool dry_run;

  auto operator()(const std::vector<intake::v1::IntakeCommand>& commands) const {
    return ExecuteBatch<intake::v1::ExecuteBatchRequest>(node, plan, dry_run, commands);
  }
  auto operator()(const std::vector<referral::v1::ReferralCommand>& commands) const {
    return ExecuteBatch<referral::v1::ExecuteBatchRequest>(node, plan, dry_run, commands);
  }
  auto operator()(const std::vector<sanction::v1::SanctionCommand>& commands) const {
    return ExecuteBatch<sanction::v1::ExecuteBatchRequest>(node, plan, dry_run, commands);
  }
};

absl::StatusOr<std::vector<std::string>> LookUp(Node& node, const registers::LookUp& key) {
  query::v1::LookUpCasesRequest request;
  request.set_kind(key.kind);
  request.set_number(key.number);
  request.set_nip(key.nip);
  ASSIGN_OR_RETURN(const query::v1::LookUpCasesResponse found, node.LookUpCases(request));
  return std::vector<std::string>(found.case_ids().begin(), found.case_ids().end());
}

// The differences of the case to the row; of several cases, those of the most similar one.
struct Nearest {
  Node& node;
  const registers::Plan& plan;
  std::optional<std::vector<registers::Difference>> differences;

  absl::Status Consider(const std::string& case_id) {
    query::v1::GetCaseRequest get;
    get.set_case_id(case_id);
    ASSIGN_OR_RETURN(const query::v1::GetCaseResponse found, node.GetCase(get));
    query::v1::GetTimelineRequest steps;
    steps.set_case_id(case_id);
    ASSIGN_OR_RETURN(const query::v1::GetTimelineResponse timeline, node.GetTimeline(steps));
    std::optional<query::v1::GetReportResponse> report;
    if (!found.case_().report_id().empty()) {
      query::v1::GetReportRequest file;
      file.set_report_id(found.case_().report_id());
      // Who may not see the report still sees what differs in the case.
      if (auto got = node.GetReport(file); got.ok()) report = *std::move(got);
    }
    auto differ = registers::Differences(plan.row, found.case_(),
                                         report ? &report->report() : nullptr, &timeline);
    if (!differences || differ.size() < differences->size()) differences = std::move(differ);
    return absl::OkStatus();
  }
};

}  // namespace

bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<RowOutcome> RowSender::Send(const registers::Plan& plan) const {
  if (!plan.look_up) return Execute(plan, "");
  ASSIGN_OR_RETURN(const std::vector<std::string> cases, LookUp(node_, *plan.look_up));
  if (cases.empty()) {
    return RowOutcome{.state = RowState::kPending,
                      .why = absl::StrCat("no case with the number ", plan.look_up->number,
                                          " and this NIP is here yet")};
  }
  if (cases.size() > 1) {
    return RowOutcome{.state = RowState::kRefused,
                      .why = absl::StrCat("several cases have this number and NIP: ",
                                          absl::StrJoin(cases, ", "))};
  }
  registers::Plan about = plan;
  about.SetCase(cases.front());
  return Execute(about, cases.front());
}

absl::StatusOr<RowOutcome> RowSender::Execute(const registers::Plan& plan,
                                              const std::string& case_id) const {
  const auto outcome = std::visit(ExecuteOn{node_, plan, dry_run_}, plan.commands);
  if (outcome.ok()) {
    const bool before =
        std::any_of(outcome->positions().begin(), outcome->positions().end(),
                    [this](const event::v1::Position& at) { return at.sequence() < log_size_; });
    const bool now = outcome->repeated_request() ? !before && !outcome->positions().empty()
                                                 : dry_run_ || !outcome->positions().empty();
    return RowOutcome{.state = now ? RowState::kImported : RowState::kUnchanged};
  }
  if (absl::IsAlreadyExists(outcome.status())) return Changed(plan, case_id);
  if (DetailsOf(outcome.status()).info.reason() == kNotHereYet) {
    return RowOutcome{.state = RowState::kPending, .why = RefusalText(outcome.status())};
  }
  if (IsRefusal(outcome.status())) return Refused(plan, outcome.status());
  return outcome.status();
}

absl::StatusOr<RowOutcome> RowSender::Changed(const registers::Plan& plan,
                                              std::string case_id) const {
  std::vector<std::string> candidates;
  if (!case_id.empty()) {
    candidates.push_back(std::move(case_id));
  } else if (const auto* row = std::get_if<registers::BawasluRow>(&plan.row)) {
    registers::LookUp key{event::v1::REFERENCE_KIND_REGISTER, row->register_number, row->nip};
    ASSIGN_OR_RETURN(candidates, LookUp(node_, key));
    if (candidates.empty() && !key.nip.empty()) {  // the NIP itself may have changed
      key.nip.clear();
      ASSIGN_OR_RETURN(candidates, LookUp(node_, key));
    }
  }
  Nearest nearest{node_, plan, std::nullopt};
  for (const std::string& candidate : candidates) RETURN_IF_ERROR(nearest.Consider(candidate));
  RowOutcome outcome{.state = RowState::kChanged,
                     .why =
                         "the row was recorded with another content; correct the case, or "
                         "import it as a new --generation"};
  if (nearest.differences) outcome.differences = *std::move(nearest.differences);
  return outcome;
}

}  // namespace selaras::cli
