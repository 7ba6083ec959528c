#include "services/serve/shown.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/log/names.h"

namespace selaras::serve {
namespace {

namespace v1 = query::v1;

bool IsShown(const google::protobuf::Message& personal) { return personal.ByteSizeLong() > 0; }

// Whether anything of a document is shown besides that it is there.
bool ShowsPersonal(const v1::Attachment& attachment) {
  return attachment.personal() == v1::PERSONAL_STATE_OPEN;
}

bool ShowsPersonal(const v1::TimelineStep& step) {
  return IsShown(step.personal()) || !step.entry_key().empty();
}

bool ShowsPersonal(const v1::ReportMessage& message) { return !message.text().empty(); }

template <typename Parts>
bool AnyShowsPersonal(const Parts& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [](const auto& part) { return ShowsPersonal(part); });
}

bool ShowsPersonal(const v1::Case& c) {
  return AnyShowsPersonal(c.attachments()) || IsShown(c.respondent()) || c.references_size() > 0 ||
         c.earlier_nips_size() > 0 || !c.register_number().empty();
}

bool ShowsPersonal(const v1::Report& report) {
  return IsShown(report.reporter()) || !report.place().empty() || !report.chronology().empty() ||
         report.evidence_size() > 0 || report.references_size() > 0 ||
         !report.register_number().empty() || AnyShowsPersonal(report.messages()) ||
         AnyShowsPersonal(report.steps()) || AnyShowsPersonal(report.attachments()) ||
         !report.notice_case_id().empty() || report.has_break_glass();
}

void WithholdPersonal(v1::Attachment* attachment) {
  attachment->clear_title();
  attachment->clear_origin();
  attachment->clear_signature();
  attachment->clear_file_name();
  attachment->clear_sha256();
  attachment->set_personal(v1::PERSONAL_STATE_WITHHELD);
}

// What stays in an office is left out altogether.
void WithholdPersonal(google::protobuf::RepeatedPtrField<v1::Attachment>* attachments) {
  std::vector<v1::Attachment> left;
  for (v1::Attachment& attachment : *attachments) {
    if (attachment.internal()) continue;
    WithholdPersonal(&attachment);
    left.push_back(std::move(attachment));
  }
  attachments->Clear();
  for (v1::Attachment& attachment : left) *attachments->Add() = std::move(attachment);
}

void WithholdPersonal(v1::Case* c) {
  if (!ShowsPersonal(*c)) return;
  WithholdPersonal(c->mutable_attachments());
  c->clear_respondent();
  c->clear_references();
  c->clear_earlier_nips();
  c->clear_register_number();
  c->set_personal(v1::PERSONAL_STATE_WITHHELD);
}

void WithholdPersonal(v1::TimelineStep* step) {
  if (!ShowsPersonal(*step)) return;
  step->clear_personal();
  step->clear_entry_key();
  step->set_personal_state(v1::PERSONAL_STATE_WITHHELD);
}

// Of the private log nothing is left: its facts alone may tell who reported.
void WithholdPersonal(v1::Report* report) {
  if (!ShowsPersonal(*report)) return;
  report->clear_reporter();
  report->clear_place();
  report->clear_chronology();
  report->clear_evidence();
  report->clear_references();
  report->clear_register_number();
  report->clear_notice_case_id();
  report->clear_break_glass();
  report->clear_messages();
  report->clear_attachments();
  std::vector<v1::TimelineStep> left;
  for (v1::TimelineStep& step : *report->mutable_steps()) {
    WithholdPersonal(&step);
    if (!log::IsPrivateLog(step.position().log())) left.push_back(std::move(step));
  }
  report->clear_steps();
  for (v1::TimelineStep& step : left) *report->add_steps() = std::move(step);
  report->set_personal(v1::PERSONAL_STATE_WITHHELD);
}

void AddIfShown(const v1::Case& c, Shown* shown) {
  if (ShowsPersonal(c)) shown->cases.insert(c.case_id());
}

void AddIfShown(const v1::Report& report, Shown* shown) {
  if (ShowsPersonal(report)) shown->reports.insert(report.report_id());
}

}  // namespace

Shown ShownIn(const v1::GetCaseRequest& /*request*/, const v1::GetCaseResponse& answer) {
  Shown shown;
  AddIfShown(answer.case_(), &shown);
  return shown;
}

Shown ShownIn(const v1::ListCasesRequest& /*request*/, const v1::ListCasesResponse& answer) {
  Shown shown;
  for (const v1::Case& c : answer.cases()) AddIfShown(c, &shown);
  return shown;
}

Shown ShownIn(const v1::GetTimelineRequest& /*request*/, const v1::GetTimelineResponse& answer) {
  Shown shown;
  for (const v1::TimelineStep& step : answer.steps()) {
    if (ShowsPersonal(step)) shown.cases.insert(answer.case_id());
    if (!step.entry_key().empty()) shown.besides = "entry keys";
  }
  return shown;
}

Shown ShownIn(const v1::GetReportRequest& /*request*/, const v1::GetReportResponse& answer) {
  Shown shown;
  AddIfShown(answer.report(), &shown);
  if (answer.report().has_break_glass()) shown.break_glass = answer.report().break_glass();
  return shown;
}

Shown ShownIn(const v1::ListReportsRequest& /*request*/, const v1::ListReportsResponse& answer) {
  Shown shown;
  for (const v1::Report& report : answer.reports()) AddIfShown(report, &shown);
  return shown;
}

Shown ShownIn(const v1::GetWorklistRequest& /*request*/, const v1::GetWorklistResponse& answer) {
  Shown shown;
  for (const v1::WorkItem& item : answer.items()) {
    if (IsShown(item.respondent())) shown.cases.insert(item.case_id());
  }
  return shown;
}

Shown ShownIn(const v1::LookUpCasesRequest& request, const v1::LookUpCasesResponse& answer) {
  Shown shown;
  shown.of_person = !request.nip().empty() || !request.nik().empty();
  if (shown.of_person) shown.cases.insert(answer.case_ids().begin(), answer.case_ids().end());
  return shown;
}

Shown ShownIn(const v1::ListReadsRequest& request, const v1::ListReadsResponse& /*answer*/) {
  return {.of_person = !request.nip().empty()};
}

bool Withhold(v1::GetCaseResponse* answer) {
  WithholdPersonal(answer->mutable_case_());
  return true;
}

bool Withhold(v1::ListCasesResponse* answer) {
  for (v1::Case& c : *answer->mutable_cases()) WithholdPersonal(&c);
  return true;
}

bool Withhold(v1::GetTimelineResponse* answer) {
  for (v1::TimelineStep& step : *answer->mutable_steps()) WithholdPersonal(&step);
  return true;
}

bool Withhold(v1::GetReportResponse* answer) {
  WithholdPersonal(answer->mutable_report());
  return true;
}

bool Withhold(v1::ListReportsResponse* answer) {
  for (v1::Report& report : *answer->mutable_reports()) WithholdPersonal(&report);
  return true;
}

bool Withhold(v1::GetWorklistResponse* answer) {
  for (v1::WorkItem& item : *answer->mutable_items()) {
    if (!IsShown(item.respondent())) continue;
    item.clear_respondent();
    item.set_personal(v1::PERSONAL_STATE_WITHHELD);
  }
  return true;
}

bool Withhold(v1::LookUpCasesResponse* /*answer*/) { return false; }

bool Withhold(v1::ListReadsResponse* /*answer*/) { return false; }

}  // namespace selaras::serve
