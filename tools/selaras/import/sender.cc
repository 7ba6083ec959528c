#include "tools/selaras/import/sender.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/status.h"
#include "tools/registers/amend.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/find.h"

namespace selaras::cli {
namespace {

constexpr absl::string_view kNotHereYet = "NOT_HERE_YET";
constexpr absl::string_view kNotYourCase = "NOT_YOUR_CASE";
constexpr absl::string_view kRequestRecovered = "REQUEST_RECOVERED";
constexpr absl::string_view kRequestErased = "REQUEST_ERASED";

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

RowOutcome Ambiguous(const std::vector<std::string>& cases) {
  return {
      .state = RowState::kRefused,
      .why = absl::StrCat("several cases have this number and NIP: ", absl::StrJoin(cases, ", "))};
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

// On which revision of the own section a batch relies; of no case if on none.
struct Expected {
  std::string case_id = {};
  std::uint64_t revision = 0;
};

template <typename Request, typename Command>
absl::StatusOr<command::v1::CommandOutcome> ExecuteBatch(Node& node, const registers::Plan& plan,
                                                         const Expected& expected, bool dry_run,
                                                         const std::vector<Command>& commands) {
  Request request;
  command::v1::CommandHeader* header = request.mutable_header();
  header->set_request_id(plan.request_id);
  header->set_authority(plan.authority);
  header->set_acting_for(plan.acting_for);
  header->set_validate_only(dry_run);
  if (!expected.case_id.empty()) {
    header->add_expected_revisions()->set_case_id(expected.case_id);
    header->mutable_expected_revisions(0)->set_revision(expected.revision);
  }
  for (const Command& command : commands) *request.add_commands() = command;
  return node.Execute(request);
}

struct ExecuteOn {
  Node& node;
  const registers::Plan& plan;
  Expected expected;
  bool dry_run;

  auto operator()(const std::vector<intake::v1::IntakeCommand>& commands) const {
    return ExecuteBatch<intake::v1::ExecuteBatchRequest>(node, plan, expected, dry_run, commands);
  }
  auto operator()(const std::vector<referral::v1::ReferralCommand>& commands) const {
    return ExecuteBatch<referral::v1::ExecuteBatchRequest>(node, plan, expected, dry_run, commands);
  }
  auto operator()(const std::vector<sanction::v1::SanctionCommand>& commands) const {
    return ExecuteBatch<sanction::v1::ExecuteBatchRequest>(node, plan, expected, dry_run, commands);
  }
};

// The differences of the case to the row; of several cases, those of the most similar one.
struct Nearest {
  Node& node;
  const registers::Plan& plan;
  std::optional<std::vector<registers::Difference>> differences;

  absl::Status Consider(const std::string& case_id) {
    ASSIGN_OR_RETURN(const ReadCase read, Read(node, case_id));
    auto differ = registers::Differences(plan.row, read.the_case,
                                         read.report ? &*read.report : nullptr, &read.timeline);
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
  return mode_ == ImportMode::kRecord ? Record(plan) : Amend(plan);
}

absl::StatusOr<RowOutcome> RowSender::Amend(const registers::Plan& plan) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> cases, FindCases(node_, plan.row));
  if (cases.size() > 1) return Ambiguous(cases);
  const bool undo = mode_ == ImportMode::kUndo;
  RowOutcome nothing{.state = RowState::kUnchanged};
  if (cases.empty()) return undo ? absl::StatusOr<RowOutcome>(nothing) : Record(plan);
  ASSIGN_OR_RETURN(const ReadCase read, Read(node_, cases.front()));
  if (!registers::HasOwnEntries(plan, read.timeline)) {
    return undo ? absl::StatusOr<RowOutcome>(nothing) : Record(plan);
  }
  registers::Plan about = plan;
  about.SetCase(cases.front());
  const registers::Recorded recorded{read.the_case, read.timeline,
                                     read.report ? &*read.report : nullptr};
  registers::AmendmentPlan planned = undo ? registers::PlanUndo(about, recorded, reason_)
                                          : registers::PlanAmendment(about, recorded);
  if (auto* cannot = std::get_if<registers::CannotAmend>(&planned)) {
    return RowOutcome{.state = RowState::kRefused,
                      .column = std::move(cannot->column),
                      .why = std::move(cannot->why),
                      .differences = std::move(cannot->differences)};
  }
  auto& amendment = std::get<registers::Amendment>(planned);
  if (std::visit([](const auto& commands) { return commands.empty(); }, amendment.commands)) {
    return nothing;
  }
  if (undo) {
    ASSIGN_OR_RETURN(const bool imported, WasImported(plan.look_up ? about : plan));
    if (!imported) {
      return RowOutcome{.state = RowState::kRefused,
                        .why = "no import recorded it; take it back by VoidFact"};
    }
  }
  const Expected expected{cases.front(), registers::OwnRevision(plan, recorded)};
  about.request_id = registers::AmendedId(amendment, read.the_case, expected.revision);
  about.commands = std::move(amendment.commands);
  const auto outcome = std::visit(ExecuteOn{node_, about, expected, dry_run_}, about.commands);
  if (outcome.ok()) {
    return RowOutcome{.state = undo ? RowState::kUndone : RowState::kAmended,
                      .differences = std::move(amendment.differences)};
  }
  // Somebody else wrote in between: what is to change must be looked at again.
  if (absl::IsAlreadyExists(outcome.status())) {
    return absl::AbortedError(outcome.status().message());
  }
  if (!IsRefusal(outcome.status())) return outcome.status();
  RowOutcome refused = Refused(plan, outcome.status());
  refused.differences = std::move(amendment.differences);
  return refused;
}

// By the request id of the row, which only an import uses.
absl::StatusOr<bool> RowSender::WasImported(const registers::Plan& plan) const {
  const auto outcome = std::visit(ExecuteOn{node_, plan, {}, /*dry_run=*/true}, plan.commands);
  if (outcome.ok()) return outcome->repeated_request();
  if (absl::IsAlreadyExists(outcome.status())) return true;
  if (IsRefusal(outcome.status())) return false;
  return outcome.status();
}

absl::StatusOr<RowOutcome> RowSender::Record(const registers::Plan& plan) const {
  if (!plan.look_up) return Execute(plan, "");
  ASSIGN_OR_RETURN(const std::vector<std::string> cases, LookUpCases(node_, *plan.look_up));
  if (cases.empty()) {
    return RowOutcome{.state = RowState::kPending,
                      .why = absl::StrCat("no case with the number ", plan.look_up->number,
                                          " and this NIP is here yet")};
  }
  if (cases.size() > 1) {
    return Ambiguous(cases);
  }
  registers::Plan about = plan;
  about.SetCase(cases.front());
  return Execute(about, cases.front());
}

absl::StatusOr<RowOutcome> RowSender::Execute(const registers::Plan& plan,
                                              const std::string& case_id) const {
  const auto outcome = std::visit(ExecuteOn{node_, plan, {}, dry_run_}, plan.commands);
  if (outcome.ok()) {
    const bool before =
        std::any_of(outcome->positions().begin(), outcome->positions().end(),
                    [this](const event::v1::Position& at) { return at.sequence() < log_size_; });
    const bool now = outcome->repeated_request() ? !before && !outcome->positions().empty()
                                                 : dry_run_ || !outcome->positions().empty();
    return RowOutcome{.state = now ? RowState::kImported : RowState::kUnchanged};
  }
  if (absl::IsAlreadyExists(outcome.status())) return Changed(plan, case_id, outcome.status());
  if (DetailsOf(outcome.status()).info.reason() == kNotHereYet) {
    return RowOutcome{.state = RowState::kPending, .why = RefusalText(outcome.status())};
  }
  if (IsRefusal(outcome.status())) return Refused(plan, outcome.status());
  return outcome.status();
}

absl::StatusOr<RowOutcome> RowSender::Changed(const registers::Plan& plan, std::string case_id,
                                              const absl::Status& refused) const {
  // Of what was erased nothing can be compared, and nothing is to be added.
  if (DetailsOf(refused).info.reason() == kRequestErased) {
    return RowOutcome{.state = RowState::kUnchanged};
  }
  std::vector<std::string> candidates;
  if (!case_id.empty()) {
    candidates.push_back(std::move(case_id));
  } else if (const auto* row = std::get_if<registers::BawasluRow>(&plan.row)) {
    registers::LookUp key{event::v1::REFERENCE_KIND_REGISTER, row->register_number, row->nip};
    ASSIGN_OR_RETURN(candidates, LookUpCases(node_, key));
    if (candidates.empty() && !key.nip.empty()) {  // the NIP itself may have changed
      key.nip.clear();
      ASSIGN_OR_RETURN(candidates, LookUpCases(node_, key));
    }
  }
  Nearest nearest{node_, plan, std::nullopt};
  for (const std::string& candidate : candidates) RETURN_IF_ERROR(nearest.Consider(candidate));
  RowOutcome outcome{.state = RowState::kChanged,
                     .why =
                         "the row was recorded with another content; import it with --amend, or "
                         "correct the case"};
  if (DetailsOf(refused).info.reason() == kRequestRecovered) {
    // Only the case tells whether what came back after a restore is what the row says.
    if (nearest.differences && nearest.differences->empty()) {
      return RowOutcome{.state = RowState::kUnchanged};
    }
    outcome.why = RefusalText(refused);
  }
  if (nearest.differences) outcome.differences = *std::move(nearest.differences);
  return outcome;
}

}  // namespace selaras::cli
