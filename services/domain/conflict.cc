#include "services/domain/conflict.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"

#include "services/domain/ground.h"
#include "services/domain/refusal.h"

namespace selaras::domain {

using storage::v1::EffectiveFact;

namespace {

bool Tells(const event::v1::CaseReferred& referred, absl::string_view authority) {
  return std::any_of(referred.marks().begin(), referred.marks().end(),
                     [&](const event::v1::Mark& mark) {
                       return mark.code() == kFlagTold && mark.about() == authority;
                     });
}

}  // namespace

void TellFlags(const Custody& custody, absl::string_view writer,
               const reference::Catalogue& catalogue, Marks* marks) {
  for (const auto* segment : custody.known) {
    if (static_cast<Section>(segment->section()) != Section::kIntake) continue;
    if (segment->writer() != writer) continue;
    for (const EffectiveFact& fact : segment->facts()) {
      if (!fact.fact().has_conflict_flagged()) continue;
      const std::string& flagged = fact.fact().conflict_flagged().authority();
      const auto* authority = catalogue.FindAuthority(flagged);
      if (authority != nullptr && authority->role == reference::AuthorityRole::kSanction) {
        AddMark(kFlagTold, kConflictRule, flagged, marks);
      }
    }
  }
}

const EffectiveFact* FlagAgainst(const Custody& custody, Section section, absl::string_view writer,
                                 absl::string_view authority) {
  const EffectiveFact* newest = nullptr;
  if (authority.empty()) return newest;
  for (const auto* segment : custody.known) {
    const bool own =
        static_cast<Section>(segment->section()) == section && segment->writer() == writer;
    for (const EffectiveFact& fact : segment->facts()) {
      if (fact.fact().conflict_flagged().authority() != authority) continue;
      if (own || fact.party_number() > 0) newest = &fact;
    }
  }
  if (newest != nullptr) return newest;
  const Stint* sender = LastStint(custody, Section::kIntake);
  const EffectiveFact* referred =
      sender == nullptr ? nullptr : LastFact(*sender, event::v1::Fact::kCaseReferred);
  const bool told = referred != nullptr && Tells(referred->fact().case_referred(), authority);
  return told ? referred : nullptr;
}

absl::string_view NextIn(const Custody& custody, Section section) {
  for (std::size_t i = custody.stints.size(); i-- > 0;) {
    if (custody.stints[i].section != section) continue;
    if (i + 1 < custody.stints.size()) return custody.stints[i + 1].segment->writer();
    return custody.under_way == nullptr ? absl::string_view()
                                        : AddresseeOf(custody.under_way->fact());
  }
  return {};
}

const reference::Alternate* InsteadOf(absl::string_view ppk, std::optional<LocalDate> day,
                                      const Custody& custody, absl::string_view writer,
                                      const reference::Catalogue& catalogue) {
  std::set<std::string> seen;
  const auto* alternate = catalogue.AlternateOf(ppk, day);
  while (alternate != nullptr && seen.insert(alternate->alternate).second) {
    const auto* authority = catalogue.FindAuthority(alternate->alternate);
    const bool stands = !day || IsValidOn(*authority, *day);
    const bool flagged =
        FlagAgainst(custody, Section::kReferral, writer, alternate->alternate) != nullptr;
    if (stands && !flagged) return alternate;
    alternate = catalogue.AlternateOf(alternate->alternate, day);
  }
  return nullptr;
}

absl::Status JudgeConflict(const ConflictQuery& query, const Custody& custody,
                           const reference::Catalogue& catalogue,
                           event::v1::SanctionRecommended* fact) {
  const auto flagged = [&](absl::string_view ppk) {
    return FlagAgainst(custody, Section::kReferral, query.writer, ppk) != nullptr;
  };
  if (flagged(query.to)) {
    if (query.departure.empty()) {
      const auto* instead = InsteadOf(query.to, query.day, custody, query.writer, catalogue);
      return RuleForbids(
          kConflictRule,
          absl::StrCat(
              query.to, " is flagged: it may have an interest of its own in the case (",
              Describe(GroundOfRule(kConflictRule, catalogue)), "); ",
              instead == nullptr
                  ? std::string("who decides instead is not on record (alternates.tsv): name "
                                "another PPK in `to`")
                  : absl::StrCat("name another addressee in `to`: ", instead->alternate, " (",
                                 Describe(GroundOf(*instead)), ")"),
              ", or give the reason in `conflict_departure`"));
    }
    fact->set_conflict_departure(std::string(query.departure));
    AddMark("PPK_FLAGGED", kConflictRule, query.to, fact->mutable_marks());
    return absl::OkStatus();
  }
  for (const absl::string_view avoided : {query.otherwise, NextIn(custody, Section::kReferral)}) {
    if (avoided != query.to && flagged(avoided)) {
      AddMark("PPK_AVOIDED", kConflictRule, avoided, fact->mutable_marks());
    }
  }
  return absl::OkStatus();
}

}  // namespace selaras::domain
