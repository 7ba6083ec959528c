#pragma once

#include <string>
#include <vector>

#include "tools/registers/describe.h"
#include "tools/registers/plan.h"

namespace selaras::cli {

// What became of a row.
enum class RowState {
  kUnsent,     // not sent, or sent without an answer
  kImported,   // recorded by this run
  kUnchanged,  // recorded by an earlier one
  kDuplicate,  // repeats an earlier row of the file
  kRefused,    // nothing of it was written
  kPending,    // its case is not here yet
  kChanged,    // recorded by an earlier run with another content
  kAmended,    // recorded by an earlier run with another content, and brought to the row's
  kUndone,     // what it had stated was taken back
};

struct RowOutcome {
  RowState state = RowState::kUnsent;
  std::string column = {};                              // for kRefused; may be empty
  std::string why = {};                                 // for kRefused, kPending, kChanged
  std::vector<registers::Difference> differences = {};  // for kChanged, kAmended, kRefused
};

}  // namespace selaras::cli
