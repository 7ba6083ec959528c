#include "services/intake/decider.h"

#include "selaras/intake/v1/intake.pb.h"

#include "services/domain/attachment.h"
#include "services/domain/break_glass.h"
#include "services/domain/decide_common.h"
#include "services/domain/decide_intake.h"
#include "services/domain/decide_notice.h"
#include "services/domain/decide_reporter.h"
#include "services/domain/erasure.h"
#include "services/domain/notice.h"
#include "services/domain/refusal.h"
#include "services/intake/corrections.h"
#include "storage/base/status.h"

namespace selaras::intake {
namespace {

using domain::Decision;
using Steps = std::vector<command::v1::CommandStep>;

// The body, if it is such a command; nullptr otherwise.
template <typename Command>
const Command* As(const google::protobuf::Message& body) {
  return body.GetDescriptor() == Command::descriptor() ? static_cast<const Command*>(&body)
                                                       : nullptr;
}

// Whether it stands alone, in no batch.
bool IsAlone(const google::protobuf::Message& body) {
  return As<v1::ReceiveReporterMessage>(body) != nullptr ||
         As<command::v1::BreakGlass>(body) != nullptr ||
         As<command::v1::ReviewBreakGlass>(body) != nullptr;
}

const v1::ExecuteBatchRequest& BatchOf(const google::protobuf::Message& body) {
  return static_cast<const v1::ExecuteBatchRequest&>(body);
}

// The same words whether it is not here, of another office or no notice.
absl::Status CheckNoticeOf(const v1::ReceiveReport& command, const node::Desk& desk,
                           const domain::Call& call) {
  if (command.notice_case_id().empty()) return absl::OkStatus();
  const auto notice = desk.Case(command.notice_case_id());
  if (notice.ok() && domain::HasReceivedNotice(*notice, call.header.authority())) {
    return absl::OkStatus();
  }
  return domain::BadField("notice_case_id", "names no notice that this office has received");
}

// All entries of a request carry one tag. The PPK sees the receipt, and would know by it what else
// the office wrote with it (rule 8).
absl::Status CheckOnlyNotices(const v1::ExecuteBatchRequest& batch) {
  for (const v1::IntakeCommand& command : batch.commands()) {
    if (command.has_receive_notice()) continue;
    return domain::RuleForbids("reporter_never_leaves",
                               "a notice is received by itself; send the other commands in a "
                               "request of their own");
  }
  return absl::OkStatus();
}

absl::StatusOr<Decision> ReceiveReport(const v1::ReceiveReport& command, int index,
                                       node::Desk& desk, const domain::Call& call) {
  const std::string report_id = desk.NewReportId(command.report_key(), index);
  v1::ReceiveReport content = command;
  content.clear_if_absent();
  if (!command.derived_from().empty()) {
    const auto origin = desk.Report(command.derived_from());
    if (!origin.ok() || origin->author != call.header.authority()) {
      return domain::BadField("derived_from", "names no report of this office");
    }
  }
  RETURN_IF_ERROR(CheckNoticeOf(command, desk, call));
  const std::string bytes = content.SerializeAsString();
  ASSIGN_OR_RETURN(const auto same, desk.OpenedWith(report_id, bytes));
  ASSIGN_OR_RETURN(Decision decision, domain::DecideReceiveReport(command, report_id, same, call));
  if (!same) desk.NoteOpening(report_id, bytes);
  return decision;
}

absl::StatusOr<std::string> ResolveReport(const v1::ReportReference& reference,
                                          const Steps& earlier) {
  switch (reference.target_case()) {
    case v1::ReportReference::kReportId:
      return reference.report_id();
    case v1::ReportReference::kOpenedBy:
      if (reference.opened_by() >= earlier.size() ||
          earlier[reference.opened_by()].report_id().empty()) {
        return domain::BadField("report.opened_by", "names no earlier command that opens a report");
      }
      return earlier[reference.opened_by()].report_id();
    case v1::ReportReference::TARGET_NOT_SET:
      break;
  }
  return domain::BadField("report", "is required");
}

absl::StatusOr<Decision> NameRespondent(const v1::NameRespondent& command, int index,
                                        const Steps& earlier, node::Desk& desk,
                                        const domain::Call& call) {
  ASSIGN_OR_RETURN(const std::string report_id, ResolveReport(command.report(), earlier));
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(report_id));
  return domain::DecideNameRespondent(command, report, desk.NewCaseId(index), call);
}

// Commands about a case that is there, or that an earlier command of the batch opened.
template <typename Command, typename Decide>
absl::StatusOr<Decision> InCase(const Command& command, const Steps& earlier, node::Desk& desk,
                                const domain::Call& call, Decide decide) {
  ASSIGN_OR_RETURN(const std::string case_id, node::ResolveCase(command.case_ref(), earlier));
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(case_id));
  return decide(command, fold, call);
}

// Commands about a report that is there.
template <typename Command, typename Decide>
absl::StatusOr<Decision> InReport(const Command& command, const node::Desk& desk,
                                  const domain::Call& call, Decide decide) {
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
  return decide(command, report, call);
}

absl::StatusOr<Decision> AdoptReport(const v1::AdoptReport& command, const node::Desk& desk,
                                     const domain::Call& call) {
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
  const auto successor = desk.Report(command.as_report_id());
  if (!successor.ok()) return domain::BadField("as_report_id", "names no report of this office");
  return domain::DecideAdoptReport(command, report, *successor, call);
}

absl::StatusOr<Decision> IssueReceiptCode(const v1::IssueReceiptCode& command, int commands,
                                          const node::Desk& desk, const domain::Call& call) {
  if (commands != 1) {
    return domain::BadField("issue_receipt_code",
                            "must be sent by itself: the answer to a batch names no code");
  }
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
  return domain::DecideIssueReceiptCode(command, report, desk.ReceiptTag(report.report_id), call);
}

absl::StatusOr<Decision> ReceiveReporterMessage(const v1::ReceiveReporterMessage& command,
                                                const node::Desk& desk, const domain::Call& call) {
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
  ASSIGN_OR_RETURN(const int unanswered, desk.Unanswered(report.report_id));
  return domain::DecideReceiveReporterMessage(command, report, unanswered, call);
}

template <typename Command>
absl::Status CheckOneSubject(const Command& command) {
  if (command.report_id().empty() || !command.has_case_ref()) return absl::OkStatus();
  return domain::BadField("report_id", "give it or case_ref, not both");
}

absl::StatusOr<Decision> AddAttachment(const command::v1::AddAttachment& command,
                                       const Steps& earlier, const node::Desk& desk,
                                       const domain::Call& call) {
  RETURN_IF_ERROR(CheckOneSubject(command));
  if (command.report_id().empty()) {
    return node::DecideAddAttachment(command, earlier, desk, domain::Section::kIntake, call);
  }
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
  ASSIGN_OR_RETURN(const auto kept, desk.KeptOfReport(report.report_id));
  ASSIGN_OR_RETURN(const domain::Upload upload, desk.Upload(command.upload_id()));
  return domain::DecideAddReportAttachment(command, report, kept, upload, call);
}

absl::StatusOr<Decision> RemoveAttachment(const command::v1::RemoveAttachment& command,
                                          const Steps& earlier, const node::Desk& desk,
                                          const domain::Call& call) {
  RETURN_IF_ERROR(CheckOneSubject(command));
  if (command.report_id().empty()) {
    return node::DecideRemoveAttachment(command, earlier, desk, domain::Section::kIntake, call);
  }
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
  ASSIGN_OR_RETURN(const auto kept, desk.KeptOfReport(report.report_id));
  std::vector<domain::CaseFold> cases;
  for (const std::string& case_id : report.case_ids) {
    ASSIGN_OR_RETURN(cases.emplace_back(), desk.Case(case_id));
  }
  return domain::DecideRemoveReportAttachment(command, report, kept, cases, call);
}

absl::StatusOr<Decision> LinkCase(const v1::LinkCase& command, const Steps& earlier,
                                  node::Desk& desk, const domain::Call& call) {
  const auto other = desk.Case(command.other_case_id());
  if (!other.ok() || domain::FindSegment(other->segments(), domain::Section::kIntake,
                                         call.header.authority()) == nullptr) {
    return domain::BadField("other_case_id", "names no case of this office");
  }
  return InCase(
      command, earlier, desk, call,
      [&](const v1::LinkCase& link, const domain::CaseFold& fold, const domain::Call& context) {
        return domain::DecideLinkCase(link, fold, *other, context);
      });
}

// Commands that restate the respondent for those who receive the case.
template <typename Command, typename Decide>
absl::StatusOr<Decision> WithRespondent(const Command& command, const Steps& earlier,
                                        node::Desk& desk, const domain::Call& call, Decide decide) {
  return InCase(command, earlier, desk, call,
                [&](const Command& sent, const domain::CaseFold& fold,
                    const domain::Call& context) -> absl::StatusOr<Decision> {
                  ASSIGN_OR_RETURN(const auto respondent, desk.Respondent(fold));
                  return decide(sent, fold, respondent, context);
                });
}

}  // namespace

int IntakeDecider::CommandCount(const google::protobuf::Message& body) const {
  return IsAlone(body) ? 1 : BatchOf(body).commands_size();
}

absl::StatusOr<Decision> IntakeDecider::Decide(const google::protobuf::Message& body, int index,
                                               const Steps& earlier, node::Desk& desk,
                                               const domain::Call& call) const {
  if (const auto* message = As<v1::ReceiveReporterMessage>(body)) {
    return ReceiveReporterMessage(*message, desk, call);
  }
  if (const auto* taken = As<command::v1::BreakGlass>(body)) {
    return InReport(*taken, desk, call, domain::DecideBreakGlass);
  }
  if (const auto* review = As<command::v1::ReviewBreakGlass>(body)) {
    ASSIGN_OR_RETURN(const auto report, desk.Report(review->report_id()));
    ASSIGN_OR_RETURN(const auto kept, desk.KeptOfReport(review->report_id()));
    return domain::DecideReviewBreakGlass(*review, report, kept, call);
  }
  const v1::IntakeCommand& command = BatchOf(body).commands(index);
  switch (command.command_case()) {
    case v1::IntakeCommand::kReceiveReport:
      return ReceiveReport(command.receive_report(), index, desk, call);
    case v1::IntakeCommand::kNameRespondent:
      return NameRespondent(command.name_respondent(), index, earlier, desk, call);
    case v1::IntakeCommand::kIdentifyRespondent:
      return InCase(command.identify_respondent(), earlier, desk, call,
                    domain::DecideIdentifyRespondent);
    case v1::IntakeCommand::kReviewCase:
      return InCase(command.review_case(), earlier, desk, call, domain::DecideReviewCase);
    case v1::IntakeCommand::kConcludeCase:
      return InCase(command.conclude_case(), earlier, desk, call, domain::DecideConcludeCase);
    case v1::IntakeCommand::kReferCase:
      return WithRespondent(command.refer_case(), earlier, desk, call, domain::DecideReferCase);
    case v1::IntakeCommand::kRequestCompletion:
      return InReport(command.request_completion(), desk, call, domain::DecideRequestCompletion);
    case v1::IntakeCommand::kCompleteReport:
      return InReport(command.complete_report(), desk, call, domain::DecideCompleteReport);
    case v1::IntakeCommand::kTraceReport:
      return InReport(command.trace_report(), desk, call, domain::DecideTraceReport);
    case v1::IntakeCommand::kRegisterReport:
      return InReport(command.register_report(), desk, call, domain::DecideRegisterReport);
    case v1::IntakeCommand::kAdoptReport:
      return AdoptReport(command.adopt_report(), desk, call);
    case v1::IntakeCommand::kOpenTrack:
      return InReport(command.open_track(), desk, call, domain::DecideOpenTrack);
    case v1::IntakeCommand::kEndTrack:
      return InReport(command.end_track(), desk, call, domain::DecideEndTrack);
    case v1::IntakeCommand::kClarifyRespondent:
      return InCase(command.clarify_respondent(), earlier, desk, call,
                    domain::DecideClarifyRespondent);
    case v1::IntakeCommand::kLinkCase:
      return LinkCase(command.link_case(), earlier, desk, call);
    case v1::IntakeCommand::kHandElsewhere:
      return InCase(command.hand_elsewhere(), earlier, desk, call, domain::DecideHandElsewhere);
    case v1::IntakeCommand::kSupplementCase:
      return InCase(command.supplement_case(), earlier, desk, call, domain::DecideSupplementCase);
    case v1::IntakeCommand::kDelegateCase:
      return WithRespondent(command.delegate_case(), earlier, desk, call,
                            domain::DecideDelegateCase);
    case v1::IntakeCommand::kReceiveDelegatedCase:
      return InCase(command.receive_delegated_case(), earlier, desk, call,
                    domain::DecideReceiveDelegatedCase);
    case v1::IntakeCommand::kTakeOverCase:
      return InCase(command.take_over_case(), earlier, desk, call, domain::DecideTakeOverCase);
    case v1::IntakeCommand::kReceiveNotice:
      RETURN_IF_ERROR(CheckOnlyNotices(BatchOf(body)));
      return InCase(command.receive_notice(), earlier, desk, call, domain::DecideReceiveNotice);
    case v1::IntakeCommand::kIssueReceiptCode:
      return IssueReceiptCode(command.issue_receipt_code(), CommandCount(body), desk, call);
    case v1::IntakeCommand::kSendReporterMessage:
      return InReport(command.send_reporter_message(), desk, call,
                      domain::DecideSendReporterMessage);
    case v1::IntakeCommand::kSendCopy:
      return node::DecideCommon(command.send_copy(), earlier, desk, section(), call,
                                domain::DecideSendCopy);
    case v1::IntakeCommand::kRecordCopyReceived:
      return node::DecideCommon(command.record_copy_received(), earlier, desk, section(), call,
                                domain::DecideRecordCopyReceived);
    case v1::IntakeCommand::kMakeRequest:
      return node::DecideCommon(command.make_request(), earlier, desk, section(), call,
                                domain::DecideMakeRequest);
    case v1::IntakeCommand::kAnswerRequest:
      return node::DecideCommon(command.answer_request(), earlier, desk, section(), call,
                                domain::DecideAnswerRequest);
    case v1::IntakeCommand::kFlagConflict:
      return node::DecideCommon(command.flag_conflict(), earlier, desk, section(), call,
                                domain::DecideFlagConflict);
    case v1::IntakeCommand::kPlaceLegalHold:
      return node::DecideCommon(command.place_legal_hold(), earlier, desk, section(), call,
                                domain::DecidePlaceLegalHold);
    case v1::IntakeCommand::kLiftLegalHold:
      return node::DecideCommon(command.lift_legal_hold(), earlier, desk, section(), call,
                                domain::DecideLiftLegalHold);
    case v1::IntakeCommand::kOrderErasure:
      return node::DecideCommon(command.order_erasure(), earlier, desk, section(), call,
                                domain::DecideOrderErasure);
    case v1::IntakeCommand::kAnswerErasure:
      return node::DecideCommon(command.answer_erasure(), earlier, desk, section(), call,
                                domain::DecideAnswerErasure);
    case v1::IntakeCommand::kEraseCase:
      return node::DecideCommon(command.erase_case(), earlier, desk, section(), call,
                                domain::DecideEraseCase);
    case v1::IntakeCommand::kAddAttachment:
      return AddAttachment(command.add_attachment(), earlier, desk, call);
    case v1::IntakeCommand::kRemoveAttachment:
      return RemoveAttachment(command.remove_attachment(), earlier, desk, call);
    case v1::IntakeCommand::kCorrectFact:
      return DecideCorrectFact(command.correct_fact(), desk, call);
    case v1::IntakeCommand::kVoidFact:
      return DecideVoidFact(command.void_fact(), desk, call);
    case v1::IntakeCommand::COMMAND_NOT_SET:
      break;
  }
  return domain::BadField("command", "is required");
}

}  // namespace selaras::intake
