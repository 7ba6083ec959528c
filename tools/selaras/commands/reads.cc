// `case reads`, `report reads`: who was shown personal data.
#include "tools/selaras/commands/reads.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/selaras/context.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 1'000;

struct Options {
  std::string id;
};

ExitCode Reads(Context& context, const query::v1::ListReadsRequest& request) {
  Output& output = context.output();
  auto cases = context.OpenCases();
  if (!cases.ok()) return output.Fail(cases.status());
  Table table({"AT", "AUTHORITY", "ROLE", "OFFICER", "PURPOSE", "BY", "POSITION"});
  std::uint64_t count = 0;
  const absl::Status status = ForEachRead(**cases, request, [&](const query::v1::Read& read) {
    ++count;
    if (output.json()) {
      output.Json(ToRecord(read));
      return;
    }
    table.Add({TimeText(read.recorded_at()),
               read.has_delegation()
                   ? absl::StrCat(read.authority(), " by ", Printable(read.delegation().to()))
                   : read.authority(),
               read.role(),
               Printable(read.officer().officer_id()),
               read.purpose().empty() ? Cell("not stated", Tone::kDim) : Cell(read.purpose()),
               read.has_break_glass()
                   ? Cell(absl::StrCat(read.method(), ", glass broken"), Tone::kWarning)
                   : Cell(read.method()),
               {PositionText(read.position()), Tone::kDim}});
  });
  if (!status.ok()) return output.Fail(status);
  if (output.json()) return ExitCode::kOk;
  if (!table.empty()) output.Print(table.Text(output));
  output.Note(Count(count, "read"));
  return ExitCode::kOk;
}

constexpr char kDetails[] =
    "Personal data are shown by a node only after it has recorded in its private log to whom and "
    "why (UU 27/2022 Ps 31). Who reads the same again within ten minutes is recorded once. An "
    "office sees what its own people read; with a certificate for the whole node you see all.";

}  // namespace

absl::Status ForEachRead(CaseSource& cases, query::v1::ListReadsRequest request,
                         const std::function<void(const query::v1::Read& read)>& read) {
  request.set_page_size(kPage);
  do {
    ASSIGN_OR_RETURN(const query::v1::ListReadsResponse page, cases.ListReads(request));
    for (const query::v1::Read& each : page.reads()) read(each);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

cli::v1::ReadRecord ToRecord(const query::v1::Read& read) {
  cli::v1::ReadRecord record;
  record.set_position(PositionText(read.position()));
  record.set_at(Rfc3339(read.recorded_at()));
  record.set_authority(read.authority());
  record.set_delegate(read.delegation().to());
  record.set_role(read.role());
  record.set_officer(read.officer().officer_id());
  record.set_purpose(read.purpose());
  record.set_method(read.method());
  if (read.has_break_glass()) record.set_break_glass(PositionText(read.break_glass()));
  return record;
}

Command CaseReadsCommand() {
  const auto options = std::make_shared<Options>();
  return {.name = "reads",
          .summary = "who was shown personal data of one case, when and why",
          .details = kDetails,
          .examples = "selaras case reads 3f2a9c1e\nselaras case reads 3f2a9c1e --json",
          .source = Source::kNodeOrStore,
          .options = {{"CASE", "", &options->id,
                       "id of the case, or its beginning: at least 6 characters", true}},
          .run = [options](Context& context) {
            query::v1::ListReadsRequest request;
            request.set_case_id(options->id);
            return Reads(context, request);
          }};
}

Command ReportReadsCommand() {
  const auto options = std::make_shared<Options>();
  return {.name = "reads",
          .summary = "who was shown personal data of one report, when and why",
          .details = kDetails,
          .examples = "selaras report reads 77aa01",
          .source = Source::kNodeOrStore,
          .options = {{"REPORT", "", &options->id,
                       "id of the report, or its beginning: at least 6 characters", true}},
          .run = [options](Context& context) {
            query::v1::ListReadsRequest request;
            request.set_report_id(options->id);
            return Reads(context, request);
          }};
}

}  // namespace selaras::cli
