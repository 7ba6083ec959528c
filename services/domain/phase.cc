#include "services/domain/phase.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using reference::Catalogue;
using reference::ElectionStage;
using reference::ViolationPhase;

// A contest with a penetapan of its own, for which the phase would be another.
std::string DecidingContest(const ElectionPlace& place, LocalDate act, ElectionPhase phase,
                            const Catalogue& catalogue) {
  for (const reference::Code& contest : catalogue.CodesOf("contest")) {
    const auto other = catalogue.Phase(place.election, contest.code, place.region, act);
    if (other.ok() && *other != phase) return contest.code;
  }
  return {};
}

PhaseFinding ByCalendar(const ElectionPlace& place, LocalDate act, ElectionPhase phase,
                        const Catalogue& catalogue) {
  PhaseFinding finding;
  finding.phase = phase;
  finding.computed = phase;
  finding.grounds.push_back(GroundOfRule("phase_by_penetapan", catalogue));
  const auto* penetapan =
      catalogue.FindPeriod(place.election, place.contest, place.region, ElectionStage::kPenetapan);
  finding.grounds.push_back(GroundOf(*penetapan, place.election));
  if (place.contest.empty()) {
    const std::string contest = DecidingContest(place, act, phase, catalogue);
    if (!contest.empty()) {
      finding.notices.push_back(
          {"CONTEST_OPEN",
           absl::StrCat("for the contest ", contest, " the phase would be another; record it"),
           finding.grounds});
    }
  }
  return finding;
}

absl::string_view WordOf(ElectionPhase phase) {
  return phase == ElectionPhase::kBeforePenetapan ? "before" : "from";
}

}  // namespace

absl::StatusOr<PhaseFinding> FindPhase(const ElectionPlace& place, LocalDate act,
                                       const std::optional<PhaseOverride>& override_or_none,
                                       const Catalogue& catalogue) {
  const auto computed = catalogue.Phase(place.election, place.contest, place.region, act);
  PhaseFinding finding;
  if (computed.ok()) finding = ByCalendar(place, act, *computed, catalogue);
  if (!override_or_none) {
    if (!computed.ok()) return computed.status();
    return finding;
  }
  // An unknown election or region stays a mistake; only a missing penetapan can be said.
  if (absl::IsInvalidArgument(computed.status())) return computed.status();
  if (absl::StripAsciiWhitespace(override_or_none->reason).empty()) {
    return BadField("phase_override.reason", "is required: another phase needs a reason");
  }
  finding.phase = override_or_none->phase;
  finding.overridden = finding.computed != finding.phase;
  if (finding.overridden) {
    const Ground rule = GroundOfRule("phase_override", catalogue);
    finding.notices.push_back(
        {"PHASE_OVERRIDDEN",
         absl::StrCat("an officer says ", WordOf(finding.phase), " the penetapan, the calendar ",
                      finding.computed ? absl::StrCat("says ", WordOf(*finding.computed))
                                       : "has no penetapan"),
         {rule}});
    finding.grounds.push_back(rule);
  }
  return finding;
}

absl::StatusOr<PhaseFit> CheckViolationPhase(absl::string_view code, ElectionPhase phase,
                                             const Catalogue& catalogue) {
  const reference::Violation* violation = catalogue.FindViolation(code);
  if (violation == nullptr) {
    return BadField("violation", absl::StrCat("unknown violation code \"", code, "\""));
  }
  PhaseFit fit;
  fit.fits = violation->phase == ViolationPhase::kAny ||
             (violation->phase == ViolationPhase::kBeforePenetapan) ==
                 (phase == ElectionPhase::kBeforePenetapan);
  const ElectionPhase other = phase == ElectionPhase::kBeforePenetapan
                                  ? ElectionPhase::kFromPenetapan
                                  : ElectionPhase::kBeforePenetapan;
  Notice mismatch{
      .code = "PHASE_MISMATCH",
      .text = absl::StrCat(
          code, " is a violation ", WordOf(other), " the penetapan, the act lies ",
          phase == ElectionPhase::kBeforePenetapan ? "before it" : "on its day or later"),
      .grounds = {GroundOfRule("phase_by_penetapan", catalogue), GroundOf(*violation)},
      .about = std::string(code)};
  for (const reference::ViolationPair& pair : catalogue.violation_pairs()) {
    const bool is_before = pair.before == code;
    if (!is_before && pair.from != code) continue;
    fit.counterpart = is_before ? pair.from : pair.before;
    absl::StrAppend(&mismatch.text, "; there the same act is ", pair.whole ? "" : "in part ",
                    fit.counterpart);
    mismatch.grounds.push_back(Ground{absl::StrCat("violation_pairs ", pair.before), pair.note,
                                      absl::StrCat(pair.before, " ~ ", pair.from),
                                      pair.provenance});
  }
  if (!fit.fits) fit.notices.push_back(std::move(mismatch));
  AddConflicts("violations", code, catalogue, &fit.notices);
  return fit;
}

}  // namespace selaras::domain
