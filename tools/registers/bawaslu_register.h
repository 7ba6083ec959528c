#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/intake/v1/intake.pb.h"

#include "services/reference/catalogue.h"
#include "tools/registers/cells.h"
#include "tools/registers/rows.h"

namespace selaras::registers {

// The columns of bawaslu.csv, left to right.
std::span<const absl::string_view> BawasluColumns();

// Checks a row; it is good if the reader has found no fault.
BawasluRow ReadBawasluRow(RowReader& cells, const reference::Catalogue& catalogue);

// The first column, left to right, in which two rows of one report say something else of the
// report itself; empty if there is none. The register number is not compared: offices write
// one number in several ways.
absl::string_view DifferenceOfReports(const BawasluRow& a, const BawasluRow& b);

// What an office would send for the row: the report, unless another row has opened it, the
// respondent, and the steps that are recorded. `report_key` is the same for all rows of
// one report.
std::vector<intake::v1::IntakeCommand> CommandsOf(const BawasluRow& row,
                                                  absl::string_view report_key);

}  // namespace selaras::registers
