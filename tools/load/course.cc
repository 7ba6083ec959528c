#include "tools/load/course.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace selaras::load {
namespace {

using intake::v1::ExecuteBatchRequest;
using intake::v1::IntakeCommand;

// Callers do not share numbers of persons.
constexpr std::uint64_t kReportsPerCaller = 1'000'000;

constexpr int kCommandsPerRequestMax = 64;

// What stands where in a batch, or what was answered before.
struct Target {
  std::uint32_t first = 0;  // index of the command that receives the report
  std::string report_id = {};
  std::string case_id = {};
};

void PointTo(const Target& target, command::v1::CaseReference* reference) {
  if (target.case_id.empty()) {
    reference->set_opened_by(target.first + 1);
  } else {
    reference->set_case_id(target.case_id);
  }
}

void Receive(std::uint64_t number, IntakeCommand* command) {
  auto* report = command->mutable_receive_report();
  report->set_source("laporan");
  report->set_election("PILKADA-2024");
  report->set_region("13.04");
  report->mutable_received_at()->set_date("2024-10-05");
  report->set_known_on("2024-10-02");
  report->set_register_number(absl::StrFormat("%06d/Reg/LP/PB/Kab/03.04/X/2024", number));
  report->mutable_reporter()->set_name("Pelapor Uji");
  report->set_place("lapangan uji");
  report->set_chronology("Terlihat membagikan kaus.");
}

void Name(std::uint64_t number, const Target& target, IntakeCommand* command) {
  auto* named = command->mutable_name_respondent();
  if (target.report_id.empty()) {
    named->mutable_report()->set_opened_by(target.first);
  } else {
    named->mutable_report()->set_report_id(target.report_id);
  }
  auto* respondent = named->mutable_respondent();
  respondent->set_name(absl::StrCat("Terlapor Uji ", number));
  respondent->set_nip(SyntheticNip(number));
  respondent->set_position_title("Camat Uji");
  respondent->set_agency("Pemerintah Kabupaten Uji");
  named->set_employment_status("PNS");
  named->set_position_kind("administrator");
  named->set_rank("III/d");
  named->set_agency_region("13.04");
  named->add_violations_alleged("HD-06");
  named->set_incident_on("2024-10-01");
  named->mutable_occurred_at()->set_date("2024-10-05");
}

void Review(const Target& target, IntakeCommand* command) {
  auto* review = command->mutable_review_case();
  PointTo(target, review->mutable_case_ref());
  review->set_accepted(true);
  review->mutable_occurred_at()->set_date("2024-10-07");
}

void Conclude(const Target& target, IntakeCommand* command) {
  auto* conclusion = command->mutable_conclude_case();
  PointTo(target, conclusion->mutable_case_ref());
  conclusion->add_violations_found("HD-06");
  conclusion->mutable_occurred_at()->set_date("2024-10-10");
}

void Refer(std::uint64_t number, const Target& target, IntakeCommand* command) {
  auto* referral = command->mutable_refer_case();
  PointTo(target, referral->mutable_case_ref());
  referral->set_letter_number(absl::StrFormat("%06d/PP.00.02/K.SB/10/2024", number % 1'000'000));
  referral->mutable_occurred_at()->set_date("2024-10-11");
}

void AddStep(int step, std::uint64_t number, const Target& target, ExecuteBatchRequest* request) {
  IntakeCommand* command = request->add_commands();
  switch (step) {
    case 0:
      return Receive(number, command);
    case 1:
      return Name(number, target, command);
    case 2:
      return Review(target, command);
    case 3:
      return Conclude(target, command);
    default:
      return Refer(number, target, command);
  }
}

}  // namespace

RunOfLoad NewRun(const std::string& random_bytes, std::string authority) {
  return {.id = absl::StrCat("load-", absl::BytesToHexString(random_bytes)),
          .authority = std::move(authority)};
}

int StepsPerReport(bool refers) { return refers ? 5 : 4; }

int ReportsPerRequestMax(bool refers) { return kCommandsPerRequestMax / StepsPerReport(refers); }

Course::Course(RunOfLoad run, int caller, int reports_per_request)
    : run_(std::move(run)), caller_(caller), reports_per_request_(reports_per_request) {}

ExecuteBatchRequest Course::Next(const command::v1::CommandOutcome& previous) {
  ExecuteBatchRequest request;
  auto* header = request.mutable_header();
  header->set_request_id(absl::StrCat(run_.id, "-", caller_, "-", requests_++));
  header->set_authority(run_.authority);
  header->mutable_officer()->set_officer_id("petugas-uji");
  header->set_trace_id(run_.id);
  const std::uint64_t first = static_cast<std::uint64_t>(caller_) * kReportsPerCaller;
  if (reports_per_request_ == 0) {
    if (step_ == 1) report_id_ = previous.report_id();
    if (step_ == 2) case_id_ = previous.case_id();
    AddStep(step_, first + reports_, {0, report_id_, case_id_}, &request);
    step_ = (step_ + 1) % StepsPerReport(run_.refers);
    if (step_ == 0) ++reports_;
    return request;
  }
  for (int i = 0; i < reports_per_request_; ++i, ++reports_) {
    const Target target{static_cast<std::uint32_t>(request.commands_size())};
    for (int step = 0; step < StepsPerReport(run_.refers); ++step) {
      AddStep(step, first + reports_, target, &request);
    }
  }
  return request;
}

std::string SyntheticNip(std::uint64_t number) {
  const auto digit = [&number](std::uint64_t of) {
    const std::uint64_t found = number % of;
    number /= of;
    return found;
  };
  const std::uint64_t serial = digit(999) + 1;
  const std::uint64_t day = digit(28) + 1;
  const std::uint64_t month = digit(12) + 1;
  const std::uint64_t year = 1970 + digit(20);
  const std::uint64_t sex = digit(2) + 1;
  return absl::StrFormat("%04d%02d%02d%04d%02d%d%03d", year, month, day, year + 25, 1, sex, serial);
}

}  // namespace selaras::load
