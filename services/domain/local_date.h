#pragma once

#include "services/reference/local_date.h"

namespace selaras::domain {

// The catalogue speaks of days too and stands below, so the type lives there.
using reference::LocalDate;

}  // namespace selaras::domain
