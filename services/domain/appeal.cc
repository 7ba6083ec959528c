#include "services/domain/appeal.h"

#include "absl/strings/str_cat.h"

#include "services/domain/ground.h"
#include "services/domain/refusal.h"
#include "services/domain/sanction_rules.h"

namespace selaras::domain {
namespace {

using reference::AppealRoute;

constexpr absl::string_view kRouteRule = "appeal_route";
constexpr absl::string_view kOutcomeRule = "appeal_outcome";

// Codes of the list `appeal_outcome`.
constexpr absl::string_view kUpheld = "memperkuat";
constexpr absl::string_view kLighter = "memperingan";
constexpr absl::string_view kHeavier = "memperberat";
constexpr absl::string_view kAnnulled = "membatalkan";

absl::Status Forbids(absl::string_view rule, absl::string_view why,
                     const reference::Catalogue& catalogue) {
  return RuleForbids(rule, absl::StrCat(why, " (", Describe(GroundOfRule(rule, catalogue)), ")"));
}

}  // namespace

std::string SanctionInForce(const CaseFold& fold, const event::v1::Position* before) {
  std::string sanction;
  const Custody custody = CustodyOf(fold);
  const Stint* stint = LastStint(custody, Section::kSanction);
  for (int i = stint == nullptr ? 0 : stint->begin; stint != nullptr && i < stint->end; ++i) {
    const auto& fact = stint->segment->facts(i);
    if (before != nullptr && fact.position().log() == before->log() &&
        fact.position().sequence() == before->sequence()) {
      break;
    }
    const std::string& changed = fact.fact().objection_decided().sanction();
    if (fact.fact().has_sanction_decided()) sanction = fact.fact().sanction_decided().sanction();
    if (!changed.empty()) sanction = changed;
  }
  return sanction;
}

absl::Status CheckAppealRoute(absl::string_view route, absl::string_view sanction,
                              absl::string_view departure, const reference::Catalogue& catalogue,
                              Marks* marks) {
  const auto* row = catalogue.FindSanction(sanction);
  if (row == nullptr) {
    AddMark("APPEAL_ROUTE_OPEN", kRouteRule, sanction, marks);
    return absl::OkStatus();
  }
  const bool appeal = route == kBanding;
  if (row->appeal_route == (appeal ? AppealRoute::kAppeal : AppealRoute::kObjection)) {
    return absl::OkStatus();
  }
  // Where none is on record the PPK may still be asked; BPASN takes what it is given alone.
  const bool open = !appeal && row->appeal_route != AppealRoute::kAppeal;
  if (!open && departure != kAsRegistered) {
    const bool known =
        row->appeal_route == AppealRoute::kAppeal || row->appeal_route == AppealRoute::kObjection;
    return Forbids(
        kRouteRule,
        absl::StrCat("against ", sanction, " (", row->text, ") the way is ",
                     known ? reference::NameOf(row->appeal_route) : "no banding", ", not ", route),
        catalogue);
  }
  AddMark("APPEAL_ROUTE", kRouteRule, sanction, marks);
  return absl::OkStatus();
}

absl::Status CheckAppealOutcome(absl::string_view outcome, absl::string_view sanction,
                                absl::string_view in_force, const reference::Catalogue& catalogue) {
  if (outcome == kAnnulled) {
    if (sanction.empty()) return absl::OkStatus();
    return Forbids(kOutcomeRule, "membatalkan leaves no sanction in force; name none", catalogue);
  }
  if (outcome == kUpheld) {
    if (sanction.empty() || sanction == in_force) return absl::OkStatus();
    return Forbids(kOutcomeRule,
                   absl::StrCat("memperkuat leaves ", in_force,
                                " in force; name no other sanction, or say mengubah"),
                   catalogue);
  }
  if (sanction.empty()) {
    return BadField("sanction", absl::StrCat("is required with ", outcome,
                                             ": the sanction in force from here on"));
  }
  if (sanction == in_force) {
    return Forbids(kOutcomeRule,
                   absl::StrCat(in_force, " is in force already; ", outcome,
                                " needs another one, or say memperkuat"),
                   catalogue);
  }
  const auto* before = catalogue.FindSanction(in_force);
  const auto* after = catalogue.FindSanction(sanction);
  if (before == nullptr || after == nullptr) return absl::OkStatus();
  const bool wrong = (outcome == kHeavier && after->level < before->level) ||
                     (outcome == kLighter && after->level > before->level);
  if (!wrong) return absl::OkStatus();
  return Forbids(kOutcomeRule,
                 absl::StrCat(sanction, " (", reference::NameOf(after->level), ") is ",
                              outcome == kHeavier ? "lighter" : "heavier", " than ", in_force, " (",
                              reference::NameOf(before->level), "); ", outcome, " needs a ",
                              outcome == kHeavier ? "heavier" : "lighter", " one"),
                 catalogue);
}

}  // namespace selaras::domain
