#include "services/domain/judge_anew.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/strip.h"
#include <google/protobuf/util/field_mask_util.h>

#include "services/domain/appeal.h"
#include "services/domain/conflict.h"
#include "services/domain/fold.h"
#include "services/domain/intake_facts.h"
#include "services/domain/placement.h"
#include "services/domain/refusal.h"
#include "services/domain/sanction_rules.h"
#include "services/domain/succession.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;

// The words of a reason that is corrected stand with the correction itself.
constexpr absl::string_view kInTheReason = "as the reason of the correction says";

template <typename Sanctioned>
absl::Status RuleAnew(absl::string_view ppk, const Accused& accused, const Call& call,
                      Sanctioned* fact) {
  const Departure departure{fact->departure(),
                            fact->departure().empty() ? "" : std::string(kInTheReason)};
  ASSIGN_OR_RETURN(Ruling ruling,
                   JudgeSanction(fact->sanction(), ppk, accused, departure, call.catalogue));
  fact->set_violation(std::move(ruling.violation));
  fact->set_regime(std::move(ruling.regime));
  // Of what decided about the addressee nothing is judged anew: it stays, with its reason.
  bool kept = false;
  for (const event::v1::Mark& mark : fact->marks()) {
    kept = kept || mark.code() == "PPK_NO_SUCCESSOR";
    if (mark.rule() == kConflictRule || mark.rule() == kEndedRule) *ruling.marks.Add() = mark;
  }
  if (!kept) fact->set_departure(std::move(ruling.departure));
  *fact->mutable_marks() = std::move(ruling.marks);
  return absl::OkStatus();
}

// Whether the correction names one of these fields.
bool Names(const FieldMask& fields, std::initializer_list<absl::string_view> names) {
  return std::any_of(fields.paths().begin(), fields.paths().end(), [&](const std::string& path) {
    return std::find(names.begin(), names.end(), path) != names.end();
  });
}

// Adds fields that follow from those that were corrected, as the corrected fact has them.
void Carry(std::initializer_list<absl::string_view> names, const event::v1::Fact& corrected,
           event::v1::FactCorrected* correction) {
  for (const absl::string_view name : names) {
    correction->mutable_fields()->add_paths(std::string(name));
  }
  FieldMask paths;
  for (const std::string& path : correction->fields().paths()) {
    absl::string_view inner = path;
    if (path != "occurred_at" && !absl::ConsumePrefix(&inner, "personal.")) paths.add_paths(path);
  }
  *correction->mutable_new_fact() = corrected;
  FieldMaskUtil::TrimMessage(paths, MutableKindMessage(correction->mutable_new_fact()));
}

// Phase and stage of the opening of a case follow the act; a phase with a reason stays.
template <typename Opening>
void PlaceAnew(const google::protobuf::RepeatedPtrField<std::string>& violations, const Call& call,
               Opening* opening) {
  const std::vector<std::string> codes(violations.begin(), violations.end());
  auto placed = PlaceAct(
      {opening->election(), opening->contest(), opening->agency_region()}, opening->incident_on(),
      codes,
      opening->phase_override().empty()
          ? PhaseSaid{}
          : PhaseSaid{opening->phase(), opening->phase_override(), std::string(kInTheReason)},
      call.catalogue);
  if (placed.ok()) WritePlacement(*std::move(placed), std::string(opening->contest()), opening);
}

}  // namespace

absl::Status JudgeAnew(const CaseFold& fold, const Call& call, event::v1::Fact* fact,
                       event::v1::FactCorrected* correction) {
  const FieldMask fields = correction->fields();
  const bool act = Names(fields, {"incident_on", "election", "agency_region", "contest",
                                  "violations_alleged", "violations_found"});
  const auto placement = {absl::string_view("phase"), absl::string_view("calendar_phase"),
                          absl::string_view("stage"), absl::string_view("phase_override"),
                          absl::string_view("marks")};
  if (act && fact->has_respondent_named()) {
    auto* named = fact->mutable_respondent_named();
    PlaceAnew(named->violations_alleged(), call, named);
    Carry(placement, *fact, correction);
  } else if (act && fact->has_legacy_case_opened()) {
    auto* opened = fact->mutable_legacy_case_opened();
    PlaceAnew(opened->violations_found(), call, opened);
    Carry(placement, *fact, correction);
  } else if (act && fact->has_case_referred()) {
    auto* referred = fact->mutable_case_referred();
    const Marks before = referred->marks();
    PlaceAnew(referred->violations_found(), call, referred);
    // Whom the office had flagged does not follow from the act.
    for (const event::v1::Mark& mark : before) {
      if (mark.rule() != kConflictRule) continue;
      AddMark(mark.code(), mark.rule(), mark.about(), referred->mutable_marks());
    }
    Carry(placement, *fact, correction);
  } else if (act && fact->has_case_concluded()) {
    auto* concluded = fact->mutable_case_concluded();
    concluded->clear_marks();
    const auto* named = NamingOf(fold);
    const std::vector<std::string> found(concluded->violations_found().begin(),
                                         concluded->violations_found().end());
    if (named != nullptr) {
      MarkViolations(found, named->phase(), call.catalogue, concluded->mutable_marks());
    }
    Carry({"marks"}, *fact, correction);
  }
  if (fact->has_objection_filed() && Names(fields, {"route", "departure"})) {
    auto* filed = fact->mutable_objection_filed();
    filed->clear_marks();
    RETURN_IF_ERROR(CheckAppealRoute(filed->route(), SanctionInForce(fold, &correction->position()),
                                     filed->departure(), call.catalogue, filed->mutable_marks()));
    Carry({"marks"}, *fact, correction);
  }
  if (fact->has_objection_decided() && Names(fields, {"outcome", "sanction"})) {
    const auto& decided = fact->objection_decided();
    RETURN_IF_ERROR(CheckAppealOutcome(decided.outcome(), decided.sanction(),
                                       SanctionInForce(fold, &correction->position()),
                                       call.catalogue));
  }
  if (!Names(fields, {"sanction", "departure"})) return absl::OkStatus();
  const auto accused = AccusedOf(fold);
  if (!accused) return NotHereYet("the referral of this case");
  if (fact->has_sanction_recommended()) {
    auto* recommended = fact->mutable_sanction_recommended();
    for (const event::v1::Mark& mark : recommended->marks()) {
      if (mark.code() == kHadDecided) RETURN_IF_ERROR(TellDecided(mark.about(), recommended));
    }
    RETURN_IF_ERROR(RuleAnew(recommended->to(), *accused, call, recommended));
    Carry({"violation", "regime", "departure", "marks"}, *fact, correction);
  } else if (fact->has_sanction_decided()) {
    auto* decided = fact->mutable_sanction_decided();
    RETURN_IF_ERROR(RuleAnew(call.header.authority(), *accused, call, decided));
    RETURN_IF_ERROR(CheckSignatory(decided->signed_by(), decided->sanction(),
                                   call.header.authority(), *accused, {decided->departure(), {}},
                                   call.catalogue, decided->mutable_marks()));
    Carry({"violation", "regime", "departure", "marks"}, *fact, correction);
  }
  return absl::OkStatus();
}

}  // namespace selaras::domain
