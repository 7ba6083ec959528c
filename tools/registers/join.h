#pragma once

#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/types.pb.h"
#include "selaras/query/v1/query.pb.h"

#include "tools/registers/describe.h"
#include "tools/registers/plan.h"

// How a row finds its case at a node: by the numbers that it carries, normalised as for every
// look-up, and the person. Numbers are no keys: several cases may suit a row.
namespace selaras::registers {

// What to look up, in this order; the first that finds a case decides. One without a NIP finds
// other persons, too: keep those of IsOfPerson.
std::vector<LookUp> JoinKeys(const Row& row);

// Whether a case with the row's number is about the row's person: the same NIP, or the same name
// where the row or the case has no NIP, or one in which at most two digits are others.
bool IsOfPerson(const Row& row, const query::v1::Case& recorded);

// Leaves out what is only written in another way: numbers that look-ups find alike.
std::vector<Difference> WithoutSpellings(std::vector<Difference> differences);

// What kind of number a column of a register or export holds; unspecified if it holds none.
event::v1::ReferenceKind NumberIn(absl::string_view column);

}  // namespace selaras::registers
