// Documents of cases and reports: the part of CaseReader that shows and finds them.
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "services/domain/attachment.h"
#include "services/domain/custody.h"
#include "services/domain/facts.h"
#include "services/domain/refusal.h"
#include "services/node/case_reader.h"
#include "services/node/held_documents.h"
#include "services/node/kept_facts.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using query::v1::Attachment;
using storage::v1::EffectiveFact;
using storage::v1::SectionFold;
using storage::v1::StoredAttachment;

// What the private log says of a document that went to others; nullptr if nothing.
const EffectiveFact* DetailsOf(const event::v1::Position& position, const SectionFold& details) {
  for (const EffectiveFact& fact : details.facts()) {
    if (!fact.fact().has_attachment_details_recorded()) continue;
    for (const auto& citation : fact.citations()) {
      if (domain::Same(citation.position(), position)) return &fact;
    }
  }
  return nullptr;
}

void FillAtHome(const event::v1::Attachment& kept, Attachment* out) {
  out->set_file_name(kept.file_name());
  out->set_sha256(base::HexEncode(kept.sha256()));
}

absl::Status NoSuchDocument() {
  return domain::Refusal(absl::StatusCode::kNotFound, "ATTACHMENT_NOT_FOUND",
                         "no document was added there that you may read; the case names the "
                         "positions of its documents");
}

}  // namespace

absl::StatusOr<Attachment> CaseReader::ToAttachment(const EffectiveFact& added, bool removed,
                                                    const SectionFold& details) const {
  const event::v1::AttachmentAdded& states = added.fact().attachment_added();
  Attachment out;
  *out.mutable_position() = added.position();
  out.set_author(added.author());
  out.set_kind(states.kind());
  out.set_media_type(states.media_type());
  out.set_sealed_sha256(base::HexEncode(states.sealed_sha256()));
  const auto chunks = vault::ChunksOfSealed(states.sealed_bytes());
  if (chunks) out.set_bytes(chunks->bytes);
  out.set_internal(added.position().log() == store_.private_log().name());
  if (states.has_of()) *out.mutable_of() = states.of();
  if (added.has_occurred_at()) {
    *out.mutable_added_at() = added.occurred_at();
  } else {
    *out.mutable_added_at()->mutable_instant() = added.recorded_at();
  }
  if (states.has_redacted_from()) *out.mutable_redacted_from() = states.redacted_from();

  ASSIGN_OR_RETURN(const event::v1::Event event, Event(added.position()));
  ASSIGN_OR_RETURN(const Opened opened, opener_.Open(event));
  if (opened.part) {
    out.set_personal(query::v1::PERSONAL_STATE_OPEN);
    const event::v1::Attachment& says = opened.part->attachment();
    out.set_title(says.title());
    if (says.has_origin()) *out.mutable_origin() = says.origin();
    if (says.has_signature()) *out.mutable_signature() = says.signature();
    if (out.internal()) FillAtHome(says, &out);
  } else if (opened.pending) {
    out.set_personal(opened.erased ? query::v1::PERSONAL_STATE_ERASED
                                   : query::v1::PERSONAL_STATE_PENDING);
  }
  if (const EffectiveFact* kept = DetailsOf(added.position(), details)) {
    const auto& recorded = kept->fact().attachment_details_recorded();
    if (recorded.has_redacted_from()) *out.mutable_redacted_from() = recorded.redacted_from();
    ASSIGN_OR_RETURN(const event::v1::Event private_event, Event(kept->position()));
    ASSIGN_OR_RETURN(const Opened details_opened, opener_.Open(private_event));
    if (details_opened.part) FillAtHome(details_opened.part->attachment(), &out);
  }

  ASSIGN_OR_RETURN(const auto found,
                   LoadHeld(store_, added.position().log(), {added.position().sequence()}));
  const StoredAttachment held = found.value_or(StoredAttachment());
  const bool own = out.internal() || added.position().log() == store_.shared().name();
  if (opened.erased) {
    out.set_state(query::v1::ATTACHMENT_STATE_ERASED);
  } else if (removed) {
    out.set_state(query::v1::ATTACHMENT_STATE_REMOVED);
  } else if (held.complete()) {
    out.set_state(query::v1::ATTACHMENT_STATE_HELD);
  } else if (own) {
    out.set_state(query::v1::ATTACHMENT_STATE_LOST);
  } else if (held.wrong()) {
    out.set_state(query::v1::ATTACHMENT_STATE_WRONG);
  } else {
    out.set_state(query::v1::ATTACHMENT_STATE_NOT_FETCHED);
    if (chunks) out.set_percent(100 * held.chunks() / chunks->count);
  }
  return out;
}

absl::Status CaseReader::AddAttachments(const SectionFold& facts, const SectionFold& details,
                                        google::protobuf::RepeatedPtrField<Attachment>* out) const {
  std::set<std::pair<std::string, std::uint64_t>> removed;
  for (const EffectiveFact& fact : facts.facts()) {
    const event::v1::Position& place = fact.fact().attachment_removed().attachment();
    if (fact.fact().has_attachment_removed()) removed.emplace(place.log(), place.sequence());
  }
  for (const EffectiveFact& fact : facts.facts()) {
    if (!fact.fact().has_attachment_added()) continue;
    const bool gone = removed.contains({fact.position().log(), fact.position().sequence()});
    ASSIGN_OR_RETURN(*out->Add(), ToAttachment(fact, gone, details));
  }
  return absl::OkStatus();
}

absl::Status CaseReader::FillAttachments(const Known& known, const Viewer& viewer,
                                         query::v1::Case* out) const {
  // What stays in an office is shown to nobody else, and not to who may not see who reported.
  SectionFold kept;
  if (known.own && (viewer.everything || viewer.sees_reporters)) {
    ASSIGN_OR_RETURN(const SectionFold all, KeptFacts(store_, *known.own));
    for (const EffectiveFact& fact : all.facts()) {
      if (viewer.everything || viewer.authorities.contains(fact.author())) {
        *kept.add_facts() = fact;
      }
    }
  }
  const domain::Custody custody = domain::CustodyOf(known.fold);
  for (const SectionFold& segment : known.fold.segments()) {
    if (!domain::IsKnown(custody, segment)) continue;
    RETURN_IF_ERROR(AddAttachments(segment, kept, out->mutable_attachments()));
  }
  return AddAttachments(kept, kept, out->mutable_attachments());
}

absl::StatusOr<std::optional<std::pair<EffectiveFact, bool>>> CaseReader::FindAdded(
    const event::v1::Event& event, const event::v1::Position& position,
    const Viewer& viewer) const {
  const auto found_in =
      [&](const SectionFold& facts) -> std::optional<std::pair<EffectiveFact, bool>> {
    const domain::AddedAttachment found = domain::FindAttachment(facts, position);
    if (found.added == nullptr) return std::nullopt;
    return std::pair(*found.added, found.removed);
  };
  const bool internal = position.log() == store_.private_log().name();
  const bool own = viewer.sees_reporters && viewer.authorities.contains(event.author());
  if (internal && !own && !viewer.everything) {
    return std::nullopt;
  }
  if (event.case_id().empty()) {
    ASSIGN_OR_RETURN(const auto report, LoadSubject(store_, rows::ReportState(event.report_id())));
    if (!report || !internal) return std::nullopt;
    ASSIGN_OR_RETURN(const SectionFold kept, KeptFacts(store_, *report));
    return found_in(kept);
  }
  ASSIGN_OR_RETURN(const auto known, Load(event.case_id(), viewer));
  if (!known) return std::nullopt;
  if (internal) {
    if (!known->own) return std::nullopt;
    ASSIGN_OR_RETURN(const SectionFold kept, KeptFacts(store_, *known->own));
    return found_in(kept);
  }
  for (const SectionFold& segment : known->fold.segments()) {
    if (auto found = found_in(segment)) return found;
  }
  return std::nullopt;
}

absl::StatusOr<CaseReader::Document> CaseReader::FindDocument(const event::v1::Position& position,
                                                              const Viewer& viewer) const {
  const auto event = Event(position);
  if (!event.ok() || !event->fact().has_attachment_added()) return NoSuchDocument();
  ASSIGN_OR_RETURN(const auto added, FindAdded(*event, position, viewer));
  if (!added) return NoSuchDocument();
  ASSIGN_OR_RETURN(const Opened opened, opener_.Open(*event));
  if (opened.erased) return domain::CaseIsErased();
  if (added->second) {
    return domain::Refusal(absl::StatusCode::kFailedPrecondition, "ATTACHMENT_REMOVED",
                           "the author took the document back, and its bytes were destroyed");
  }
  if (!opened.part) return domain::KeyNotHere("it comes with the entries of the case");
  const event::v1::AttachmentAdded& states = event->fact().attachment_added();
  ASSIGN_OR_RETURN(const auto found, LoadHeld(store_, position.log(), {position.sequence()}));
  const StoredAttachment held = found.value_or(StoredAttachment());
  const auto chunks = vault::ChunksOfSealed(states.sealed_bytes());
  if (!held.complete() || !chunks) {
    return domain::Refusal(absl::StatusCode::kFailedPrecondition, "ATTACHMENT_NOT_HERE",
                           "its bytes have not come from the author's node yet; try again later");
  }
  Document document;
  document.case_id = event->case_id();
  document.report_id = event->report_id();
  document.media_type = states.media_type();
  document.object = held.object();
  document.chunks = *chunks;
  document.key = opened.part->attachment().key();
  return document;
}

absl::StatusOr<bool> CaseReader::WasRemoved(const event::v1::Position& position) const {
  const auto event = Event(position);
  if (!event.ok()) return false;
  Viewer whoever;
  whoever.everything = true;
  ASSIGN_OR_RETURN(const auto added, FindAdded(*event, position, whoever));
  return added && added->second;
}

}  // namespace selaras::node
