#pragma once

#include <optional>

#include "selaras/event/v1/types.pb.h"

#include "services/domain/local_date.h"

namespace selaras::registers {

// A day as a register gives it: the office's own zone is not recorded there.
inline event::v1::When OnDay(domain::LocalDate day) {
  event::v1::When when;
  when.set_date(day.ToIso());
  return when;
}

// Leaves `occurred_at` unset, which means not recorded, if there is no day.
template <typename Command>
void SetOccurredAt(const std::optional<domain::LocalDate>& day, Command& command) {
  if (day) *command.mutable_occurred_at() = OnDay(*day);
}

}  // namespace selaras::registers
