#pragma once

#include <string>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/event.pb.h"

// What kind of thing each fact is: read off its place in the vocabulary.
namespace selaras::domain {

using FactKind = event::v1::Fact::KindCase;

// The part of a case that one role writes.
enum class Section { kNone, kIntake, kReferral, kSanction };

// Who may come to see an entry.
enum class Visibility {
  kOffice,   // nobody outside the office that wrote it
  kParty,    // all parties of the case
  kPrivate,  // in the private log: not even its hash leaves (rule 8)
};

// `intake`, `referral`, `sanction`; empty for kNone.
absl::string_view SectionName(Section section);

// The section to which a fact of this kind belongs. kNone for what any section may state
// (corrections) and for kinds that this code does not know.
Section SectionOf(FactKind kind);

// kOffice for corrections, which follow what they correct.
Visibility VisibilityOf(FactKind kind);

// Name in the vocabulary, e.g. `case_referred`; `unknown` if this code does not know it.
absl::string_view FactName(FactKind kind);

// Name of the command that states it, e.g. `ReferCase`; empty if there is none of its own.
absl::string_view CommandName(FactKind kind);

}  // namespace selaras::domain
