#include "services/domain/decide.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/domain/conflict.h"
#include "services/domain/decide_common.h"
#include "services/domain/erasure.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/domain/succession.h"
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

// What the table alone does not say; empty where it says everything.
std::string WhyNot(const Standing& standing, const event::v1::Fact& fact, absl::string_view next,
                   std::optional<LocalDate> day, const reference::Catalogue& catalogue) {
  Standing ended = standing;
  ended.ended = true;
  const bool would_go = !next.empty() && FindTransition(ended, fact) != nullptr;
  return would_go ? WhyItKeepsTheCase(next, day, catalogue) : "";
}

}  // namespace

absl::Status CheckMove(const CaseFold& fold, Section section, const event::v1::Fact& fact,
                       const Call& call, std::optional<LocalDate> day) {
  const std::string& authority = call.header.authority();
  if (HasErased(fold, authority)) return CaseIsErased();
  const Custody custody = CustodyOf(fold);
  Standing standing = StandingOf(custody, section);
  const bool receives =
      IsAcknowledgement(fact.kind_case()) && custody.under_way != nullptr &&
      AcknowledgementOf(custody.under_way->fact().kind_case()) == fact.kind_case();
  if (receives) {
    standing = {section, State::kNone, State::kNone};
  } else if (const Stint* own = LastStint(custody, section)) {
    const std::string& writer = own->segment->writer();
    if (writer != authority && !fact.has_case_taken_over()) {
      return NotYourCase(authority, TakeOverOf(*own) != nullptr
                                        ? absl::StrCat(writer, " has taken the case over")
                                        : absl::StrCat("this section is written by ", writer));
    }
  } else if (const auto* segment = FindSegment(fold.segments(), section, authority);
             segment != nullptr && !NothingStands(*segment)) {
    return NotYourCase(authority, "the case went on without it");
  }
  const absl::string_view next = NextIn(custody, section);
  standing.ended = HasEnded(next, day, call.catalogue);
  if (FindTransition(standing, fact) != nullptr) return absl::OkStatus();
  absl::string_view basis = BasisOf(fact.kind_case());
  if (const auto* row = call.catalogue.FindDeadline(basis)) basis = row->basis;
  return MoveNotAllowed(CommandName(fact.kind_case()), StateName(standing.state),
                        AllowedNow(
                            fold, section,
                            [&](const std::string& other) {
                              return other == authority ||
                                     call.catalogue.IsSuccessorOf(authority, other);
                            },
                            call.catalogue),
                        basis, WhyNot(standing, fact, next, day, call.catalogue));
}

absl::Status CheckRequestId(absl::string_view field, absl::string_view id) {
  if (id.empty() || id.size() > kRequestIdBytesMax ||
      !std::all_of(id.begin(), id.end(), [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return BadField(field, "must be 1 to 128 printable ASCII characters");
  }
  return absl::OkStatus();
}

absl::Status CheckHeader(const command::v1::CommandHeader& header,
                         const reference::Catalogue& catalogue) {
  RETURN_IF_ERROR(CheckRequestId("header.request_id", header.request_id()));
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
  return InField("header", CheckOfficer(header.officer(), catalogue));
}

absl::Status CheckOfficer(const event::v1::Officer& officer,
                          const reference::Catalogue& catalogue) {
  RETURN_IF_ERROR(CheckText("officer.officer_id", officer.officer_id(), kShortTextBytesMax));
  if (!officer.mandate().empty() && catalogue.FindCode("mandate", officer.mandate()) == nullptr) {
    return BadField("officer.mandate", absl::StrCat("unknown mandate \"", officer.mandate(), "\""));
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

absl::Status AddReasonText(absl::string_view text, Draft* draft) {
  RETURN_IF_ERROR(CheckText("reason_text", text, kReasonBytesMax));
  if (text.empty()) return absl::OkStatus();
  if (!draft->personal) draft->personal.emplace();
  draft->personal->set_reason_text(std::string(text));
  return absl::OkStatus();
}

absl::Status AddLetter(absl::string_view letter_number, Draft* draft) {
  RETURN_IF_ERROR(CheckText("letter_number", letter_number, kNumberBytesMax));
  if (letter_number.empty()) return absl::OkStatus();
  if (!draft->personal) draft->personal.emplace();
  *draft->personal->add_references() = Reference(event::v1::REFERENCE_KIND_LETTER, letter_number);
  return absl::OkStatus();
}

absl::Status AddReferences(const References& references, Draft* draft) {
  RETURN_IF_ERROR(CheckSharedReferences("references", references));
  if (references.empty()) return absl::OkStatus();
  if (!draft->personal) draft->personal.emplace();
  draft->personal->mutable_references()->MergeFrom(references);
  return absl::OkStatus();
}

absl::StatusOr<Decision> Move(const CaseFold& fold, Section section, Draft draft,
                              const Call& call) {
  RETURN_IF_ERROR(CheckMove(fold, section, draft.fact, call));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
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
