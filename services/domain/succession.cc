#include "services/domain/succession.h"

#include "absl/strings/str_cat.h"

#include "services/domain/conflict.h"
#include "services/domain/ground.h"
#include "services/domain/marks.h"
#include "services/domain/refusal.h"
#include "services/domain/routing.h"

namespace selaras::domain {

bool HasEnded(absl::string_view authority, std::optional<LocalDate> day,
              const reference::Catalogue& catalogue) {
  const auto* row = catalogue.FindAuthority(authority);
  return row != nullptr && day && row->valid_to && *row->valid_to < *day;
}

bool EndsOnce(absl::string_view authority, const reference::Catalogue& catalogue) {
  const auto* row = catalogue.FindAuthority(authority);
  return row != nullptr && row->valid_to.has_value();
}

std::string WhyItKeepsTheCase(absl::string_view ppk, std::optional<LocalDate> day,
                              const reference::Catalogue& catalogue) {
  if (!day && EndsOnce(ppk, catalogue)) {
    return absl::StrCat("whether ", ppk, " had ended depends on the day: give it in occurred_at");
  }
  return absl::StrCat(ppk,
                      " has the recommendation and has not ended (authorities.tsv): remind it, "
                      "warn it or escalate the case");
}

absl::Status JudgeSuccession(const SuccessionQuery& query, const Custody& custody,
                             const reference::Catalogue& catalogue,
                             event::v1::SanctionRecommended* fact) {
  AddMark("PPK_ENDED", kEndedRule, query.had, fact->mutable_marks());
  const auto* successor = StandingFor(query.had, query.day, catalogue);
  if (successor == nullptr || successor->id == query.to) return absl::OkStatus();
  if (FlagAgainst(custody, Section::kReferral, query.writer, successor->id) != nullptr) {
    return absl::OkStatus();  // why it goes past that one is judged as a conflict of interest
  }
  if (query.departure.empty()) {
    return RuleForbids(kEndedRule,
                       absl::StrCat(query.had, " has ended, its successor is ", successor->id, " (",
                                    Describe(GroundOfRule(kEndedRule, catalogue)),
                                    "): send it there, or give the reason in `departure`"));
  }
  fact->set_departure(std::string(query.departure));
  AddMark("PPK_NO_SUCCESSOR", kEndedRule, query.to, fact->mutable_marks());
  return absl::OkStatus();
}

}  // namespace selaras::domain
