#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/command/v1/command.pb.h"
#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/facts.h"
#include "services/domain/fold.h"
#include "services/domain/local_date.h"
#include "services/domain/references.h"
#include "services/domain/values.h"
#include "services/reference/catalogue.h"

// What decisions are made of. `Decide…(command, state, call) → facts or refusal` are pure; what
// depends on reference data is computed here, once, and written with the version used (rule 4).
namespace selaras::domain {

// What all commands of one request share.
struct Call {
  const command::v1::CommandHeader& header;
  const reference::Catalogue& catalogue;
};

// A fact that is to be written. The engine adds salt, time, tag and number.
struct Draft {
  Visibility visibility = Visibility::kOffice;
  std::string report_id;  // exactly one of report_id and case_id is set
  std::string case_id;
  event::v1::Fact fact;
  std::optional<event::v1::PersonalPart> personal;
  std::optional<event::v1::When> occurred_at;
  std::vector<event::v1::Citation> citations;
  // Cite the first draft of the same decision, which stands in the shared log.
  bool cites_first = false;
  // Of a fact that adds a document: the upload that it uses up. Empty: none.
  std::string upload_id;
};

// What a command leads to: facts to be written, in order. None: it is there already.
struct Decision {
  std::string report_id = {};
  std::string case_id = {};
  std::vector<Draft> drafts = {};
  // What a question is answered with; false for all other commands.
  bool affirmed = false;
};

// CorrectFact and VoidFact, the same for every section. `section` is the caller's.
absl::StatusOr<Decision> DecideCorrectFact(const command::v1::CorrectFact& command,
                                           const CaseFold& fold, Section section, const Call& call);
absl::StatusOr<Decision> DecideVoidFact(const command::v1::VoidFact& command, const CaseFold& fold,
                                        Section section, const Call& call);

// Refuses a command that the table does not allow in the section's state, and one by an authority
// that does not write the section. An empty section may be begun by anybody who is entitled to,
// which the caller checks. `day` is that of the fact, where it is recorded.
absl::Status CheckMove(const CaseFold& fold, Section section, const event::v1::Fact& fact,
                       const Call& call, std::optional<LocalDate> day = std::nullopt);

// An id by which a request can be repeated.
absl::Status CheckRequestId(absl::string_view field, absl::string_view id);

// Limits and forms that every request must keep.
absl::Status CheckHeader(const command::v1::CommandHeader& header,
                         const reference::Catalogue& catalogue);

// The officer of a header or a read, in a field `officer`.
absl::Status CheckOfficer(const event::v1::Officer& officer, const reference::Catalogue& catalogue);

// A fact of the case that is still to be named, dated as the caller said.
absl::StatusOr<Draft> NewDraft(const CaseFold& fold, Visibility visibility,
                               const event::v1::When& occurred_at);

// Adds a reason in words, if there is one, to the personal part.
absl::Status AddReasonText(absl::string_view text, Draft* draft);
// Adds the number of a letter, if there is one, to the personal part.
absl::Status AddLetter(absl::string_view letter_number, Draft* draft);

// Adds numbers of other systems, if there are any, to the personal part of a fact that others may
// come to see.
absl::Status AddReferences(const References& references, Draft* draft);

// The decision that consists of this draft, if the table allows the move.
absl::StatusOr<Decision> Move(const CaseFold& fold, Section section, Draft draft, const Call& call);

// A citation of an effective fact.
event::v1::Citation Cite(const storage::v1::EffectiveFact& fact);

// The day of a time, `YYYY-MM-DD`, in its zone; empty if not recorded.
std::string DayOf(const event::v1::When& when);

// A reference number with its kind.
event::v1::ExternalReference Reference(event::v1::ReferenceKind kind, absl::string_view raw);

}  // namespace selaras::domain
