#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/facts.h"

// Who had the file, one after the other: read off hand-overs and their acknowledgements, never off
// clocks. The file changes hands when the receiver's own entry acknowledges a hand-over, citing it
// (rule 5); it may come back, go out again, and go to another PPK than before. A higher office may
// take it, too: its take-over ends what the other office wrote where it says, whatever that office
// sent on meanwhile, and whoever received it (rule 3).
//
// The facts of one authority in one section are a segment. A stint is the stretch of a segment from
// one acknowledgement or take-over to the next: a body that gets the same case twice has two.
namespace selaras::domain {

struct Stint {
  const storage::v1::SectionFold* segment = nullptr;
  Section section = Section::kNone;
  int begin = 0;  // its facts: [begin, end) of the segment
  int end = 0;
  // The hand-over that it acknowledges; nullptr for the opening of the case and for a take-over.
  const storage::v1::EffectiveFact* received = nullptr;
};

// A stint that counts only when what it answers is here.
struct SetAside {
  const storage::v1::SectionFold* segment = nullptr;
  event::v1::Position answers;  // not here
  // What it handed over last; nullptr if nothing.
  const storage::v1::EffectiveFact* handed_over = nullptr;
};

struct Custody {
  // The opening first, the holder's last. Empty while no opening is here.
  std::vector<Stint> stints;
  // What the last stint handed over and nobody acknowledged yet; nullptr if nothing.
  const storage::v1::EffectiveFact* under_way = nullptr;
  // Segments of those to whom the file was handed at some time, in vain or not, and of the opening.
  // What the others state moves nothing, makes nobody a party and answers no request.
  std::vector<const storage::v1::SectionFold*> known;
  // Segments that answer no hand-over, and what was stated after the file had gone on or was taken
  // over, in words.
  std::vector<std::string> contradictions;
  // What moves nothing because of what is not here.
  std::vector<SetAside> set_aside;
};

// Pointers are into `fold`. What is not here yet contradicts nothing.
Custody CustodyOf(const storage::v1::CaseFold& fold);

// The take-over with which the stint begins; nullptr if it begins otherwise.
const event::v1::CaseTakenOver* TakeOverOf(const Stint& stint);

// By what the office got the file: a hand-over or take-over. Unset: it opened the case.
event::v1::Position GotBy(const Stint& stint);

// Whether somebody who had the file made the office a party, or it had it itself: of others no
// take-over counts. That it stands above the other office was checked when it was decided.
bool MayTakeFrom(const Custody& custody, absl::string_view office);

// Whether nothing stands of what the segment's writer stated of the case: whether it is to be kept
// is no part of it.
bool NothingStands(const storage::v1::SectionFold& segment);

// Whether the segment is of somebody who had, or was handed, the file.
bool IsKnown(const Custody& custody, const storage::v1::SectionFold& segment);

// The last stint of a section; nullptr if custody never reached it.
const Stint* LastStint(const Custody& custody, Section section);

// The effective fact of that kind in the stint that came last; nullptr if there is none.
const storage::v1::EffectiveFact* LastFact(const Stint& stint, FactKind kind);

}  // namespace selaras::domain
