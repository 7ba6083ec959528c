// How a report is shown: the part of CaseReader that fills the answer.
#include <optional>
#include <set>
#include <utility>

#include "services/domain/fold.h"
#include "services/node/case_reader.h"
#include "services/node/kept_facts.h"
#include "services/node/report_messages.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using event::v1::Fact;
using storage::v1::EffectiveFact;

bool IsMessage(const Fact& fact) {
  return fact.has_reporter_message_sent() || fact.has_reporter_message_received();
}

void FillNumbers(const event::v1::PersonalPart& personal, query::v1::Report* out) {
  for (const auto& reference : personal.references()) {
    if (reference.kind() == event::v1::REFERENCE_KIND_REGISTER) {
      out->set_register_number(reference.raw());
    } else {
      *out->add_references() = reference;
    }
  }
}

void FillProtected(event::v1::PersonalPart personal, query::v1::Report* out) {
  if (personal.has_reporter()) *out->mutable_reporter() = std::move(*personal.mutable_reporter());
  out->set_place(personal.place());
  out->set_chronology(personal.chronology());
  *out->mutable_evidence() = std::move(*personal.mutable_evidence());
}

}  // namespace

absl::Status CaseReader::FillKept(const storage::v1::StoredSubject& subject, const Viewer& viewer,
                                  query::v1::Report* out) const {
  ASSIGN_OR_RETURN(const auto kept, KeptFacts(store_, subject));
  out->set_personal(query::v1::PERSONAL_STATE_OPEN);
  for (const EffectiveFact& fact : kept.facts()) {
    if (IsMessage(fact.fact())) continue;
    const bool details = fact.fact().has_report_details_recorded();
    if (details) {
      out->set_source(fact.fact().report_details_recorded().source());
      out->set_known_on(fact.fact().report_details_recorded().known_on());
      if (viewer.sees_reporters) {
        out->set_notice_case_id(fact.fact().report_details_recorded().notice_case_id());
      }
    }
    ASSIGN_OR_RETURN(Opened opened, PersonalOf(fact, *this, opener_));
    if (opened.pending) {
      out->set_personal(opened.erased ? query::v1::PERSONAL_STATE_ERASED
                                      : query::v1::PERSONAL_STATE_PENDING);
    }
    if (!opened.part) continue;
    FillNumbers(*opened.part, out);
    if (viewer.sees_reporters && details) FillProtected(*std::move(opened.part), out);
  }
  return absl::OkStatus();
}

absl::Status CaseReader::FillSteps(const storage::v1::StoredSubject& subject, const Viewer& viewer,
                                   query::v1::Report* out) const {
  std::set<std::pair<std::string, std::uint64_t>> voided;
  const auto add = [&](const log::LogReader& log, std::uint64_t sequence) -> absl::Status {
    ASSIGN_OR_RETURN(const auto bytes, log.Entry({sequence}));
    if (!bytes) return absl::OkStatus();  // lost
    event::v1::Position position;
    position.set_log(log.name());
    position.set_sequence(sequence);
    ASSIGN_OR_RETURN(query::v1::TimelineStep step, ToStep(position, *bytes));
    if (IsMessage(step.fact())) return absl::OkStatus();
    step.clear_entry_key();  // which would outlive whatever let the viewer see it
    if (step.fact().has_fact_voided()) {
      const auto& target = step.fact().fact_voided().position();
      voided.emplace(target.log(), target.sequence());
    }
    *out->add_steps() = std::move(step);
    return absl::OkStatus();
  };
  for (const std::uint64_t sequence : subject.shared()) {
    RETURN_IF_ERROR(add(store_.shared(), sequence));
  }
  for (int i = 0; viewer.sees_reporters && i < subject.private__size(); ++i) {
    RETURN_IF_ERROR(add(store_.private_log(), subject.private_(i)));
  }
  for (query::v1::TimelineStep& step : *out->mutable_steps()) {
    step.set_voided(voided.contains({step.position().log(), step.position().sequence()}));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<query::v1::Report>> CaseReader::LoadReport(
    const std::string& report_id, const Viewer& viewer, bool whole) const {
  ASSIGN_OR_RETURN(const auto subject, LoadSubject(store_, rows::ReportState(report_id)));
  if (!subject) return std::nullopt;
  const auto* opening = OpeningOf(*subject);
  if (opening == nullptr) return std::nullopt;
  if (!viewer.everything && !viewer.authorities.contains(opening->author())) return std::nullopt;
  query::v1::Report report;
  report.set_report_id(report_id);
  report.set_author(opening->author());
  report.set_election(opening->fact().report_received().election());
  report.set_region(opening->fact().report_received().region());
  *report.mutable_received_at() = opening->occurred_at();
  *report.mutable_case_ids() = subject->case_ids();
  RETURN_IF_ERROR(FillKept(*subject, viewer, &report));
  if (!whole) return report;
  RETURN_IF_ERROR(FillSteps(*subject, viewer, &report));
  if (viewer.sees_reporters) {
    ASSIGN_OR_RETURN(const auto kept, KeptFacts(store_, *subject));
    RETURN_IF_ERROR(AddAttachments(kept, kept, report.mutable_attachments()));
    ASSIGN_OR_RETURN(auto written, MessagesOf(store_, opener_, *subject));
    for (query::v1::ReportMessage& message : written) *report.add_messages() = std::move(message);
  }
  return report;
}

}  // namespace selaras::node
