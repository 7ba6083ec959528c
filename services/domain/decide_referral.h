#pragma once

#include "absl/status/statusor.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/domain/decide.h"

// Decisions of the referral section: the competent body, today BKN.
namespace selaras::domain {

absl::StatusOr<Decision> DecideReceiveCase(const referral::v1::ReceiveCase& command,
                                           const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideVerifyCase(const referral::v1::VerifyCase& command,
                                          const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecommendSanction(const referral::v1::RecommendSanction& command,
                                                 const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideDismissCase(const referral::v1::DismissCase& command,
                                           const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideReturnCase(const referral::v1::ReturnCase& command,
                                          const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideAssignCase(const referral::v1::AssignCase& command,
                                          const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRemindPpk(const referral::v1::RemindPpk& command,
                                         const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideWarnPpk(const referral::v1::WarnPpk& command, const CaseFold& fold,
                                       const Call& call);
absl::StatusOr<Decision> DecideBlockServices(const referral::v1::BlockServices& command,
                                             const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideUnblockServices(const referral::v1::UnblockServices& command,
                                               const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideEscalateCase(const referral::v1::EscalateCase& command,
                                            const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideCloseCase(const referral::v1::CloseCase& command,
                                         const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideReopenCase(const referral::v1::ReopenCase& command,
                                          const CaseFold& fold, const Call& call);

// Opens the case `case_id` from a predecessor's file, for which the header says whom it acts for.
absl::StatusOr<Decision> DecideOpenLegacyCase(const referral::v1::OpenLegacyCase& command,
                                              absl::string_view case_id, const Call& call);

}  // namespace selaras::domain
