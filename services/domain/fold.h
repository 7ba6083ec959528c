#pragma once

#include <string>
#include <vector>

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/facts.h"
#include "services/domain/transitions.h"
#include "storage/base/bytes.h"

// Same events, same case (rule 4): pure functions from entries to what they mean. They read
// events only: no clock, no catalogue, no personal part, and they never refuse.
namespace selaras::domain {

using CaseFold = storage::v1::CaseFold;

// Rows folded by older code are folded again when they are read.
inline constexpr std::uint32_t kFoldVersion = 1;

// Folds one more entry of the section into it. Entries come in log order; PARTY entries without
// gaps in their numbering (see CanFold). What this code does not know is counted, not judged.
void Evolve(storage::v1::SectionFold& section, const event::v1::Position& position,
            const base::Digest& leaf_hash, const event::v1::Event& event);

// Whether an entry of `author` begins the section anew: everything that its first writer stated
// was taken back, e.g. because the file had gone to the wrong addressee.
bool BeginsAnew(const storage::v1::SectionFold& section, absl::string_view author);

// The number that the next PARTY entry of `author` in the section has.
std::uint32_t NextPartyNumber(const storage::v1::SectionFold& section, absl::string_view author);

// Whether a PARTY entry of another node's section is the next one in its numbering.
bool CanFold(const storage::v1::SectionFold& section, const event::v1::Event& event);

// The section of a case fold. CHECK-fails for kNone.
const storage::v1::SectionFold& SectionIn(const storage::v1::CaseFold& fold, Section section);
storage::v1::SectionFold* MutableSection(storage::v1::CaseFold* fold, Section section);

// The effective fact of that kind that came last; nullptr if there is none.
const storage::v1::EffectiveFact* LastFact(const storage::v1::SectionFold& section, FactKind kind);

// Whose turn it is, and everything else that follows from the facts.
struct Status {
  State state = State::kNone;
  std::string holder;                                 // who last acknowledged the file
  std::string waiting_for;                            // who must act next; empty: nobody
  const storage::v1::EffectiveFact* since = nullptr;  // the fact that led to `state`
};
Status StatusOf(const storage::v1::CaseFold& fold);

// Authorities that are parties, in the order in which logged facts made them so: for ever, also if
// the fact was taken back. Empty before the referral.
std::vector<std::string> PartiesOf(const storage::v1::CaseFold& fold);

// What contradicts the rules across sections and is therefore left out of the status: a section
// written by somebody whom the sending section did not address. In words.
std::vector<std::string> ContradictionsOf(const storage::v1::CaseFold& fold);

// Digest of what all parties hold: the PARTY facts of all sections. Equal at every node that
// holds the same party entries. The zero digest before the referral.
base::Digest PartyDigest(const storage::v1::CaseFold& fold);

// The fact that a correction or taking-back concerns; empty position otherwise.
const event::v1::Position& TargetOf(const event::v1::Event& event);

// Replaces the fields that `correction` names in `fact`. Unknown paths change nothing.
void ApplyCorrection(const event::v1::FactCorrected& correction, storage::v1::EffectiveFact* fact);

// The message set in the oneof of `fact`; nullptr if none.
const google::protobuf::Message* KindMessage(const event::v1::Fact& fact);
google::protobuf::Message* MutableKindMessage(event::v1::Fact* fact);

}  // namespace selaras::domain
