#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/reference/catalogue.h"
#include "tools/registers/plan.h"
#include "tools/registers/rows.h"

namespace selaras::registers {

// A register as an agency keeps it, or a worklist that was filled in, turned into what to send.
// Rows are in the order of the file; lines without any text are left out, and those of a worklist
// in which nothing was done.
struct Register {
  Kind kind = Kind::kBawaslu;
  std::vector<PlannedRow> rows;
};

struct ReadOptions {
  // Part of every request id. A higher one sends all rows anew.
  int generation = 1;
};

// Reads a CSV file: which register it is follows from the names of its columns, which may
// stand in any order. Pure: the same bytes, catalogue and options give the same register.
//
// A row that is wrong becomes a Refusal and the others go on. INVALID_ARGUMENT if the file
// cannot be read at all: empty, larger than 256 MiB, not UTF-8 text, a quote that is not
// closed (names the line), columns of no known register, columns missing, unknown or
// twice there (names them).
//
// The ordinal in a request id counts the rows of one report or letter in their order,
// refused rows included and exact repetitions left out: repairing a refused row (other
// than giving it a number), or repeating a good one, changes no other row's id. A second
// row for a person of the same report or letter contradicts the first and is refused; so does
// a row that says something else of its report than the first good one.
absl::StatusOr<Register> ReadRegister(absl::string_view bytes,
                                      const reference::Catalogue& catalogue,
                                      const ReadOptions& options = {});

}  // namespace selaras::registers
