#pragma once

#include <string>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/event.pb.h"

// What kind of thing each fact is: read off its place in the vocabulary.
namespace selaras::domain {

using FactKind = event::v1::Fact::KindCase;

// The part of a case that one role writes.
enum class Section { kNone, kIntake, kReferral, kSanction };

// Whether both are the same place of the same log.
bool Same(const event::v1::Position& a, const event::v1::Position& b);

// Who may come to see an entry.
enum class Visibility {
  kOffice,   // nobody outside the office that wrote it
  kParty,    // all parties of the case
  kPrivate,  // in the private log: not even its hash leaves (rule 8)
  kPeers,    // all peers: about the log, no report or case
};

// `intake`, `referral`, `sanction`; empty for kNone.
absl::string_view SectionName(Section section);

// The section to which a fact of this kind belongs. kNone for what any section may state
// (corrections) and for kinds that this code does not know.
Section SectionOf(FactKind kind);

// kOffice for corrections, which follow what they correct.
Visibility VisibilityOf(FactKind kind);

// Whether the fact is one of a report rather than of a case.
bool IsOfReport(FactKind kind);

// A hand-over sends the file to an addressee; it changes hands when the addressee acknowledges it.
bool IsHandOver(FactKind kind);
bool IsAcknowledgement(FactKind kind);
// Whether the fact is about keeping or forgetting the case (erasure.h): it moves no file, and
// whoever wrote in the case may state it, also after the file went on.
bool IsOfErasure(FactKind kind);
// Whether the fact is about a document (attachment.h).
bool IsOfAttachment(FactKind kind);
// Whether the fact stands beside the case, as both of these do: where the case stands does not
// follow from it, and without others there is no case.
bool IsBeside(FactKind kind);
// The kind of fact that acknowledges a hand-over; KIND_NOT_SET for other kinds.
FactKind AcknowledgementOf(FactKind hand_over);
// Whether the sender of a file states with it that the file is back, by citing how the receiver
// left it.
bool IsTakingBack(FactKind kind);
// To whom a hand-over is addressed; empty for other kinds.
const std::string& AddresseeOf(const event::v1::Fact& fact);

// Name in the vocabulary, e.g. `case_referred`; `unknown` if this code does not know it.
absl::string_view FactName(FactKind kind);

// Name of the command that states it, e.g. `ReferCase`; empty if there is none of its own.
absl::string_view CommandName(FactKind kind);

}  // namespace selaras::domain
