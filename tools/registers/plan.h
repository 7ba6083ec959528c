#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/types.pb.h"
#include "selaras/intake/v1/intake.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "tools/registers/rows.h"

namespace selaras::registers {

// How a row of a later register finds its case: an argument of QueryService.LookUpCases.
struct LookUp {
  event::v1::ReferenceKind kind = event::v1::REFERENCE_KIND_UNSPECIFIED;
  std::string number;  // as written
  std::string nip;
};

using Commands =
    std::variant<std::vector<intake::v1::IntakeCommand>, std::vector<referral::v1::ReferralCommand>,
                 std::vector<sanction::v1::SanctionCommand>>;

// A good row as one ExecuteBatch.
struct Plan {
  int line = 0;            // in the file, from 1: the first line of the row
  std::string number;      // register number or letter as written, for messages
  std::string request_id;  // names neither person nor NIP
  std::string authority;   // for which the batch is sent: bawaslu/13, bkn, ppk/13.04
  std::string acting_for;  // kasn, or empty
  // Set for the later registers: the case must be found first, see SetCase.
  std::optional<LookUp> look_up;
  Commands commands;
  Row row;

  // Makes all referral or sanction commands about that case. A batch of intake opens its
  // own case and is left alone.
  void SetCase(absl::string_view case_id);
};

// A row that is wrong as a whole. Nothing of it may be sent.
struct Refusal {
  int line = 0;
  std::string number;  // register number or letter as written; may be empty
  std::string column;  // the leftmost one of the register that fails
  std::string why;     // "17 digits", "unknown region", "before the event", …
};

// A row that repeats an earlier one exactly: nothing to do.
struct Duplicate {
  int line = 0;
  int of_line = 0;
  std::string number;
};

using PlannedRow = std::variant<Plan, Refusal, Duplicate>;

}  // namespace selaras::registers
