#include "services/domain/succession.h"

#include "absl/strings/str_cat.h"

#include "services/domain/appeal.h"
#include "services/domain/conflict.h"
#include "services/domain/ground.h"
#include "services/domain/marks.h"
#include "services/domain/refusal.h"
#include "services/domain/routing.h"
#include "services/domain/transitions.h"

namespace selaras::domain {
namespace {

constexpr absl::string_view kNoSecondTime = "PP 94/2021 Ps 35(3)";

}  // namespace

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

std::string HadDecided(const CaseFold& fold) {
  const auto* sent = LastFact(fold, Section::kReferral, event::v1::Fact::kSanctionRecommended);
  if (sent == nullptr) return {};
  for (const event::v1::Mark& mark : sent->fact().sanction_recommended().marks()) {
    if (mark.code() == kHadDecided) return mark.about();
  }
  return {};
}

std::string ImposedBefore(const CaseFold& fold, absl::string_view ended) {
  std::string imposed = ended.empty() ? std::string() : SanctionInForce(fold);
  if (!imposed.empty()) return imposed;
  const bool revoked = StandingOf(CustodyOf(fold), Section::kReferral).next == State::kRevoked;
  return revoked ? std::string() : HadDecided(fold);
}

absl::Status TellDecided(absl::string_view imposed, event::v1::SanctionRecommended* fact) {
  if (imposed.empty()) return absl::OkStatus();
  if (fact->sanction() != imposed) {
    return RuleForbids(kNoSecondTime,
                       absl::StrCat("a PPK that has ended had imposed ", imposed,
                                    ": name that in `sanction`; who follows it goes on from it"));
  }
  AddMark(kHadDecided, kEndedRule, imposed, fact->mutable_marks());
  return absl::OkStatus();
}

absl::Status CheckNotDecided(const CaseFold& fold, absl::string_view sanction) {
  const std::string imposed = HadDecided(fold);
  if (imposed.empty() || imposed == sanction) return absl::OkStatus();
  return RuleForbids(
      kNoSecondTime,
      absl::StrCat("the PPK that ended had imposed ", imposed,
                   ": record that decision with its number and its day (DecideSanction), then "
                   "objection, outcome or revocation"));
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
