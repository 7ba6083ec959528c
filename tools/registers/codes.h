#pragma once

#include <string>

#include "absl/strings/string_view.h"

#include "services/reference/catalogue.h"
#include "tools/registers/cells.h"

// Columns that hold a code of the catalogue. All return the catalogue's way of writing it,
// and nothing, without charging the column, if the cell is empty.
namespace selaras::registers {

// Of a list, by code or by the words for it. Charges `why`, e.g. "unknown source".
std::string ReadCode(RowReader& cells, const reference::Catalogue& catalogue,
                     absl::string_view column, absl::string_view list, absl::string_view why);

// Charges "unknown region".
std::string ReadRegion(RowReader& cells, const reference::Catalogue& catalogue,
                       absl::string_view column);

// Charges "unknown sanction code".
std::string ReadSanction(RowReader& cells, const reference::Catalogue& catalogue,
                         absl::string_view column);

// 18 digits. The later registers do not say whether they are a PNS's or a PPPK's, so only
// what both have in common is checked. Charges "no NIP" if there is none.
std::string ReadNipOfEitherStatus(RowReader& cells, absl::string_view column);

}  // namespace selaras::registers
