#include "tools/selaras/commands/attachment_parts.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "storage/base/status.h"
#include "tools/selaras/authority.h"
#include "tools/selaras/commands/case_table.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr std::size_t kIdSize = 36;  // of a UUID

Cell StateCell(const query::v1::Attachment& attachment) {
  absl::string_view word = query::v1::AttachmentState_Name(attachment.state());
  absl::ConsumePrefix(&word, "ATTACHMENT_STATE_");
  const std::string text = absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", " "}});
  switch (attachment.state()) {
    case query::v1::ATTACHMENT_STATE_HELD:
      return {text, Tone::kGood};
    case query::v1::ATTACHMENT_STATE_NOT_FETCHED:
      return {absl::StrCat(text, " ", attachment.percent(), " %"), Tone::kWarning};
    case query::v1::ATTACHMENT_STATE_LOST:
      return {text, Tone::kBad};
    default:
      return {text, Tone::kDim};
  }
}

// Codes of the catalogue list `signature_result`, as they are.
Cell SignatureCell(const query::v1::Attachment& attachment) {
  if (!attachment.has_signature()) return "";
  const event::v1::SignatureCheck& check = attachment.signature();
  if (check.signers().empty()) return {check.result(), Tone::kDim};
  return check.intact() ? Cell(check.result())
                        : Cell(absl::StrCat(check.result(), ", changed since"), Tone::kBad);
}

template <typename Request, typename Command>
Request RequestOf(const command::v1::CommandHeader& header, const Command& command) {
  Request request;
  *request.mutable_header() = header;
  *request.mutable_command() = command;
  return request;
}

// To the service of the node's role.
template <typename Intake, typename Referral, typename Sanction, typename Command>
absl::StatusOr<command::v1::CommandOutcome> SendTo(Node& node, absl::string_view role,
                                                   const command::v1::CommandHeader& header,
                                                   const Command& command) {
  if (role == "intake") return node.Execute(RequestOf<Intake>(header, command));
  if (role == "referral") return node.Execute(RequestOf<Referral>(header, command));
  return node.Execute(RequestOf<Sanction>(header, command));
}

}  // namespace

Table AttachmentTable(const Attachments& attachments) {
  Table table({"DOCUMENT", "KIND", "TITLE", ">SIZE", "HERE", "BY", "SIGNATURE"});
  for (const query::v1::Attachment& attachment : attachments) {
    table.Add({PositionText(attachment.position()), attachment.kind(),
               Personal(attachment.personal(), attachment.title()), SizeText(attachment.bytes()),
               StateCell(attachment), attachment.author(), SignatureCell(attachment)});
  }
  return table;
}

void PrintAttachments(Output& output, const Attachments& attachments) {
  if (attachments.empty()) return;
  output.Print(absl::StrCat("\n", AttachmentTable(attachments).Text(output)));
}

Option CaseOption(Filed* filed) {
  return {"CASE", "", &filed->case_id, "id of the case, or its beginning: at least 6 characters"};
}

Option ReportOption(Filed* filed) {
  return {"--report", "REPORT", &filed->report_id,
          "in place of a case: id of the report, or its beginning"};
}

absl::Status CheckFiled(const Filed& filed) {
  if (!filed.case_id.empty() && !filed.report_id.empty()) {
    return ExcludeEachOther("CASE", "--report");
  }
  if (filed.case_id.empty() && filed.report_id.empty()) {
    return BadValue("CASE", "", "name a case, or a report with --report");
  }
  return absl::OkStatus();
}

// Who asks who read is shown nothing of persons.
absl::StatusOr<Filed> Resolve(CaseSource& cases, const Filed& filed) {
  if (filed.case_id.size() == kIdSize || filed.report_id.size() == kIdSize) return filed;
  query::v1::ListReadsRequest request;
  request.set_case_id(filed.case_id);
  request.set_report_id(filed.report_id);
  request.set_page_size(1);
  ASSIGN_OR_RETURN(const query::v1::ListReadsResponse found, cases.ListReads(request));
  Filed whole;
  (filed.case_id.empty() ? whole.report_id : whole.case_id) = found.subject_id();
  return whole;
}

absl::StatusOr<Attachments> AttachmentsOf(CaseSource& cases, const Filed& filed) {
  if (!filed.case_id.empty()) {
    query::v1::GetCaseRequest request;
    request.set_case_id(filed.case_id);
    ASSIGN_OR_RETURN(const auto response, cases.GetCase(request));
    return response.case_().attachments();
  }
  query::v1::GetReportRequest request;
  request.set_report_id(filed.report_id);
  ASSIGN_OR_RETURN(const auto response, cases.GetReport(request));
  return response.report().attachments();
}

std::vector<Option> OptionsOf(SendOptions* options, const std::string& dry_run) {
  return {{"--authority", "AUTHORITY", &options->authority,
           "for whom; default: the only authority of the node"},
          {"--occurred-at", "WHEN", &options->occurred_at,
           "when, e.g. 2024-10-11 or 2024-10-11T09:30:00+07:00; default: not recorded"},
          {"--zone", "ZONE", &options->zone, "of the office: WIB, WITA or WIT; default: WIB"},
          {"--request-id", "ID", &options->request_id,
           "repeats an earlier call; default: a random one"},
          {"--dry-run", "", &options->dry_run, dry_run}};
}

absl::StatusOr<event::v1::When> WhenOf(const std::string& option, const std::string& value,
                                       const std::string& zone) {
  if (value.empty()) return event::v1::When();
  auto when = ParseWhen(value);
  if (!when) {
    return BadValue(option, value,
                    "give a day, 2024-10-11, or a moment with its zone, 2024-10-11T09:30:00+07:00");
  }
  when->set_zone(zone);
  return *std::move(when);
}

absl::StatusOr<Desk> Desk::Open(Context& context, const SendOptions& options) {
  Desk desk;
  ASSIGN_OR_RETURN(const NodeAddress address, context.ResolveAddress());
  ASSIGN_OR_RETURN(desk.node_, context.Connect(address));
  ASSIGN_OR_RETURN(const auto about, desk.node_->GetNode());
  desk.role_ = about.role();
  desk.header_.set_request_id(context.RequestId(options.request_id));
  desk.header_.set_authority(options.authority);
  if (options.authority.empty()) {
    ASSIGN_OR_RETURN(*desk.header_.mutable_authority(), OnlyAuthority(about));
  }
  if (address.reading.has_officer()) *desk.header_.mutable_officer() = address.reading.officer();
  desk.header_.set_validate_only(options.dry_run);
  return desk;
}

absl::StatusOr<command::v1::CommandOutcome> Desk::Send(
    const command::v1::AddAttachment& command) const {
  return SendTo<intake::v1::AddAttachmentRequest, referral::v1::AddAttachmentRequest,
                sanction::v1::AddAttachmentRequest>(*node_, role_, header_, command);
}

absl::StatusOr<command::v1::CommandOutcome> Desk::Send(
    const command::v1::RemoveAttachment& command) const {
  return SendTo<intake::v1::RemoveAttachmentRequest, referral::v1::RemoveAttachmentRequest,
                sanction::v1::RemoveAttachmentRequest>(*node_, role_, header_, command);
}

}  // namespace selaras::cli
