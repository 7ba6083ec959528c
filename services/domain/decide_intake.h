#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/intake/v1/intake.pb.h"

#include "services/domain/decide.h"

// Decisions of the intake section: Bawaslu.
namespace selaras::domain {

// What is known of a report: its opening fact and when it was received.
struct ReportState {
  std::string report_id;
  std::string author;
  event::v1::ReportReceived received;
  std::string received_on;  // day, empty if not recorded
  event::v1::Citation citation;
  storage::v1::SectionFold facts;  // what was stated about the report, the opening first
  std::vector<std::string> case_ids = {};
};

// Opens the report `report_id`. If it is there already, `existing_same` tells whether with the
// same content.
absl::StatusOr<Decision> DecideReceiveReport(const intake::v1::ReceiveReport& command,
                                             absl::string_view report_id,
                                             std::optional<bool> existing_same, const Call& call);

// Opens the case `case_id` in `report`.
absl::StatusOr<Decision> DecideNameRespondent(const intake::v1::NameRespondent& command,
                                              const ReportState& report, absl::string_view case_id,
                                              const Call& call);

// What happens to a report as a whole. A report has no parties outside Bawaslu.
absl::StatusOr<Decision> DecideRequestCompletion(const intake::v1::RequestCompletion& command,
                                                 const ReportState& report, const Call& call);
absl::StatusOr<Decision> DecideCompleteReport(const intake::v1::CompleteReport& command,
                                              const ReportState& report, const Call& call);
absl::StatusOr<Decision> DecideTraceReport(const intake::v1::TraceReport& command,
                                           const ReportState& report, const Call& call);
absl::StatusOr<Decision> DecideRegisterReport(const intake::v1::RegisterReport& command,
                                              const ReportState& report, const Call& call);
// `successor` is the report that goes on.
absl::StatusOr<Decision> DecideAdoptReport(const intake::v1::AdoptReport& command,
                                           const ReportState& report, const ReportState& successor,
                                           const Call& call);
absl::StatusOr<Decision> DecideOpenTrack(const intake::v1::OpenTrack& command,
                                         const ReportState& report, const Call& call);
absl::StatusOr<Decision> DecideEndTrack(const intake::v1::EndTrack& command,
                                        const ReportState& report, const Call& call);

absl::StatusOr<Decision> DecideIdentifyRespondent(const intake::v1::IdentifyRespondent& command,
                                                  const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideReviewCase(const intake::v1::ReviewCase& command,
                                          const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideConcludeCase(const intake::v1::ConcludeCase& command,
                                            const CaseFold& fold, const Call& call);

absl::StatusOr<Decision> DecideClarifyRespondent(const intake::v1::ClarifyRespondent& command,
                                                 const CaseFold& fold, const Call& call);
// `other` is the case of the same node that the command names.
absl::StatusOr<Decision> DecideLinkCase(const intake::v1::LinkCase& command, const CaseFold& fold,
                                        const CaseFold& other, const Call& call);
absl::StatusOr<Decision> DecideHandElsewhere(const intake::v1::HandElsewhere& command,
                                             const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideSupplementCase(const intake::v1::SupplementCase& command,
                                              const CaseFold& fold, const Call& call);

// `respondent` is the respondent as last recorded in the own section's personal parts: the
// referral restates it for the recipients.
absl::StatusOr<Decision> DecideReferCase(const intake::v1::ReferCase& command, const CaseFold& fold,
                                         const event::v1::Respondent& respondent, const Call& call);

// `respondent` as for the referral.
absl::StatusOr<Decision> DecideDelegateCase(const intake::v1::DelegateCase& command,
                                            const CaseFold& fold,
                                            const event::v1::Respondent& respondent,
                                            const Call& call);
absl::StatusOr<Decision> DecideReceiveDelegatedCase(const intake::v1::ReceiveDelegatedCase& command,
                                                    const CaseFold& fold, const Call& call);

// Whether the authority may take the case over from the office that writes the section, wherever
// the case stands; why not otherwise.
absl::Status CheckTakeOver(const CaseFold& fold, absl::string_view authority,
                           const reference::Catalogue& catalogue);
absl::StatusOr<Decision> DecideTakeOverCase(const intake::v1::TakeOverCase& command,
                                            const CaseFold& fold, const Call& call);

}  // namespace selaras::domain
