#include "services/reference/rows.h"

#include <cstddef>

#include "services/reference/words.h"

namespace selaras::reference {
namespace {

template <typename Value, std::size_t kCount>
absl::string_view TextOf(const Word<Value> (&words)[kCount], Value value) {
  for (const Word<Value>& word : words) {
    if (word.value == value) return word.text;
  }
  return "?";
}

bool Within(const std::optional<LocalDate>& from, const std::optional<LocalDate>& to,
            LocalDate date) {
  return (!from || *from <= date) && (!to || date <= *to);
}

}  // namespace

bool IsValidOn(const Sanction& sanction, LocalDate date) {
  return Within(sanction.valid_from, sanction.valid_to, date);
}

bool IsValidOn(const Authority& authority, LocalDate date) {
  return Within(authority.valid_from, authority.valid_to, date);
}

absl::string_view NameOf(Mark mark) { return TextOf(kMarks, mark); }
absl::string_view NameOf(RegionLevel level) { return TextOf(kRegionLevels, level); }
absl::string_view NameOf(AuthorityRole role) { return TextOf(kAuthorityRoles, role); }
absl::string_view NameOf(ViolationClass violation_class) {
  return TextOf(kViolationClasses, violation_class);
}
absl::string_view NameOf(ViolationPhase phase) { return TextOf(kViolationPhases, phase); }
absl::string_view NameOf(SanctionLevel level) { return TextOf(kSanctionLevels, level); }
absl::string_view NameOf(EmploymentStatus status) { return TextOf(kEmploymentStatuses, status); }
absl::string_view NameOf(AppealRoute route) { return TextOf(kAppealRoutes, route); }
absl::string_view NameOf(ElectionRegime regime) { return TextOf(kElectionRegimes, regime); }
absl::string_view NameOf(ElectionStage stage) { return TextOf(kElectionStages, stage); }
absl::string_view NameOf(ElectionPhase phase) { return TextOf(kElectionPhases, phase); }
absl::string_view NameOf(HolidayKind kind) { return TextOf(kHolidayKinds, kind); }
absl::string_view NameOf(DeadlineUnit unit) { return TextOf(kDeadlineUnits, unit); }

}  // namespace selaras::reference
