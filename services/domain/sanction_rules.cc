#include "services/domain/sanction_rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/discipline.h"
#include "services/domain/imposer.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using reference::Catalogue;

template <typename Opening>
Accused FromOpening(const Opening& opening) {
  Accused accused;
  accused.violations = {opening.violations_found().begin(), opening.violations_found().end()};
  accused.act_day = opening.incident_on();
  accused.status =
      ReadStatus("employment_status", opening.employment_status()).value_or(MaybeStatus());
  accused.position = opening.position_kind();
  accused.region = opening.agency_region();
  return accused;
}

bool IsAbout(const Notice& notice, absl::string_view code) { return notice.about == code; }

std::string BasisOf(const Notice& notice) {
  return notice.grounds.empty() ? std::string()
                                : absl::StrCat(" (", Describe(notice.grounds[0]), ")");
}

// The sanctions that would do, for the words of a refusal.
std::string Admissible(const SanctionQuery& query, const Catalogue& catalogue) {
  if (query.violation.empty()) return {};
  const auto found = FindAdmissibleSanctions(query, catalogue);
  if (!found.ok() || found->sanctions.empty()) return {};
  std::vector<std::string> codes;
  for (const AdmissibleSanction& each : found->sanctions) {
    if (each.replaced_by.empty()) codes.push_back(each.sanction->code);
  }
  return absl::StrCat("; admissible are ", absl::StrJoin(codes, ", "));
}

absl::Status Inadmissible(const Notice& why, const SanctionQuery& query,
                          const Catalogue& catalogue) {
  return RuleForbids(why.grounds.empty() ? why.code : why.grounds[0].rule,
                     absl::StrCat(why.text, BasisOf(why), Admissible(query, catalogue),
                                  "; or give the reason for the departure in `departure`"));
}

bool Has(const std::vector<Notice>& notices, absl::string_view code) {
  return std::any_of(notices.begin(), notices.end(),
                     [&](const Notice& notice) { return notice.code == code; });
}

// A rule that did not hold on the day of the act forbids nothing about it.
bool IsOfLaterRule(const SanctionFit& fit) {
  return fit.notices.front().code == "SANCTION_LEVEL" && Has(fit.notices, "LEVEL_OF_LATER_RULE");
}

std::optional<std::size_t> RankOf(absl::string_view office, const Catalogue& catalogue) {
  const auto offices = catalogue.CodesOf("imposer");  // from the highest
  const auto at = std::find_if(offices.begin(), offices.end(),
                               [&](const reference::Code& code) { return code.code == office; });
  if (at == offices.end()) return std::nullopt;
  return static_cast<std::size_t>(at - offices.begin());
}

reference::GovernmentLevel GovernmentOfPpk(absl::string_view ppk, const Catalogue& catalogue) {
  const reference::Authority* authority = catalogue.FindAuthority(ppk);
  return authority == nullptr ? reference::GovernmentLevel::kCentral
                              : GovernmentOf(*authority, catalogue);
}

absl::Status CheckMandateOf(const event::v1::Signatory& signatory,
                            const reference::Sanction& sanction, bool as_registered,
                            const Catalogue& catalogue, Marks* marks) {
  if (signatory.mandate().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckCode("signed_by.mandate", "mandate", signatory.mandate(), catalogue));
  const auto found = CheckMandate(signatory.mandate(), sanction.level, catalogue);
  if (!found.ok()) {
    AddMark("MANDATE_OPEN", "acting_official", signatory.mandate(), marks);
    return absl::OkStatus();
  }
  if (found->may_sign) return absl::OkStatus();
  if (as_registered) {
    AddMarks(found->notices, marks);
    return absl::OkStatus();
  }
  return RuleForbids(
      "acting_official",
      absl::StrCat(found->notices[0].text, " (", Describe(found->grounds.back()),
                   "); name who signed in `signed_by`, or record that it waits: RecordBlocker"));
}

absl::Status CheckOfficeOf(const event::v1::Signatory& signatory,
                           const reference::Sanction& sanction, absl::string_view ppk,
                           const Accused& accused, bool as_registered, const Catalogue& catalogue,
                           Marks* marks) {
  if (signatory.office().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckCode("signed_by.office", "imposer", signatory.office(), catalogue));
  if (accused.position.empty()) {
    AddMark("POSITION_OPEN", "imposer_by_position", "", marks);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const ImposerFinding found,
                   FindImposers({.position = accused.position,
                                 .government = GovernmentOfPpk(ppk, catalogue),
                                 .sanction = sanction.code},
                                catalogue));
  for (const Notice& notice : found.notices) {
    if (notice.code != "PPK_INTEREST") AddMark(notice, marks);
  }
  if (found.options.empty()) return absl::OkStatus();
  const auto rank = RankOf(signatory.office(), catalogue);
  bool higher = false;
  std::vector<std::string> offices;
  for (const ImposerOption& option : found.options) {
    if (option.imposer == signatory.office()) return absl::OkStatus();
    higher = higher || rank < RankOf(option.imposer, catalogue);
    if (std::find(offices.begin(), offices.end(), option.imposer) == offices.end()) {
      offices.push_back(option.imposer);
    }
  }
  if (signatory.for_vacancy() && higher) {
    AddMark("IMPOSER_VACANCY", "imposer_vacancy", signatory.office(), marks);
    return absl::OkStatus();
  }
  if (as_registered) {
    AddMark("IMPOSER_OTHER", "imposer_by_position", signatory.office(), marks);
    return absl::OkStatus();
  }
  return RuleForbids(
      "imposer_by_position",
      absl::StrCat(
          signatory.office(), " does not impose ", sanction.code, " on ", accused.position,
          " here; ", absl::StrJoin(offices, " or "), " does (", Describe(found.options[0].ground),
          ")", higher ? "; where that office is vacant, say so in `signed_by.for_vacancy`" : ""));
}

}  // namespace

std::optional<Accused> AccusedOf(const CaseFold& fold) {
  if (const auto* referred = LastFact(fold, Section::kIntake, F::kCaseReferred)) {
    return FromOpening(referred->fact().case_referred());
  }
  if (const auto* opened = LastFact(fold, Section::kReferral, F::kLegacyCaseOpened)) {
    return FromOpening(opened->fact().legacy_case_opened());
  }
  return std::nullopt;
}

absl::StatusOr<Ruling> JudgeSanction(absl::string_view sanction_code, absl::string_view ppk,
                                     const Accused& accused, const Departure& departure,
                                     const Catalogue& catalogue) {
  RETURN_IF_ERROR(CheckReason("departure", "departure", departure.code, departure.text, catalogue));
  RETURN_IF_ERROR(CheckSanction("sanction", sanction_code, catalogue));
  const reference::Sanction& sanction = *catalogue.FindSanction(sanction_code);
  Ruling ruling{.regime = sanction.regime};
  if (!accused.violations.empty()) {
    ASSIGN_OR_RETURN(const HeaviestViolation heaviest, FindHeaviest(accused.violations, catalogue));
    ruling.violation = heaviest.violation->code;
    AddMarks(heaviest.notices, &ruling.marks);
  }
  if (!accused.status) AddMark("STATUS_OPEN", "pppk_own_table", "", &ruling.marks);
  const SanctionQuery query{.violation = ruling.violation,
                            .act = LocalDate::ParseIso(accused.act_day),
                            .status = accused.status.value_or(sanction.applies_to),
                            .ppk = std::string(ppk)};
  ASSIGN_OR_RETURN(const SanctionFit fit, CheckSanctionFits(query, sanction_code, catalogue));
  if (!fit.fits && !IsOfLaterRule(fit)) {
    if (departure.code.empty()) return Inadmissible(fit.notices.front(), query, catalogue);
    ruling.departure = departure.code;
  }
  for (const Notice& notice : fit.notices) {
    // Of what else would be admissible the conflicts do not matter here.
    if (notice.code == "CONFLICT" && !IsAbout(notice, sanction_code) &&
        !IsAbout(notice, ruling.violation)) {
      continue;
    }
    AddMark(notice, &ruling.marks);
  }
  MarkInterest(sanction_code, ppk, accused, catalogue, &ruling.marks);
  return ruling;
}

absl::Status CheckSignatory(const event::v1::Signatory& signatory, absl::string_view sanction_code,
                            absl::string_view ppk, const Accused& accused,
                            const Departure& departure, const Catalogue& catalogue, Marks* marks) {
  RETURN_IF_ERROR(CheckSanction("sanction", sanction_code, catalogue));
  const reference::Sanction& sanction = *catalogue.FindSanction(sanction_code);
  const bool as_registered = departure.code == kAsRegistered;
  RETURN_IF_ERROR(CheckMandateOf(signatory, sanction, as_registered, catalogue, marks));
  return CheckOfficeOf(signatory, sanction, ppk, accused, as_registered, catalogue, marks);
}

void MarkInterest(absl::string_view sanction, absl::string_view ppk, const Accused& accused,
                  const Catalogue& catalogue, Marks* marks) {
  if (accused.position.empty()) return;
  const auto found = FindImposers({.position = accused.position,
                                   .government = GovernmentOfPpk(ppk, catalogue),
                                   .sanction = std::string(sanction)},
                                  catalogue);
  if (!found.ok()) return;
  for (const Notice& notice : found->notices) {
    if (notice.code == "PPK_INTEREST") AddMark(notice, marks);
  }
}

}  // namespace selaras::domain
