#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/bytes.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/attachment_parts.h"
#include "tools/selaras/commands/reads.h"
#include "tools/selaras/commands/step_table.h"
#include "tools/selaras/context.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;

struct ListOptions {
  int limit = 0;
};

struct ShowOptions {
  std::string id;
};

ExitCode List(Context& context, const ListOptions& options) {
  Output& output = context.output();
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  query::v1::ListReportsRequest request;
  Table table({"REPORT", "RECEIVED", "SOURCE", "REGISTER", "REGION", "ELECTION", ">CASES"});
  int shown = 0;
  do {
    request.set_page_size(options.limit == 0 ? kPage : std::min(kPage, options.limit - shown));
    const auto page = (*node)->ListReports(request);
    if (!page.ok()) return output.Fail(page.status());
    for (const query::v1::Report& report : page->reports()) {
      ++shown;
      if (output.json()) {
        output.Json(report);
        continue;
      }
      table.Add({ShortId(report.report_id()), WhenText(report.received_at()), report.source(),
                 report.register_number(), report.region(), report.election(),
                 absl::StrCat(report.case_ids_size())});
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && (options.limit == 0 || shown < options.limit));
  if (output.json()) return ExitCode::kOk;
  if (!table.empty()) output.Print(table.Text(output));
  output.Note(Count(static_cast<std::uint64_t>(shown), "report"));
  return ExitCode::kOk;
}

void PrintReport(Output& output, const query::v1::Report& report) {
  Fields fields;
  fields.Add("office", report.author());
  fields.Add("source", report.source());
  fields.Add("register", report.register_number());
  fields.Add("received", WhenText(report.received_at()));
  fields.Add("known since", report.known_on());
  fields.Add("election", report.election());
  fields.Add("region", report.region());
  if (report.personal() == query::v1::PERSONAL_STATE_WITHHELD) {
    fields.Add("personal data", {"withheld: the read could not be recorded", Tone::kWarning});
  }
  fields.Add("reporter", report.reporter().name());
  fields.Add("address", report.reporter().address());
  fields.Add("phone", report.reporter().phone());
  fields.Add("nik", report.reporter().nik());
  fields.Add("place", report.place());
  fields.Add("chronology", report.chronology());
  fields.Add("notice", report.notice_case_id());
  for (const event::v1::Evidence& evidence : report.evidence()) {
    fields.Add("evidence", absl::StrCat("sha256 ", base::HexEncode(evidence.sha256())));
  }
  for (const std::string& case_id : report.case_ids()) fields.Add("case", case_id);
  output.Print(absl::StrCat(output.Paint(Tone::kStrong, "report "), report.report_id(), "\n",
                            fields.Text(output)));
  PrintAttachments(output, report.attachments());
  output.Print(absl::StrCat("\n", StepTable(report.steps()).Text(output)));
  for (const query::v1::ReportMessage& message : report.messages()) {
    const absl::string_view from = message.from_office() ? "the office" : "the reporter";
    output.Print(absl::StrCat("\n  ", output.Paint(Tone::kDim, WhenText(message.written_at())),
                              " from ", from, "\n"));
    if (message.personal() == query::v1::PERSONAL_STATE_PENDING) {
      output.Print("    (sealed, key pending)\n");
    } else if (message.personal() == query::v1::PERSONAL_STATE_WITHHELD) {
      output.Print("    (withheld)\n");
    } else {
      output.Print(MessageText(message.text()));
    }
  }
}

ExitCode Show(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  query::v1::GetReportRequest request;
  request.set_report_id(options.id);
  const auto response = (*node)->GetReport(request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(response->report());
  } else {
    PrintReport(output, response->report());
  }
  return ExitCode::kOk;
}

Command ListCommand() {
  const auto options = std::make_shared<ListOptions>();
  return {.name = "list",
          .summary = "the reports of this office",
          .examples = "selaras report list --limit 20",
          .source = Source::kNodeOrStore,
          .options = {LimitOption(&options->limit)},
          .run = [options](Context& context) { return List(context, *options); }};
}

Command ShowCommand() {
  const auto options = std::make_shared<ShowOptions>();
  return {.name = "show",
          .summary = "one report, with what never leaves its office",
          .examples = "selaras report show 77aa01",
          .source = Source::kNodeOrStore,
          .options = {{"REPORT", "", &options->id,
                       "id of the report, or its beginning: at least 6 characters", true}},
          .run = [options](Context& context) { return Show(context, *options); }};
}

}  // namespace

Command ReportCommands() {
  return {.name = "report",
          .summary = "reports: Bawaslu's files, on the node of their office only",
          .commands = {ListCommand(), ShowCommand(), ReportReadsCommand()}};
}

}  // namespace selaras::cli
