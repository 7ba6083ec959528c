#include "tools/registers/amend_report.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/domain/decide.h"
#include "tools/registers/effective.h"
#include "tools/registers/stated.h"

namespace selaras::registers {
namespace {

using command::v1::CorrectFact;
using intake::v1::IntakeCommand;
using intake::v1::ReceiveReport;
using query::v1::TimelineStep;

// Columns that the private log holds, and besides only the report. A case restates its election.
constexpr absl::string_view kKeptColumns[] = {
    "nomor_register", "sumber", "tanggal_diketahui", "tempat_kejadian", "pelapor_nama",
    "pelapor_alamat", "uraian", "pelapor_telepon",   "bukti_sha256",    "modus"};
constexpr absl::string_view kReceivedOn = "tanggal_diterima";

bool IsKept(absl::string_view column) {
  return std::find(std::begin(kKeptColumns), std::end(kKeptColumns), column) !=
         std::end(kKeptColumns);
}

bool Differs(const std::vector<Difference>& differences, absl::string_view column) {
  return std::any_of(differences.begin(), differences.end(),
                     [&](const Difference& each) { return each.column == column; });
}

std::optional<TimelineStep> Find(const std::vector<TimelineStep>& steps,
                                 event::v1::Fact::KindCase kind) {
  std::optional<TimelineStep> found;
  for (const TimelineStep& step : steps) {
    if (step.fact().kind_case() == kind) found = step;
  }
  return found;
}

// Collects the fields of one fact that are to be replaced.
class Correction {
 public:
  explicit Correction(const TimelineStep& step) { *command_.mutable_position() = step.position(); }

  CorrectFact& Replace(absl::string_view path) {
    command_.mutable_fields()->add_paths(std::string(path));
    return command_;
  }

  void Add(absl::string_view report_id, absl::string_view case_id, absl::string_view reason,
           std::vector<IntakeCommand>* commands) && {
    if (command_.fields().paths().empty()) return;
    command_.set_report_id(std::string(report_id));
    command_.set_case_id(std::string(case_id));
    command_.set_reason(std::string(reason));
    *commands->emplace_back().mutable_correct_fact() = std::move(command_);
  }

 private:
  CorrectFact command_;
};

Correction OfOpening(const TimelineStep& step, const ReceiveReport& stated) {
  Correction correction(step);
  const auto& recorded = step.fact().report_received();
  if (recorded.election() != stated.election()) {
    correction.Replace("election")
        .mutable_new_fact()
        ->mutable_report_received()
        ->set_election(stated.election());
  }
  if (recorded.region() != stated.region()) {
    correction.Replace("region").mutable_new_fact()->mutable_report_received()->set_region(
        stated.region());
  }
  if (domain::DayOf(step.occurred_at()) != domain::DayOf(stated.received_at())) {
    *correction.Replace("occurred_at").mutable_new_occurred_at() = stated.received_at();
  }
  return correction;
}

Correction OfDetails(const TimelineStep& step, const ReceiveReport& stated,
                     const std::vector<Difference>& differences) {
  Correction correction(step);
  const auto differs = [&](absl::string_view column) { return Differs(differences, column); };
  if (differs("sumber")) {
    correction.Replace("source").mutable_new_fact()->mutable_report_details_recorded()->set_source(
        stated.source());
  }
  if (differs("tanggal_diketahui")) {
    correction.Replace("known_on")
        .mutable_new_fact()
        ->mutable_report_details_recorded()
        ->set_known_on(stated.known_on());
  }
  const auto personal = [&](absl::string_view path) {
    return correction.Replace(path).mutable_new_personal();
  };
  const event::v1::Reporter& reporter = stated.reporter();
  if (differs("pelapor_nama")) {
    personal("personal.reporter.name")->mutable_reporter()->set_name(reporter.name());
  }
  if (differs("pelapor_alamat")) {
    personal("personal.reporter.address")->mutable_reporter()->set_address(reporter.address());
  }
  if (differs("pelapor_telepon")) {
    personal("personal.reporter.phone")->mutable_reporter()->set_phone(reporter.phone());
  }
  if (differs("tempat_kejadian")) personal("personal.place")->set_place(stated.place());
  if (differs("uraian")) personal("personal.chronology")->set_chronology(stated.chronology());
  if (differs("bukti_sha256")) {
    *personal("personal.evidence")->mutable_evidence() = stated.evidence();
  }
  if (!differs("nomor_register")) return correction;
  event::v1::ExternalReference number;
  number.set_kind(event::v1::REFERENCE_KIND_REGISTER);
  number.set_raw(stated.register_number());
  if (auto references = WithNumber(step, number)) {
    *personal("personal.references")->mutable_references() = *std::move(references);
  }
  return correction;
}

std::optional<CannotCorrect> WhyNot(const std::vector<TimelineStep>& steps,
                                    const Recorded& recorded,
                                    const std::vector<Difference>& differences) {
  if (Differs(differences, "bukti_sha256") && recorded.report->evidence_size() > 1) {
    return CannotCorrect{"bukti_sha256",
                         "the report has more than one piece of evidence; a register names one: "
                         "correct it by CorrectFact"};
  }
  if (Differs(differences, "nomor_register") &&
      Find(steps, event::v1::Fact::kReportRegistered).has_value()) {
    return CannotCorrect{"nomor_register",
                         "the report was registered by itself; correct the number there, by "
                         "CorrectFact"};
  }
  return std::nullopt;
}

}  // namespace

bool IsOnlyOfReport(const std::vector<Difference>& differences) {
  return std::all_of(differences.begin(), differences.end(), [](const Difference& each) {
    return IsKept(each.column) || each.column == kReceivedOn;
  });
}

std::variant<std::vector<IntakeCommand>, CannotCorrect> CorrectReport(
    const BawasluRow& row, const ReceiveReport& stated, const Recorded& recorded,
    const std::vector<Difference>& differences, absl::string_view reason) {
  std::vector<IntakeCommand> commands;
  const std::string& case_id = recorded.the_case.case_id();
  if (Differs(differences, "modus")) {
    if (!recorded.the_case.has_details()) {
      return CannotCorrect{"modus",
                           "no motive was recorded when the respondent was named, so there is none "
                           "to correct"};
    }
    TimelineStep details;
    *details.mutable_position() = recorded.the_case.details();
    Correction correction(details);
    correction.Replace("motives")
        .mutable_new_fact()
        ->mutable_case_details_recorded()
        ->mutable_motives()
        ->Assign(row.motives.begin(), row.motives.end());
    std::move(correction).Add("", case_id, reason, &commands);
  }
  if (recorded.report == nullptr) return commands;
  const std::vector<TimelineStep> steps = EffectiveSteps(recorded.report->steps());
  if (auto cannot = WhyNot(steps, recorded, differences)) return *std::move(cannot);
  const std::string& report_id = recorded.report->report_id();
  if (const auto opening = Find(steps, event::v1::Fact::kReportReceived)) {
    OfOpening(*opening, stated).Add(report_id, "", reason, &commands);
  }
  if (const auto details = Find(steps, event::v1::Fact::kReportDetailsRecorded)) {
    OfDetails(*details, stated, differences).Add(report_id, "", reason, &commands);
    return commands;
  }
  for (const Difference& each : differences) {
    if (!IsKept(each.column) || each.column == "modus") continue;
    return CannotCorrect{each.column,
                         "it stands in the private log, which this caller may not read or which "
                         "does not have it"};
  }
  return commands;
}

}  // namespace selaras::registers
