#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

struct ReporterOptions {
  std::string code_file = "-";
  std::string text_file;
  std::string request_id;
  std::string out;
};

// Whoever has the code is the reporter: it is read from a file, and never stands in a list of
// processes.
absl::StatusOr<std::string> ReadCode(const ReporterOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.code_file));
  return std::string(absl::StripAsciiWhitespace(text));
}

ExitCode Status(Context& context, const ReporterOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto code = ReadCode(options);
  if (!code.ok()) return output.Fail(code.status());
  intake::v1::GetReportStatusRequest request;
  request.set_receipt_code(*code);
  const auto response = (*node)->GetReportStatus(request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(*response);
    return ExitCode::kOk;
  }
  Fields fields;
  fields.Add("office", response->office());
  fields.Add("received", WhenText(response->received_at()));
  fields.Add("status", absl::StrCat(response->status_text(), " (", response->status(), ")"));
  fields.Add("since", WhenText(response->since()));
  fields.Add("messages", absl::StrCat(response->messages_from_office()));
  output.Print(fields.Text(output));
  if (response->cases_size() < 2) return ExitCode::kOk;
  Table table({"CASE", "SINCE", "STATUS"});
  for (const intake::v1::CaseStatus& one : response->cases()) {
    table.Add({one.status(), WhenText(one.since()), one.status_text()});
  }
  output.Print(absl::StrCat("\n", table.Text(output)));
  return ExitCode::kOk;
}

ExitCode Messages(Context& context, const ReporterOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto code = ReadCode(options);
  if (!code.ok()) return output.Fail(code.status());
  intake::v1::ListReporterMessagesRequest request;
  request.set_receipt_code(*code);
  const auto response = (*node)->ListReporterMessages(request);
  if (!response.ok()) return output.Fail(response.status());
  for (const intake::v1::ReporterMessage& message : response->messages()) {
    if (output.json()) {
      output.Json(message);
      continue;
    }
    output.Print(absl::StrCat("  ", output.Paint(Tone::kDim, WhenText(message.written_at())),
                              message.from_office() ? " from the office\n" : " from the reporter\n",
                              MessageText(message.text())));
  }
  output.Note(Count(static_cast<std::uint64_t>(response->messages_size()), "message"));
  return ExitCode::kOk;
}

ExitCode Write(Context& context, const ReporterOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  if (options.code_file == options.text_file) {
    return output.Fail(BadValue("--text-file", options.text_file,
                                "the code and the text are read from different files"));
  }
  const auto code = ReadCode(options);
  if (!code.ok()) return output.Fail(code.status());
  const auto text = ReadFile(options.text_file);
  if (!text.ok()) return output.Fail(text.status());
  intake::v1::WriteToOfficeRequest request;
  request.set_receipt_code(*code);
  request.set_text(std::string(absl::StripTrailingAsciiWhitespace(*text)));
  request.set_request_id(context.RequestId(options.request_id));
  const auto response = (*node)->WriteToOffice(request);
  if (!response.ok()) {
    output.Note(absl::StrCat("request id: ", request.request_id()));
    return output.Fail(response.status());
  }
  if (output.json()) output.Json(*response);
  output.Note(response->repeated_request() ? "was written before" : "written");
  return ExitCode::kOk;
}

ExitCode Receipt(Context& context, const ReporterOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto code = ReadCode(options);
  if (!code.ok()) return output.Fail(code.status());
  intake::v1::GetReportReceiptRequest request;
  request.set_receipt_code(*code);
  const auto response = (*node)->GetReportReceipt(request);
  if (!response.ok()) return output.Fail(response.status());
  if (options.out.empty()) {
    output.Print(response->receipt());
    return ExitCode::kOk;
  }
  const absl::Status written = WriteFile(options.out, response->receipt());
  if (!written.ok()) return output.Fail(written);
  output.Note(absl::StrCat("wrote ", options.out,
                           "; with the key of the office's log anybody can verify it: selaras "
                           "receipt verify"));
  return ExitCode::kOk;
}

Option CodeOption(ReporterOptions* options) {
  return {"--code-file", "FILE", &options->code_file,
          "file that holds the code; default: standard input"};
}

Command StatusOfReport() {
  const auto options = std::make_shared<ReporterOptions>();
  return {.name = "status",
          .summary = "where the report stands, in words for everybody",
          .examples = "selaras reporter status --code-file code.txt",
          .source = Source::kNode,
          .options = {CodeOption(options.get())},
          .run = [options](Context& context) { return Status(context, *options); }};
}

Command MessagesCommand() {
  const auto options = std::make_shared<ReporterOptions>();
  return {.name = "messages",
          .summary = "the messages of both sides, oldest first",
          .examples = "selaras reporter messages < code.txt",
          .source = Source::kNode,
          .options = {CodeOption(options.get())},
          .run = [options](Context& context) { return Messages(context, *options); }};
}

Command ReceiptCommand() {
  const auto options = std::make_shared<ReporterOptions>();
  return {
      .name = "receipt",
      .summary = "the receipt (tanda bukti): proof that the office received the report on that day",
      .details =
          "A C2SP tlog-proof of the office's entry: office, day of receipt, when it was recorded, "
          "election and region. It names neither the reporter nor anybody else, and cannot be "
          "withdrawn by the office.",
      .examples =
          "selaras reporter receipt --code-file code.txt -o tanda-bukti.tlog-proof\n"
          "selaras receipt verify tanda-bukti.tlog-proof --key selaras/bawaslu-13+07aa…+AV…",
      .source = Source::kNode,
      .options = {CodeOption(options.get()),
                  {"-o,--out", "FILE", &options->out,
                   "where to write it; default: standard output"}},
      .run = [options](Context& context) { return Receipt(context, *options); }};
}

Command WriteCommand() {
  const auto options = std::make_shared<ReporterOptions>();
  return {
      .name = "write",
      .summary = "write to the office",
      .details =
          "Durable when it says so. If the node did not answer, repeat it with the "
          "request id that was shown: it is written once.",
      .examples = "selaras reporter write --code-file code.txt --text-file message.txt",
      .source = Source::kNode,
      .options = {CodeOption(options.get()),
                  {"--text-file", "FILE", &options->text_file,
                   "file that holds the message, at most 4,000 bytes; - is standard input", true},
                  {"--request-id", "ID", &options->request_id,
                   "of an earlier attempt; default: a new one"}},
      .run = [options](Context& context) { return Write(context, *options); }};
}

}  // namespace

Command ReporterCommands() {
  return {.name = "reporter",
          .summary = "what a reporter may do with a receipt code, through Bawaslu's portal",
          .details =
              "Needs a certificate of the role portal. The code is read from a file or from "
              "standard input, never from the command line, where others could see it.",
          .commands = {StatusOfReport(), MessagesCommand(), WriteCommand(), ReceiptCommand()}};
}

}  // namespace selaras::cli
