#pragma once

#include <span>

#include "absl/status/status.h"

#include "selaras/event/v1/personal.pb.h"

#include "services/domain/decide.h"

// Rule 8 at the door: what an office of Bawaslu sends on must not let anybody infer who reported.
// That private facts stay in the private log is not enough, because officials write texts, and
// because a time of day tells who was in the office then.
namespace selaras::domain {

// Refuses (FAILED_PRECONDITION, rule `reporter_never_leaves`) a draft for other parties whose
// summary, reason, numbers, or what it says of a document, tell of a reporter. The refusal names
// the field and the kind of thing, and repeats neither the text nor what was found in it. `kept`
// are the personal parts of the private log about the case and its reports, as recorded and as
// corrected: an earlier spelling of a name tells as much.
//
// A text tells of a reporter if it has, without regard to case,
//   name          a word of it with three letters or more; no titles (haji, binti);
//   address       a word of it with four letters or more that names no kind of place (jalan,
//                 jorong) and no region or authority of the catalogue; a number of five digits or
//                 more;
//   phone, NIK    its digits, however they are grouped, with or without +62;
//   place         all its words in their order, at least two, not all of which a region has;
//   chronology    all its words in their order, at least four;
//   number        that of the register or of SigapLapor, by its letters and digits, at least six;
//                 of this alone letter numbers are searched, too;
//   evidence      its digest, or that of a document, in hexadecimal digits.
// A word with hyphens, apostrophes or a broken line in it counts as its parts and as one. What the
// respondent is called is no telling: a word that stands in `respondent` is no reporter's.
absl::Status CheckTellsOfNoReporter(const Draft& draft,
                                    std::span<const event::v1::PersonalPart> kept,
                                    const event::v1::Respondent& respondent,
                                    const reference::Catalogue& catalogue);

// Leaves the days of a draft for other parties, and takes away the times of day.
void KeepDaysOnly(Draft* draft);

}  // namespace selaras::domain
