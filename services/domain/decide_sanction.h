#pragma once

#include "absl/status/statusor.h"

#include "selaras/sanction/v1/sanction.pb.h"

#include "services/domain/decide.h"

// Decisions of the sanction section: the PPK through its BKPSDM.
namespace selaras::domain {

absl::StatusOr<Decision> DecideReceiveRecommendation(
    const sanction::v1::ReceiveRecommendation& command, const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideSummonRespondent(const sanction::v1::SummonRespondent& command,
                                                const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideExamineRespondent(const sanction::v1::ExamineRespondent& command,
                                                 const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecordBlocker(const sanction::v1::RecordBlocker& command,
                                             const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideDecideSanction(const sanction::v1::DecideSanction& command,
                                              const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideHandOverDecision(const sanction::v1::HandOverDecision& command,
                                                const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideFileObjection(const sanction::v1::FileObjection& command,
                                             const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecordDeliveryStep(const sanction::v1::RecordDeliveryStep& command,
                                                  const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecordAppealStep(const sanction::v1::RecordAppealStep& command,
                                                const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideDeclineSanction(const sanction::v1::DeclineSanction& command,
                                               const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideDecideObjection(const sanction::v1::DecideObjection& command,
                                               const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRevokeSanction(const sanction::v1::RevokeSanction& command,
                                              const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecordServed(const sanction::v1::RecordServed& command,
                                            const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecordLeft(const sanction::v1::RecordLeft& command,
                                          const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecordMoved(const sanction::v1::RecordMoved& command,
                                           const CaseFold& fold, const Call& call);
// `respondent` is the one whose number changes, as known here.
absl::StatusOr<Decision> DecideRecordRenumbered(const sanction::v1::RecordRenumbered& command,
                                                const CaseFold& fold,
                                                const event::v1::Respondent& respondent,
                                                const Call& call);

}  // namespace selaras::domain
