#pragma once

#include <span>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/reference/catalogue.h"
#include "tools/registers/cells.h"
#include "tools/registers/rows.h"

namespace selaras::registers {

// The authority whose register it is; its predecessors' rows are sent for it too.
inline constexpr absl::string_view kBkn = "bkn";

// The columns of bkn.csv, left to right.
std::span<const absl::string_view> BknColumns();

// Checks a row; it is good if the reader has found no fault.
BknRow ReadBknRow(RowReader& cells, const reference::Catalogue& catalogue);

// What BKN would send for the row. The case is not set yet.
std::vector<referral::v1::ReferralCommand> CommandsOf(const BknRow& row);

}  // namespace selaras::registers
