#pragma once

#include <string>
#include <variant>
#include <vector>

#include "selaras/intake/v1/intake.pb.h"

#include "tools/registers/amend.h"

// What an office keeps of a report: its opening in the shared log, and in the private one what rule
// 8 protects. All cases of a report share it, so a row that differs changes it for all of them.
namespace selaras::registers {

// Why it cannot be corrected.
struct CannotCorrect {
  std::string column;
  std::string why;
};

// Whether the report, or what the private log keeps of the case, is all that differs.
bool IsOnlyOfReport(const std::vector<Difference>& differences);

// The corrections that make report and details of the case say what the row says; none if they do.
// `differences` are those between the row and what is recorded.
std::variant<std::vector<intake::v1::IntakeCommand>, CannotCorrect> CorrectReport(
    const BawasluRow& row, const intake::v1::ReceiveReport& stated, const Recorded& recorded,
    const std::vector<Difference>& differences, absl::string_view reason);

}  // namespace selaras::registers
