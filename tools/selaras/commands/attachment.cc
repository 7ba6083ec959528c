// `attachment`: documents (lampiran) of cases and reports.
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/attachment_parts.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/progress.h"
#include "tools/selaras/text.h"
#include "tools/selaras/transfer.h"

namespace selaras::cli {
namespace {

// So much of what is there is fetched again, to see that it is of the same document.
constexpr std::size_t kComparedBytes = 4 << 10;

struct GetOptions {
  std::string position;
  std::string out;  // `-`: standard output, also if it is a terminal
  bool force = false;
};

struct RemoveOptions {
  std::string position;
  Filed filed;
  SendOptions send;
  std::string reason;
  std::string reason_text;
};

ExitCode List(Context& context, const Filed& filed) {
  Output& output = context.output();
  if (const absl::Status bad = CheckFiled(filed); !bad.ok()) return output.Fail(bad);
  auto cases = context.OpenCases();
  if (!cases.ok()) return output.Fail(cases.status());
  const auto attachments = AttachmentsOf(**cases, filed);
  if (!attachments.ok()) return output.Fail(attachments.status());
  if (output.json()) {
    for (const query::v1::Attachment& attachment : *attachments) output.Json(attachment);
    return ExitCode::kOk;
  }
  if (!attachments->empty()) output.Print(AttachmentTable(*attachments).Text(output));
  output.Note(Count(static_cast<std::uint64_t>(attachments->size()), "document"));
  return ExitCode::kOk;
}

Transferred ProgressOf(Context& context, const std::string& what) {
  return [&output = context.output(), what](std::uint64_t bytes, std::uint64_t of) {
    output.Live(ProgressText(what, bytes, of));
  };
}

absl::Status PrintDocument(Context& context, const attachment::v1::DownloadRequest& request) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Node> node, context.OpenNode());
  return ReceiveDocument(
             *node, context.clock(), request,
             [&](absl::string_view bytes) {
               context.output().Print(bytes);
               return context.output().Takes() ? absl::OkStatus() : OutputBrokeOff();
             },
             [](std::uint64_t, std::uint64_t) {})
      .status();
}

// Whether a node says that the document ends before the place from which it was asked for.
bool LiesPastTheEnd(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  for (const auto& field : details.bad_request.field_violations()) {
    if (field.field() == "offset") return true;
  }
  return false;
}

// Goes on with what an earlier call left behind. An entry never changes, so a part that bears its
// position is of this document, unless somebody else has written it: therefore its end is compared.
absl::Status WriteDocument(Context& context, const std::string& out, bool force,
                           attachment::v1::DownloadRequest request) {
  std::error_code none;
  if (std::filesystem::is_directory(out, none)) return FolderInPlaceOfAFile(out);
  if (!force && std::filesystem::exists(std::filesystem::symlink_status(out, none))) {
    return FileExists(out);
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Node> node, context.OpenNode());
  ASSIGN_OR_RETURN(PartFile file, PartFile::Open(out, PositionText(request.position())));
  ASSIGN_OR_RETURN(const std::string tail, file.Tail(kComparedBytes));
  request.set_offset(file.size() - tail.size());
  if (file.size() > 0) {
    context.output().Note(absl::StrCat("going on with ", file.part(), ", ", SizeText(file.size())));
  }
  absl::string_view compared = tail;
  const auto keep = [&](absl::string_view bytes) {
    const absl::string_view again = bytes.substr(0, compared.size());
    if (!absl::StartsWith(compared, again)) return OtherPart(file.part());
    compared.remove_prefix(again.size());
    return file.Append(bytes.substr(again.size()));
  };
  const auto received =
      ReceiveDocument(*node, context.clock(), request, keep, ProgressOf(context, out));
  if (request.offset() > 0 && LiesPastTheEnd(received.status())) return OtherPart(file.part());
  RETURN_IF_ERROR(received);
  if (file.size() != received->bytes) return OtherPart(file.part());
  RETURN_IF_ERROR(file.Commit(force ? PartFile::Existing::kReplace : PartFile::Existing::kKeep));
  context.output().Note(absl::StrCat("wrote ", out, ": ", received->media_type, ", ",
                                     SizeText(received->bytes), "; not encrypted"));
  return absl::OkStatus();
}

absl::Status Get(Context& context, const GetOptions& options) {
  attachment::v1::DownloadRequest request;
  ASSIGN_OR_RETURN(*request.mutable_position(), ParseFullPosition("POSITION", options.position));
  if (options.out.empty() && context.output().is_terminal()) return BytesOnATerminal();
  return options.out.empty() || options.out == "-"
             ? PrintDocument(context, request)
             : WriteDocument(context, options.out, options.force, std::move(request));
}

absl::StatusOr<command::v1::CommandOutcome> Remove(Context& context, const RemoveOptions& options) {
  RETURN_IF_ERROR(CheckFiled(options.filed));
  command::v1::RemoveAttachment command;
  ASSIGN_OR_RETURN(*command.mutable_attachment(), ParseFullPosition("POSITION", options.position));
  command.set_reason(options.reason);
  command.set_reason_text(options.reason_text);
  if (!options.send.occurred_at.empty()) {
    ASSIGN_OR_RETURN(*command.mutable_occurred_at(),
                     WhenOf("--occurred-at", options.send.occurred_at, options.send.zone));
  }
  ASSIGN_OR_RETURN(const Desk desk, Desk::Open(context, options.send));
  ASSIGN_OR_RETURN(const Filed filed, Resolve(desk.node(), options.filed));
  SetFiled(filed, &command);
  auto outcome = desk.Send(command);
  if (!outcome.ok()) {
    context.output().Note(absl::StrCat("request id: ", desk.header().request_id()));
  }
  return outcome;
}

ExitCode RunRemove(Context& context, const RemoveOptions& options) {
  Output& output = context.output();
  const auto outcome = Remove(context, options);
  if (!outcome.ok()) return output.Fail(outcome.status());
  if (output.json()) {
    output.Json(*outcome);
    return ExitCode::kOk;
  }
  if (options.send.dry_run) {
    output.Note("could be removed");
    return ExitCode::kOk;
  }
  for (const event::v1::Position& position : outcome->positions()) {
    output.Print(absl::StrCat("removed by ", Printable(PositionText(position)), "\n"));
  }
  if (outcome->positions().empty()) output.Print("removed\n");
  if (outcome->repeated_request()) output.Note("was removed before");
  return ExitCode::kOk;
}

Command ListCommand() {
  const auto filed = std::make_shared<Filed>();
  return {.name = "list",
          .summary = "the documents of a case or report, and whether this node has their bytes",
          .examples =
              "selaras attachment list 3f2a9c1e\n"
              "selaras attachment list --report 77aa01 --json",
          .source = Source::kNodeOrStore,
          .options = {CaseOption(filed.get()), ReportOption(filed.get())},
          .run = [filed](Context& context) { return List(context, *filed); }};
}

Command GetCommand() {
  const auto options = std::make_shared<GetOptions>();
  return {
      .name = "get",
      .summary = "the bytes of a document",
      .details =
          "That you read it is recorded before the first byte comes. What breaks off stays as "
          "FILE.LOG@N.part, and the next call goes on with it; FILE is there when the document is "
          "whole.",
      .examples =
          "selaras attachment get ppk-13.04@42 -o sk.pdf --purpose penanganan\n"
          "selaras attachment get bawaslu-13/private@52 | sha256sum",
      .source = Source::kNode,
      .options = {{"POSITION", "", &options->position,
                   "where it stands, as attachment list shows it", true},
                  {"-o,--out", "FILE", &options->out,
                   "where to write it; -, or by default unless it is a terminal: standard output"},
                  {"--force", "", &options->force, "replace FILE if it is there"}},
      .run = [options](Context& context) {
        const absl::Status got = Get(context, *options);
        return got.ok() ? ExitCode::kOk : context.output().Fail(got);
      }};
}

Command RemoveCommand() {
  const auto options = std::make_shared<RemoveOptions>();
  std::vector<Option> all = {
      {"POSITION", "", &options->position, "where it stands, as attachment list shows it", true},
      CaseOption(&options->filed),
      ReportOption(&options->filed),
      {"--reason", "CODE", &options->reason, "of the list removal_reason", true},
      {"--reason-text", "TEXT", &options->reason_text, "why, in words, at most 2,000 bytes"}};
  for (Option& option : OptionsOf(&options->send, "check everything, write nothing")) {
    all.push_back(std::move(option));
  }
  return {.name = "remove",
          .summary = "take a document back: its bytes are destroyed wherever it went",
          .details =
              "Only what your office added. That it was there, and its digest, stay. A party that "
              "has taken it out of its node has it all the same.",
          .examples =
              "selaras attachment remove ppk-13.04@42 3f2a9c1e --reason salah_orang\n"
              "selaras attachment remove bawaslu-13/private@52 --report 77aa01 --reason lain "
              "--reason-text \"Berkas rusak\"",
          .source = Source::kNode,
          .options = std::move(all),
          .run = [options](Context& context) { return RunRemove(context, *options); }};
}

}  // namespace

Command AttachmentCommands() {
  return {.name = "attachment",
          .summary = "documents (lampiran): letters, decrees and evidence of cases and reports",
          .commands = {AttachmentAddCommand(), ListCommand(), GetCommand(), RemoveCommand()}};
}

}  // namespace selaras::cli
