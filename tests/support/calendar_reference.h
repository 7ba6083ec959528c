#pragma once

#include <optional>

#include "services/reference/catalogue.h"
#include "services/reference/local_date.h"

namespace selaras::test {

// The nth working day after `from` (before it for a negative n), by walking from day to day and
// asking the catalogue about each.
std::optional<reference::LocalDate> WalkWorkingDays(const reference::Catalogue& catalogue,
                                                    reference::LocalDate from, int n);

bool IsDayOff(const reference::Catalogue& catalogue, reference::LocalDate day);

}  // namespace selaras::test
