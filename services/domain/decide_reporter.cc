#include "services/domain/decide_reporter.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

// C0 but line feed, carriage return and tab; DEL; and C1, which UTF-8 writes as C2 80 to C2 9F.
bool HasControl(absl::string_view text) {
  bool after_c2 = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (after_c2 && byte < 0xa0) return true;
    after_c2 = byte == 0xc2;
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f) return true;
  }
  return false;
}

Decision About(const ReportState& report, Draft draft) {
  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};
}

}  // namespace

absl::StatusOr<Draft> PrivateDraft(const ReportState& report, const event::v1::When& occurred_at,
                                   const Call& call) {
  if (report.author != call.header.authority()) return ReportNotFound(report.report_id);
  RETURN_IF_ERROR(CheckWhen("occurred_at", occurred_at));
  Draft draft;
  draft.visibility = Visibility::kPrivate;
  draft.report_id = report.report_id;
  draft.citations.push_back(report.citation);
  if (occurred_at.precision_case() != event::v1::When::PRECISION_NOT_SET) {
    draft.occurred_at = occurred_at;
  }
  return draft;
}

absl::Status CheckMessage(absl::string_view field, absl::string_view text) {
  RETURN_IF_ERROR(CheckRequired(field, text, kMessageBytesMax));
  return HasControl(text) ? BadField(field, "has control characters; write plain text")
                          : absl::OkStatus();
}

absl::Status MailboxFull() {
  return Refusal(absl::StatusCode::kFailedPrecondition, "MAILBOX_FULL",
                 absl::StrCat(kUnansweredMax,
                              " messages wait for an answer of the office; write again after it "
                              "answered"));
}

absl::StatusOr<Decision> DecideIssueReceiptCode(const intake::v1::IssueReceiptCode& command,
                                                const ReportState& report,
                                                absl::string_view code_tag, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, PrivateDraft(report, command.occurred_at(), call));
  draft.fact.mutable_receipt_code_issued()->set_code_tag(std::string(code_tag));
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideSendReporterMessage(const intake::v1::SendReporterMessage& command,
                                                   const ReportState& report, const Call& call) {
  RETURN_IF_ERROR(CheckMessage("text", command.text()));
  ASSIGN_OR_RETURN(Draft draft, PrivateDraft(report, command.occurred_at(), call));
  draft.fact.mutable_reporter_message_sent();
  draft.personal.emplace().set_message(command.text());
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideReceiveReporterMessage(
    const intake::v1::ReceiveReporterMessage& command, const ReportState& report, int unanswered,
    const Call& call) {
  RETURN_IF_ERROR(CheckMessage("text", command.text()));
  ASSIGN_OR_RETURN(Draft draft, PrivateDraft(report, {}, call));
  if (unanswered >= kUnansweredMax) return MailboxFull();
  draft.fact.mutable_reporter_message_received();
  draft.personal.emplace().set_message(command.text());
  return About(report, std::move(draft));
}

}  // namespace selaras::domain
