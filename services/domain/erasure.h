#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/command/v1/command.pb.h"

#include "services/domain/decide.h"
#include "services/domain/facts.h"

// When the persons of a case are forgotten (UU 27/2022 Ps 43-44). Whoever wrote in the case is the
// controller of what it wrote, so all of them consent before anybody destroys a key, and a pending
// matter of any of them forbids it. None of these facts moves the file, and they may be stated by
// whoever wrote in the case, also after it went on.
//
// PPKs do not see each other, so the referral section consents after all of them that it knows, and
// whoever misses one sees that consent missing. A PPK from which the case went on sees no end of it
// and relies on an order of the referral section.
namespace selaras::domain {

// Where a case stands on the way. Pointers are into the fold that it was made of.
struct Erasure {
  // Holds that were placed and not lifted.
  std::vector<const storage::v1::EffectiveFact*> holds;
  // Of each authority the newest order, if it stands: the case is as it was when that was given.
  std::vector<const storage::v1::EffectiveFact*> orders;
  // Of each authority that consented to one of these, the fact that says so.
  std::vector<const storage::v1::EffectiveFact*> consents;
  // Authorities that wrote in the case and did not; those of them that refused.
  std::vector<std::string> missing;
  std::vector<std::string> refused;
  // Of each authority that destroyed its keys, the fact that says so.
  std::vector<const storage::v1::EffectiveFact*> erased;
};
// As the writers of that section see it.
Erasure ErasureOf(const CaseFold& fold, Section section);

// Whether the segment's writer stated anything about the case that stands.
bool WroteInCase(const storage::v1::SectionFold& segment);

// Whether the authority destroyed its keys of the case: nothing can be added to it any more.
bool HasErased(const CaseFold& fold, absl::string_view authority);

// RULE while a legal hold keeps the case.
absl::Status CheckNoHold(const CaseFold& fold);

// Which of these facts the writer of a segment of the section could state now: for
// Case.allowed_commands.
std::vector<FactKind> ErasureMoves(const CaseFold& fold, Section section,
                                   absl::string_view authority);

absl::StatusOr<Decision> DecidePlaceLegalHold(const command::v1::PlaceLegalHold& command,
                                              const CaseFold& fold, Section section,
                                              const Call& call);
absl::StatusOr<Decision> DecideLiftLegalHold(const command::v1::LiftLegalHold& command,
                                             const CaseFold& fold, Section section,
                                             const Call& call);
// RULE `erasure` while the case has not ended or contradicts itself, NOT_HERE_YET while something
// of it is missing, RULE while a hold is in force; with the ground `retention_over` also before its
// outcome's time is over.
absl::StatusOr<Decision> DecideOrderErasure(const command::v1::OrderErasure& command,
                                            const CaseFold& fold, Section section,
                                            const Call& call);
// The same for consent to an order that stands.
absl::StatusOr<Decision> DecideAnswerErasure(const command::v1::AnswerErasure& command,
                                             const CaseFold& fold, Section section,
                                             const Call& call);
// RULE `erasure` until all have consented.
absl::StatusOr<Decision> DecideEraseCase(const command::v1::EraseCase& command,
                                         const CaseFold& fold, Section section, const Call& call);

}  // namespace selaras::domain
