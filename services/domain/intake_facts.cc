#include "services/domain/intake_facts.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

// What the office that writes the section goes on with, restated when it got the case; null where
// it opened the case.
struct Restated {
  const event::v1::RespondentNamed* named = nullptr;
  const event::v1::CaseConcluded* concluded = nullptr;
};

template <typename Restating>
Restated In(const Restating& fact) {
  return {&fact.named(), fact.has_concluded() ? &fact.concluded() : nullptr};
}

Restated RestatedIn(const CaseFold& fold) {
  const Custody custody = CustodyOf(fold);
  const Stint* stint = LastStint(custody, Section::kIntake);
  if (stint == nullptr) return {};
  if (const auto* taken = TakeOverOf(*stint)) return In(*taken);
  if (stint->received == nullptr) return {};
  const event::v1::Fact& received = stint->received->fact();
  return received.has_case_delegated() ? In(received.case_delegated()) : Restated();
}

}  // namespace

const event::v1::RespondentNamed* NamingOf(const CaseFold& fold) {
  if (const auto* named = RestatedIn(fold).named) return named;
  const auto* named = LastFact(fold, Section::kIntake, F::kRespondentNamed);
  return named == nullptr ? nullptr : &named->fact().respondent_named();
}

std::optional<event::v1::CaseConcluded> ConclusionOf(const CaseFold& fold) {
  if (const auto* concluded = LastFact(fold, Section::kIntake, F::kCaseConcluded)) {
    return concluded->fact().case_concluded();
  }
  const auto* concluded = RestatedIn(fold).concluded;
  return concluded == nullptr ? std::nullopt : std::optional(*concluded);
}

std::string EmploymentStatusOf(const CaseFold& fold) {
  if (const auto* fact = LastFact(fold, Section::kIntake, F::kRespondentIdentified)) {
    return fact->fact().respondent_identified().employment_status();
  }
  const event::v1::RespondentNamed* named = NamingOf(fold);
  return named == nullptr ? "" : named->employment_status();
}

}  // namespace selaras::domain
