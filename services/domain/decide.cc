#include "services/domain/decide.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/domain/transitions.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using storage::v1::EffectiveFact;

constexpr std::size_t kRequestIdBytesMax = 128;
constexpr std::size_t kShortTextBytesMax = 64;

absl::Duration OffsetOf(absl::string_view zone) {
  if (zone == "WITA") return absl::Hours(8);
  if (zone == "WIT") return absl::Hours(9);
  return absl::Hours(7);  // WIB, also where no zone was recorded
}

}  // namespace

absl::Status CheckMove(const CaseFold& fold, Section section, const event::v1::Fact& fact,
                       const Call& call) {
  const auto& own = SectionIn(fold, section);
  if (!own.facts().empty() && own.writer() != call.header.authority()) {
    return NotYourCase(call.header.authority(),
                       absl::StrCat("this section is written by ", own.writer()));
  }
  const State state = StateOf(own);
  if (FindTransition(state, fact) != nullptr) return absl::OkStatus();
  absl::string_view basis = BasisOf(fact.kind_case());
  if (const auto* row = call.catalogue.FindDeadline(basis)) basis = row->basis;
  return MoveNotAllowed(CommandName(fact.kind_case()), StateName(state),
                        AllowedCommands(section, state), basis);
}

absl::Status CheckHeader(const command::v1::CommandHeader& header,
                         const reference::Catalogue& catalogue) {
  const std::string& id = header.request_id();
  if (id.empty() || id.size() > kRequestIdBytesMax ||
      !std::all_of(id.begin(), id.end(), [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return BadField("header.request_id", "must be 1 to 128 printable ASCII characters");
  }
  if (catalogue.FindAuthority(header.authority()) == nullptr) {
    return BadField("header.authority",
                    absl::StrCat("no authority \"", header.authority(), "\" in the catalogue"));
  }
  if (!header.acting_for().empty() &&
      (catalogue.FindAuthority(header.acting_for()) == nullptr ||
       !catalogue.IsSuccessorOf(header.authority(), header.acting_for()))) {
    return BadField("header.acting_for", absl::StrCat(header.authority(), " is no successor of \"",
                                                      header.acting_for(), "\""));
  }
  RETURN_IF_ERROR(CheckText("header.trace_id", header.trace_id(), kShortTextBytesMax));
  RETURN_IF_ERROR(
      CheckText("header.officer.officer_id", header.officer().officer_id(), kShortTextBytesMax));
  if (!header.officer().mandate().empty() &&
      catalogue.FindCode("mandate", header.officer().mandate()) == nullptr) {
    return BadField("header.officer.mandate",
                    absl::StrCat("unknown mandate \"", header.officer().mandate(), "\""));
  }
  return absl::OkStatus();
}

absl::StatusOr<Draft> NewDraft(const CaseFold& fold, Visibility visibility,
                               const event::v1::When& occurred_at) {
  RETURN_IF_ERROR(CheckWhen("occurred_at", occurred_at));
  Draft draft;
  draft.visibility = visibility;
  draft.case_id = fold.case_id();
  if (occurred_at.precision_case() != event::v1::When::PRECISION_NOT_SET) {
    draft.occurred_at = occurred_at;
  }
  return draft;
}

event::v1::Citation Cite(const EffectiveFact& fact) {
  event::v1::Citation citation;
  *citation.mutable_position() = fact.position();
  citation.set_leaf_hash(fact.leaf_hash());
  return citation;
}

std::string DayOf(const event::v1::When& when) {
  if (when.has_date()) return when.date();
  if (!when.has_instant()) return {};
  const absl::Time time = absl::FromUnixSeconds(when.instant().seconds()) + OffsetOf(when.zone());
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return absl::FormatCivilTime(day);
}

event::v1::ExternalReference Reference(event::v1::ReferenceKind kind, absl::string_view raw) {
  event::v1::ExternalReference reference;
  reference.set_kind(kind);
  reference.set_raw(std::string(raw));
  return reference;
}

}  // namespace selaras::domain
