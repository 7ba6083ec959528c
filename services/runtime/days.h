#pragma once

#include "absl/time/time.h"

#include "services/reference/local_date.h"

namespace selaras::runtime {

// The day on which a moment lies: of UTC, which certificates and the directory of nodes count in,
// and of WIB (UTC+7), in which offices date their letters to each other.
reference::LocalDate UtcDay(absl::Time moment);
reference::LocalDate WibDay(absl::Time moment);

// The first moment after a day of UTC.
absl::Time EndOfUtcDay(const reference::LocalDate& day);

}  // namespace selaras::runtime
