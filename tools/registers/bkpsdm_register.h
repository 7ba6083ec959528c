#pragma once

#include <span>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/sanction/v1/sanction.pb.h"

#include "services/reference/catalogue.h"
#include "tools/registers/cells.h"
#include "tools/registers/rows.h"

namespace selaras::registers {

// The columns of bkpsdm.csv, left to right.
std::span<const absl::string_view> BkpsdmColumns();

// Checks a row; it is good if the reader has found no fault.
BkpsdmRow ReadBkpsdmRow(RowReader& cells, const reference::Catalogue& catalogue);

// What the office of the PPK would send for the row. The case is not set yet.
std::vector<sanction::v1::SanctionCommand> CommandsOf(const BkpsdmRow& row);

}  // namespace selaras::registers
