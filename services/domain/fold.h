#pragma once

#include <string>
#include <vector>

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/custody.h"
#include "services/domain/facts.h"
#include "services/domain/transitions.h"
#include "storage/base/bytes.h"

// Same events, same case (rule 4): pure functions from entries to what they mean. They read
// events only: no clock, no catalogue, no personal part, and they never refuse.
namespace selaras::domain {

using CaseFold = storage::v1::CaseFold;

// Rows folded by older code are folded again when they are read.
inline constexpr std::uint32_t kFoldVersion = 4;

using Segments = google::protobuf::RepeatedPtrField<storage::v1::SectionFold>;

// The segment of a writer in a section; made if it is not there. Segments stand in the order of the
// sections, those of a section by writer, whatever was heard first.
storage::v1::SectionFold& SegmentOf(Segments& segments, Section section, absl::string_view writer);
// nullptr if there is none.
const storage::v1::SectionFold* FindSegment(const Segments& segments, Section section,
                                            absl::string_view writer);

// Folds one more entry into its author's segment. Entries of one log come in log order; PARTY
// entries without gaps in their numbering (see CanFold). What this code does not know is counted,
// not judged.
void Evolve(Segments& segments, Section section, const event::v1::Position& position,
            const base::Digest& leaf_hash, const event::v1::Event& event);

// The number that the next PARTY entry of `author` in the section has.
std::uint32_t NextPartyNumber(const Segments& segments, Section section, absl::string_view author);

// Whether a PARTY entry of another node is the next one in its numbering.
bool CanFold(const Segments& segments, Section section, const event::v1::Event& event);

// The segment of a section that stands: of its last writer in custody. If custody never reached the
// section, an empty one.
const storage::v1::SectionFold& SectionIn(const storage::v1::CaseFold& fold, Section section);

// The effective fact of that kind that came last; nullptr if there is none.
const storage::v1::EffectiveFact* LastFact(const storage::v1::SectionFold& section, FactKind kind);

// The effective fact of that kind in the section's last stint; nullptr if there is none. Who
// receives a case again begins anew.
const storage::v1::EffectiveFact* LastFact(const storage::v1::CaseFold& fold, Section section,
                                           FactKind kind);

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

// What contradicts the rules of custody and is therefore left out of the status. In words.
std::vector<std::string> ContradictionsOf(const storage::v1::CaseFold& fold);

// Digest of what all parties hold: the PARTY facts, of the PPKs only the one that has the case.
// Equal at every node that holds the same party entries. The zero digest before the referral.
base::Digest PartyDigest(const storage::v1::CaseFold& fold);

// The fact that a correction or taking-back concerns; empty position otherwise.
const event::v1::Position& TargetOf(const event::v1::Event& event);

// Replaces the fields that `correction` names in `fact`. Unknown paths change nothing.
void ApplyCorrection(const event::v1::FactCorrected& correction, storage::v1::EffectiveFact* fact);

// The message set in the oneof of `fact`; nullptr if none.
const google::protobuf::Message* KindMessage(const event::v1::Fact& fact);
google::protobuf::Message* MutableKindMessage(event::v1::Fact* fact);

}  // namespace selaras::domain
