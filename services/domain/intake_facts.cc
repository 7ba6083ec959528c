#include "services/domain/intake_facts.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

// The delegation by which the office that writes the section got the case; nullptr if none did.
const event::v1::CaseDelegated* DelegationOf(const CaseFold& fold) {
  const Custody custody = CustodyOf(fold);
  const Stint* stint = LastStint(custody, Section::kIntake);
  if (stint == nullptr || stint->received == nullptr) return nullptr;
  const event::v1::Fact& received = stint->received->fact();
  return received.has_case_delegated() ? &received.case_delegated() : nullptr;
}

}  // namespace

const event::v1::RespondentNamed* NamingOf(const CaseFold& fold) {
  if (const auto* delegated = DelegationOf(fold)) return &delegated->named();
  const auto* named = LastFact(fold, Section::kIntake, F::kRespondentNamed);
  return named == nullptr ? nullptr : &named->fact().respondent_named();
}

std::optional<event::v1::CaseConcluded> ConclusionOf(const CaseFold& fold) {
  if (const auto* concluded = LastFact(fold, Section::kIntake, F::kCaseConcluded)) {
    return concluded->fact().case_concluded();
  }
  const auto* delegated = DelegationOf(fold);
  if (delegated == nullptr || !delegated->has_concluded()) return std::nullopt;
  return delegated->concluded();
}

std::string EmploymentStatusOf(const CaseFold& fold) {
  if (const auto* fact = LastFact(fold, Section::kIntake, F::kRespondentIdentified)) {
    return fact->fact().respondent_identified().employment_status();
  }
  const event::v1::RespondentNamed* named = NamingOf(fold);
  return named == nullptr ? "" : named->employment_status();
}

}  // namespace selaras::domain
