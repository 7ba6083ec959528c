#include "services/reference/rows.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

#include "services/reference/law_rows.h"
#include "services/reference/office_rows.h"
#include "services/reference/words.h"

namespace selaras::reference {
namespace {

bool Within(const std::optional<LocalDate>& from, const std::optional<LocalDate>& to,
            LocalDate date) {
  return (!from || *from <= date) && (!to || date <= *to);
}

}  // namespace

bool IsValidOn(const Sanction& sanction, LocalDate date) {
  return Within(sanction.valid_from, sanction.valid_to, date);
}

bool IsValidOn(const Region& region, LocalDate date) {
  return Within(region.valid_from, region.valid_to, date);
}

bool IsValidOn(const LegalRule& rule, LocalDate date) {
  return Within(rule.valid_from, rule.valid_to, date);
}

bool IsValidOn(const PppkSanction& sanction, LocalDate date) {
  return Within(sanction.valid_from, sanction.valid_to, date);
}

bool IsValidOn(const BawasluOffice& office, LocalDate date) {
  return Within(office.valid_from, office.valid_to, date);
}

bool IsValidOn(const Alternate& alternate, LocalDate date) {
  return Within(alternate.valid_from, alternate.valid_to, date);
}

bool IsValidOn(const Agency& agency, LocalDate date) {
  return Within(agency.valid_from, agency.valid_to, date);
}

std::string AgencyKey(absl::string_view name) {
  std::string key = absl::AsciiStrToLower(
      absl::StrReplaceAll(name, {{"\u00A0", " "}, {".", " "}, {",", " "}, {"\t", " "}}));
  absl::RemoveExtraAsciiWhitespace(&key);
  return key;
}

bool IsValidOn(const Authority& authority, LocalDate date) {
  return Within(authority.valid_from, authority.valid_to, date);
}

absl::string_view NameOf(Mark mark) { return TextOf(kMarks, mark); }
absl::string_view NameOf(RegionLevel level) { return TextOf(kRegionLevels, level); }
absl::string_view NameOf(AuthorityRole role) { return TextOf(kAuthorityRoles, role); }
absl::string_view NameOf(GovernmentLevel level) { return TextOf(kGovernmentLevels, level); }
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

}  // namespace selaras::reference
