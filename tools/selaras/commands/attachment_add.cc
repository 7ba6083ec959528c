// `attachment add`: uploads a document and adds it.
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/receipt.h"
#include "tools/selaras/bsre.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/attachment_parts.h"
#include "tools/selaras/document.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/progress.h"
#include "tools/selaras/text.h"
#include "tools/selaras/transfer.h"

namespace selaras::cli {
namespace {

constexpr std::size_t kUploadIdSize = 32;

struct AddOptions {
  Filed filed;
  SendOptions send;
  std::string file;
  std::string kind;
  std::string title;
  std::string of;
  std::string redacted_from;
  std::string url;
  std::string account;
  std::string captured_at;
  std::string bsre;
  std::string media_type;
  bool internal = false;
  bool cleared = false;
};

// CASE FILE, or FILE alone with --report.
absl::Status CheckArguments(AddOptions* options) {
  if (options->file.empty() && !options->filed.report_id.empty()) {
    std::swap(options->file, options->filed.case_id);
  }
  if (options->file.empty()) {
    return BadValue("FILE", "", "name the case and the file, or the file alone with --report");
  }
  return CheckFiled(options->filed);
}

absl::Status FillOrigin(const AddOptions& options, command::v1::AddAttachment* command) {
  if (options.url.empty() && options.account.empty() && options.captured_at.empty()) {
    return absl::OkStatus();
  }
  event::v1::EvidenceOrigin& origin = *command->mutable_origin();
  origin.set_url(options.url);
  origin.set_account(options.account);
  if (options.captured_at.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(*origin.mutable_captured_at(),
                   WhenOf("--captured-at", options.captured_at, options.send.zone));
  return absl::OkStatus();
}

// The time of the check is that of the file: a repeated command must say the same again.
absl::Status FillSignature(const AddOptions& options, Output& output,
                           command::v1::AddAttachment* command) {
  const std::string& file = options.bsre;
  if (file.empty()) return absl::OkStatus();
  if (file == "-") return BadValue("--bsre", file, "name a file: a repeat must say the same");
  ASSIGN_OR_RETURN(const absl::Time written_at, WrittenAt(file));
  if (!FitsTimestamp(written_at)) {
    return BadValue("--bsre", file, "the time at which it was written is out of range: touch it");
  }
  ASSIGN_OR_RETURN(const std::string json, ReadFile(file));
  ASSIGN_OR_RETURN(BsreAnswer answer, ReadBsreAnswer(file, json, written_at));
  *command->mutable_signature() = std::move(answer.check);
  const std::string name = std::filesystem::path(options.file).filename().string();
  if (!answer.document.empty() && answer.document != name) {
    output.Note(absl::StrCat(file, " is about a document with the name '", answer.document,
                             "', and this one is '", name, "'; was it that which was checked?"));
  }
  return absl::OkStatus();
}

// All but the case or report and the upload.
absl::StatusOr<command::v1::AddAttachment> CommandOf(const AddOptions& options, Output& output) {
  command::v1::AddAttachment command;
  command.set_kind(options.kind);
  command.set_title(options.title);
  command.set_internal(options.internal);
  command.set_cleared(options.cleared);
  if (!options.of.empty()) {
    ASSIGN_OR_RETURN(*command.mutable_of(), ParseFullPosition("--of", options.of));
  }
  if (!options.redacted_from.empty()) {
    ASSIGN_OR_RETURN(*command.mutable_redacted_from(),
                     ParseFullPosition("--from-attachment", options.redacted_from));
  }
  if (!options.send.occurred_at.empty()) {
    ASSIGN_OR_RETURN(*command.mutable_occurred_at(),
                     WhenOf("--occurred-at", options.send.occurred_at, options.send.zone));
  }
  RETURN_IF_ERROR(FillOrigin(options, &command));
  RETURN_IF_ERROR(FillSignature(options, output, &command));
  return command;
}

// Uploads what the node does not have yet, and adds it. An earlier call under the request id may
// have done either: a call that `repeats` uploads only if it has to.
absl::StatusOr<command::v1::CommandOutcome> UploadAndAdd(Context& context, const Desk& desk,
                                                         const Document& document,
                                                         const command::v1::AddAttachment& command,
                                                         bool repeats, std::uint64_t* sent) {
  attachment::v1::UploadHeader header;
  header.set_authority(desk.header().authority());
  header.set_upload_id(command.upload_id());
  std::uint64_t from = 0;
  if (repeats) {
    attachment::v1::GetUploadRequest request;
    request.set_authority(header.authority());
    request.set_upload_id(header.upload_id());
    const auto known = desk.node().GetUpload(request);
    if (absl::IsNotFound(known.status())) {
      auto outcome = desk.Send(command);
      if (outcome.ok() || DetailsOf(outcome.status()).info.reason() != "UPLOAD_NOT_FOUND") {
        return outcome;
      }
    } else {
      RETURN_IF_ERROR(known);
      from = known->upload().received_bytes();
    }
  }
  // Also of what is whole there: only the node can tell whether it is this document.
  RETURN_IF_ERROR(SendDocument(desk.node(), context.clock(), document, std::move(header), from,
                               [&](std::uint64_t bytes, std::uint64_t of) {
                                 context.output().Live(ProgressText(document.name, bytes, of));
                               }));
  *sent = document.bytes - from;
  return desk.Send(command);
}

// Where the entry stands that was written, and the digest in it, as its receipt says.
void FillFromReceipts(const command::v1::CommandOutcome& outcome, cli::v1::AddedAttachment* added) {
  for (int i = 0; i < outcome.receipts_size() && i < outcome.positions_size(); ++i) {
    const auto receipt = log::ParseReceipt(outcome.receipts(i));
    event::v1::Event event;
    if (!receipt.ok() || !event.ParseFromString(receipt->extra)) continue;
    if (!event.fact().has_attachment_added()) continue;
    added->set_position(PositionText(outcome.positions(i)));
    added->set_sealed_sha256(base::HexEncode(event.fact().attachment_added().sealed_sha256()));
  }
}

// An outcome says nothing of the private log, so the office is asked: for the document that is the
// same; of several, what was added just now is the newest, and what was added before is any.
absl::Status FillFromOffice(const Desk& desk, const Filed& filed,
                            const command::v1::AddAttachment& command,
                            cli::v1::AddedAttachment* added) {
  ASSIGN_OR_RETURN(const Attachments attachments, AttachmentsOf(desk.node(), filed));
  const query::v1::Attachment* newest = nullptr;
  bool several = false;
  for (const query::v1::Attachment& attachment : attachments) {
    const bool own = attachment.internal() && attachment.author() == desk.header().authority();
    const bool same = attachment.sha256() == added->sha256() &&
                      attachment.kind() == command.kind() && attachment.title() == command.title();
    if (!own || !same || attachment.state() == query::v1::ATTACHMENT_STATE_REMOVED) continue;
    several = newest != nullptr;
    newest = &attachment;
  }
  if (newest == nullptr) return absl::NotFoundError("it is not shown");
  if (several && added->repeated_request()) {
    return absl::NotFoundError("several are the same; selaras attachment list shows them");
  }
  added->set_position(PositionText(newest->position()));
  added->set_sealed_sha256(newest->sealed_sha256());
  return absl::OkStatus();
}

// Follows from the request and from the document: another document under the id of a request makes
// another command, which the node refuses.
std::string UploadId(const std::string& request_id, const base::Digest& document) {
  const std::string of = absl::StrCat(request_id, "\n", base::HexEncode(document.view()));
  return base::HexEncode(crypto::Sha256(of).view()).substr(0, kUploadIdSize);
}

absl::StatusOr<cli::v1::AddedAttachment> Add(Context& context, AddOptions options) {
  RETURN_IF_ERROR(CheckArguments(&options));
  ASSIGN_OR_RETURN(command::v1::AddAttachment command, CommandOf(options, context.output()));
  ASSIGN_OR_RETURN(const Document document, ReadDocument(options.file, options.media_type));
  ASSIGN_OR_RETURN(const Desk desk, Desk::Open(context, options.send));
  ASSIGN_OR_RETURN(const Filed filed, Resolve(desk.node(), options.filed));
  SetFiled(filed, &command);
  command.set_upload_id(UploadId(desk.header().request_id(), document.sha256));
  std::uint64_t sent = 0;
  const auto outcome = UploadAndAdd(context, desk, document, command,
                                    /*repeats=*/!options.send.request_id.empty(), &sent);
  if (!outcome.ok()) {
    context.output().Note(absl::StrCat("request id: ", desk.header().request_id(),
                                       "; given with --request-id, it goes on from here"));
    return outcome.status();
  }
  cli::v1::AddedAttachment added;
  added.set_case_id(filed.case_id);
  added.set_report_id(filed.report_id);
  added.set_sha256(base::HexEncode(document.sha256.view()));
  added.set_media_type(document.media_type);
  added.set_bytes(document.bytes);
  added.set_sent_bytes(sent);
  added.set_request_id(desk.header().request_id());
  added.set_repeated_request(outcome->repeated_request());
  if (options.send.dry_run) return added;
  FillFromReceipts(*outcome, &added);
  if (!added.position().empty()) return added;
  if (const absl::Status read = FillFromOffice(desk, filed, command, &added); !read.ok()) {
    context.output().Note(
        absl::StrCat("added; where it stands could not be read: ", read.message()));
  }
  return added;
}

ExitCode Run(Context& context, const AddOptions& options) {
  Output& output = context.output();
  const auto added = Add(context, options);
  if (!added.ok()) return output.Fail(added.status());
  if (output.json()) {
    output.Json(*added);
    return ExitCode::kOk;
  }
  Fields fields;
  fields.Add("document", {added->position(), Tone::kStrong});
  fields.Add("sealed sha256", added->sealed_sha256());
  fields.Add("sha256", added->sha256());
  fields.Add("is", absl::StrCat(added->media_type(), ", ", SizeText(added->bytes())));
  fields.Add("sent", added->sent_bytes() == 0
                         ? "nothing: the node had it"
                         : absl::StrCat(added->sent_bytes(), " of ", added->bytes(), " bytes"));
  fields.Add("request id", {added->request_id(), Tone::kDim});
  output.Print(fields.Text(output));
  if (options.send.dry_run) {
    output.Note("could be added; the upload is kept for a while under the request id");
  } else if (added->repeated_request()) {
    output.Note("was added before");
  }
  return ExitCode::kOk;
}

}  // namespace

Command AttachmentAddCommand() {
  const auto options = std::make_shared<AddOptions>();
  std::vector<Option> all = {
      CaseOption(&options->filed),
      {"FILE", "", &options->file, "the document; with --report it stands alone"},
      ReportOption(&options->filed),
      {"--kind", "CODE", &options->kind, "of the list attachment_kind", true},
      {"--title", "TEXT", &options->title, "what it is, in words, at most 200 bytes", true},
      {"--of", "LOG@N", &options->of,
       "the fact of your office to which it belongs; default: the case or report as a whole"},
      {"--internal", "", &options->internal, "it stays in the office"},
      {"--cleared", "", &options->cleared,
       "an officer looked at it, and nothing in it tells who reported; of Bawaslu, for what goes "
       "to others"},
      {"--from-attachment", "LOG@N", &options->redacted_from,
       "the document that stays in the office from which this one was made; of a turunan"},
      {"--url", "URL", &options->url, "where evidence was found"},
      {"--account", "NAME", &options->account, "who published it there"},
      {"--captured-at", "WHEN", &options->captured_at, "when it was captured; as --occurred-at"},
      {"--bsre", "FILE", &options->bsre,
       "what BSrE's verification answered about it, as JSON; checked when that file was written"},
      {"--media-type", "TYPE", &options->media_type,
       "e.g. application/pdf; default: what its first bytes say"}};
  for (Option& option : OptionsOf(&options->send, "upload it and check everything, add nothing")) {
    all.push_back(std::move(option));
  }
  return {
      .name = "add",
      .summary = "upload a document and add it to a case or report",
      .details =
          "It goes to all parties of the case, or stays in the office (--internal), as that of a "
          "report does. Its bytes are sealed by the node; what breaks off goes on where it stood. "
          "To repeat a call whose answer was lost, or to go on with it later, give its request id: "
          "the document is added once, and not sent again if it is there.",
      .examples =
          "selaras attachment add 3f2a9c1e sk.pdf --kind keputusan --title SK --bsre sk.json\n"
          "selaras attachment add 3f2a9c1e surat.pdf --kind surat --title Undangan --of bkn@41\n"
          "selaras attachment add foto.jpg --report 77aa01 --kind bukti --title \"Foto acara\" "
          "--internal",
      .source = Source::kNode,
      .options = std::move(all),
      .run = [options](Context& context) { return Run(context, *options); }};
}

}  // namespace selaras::cli
