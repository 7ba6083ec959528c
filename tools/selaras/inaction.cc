#include "tools/selaras/inaction.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/deadline_moments.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "storage/log/published.h"
#include "storage/log/receipt.h"
#include "tools/selaras/backdating.h"
#include "tools/selaras/case_bundle.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/text.h"
#include "tools/selaras/trust.h"

namespace selaras::cli {
namespace {

using cli::v1::InactionStatement;

constexpr absl::string_view kStatement = "/statement.tlog-proof";
constexpr absl::string_view kAnchor = "/anchor.tlog-proof";
constexpr absl::string_view kSeen = "/seen.note";

// When the due day is over, in the zone of the office that the limit is counted in.
std::optional<absl::Time> DueEnd(const event::v1::Event& event) {
  event::v1::When day;
  day.set_date(event.fact().deadline_rung_reached().due_on());
  day.set_zone(event.occurred_at().zone());
  return EndOf(day);
}

void Fill(const event::v1::Position& position, const event::v1::Event& event,
          InactionStatement* statement) {
  const auto& reached = event.fact().deadline_rung_reached();
  statement->set_subject(SubjectOf(event));
  statement->set_watcher(event.author());
  statement->set_duty(reached.duty());
  statement->set_deadline(reached.deadline());
  statement->set_due_on(reached.due_on());
  statement->set_rung(reached.rung());
  statement->set_position(PositionText(position));
  statement->set_recorded_at(Rfc3339(event.recorded_at()));
  statement->set_anchor(PositionText(reached.anchor()));
  statement->set_seen_log(reached.seen().log());
  statement->set_seen_size(reached.seen().size());
  if (const auto end = DueEnd(event)) {
    statement->set_due_end(Rfc3339(*end));
  }
}

// An entry that a receipt proves.
struct Proven {
  event::v1::Position position;
  event::v1::Event event;
};

absl::StatusOr<Proven> Open(const std::string& text, const log::Policy& policy) {
  ASSIGN_OR_RETURN(const log::Receipt receipt, log::ParseReceipt(text));
  ASSIGN_OR_RETURN(const log::Accepted accepted, policy.Open(receipt.checkpoint));
  const log::Checkpoint& checkpoint = accepted.checkpoint.checkpoint;
  RETURN_IF_ERROR(log::VerifyReceipt(receipt, receipt.extra, checkpoint));
  // A policy may know other logs, too: none of them speaks as that of a node.
  if (!absl::StartsWith(checkpoint.origin, log::OriginOf(""))) {
    return absl::DataLossError(
        absl::StrCat("the receipt is of ", checkpoint.origin, ", which is no log of a node"));
  }
  Proven proven;
  if (!proven.event.ParseFromString(receipt.extra)) {
    return absl::DataLossError("the receipt does not carry an event");
  }
  proven.position.set_log(log::LogOfOrigin(checkpoint.origin));
  proven.position.set_sequence(receipt.index.value);
  return proven;
}

// Of the limit, or of the only one, the statement of the last rung.
absl::StatusOr<query::v1::TimelineStep> Choose(const query::v1::GetTimelineResponse& timeline,
                                               const Wanted& wanted) {
  const query::v1::TimelineStep* newest = nullptr;
  std::set<std::string> limits;
  for (const query::v1::TimelineStep& step : timeline.steps()) {
    if (!step.fact().has_deadline_rung_reached() || step.voided()) continue;
    const auto& reached = step.fact().deadline_rung_reached();
    if (!wanted.deadline.empty() && reached.deadline() != wanted.deadline) continue;
    limits.insert(reached.deadline());
    if (newest == nullptr || newest->fact().deadline_rung_reached().rung() <= reached.rung()) {
      newest = &step;
    }
  }
  if (newest == nullptr) return NoInaction(wanted.case_id, wanted.deadline);
  if (limits.size() > 1) return SeveralLimits(absl::StrJoin(limits, ", "));
  return *newest;
}

absl::StatusOr<std::string> ReceiptOf(Ledger& ledger, const event::v1::Position& position) {
  ledger::v1::GetReceiptRequest request;
  request.set_log(position.log());
  request.set_sequence(position.sequence());
  // A policy may demand cosignatures of receipts as well; not every node and log has them.
  request.set_witnessed(true);
  if (auto witnessed = ledger.GetReceipt(request); witnessed.ok()) {
    return std::move(*witnessed->mutable_receipt());
  }
  request.set_witnessed(false);
  ASSIGN_OR_RETURN(auto got, ledger.GetReceipt(request));
  return std::move(*got.mutable_receipt());
}

// Looked through after the size that was seen: about three hours of a busy log.
constexpr int kPublishedPages = 10;
constexpr int kPublishedPage = 1'000;

// Of what was published since that size the first that was cosigned after the due day; the smaller,
// the less the duty-holder can have done beside it. Otherwise the newest checkpoint, as it is.
absl::StatusOr<std::string> SeenNote(Ledger& ledger, const event::v1::SeenLog& seen,
                                     std::optional<absl::Time> due_end) {
  ledger::v1::ListPublishedRequest request;
  request.set_log(seen.log());
  request.set_from_size(seen.size());
  request.set_page_size(kPublishedPage);
  for (int pages = 0; due_end && pages < kPublishedPages; ++pages) {
    const auto page = ledger.ListPublished(request);
    if (absl::IsUnimplemented(page.status())) break;  // an older node
    RETURN_IF_ERROR(page.status());
    for (const std::string& note : page->checkpoints()) {
      ASSIGN_OR_RETURN(const auto cosigned, log::ReadCosignatures(note));
      const bool after =
          std::any_of(cosigned.begin(), cosigned.end(),
                      [&](const log::CosignedBy& by) { return by.newest >= *due_end; });
      if (after) return note;
    }
    if (page->next_from_size() == 0) break;
    request.set_from_size(page->next_from_size());
  }
  ledger::v1::GetCheckpointRequest head;
  head.set_log(seen.log());
  ASSIGN_OR_RETURN(auto newest, ledger.GetCheckpoint(head));
  return std::move(*newest.mutable_checkpoint());
}

// What the cosignatures that are listed say, and whether one is of after the due day.
void Judge(InactionStatement* statement) {
  absl::Time due_end;
  if (!absl::ParseTime(absl::RFC3339_full, statement->due_end(), &due_end, nullptr)) {
    statement->set_witnessed("it does not tell when the due day was over");
    return;
  }
  const cli::v1::WitnessedAt* newest = nullptr;
  for (const auto& by : statement->cosigned()) {
    if (newest == nullptr || newest->time() < by.time()) newest = &by;
  }
  absl::Time time;
  if (newest == nullptr || !absl::ParseTime(absl::RFC3339_full, newest->time(), &time, nullptr)) {
    statement->set_witnessed(
        "not cosigned: that the log had no more entries after the due day is the watcher's word");
    return;
  }
  statement->set_cosigned_after_due(time >= due_end);
  std::string words =
      statement->cosigned_after_due()
          ? absl::StrCat("at ", newest->time(), ", after the due day, ", newest->witness(),
                         " was shown ", statement->checkpoint_size(), " entries and no more")
          : absl::StrCat("not cosigned after the due day, only at ", newest->time(), " by ",
                         newest->witness());
  if (statement->checkpoint_size() > statement->seen_size()) {
    absl::StrAppend(&words, "; of the ",
                    Count(statement->checkpoint_size() - statement->seen_size(), "entry"),
                    " after the ", statement->seen_size(), " the watcher says nothing");
  }
  statement->set_witnessed(words);
}

}  // namespace

absl::StatusOr<InactionStatement> WriteInaction(CaseSource& cases, Ledger& ledger,
                                                const Wanted& wanted, const std::string& folder) {
  query::v1::GetTimelineRequest request;
  request.set_case_id(wanted.case_id);
  ASSIGN_OR_RETURN(const auto timeline, cases.GetTimeline(request));
  ASSIGN_OR_RETURN(const query::v1::TimelineStep step, Choose(timeline, wanted));
  const auto& reached = step.fact().deadline_rung_reached();
  if (!reached.has_seen()) return NothingSeen(PositionText(step.position()));
  ASSIGN_OR_RETURN(const std::string receipt, ReceiptOf(ledger, step.position()));
  ASSIGN_OR_RETURN(const log::Receipt read, log::ParseReceipt(receipt));
  event::v1::Event event;
  if (!event.ParseFromString(read.extra)) return NotUnderstood(PositionText(step.position()));
  ASSIGN_OR_RETURN(const std::string seen, SeenNote(ledger, reached.seen(), DueEnd(event)));
  RETURN_IF_ERROR(MakeFolder(folder));
  RETURN_IF_ERROR(WriteFile(absl::StrCat(folder, kStatement), receipt));
  RETURN_IF_ERROR(WriteFile(absl::StrCat(folder, kSeen), seen));
  // The fact from which the limit runs may be one that stays in its office.
  if (const auto anchor = ReceiptOf(ledger, reached.anchor()); anchor.ok()) {
    RETURN_IF_ERROR(WriteFile(absl::StrCat(folder, kAnchor), *anchor));
  }
  InactionStatement statement;
  statement.set_bundle(folder);
  Fill(step.position(), event, &statement);
  ASSIGN_OR_RETURN(const log::Checkpoint checkpoint, log::ReadUnverified(seen));
  statement.set_checkpoint_size(checkpoint.size.value);
  ASSIGN_OR_RETURN(const auto cosigned, log::ReadCosignatures(seen));
  for (const log::CosignedBy& by : cosigned) {
    *statement.add_cosigned() = ToOutput(by.name, by.newest);
  }
  Judge(&statement);
  return statement;
}

namespace {

absl::Status VerifyAnchor(const std::string& folder, const log::Policy& policy,
                          const InactionStatement& statement) {
  const std::string path = absl::StrCat(folder, kAnchor);
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(const Proven anchor, Open(text, policy));
  if (PositionText(anchor.position) != statement.anchor()) {
    return absl::DataLossError("the anchor is another entry than the statement names");
  }
  if (SubjectOf(anchor.event) != statement.subject()) {
    return absl::DataLossError("the anchor is about another case");
  }
  return absl::OkStatus();
}

// That the duty-holder signed a log as long as the one that was seen, and when it was cosigned.
absl::Status VerifySeen(const std::string& folder, const log::Policy& policy,
                        const std::vector<log::CosignatureVerifier>& witnesses,
                        InactionStatement* statement) {
  ASSIGN_OR_RETURN(const std::string note, ReadFile(absl::StrCat(folder, kSeen)));
  ASSIGN_OR_RETURN(const log::Accepted accepted, policy.Open(note));
  const log::Checkpoint& checkpoint = accepted.checkpoint.checkpoint;
  statement->set_checkpoint_size(checkpoint.size.value);
  for (const auto& [name, time] : accepted.cosigned) {
    *statement->add_cosigned() = ToOutput(name, time);
  }
  for (const log::CosignatureVerifier& witness : witnesses) {
    const auto time = witness.Verify(note);
    if (time.ok()) *statement->add_cosigned() = ToOutput(witness.name(), *time);
  }
  Judge(statement);
  if (log::LogOfOrigin(checkpoint.origin) != statement->seen_log()) {
    return absl::DataLossError(absl::StrCat("the checkpoint is of ", checkpoint.origin));
  }
  if (checkpoint.size.value < statement->seen_size()) {
    return absl::DataLossError("the checkpoint is older than what the watcher says it saw");
  }
  if (!witnesses.empty() && !statement->cosigned_after_due()) {
    return absl::DataLossError(statement->witnessed());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InactionStatement> VerifyInaction(
    const std::string& folder, const log::Policy& policy,
    const std::vector<log::CosignatureVerifier>& witnesses) {
  InactionStatement statement;
  statement.set_bundle(folder);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(absl::StrCat(folder, kStatement)));
  const auto proven = Open(text, policy);
  if (absl::IsInvalidArgument(proven.status())) return proven.status();
  const auto check = [&](absl::string_view part, const absl::Status& verdict) {
    if (verdict.ok()) return;
    statement.add_problems(absl::StrCat(part, ": ", verdict.message()));
  };
  check("statement", proven.status());
  if (proven.ok() && !proven->event.fact().has_deadline_rung_reached()) {
    statement.add_problems("statement: it is about no time limit");
  } else if (proven.ok()) {
    Fill(proven->position, proven->event, &statement);
    check("anchor", VerifyAnchor(folder, policy, statement));
    check("seen", VerifySeen(folder, policy, witnesses, &statement));
  }
  statement.set_valid(statement.problems().empty());
  return statement;
}

namespace {

// Empty if the entry is a step that should have been there; else why it says nothing.
std::string WhyNoStep(const Proven& step, const Proven& stated, const reference::Deadline* limit) {
  const auto& reached = stated.event.fact().deadline_rung_reached();
  if (limit == nullptr) return "the reference data has no such limit";
  if (step.position.log() != reached.seen().log()) return "it stands in another log";
  if (step.position.sequence() >= reached.seen().size()) {
    return absl::StrCat("it stands at ", step.position.sequence(), ", after the ",
                        reached.seen().size(), " entries that were seen");
  }
  if (SubjectOf(step.event) != SubjectOf(stated.event)) return "it is about another case";
  if (step.event.author() != reached.duty()) return "its author is not who owes the step";
  if (step.position.log() == reached.anchor().log() &&
      step.position.sequence() <= reached.anchor().sequence()) {
    return "it stands before the fact from which the limit runs";
  }
  storage::v1::EffectiveFact fact;
  *fact.mutable_fact() = step.event.fact();
  const domain::FactList facts = {&fact};
  const bool meets = std::any_of(
      limit->met_by.begin(), limit->met_by.end(),
      [&](const std::string& moment) { return !domain::FactsOf(moment, facts).empty(); });
  if (!meets) {
    return absl::StrCat(FactName(step.event.fact()), " does not meet ", limit->id, ", ",
                        absl::StrJoin(limit->met_by, " or "), " does");
  }
  return "";
}

}  // namespace

absl::Status Refute(const std::string& text, const log::Policy& policy, const std::string& folder,
                    const reference::Catalogue& catalogue, InactionStatement* statement) {
  ASSIGN_OR_RETURN(const std::string stated_text, ReadFile(absl::StrCat(folder, kStatement)));
  ASSIGN_OR_RETURN(const Proven stated, Open(stated_text, policy));
  ASSIGN_OR_RETURN(const Proven step, Open(text, policy));
  const std::string digest = base::HexEncode(catalogue.digest().view());
  if (digest != stated.event.catalogue()) {
    return WrongCatalogue(stated.event.catalogue(), digest);
  }
  const auto& rows = catalogue.deadlines();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const reference::Deadline& each) {
    return each.id == statement->deadline();
  });
  const std::string why = WhyNoStep(step, stated, row == rows.end() ? nullptr : &*row);
  statement->set_not_refuted_because(why);
  statement->set_refuted(why.empty());
  if (why.empty()) statement->set_refuted_by(PositionText(step.position));
  return absl::OkStatus();
}

}  // namespace selaras::cli
