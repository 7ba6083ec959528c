#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/intake/v1/intake.pb.h"

#include "services/domain/decide_intake.h"

// Decisions about the code and the messages of a report's reporter. All of it stays in the private
// log (rule 8), moves no case and no time limit, and goes on when the report went on as another
// one: the reporter has one code.
namespace selaras::domain {

// An entry about the report that nobody outside its office ever sees. NOT_FOUND for another office.
absl::StatusOr<Draft> PrivateDraft(const ReportState& report, const event::v1::When& occurred_at,
                                   const Call& call);

inline constexpr std::size_t kMessageBytesMax = 4'000;
// So many messages of the reporter wait for an answer at most.
inline constexpr int kUnansweredMax = 50;

// A message: 1 to 4,000 bytes of text with line feeds and tabs and no other control character.
// INVALID_ARGUMENT otherwise; what was written is not repeated.
absl::Status CheckMessage(absl::string_view field, absl::string_view text);

// FAILED_PRECONDITION, MAILBOX_FULL: the office answers first.
absl::Status MailboxFull();

// `code_tag` is the keyed digest of the new code.
absl::StatusOr<Decision> DecideIssueReceiptCode(const intake::v1::IssueReceiptCode& command,
                                                const ReportState& report,
                                                absl::string_view code_tag, const Call& call);
absl::StatusOr<Decision> DecideSendReporterMessage(const intake::v1::SendReporterMessage& command,
                                                   const ReportState& report, const Call& call);
// `unanswered`: messages of the reporter since the office wrote last.
absl::StatusOr<Decision> DecideReceiveReporterMessage(
    const intake::v1::ReceiveReporterMessage& command, const ReportState& report, int unanswered,
    const Call& call);

}  // namespace selaras::domain
