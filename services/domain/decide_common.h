#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/command/v1/command.pb.h"

#include "services/domain/decide.h"

// Commands that every section takes, besides CorrectFact and VoidFact: what parties tell and ask
// each other beside the main line. None of them moves the file. `section` is the caller's.
namespace selaras::domain {

absl::StatusOr<Decision> DecideSendCopy(const command::v1::SendCopy& command, const CaseFold& fold,
                                        Section section, const Call& call);
absl::StatusOr<Decision> DecideRecordCopyReceived(const command::v1::RecordCopyReceived& command,
                                                  const CaseFold& fold, Section section,
                                                  const Call& call);
// A party asks the holder, who answers: asking changes nothing (rule 5).
absl::StatusOr<Decision> DecideMakeRequest(const command::v1::MakeRequest& command,
                                           const CaseFold& fold, Section section, const Call& call);
absl::StatusOr<Decision> DecideAnswerRequest(const command::v1::AnswerRequest& command,
                                             const CaseFold& fold, Section section,
                                             const Call& call);
absl::StatusOr<Decision> DecideFlagConflict(const command::v1::FlagConflict& command,
                                            const CaseFold& fold, Section section,
                                            const Call& call);

// Whether an authority is the caller's own, itself or as the predecessor of one.
using IsOwn = std::function<bool(const std::string& authority)>;

// Commands that the section takes now from the caller: what the table allows, without those that
// would have nothing to refer to. What the others may be refused for depends on what they say.
// So may be whether who has the case next had ended: that it ends once is enough here, the day
// comes with the command. Nothing for who neither writes the section, nor is to receive what is
// under way to it, nor may take the case over; who wrote in it at some time may still say whether
// it is to be kept.
std::vector<std::string> AllowedNow(const CaseFold& fold, Section section, const IsOwn& is_own,
                                    const reference::Catalogue& catalogue);

}  // namespace selaras::domain
