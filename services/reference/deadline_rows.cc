#include "services/reference/deadline_rows.h"

#include "services/reference/deadline_words.h"

namespace selaras::reference {

bool IsValidOn(const Deadline& deadline, LocalDate date) {
  return (!deadline.valid_from || *deadline.valid_from <= date) &&
         (!deadline.valid_to || date <= *deadline.valid_to);
}

std::span<const absl::string_view> DeadlineMoments() { return kDeadlineMoments; }

int HoursEastOfUtc(TimeZone zone) {
  constexpr int kWesternmost = 7;
  return kWesternmost + static_cast<int>(zone);
}

std::optional<TimeZone> ParseTimeZone(absl::string_view text) {
  for (const Word<TimeZone>& word : kTimeZones) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

absl::string_view NameOf(DeadlineUnit unit) { return TextOf(kDeadlineUnits, unit); }
absl::string_view NameOf(CountFrom from) { return TextOf(kCountFrom, from); }
absl::string_view NameOf(DeadlineRole role) { return TextOf(kDeadlineRoles, role); }
absl::string_view NameOf(DeadlineCondition condition) {
  return condition == DeadlineCondition::kNone ? "" : TextOf(kDeadlineConditions, condition);
}
absl::string_view NameOf(TimeZone zone) { return TextOf(kTimeZones, zone); }

}  // namespace selaras::reference
