#include "services/domain/attachment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/decide_reporter.h"
#include "services/domain/erasure.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/domain/values.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using storage::v1::EffectiveFact;
using storage::v1::SectionFold;

constexpr absl::string_view kPdf = "application/pdf";
constexpr absl::string_view kText = "text/plain";
constexpr std::array<absl::string_view, 6> kMediaTypes = {kPdf,        "image/jpeg", "image/png",
                                                          "video/mp4", "audio/mpeg", kText};

constexpr absl::string_view kLetter = "surat";
constexpr absl::string_view kDecree = "keputusan";
constexpr absl::string_view kEvidence = "bukti";
constexpr absl::string_view kDerivative = "turunan";

constexpr std::size_t kUrlBytesMax = 2'000;
constexpr std::size_t kIssuerBytesMax = 400;
constexpr int kSignersMax = 16;

const EffectiveFact* FindAt(const SectionFold& segment, const event::v1::Position& position) {
  for (const EffectiveFact& fact : segment.facts()) {
    if (Same(fact.position(), position)) return &fact;
  }
  return nullptr;
}

absl::Status CheckOrigin(const command::v1::AddAttachment& command) {
  if (!command.has_origin()) return absl::OkStatus();
  if (command.kind() != kEvidence && command.kind() != kDerivative) {
    return BadField("origin", "is for evidence and what was made of it");
  }
  const event::v1::EvidenceOrigin& origin = command.origin();
  RETURN_IF_ERROR(CheckText("origin.url", origin.url(), kUrlBytesMax));
  RETURN_IF_ERROR(CheckText("origin.account", origin.account(), kNameBytesMax));
  return CheckWhen("origin.captured_at", origin.captured_at());
}

absl::Status CheckTime(absl::string_view field, const google::protobuf::Timestamp& time) {
  event::v1::When when;
  *when.mutable_instant() = time;
  return CheckWhen(field, when).ok() ? absl::OkStatus() : BadField(field, "is no valid time");
}

absl::Status CheckSignature(const command::v1::AddAttachment& command, const Upload& upload,
                            const Call& call) {
  if (!command.has_signature()) return absl::OkStatus();
  if (upload.media_type != kPdf) return BadField("signature", "is for PDF documents");
  const event::v1::SignatureCheck& check = command.signature();
  RETURN_IF_ERROR(
      CheckCode("signature.result", "signature_result", check.result(), call.catalogue));
  RETURN_IF_ERROR(CheckText("signature.service", check.service(), kNameBytesMax));
  RETURN_IF_ERROR(CheckTime("signature.checked_at", check.checked_at()));
  if (check.signers_size() > kSignersMax) {
    return BadField("signature.signers", absl::StrCat("at most ", kSignersMax));
  }
  for (int i = 0; i < check.signers_size(); ++i) {
    const std::string field = absl::StrCat("signature.signers[", i, "]");
    const event::v1::Signer& signer = check.signers(i);
    RETURN_IF_ERROR(CheckTime(absl::StrCat(field, ".signed_at"), signer.signed_at()));
    RETURN_IF_ERROR(CheckText(absl::StrCat(field, ".name"), signer.name(), kNameBytesMax));
    RETURN_IF_ERROR(CheckText(absl::StrCat(field, ".issuer"), signer.issuer(), kIssuerBytesMax));
    RETURN_IF_ERROR(
        CheckText(absl::StrCat(field, ".certificate"), signer.certificate(), kNameBytesMax));
  }
  return absl::OkStatus();
}

absl::Status CheckContent(const command::v1::AddAttachment& command, const Upload& upload,
                          const Call& call) {
  RETURN_IF_ERROR(CheckCode("kind", "attachment_kind", command.kind(), call.catalogue));
  const bool official = command.kind() == kLetter || command.kind() == kDecree;
  if (official && upload.media_type != kPdf) {
    return BadField(
        "kind", absl::StrCat("a ", command.kind(), " is a PDF, and this is ", upload.media_type));
  }
  RETURN_IF_ERROR(CheckRequired("title", command.title(), kNameBytesMax));
  RETURN_IF_ERROR(CheckOrigin(command));
  return CheckSignature(command, upload, call);
}

// What the document was made of is one of those that stay in the office.
absl::Status CheckRedactedFrom(const command::v1::AddAttachment& command,
                               const std::vector<SectionFold>& kept, const Call& call) {
  const bool derivative = command.kind() == kDerivative;
  if (derivative != command.has_redacted_from()) {
    return BadField("redacted_from",
                    derivative ? "is required for a `turunan`" : "is for the kind `turunan` alone");
  }
  if (!derivative) return absl::OkStatus();
  for (const SectionFold& facts : kept) {
    const AddedAttachment original = FindAttachment(facts, command.redacted_from());
    if (original.added != nullptr && original.added->author() == call.header.authority()) {
      return absl::OkStatus();
    }
  }
  return BadField("redacted_from",
                  "is no document of your private log about this case or its report");
}

// `original` is the fact to which it belongs; nullptr if the command names one that is not there.
absl::Status CheckOf(const command::v1::AddAttachment& command, const EffectiveFact* original,
                     bool party) {
  if (!command.has_of()) return absl::OkStatus();
  if (original == nullptr || IsBeside(original->fact().kind_case())) {
    return BadField("of", "is no effective fact of your section that a document can belong to");
  }
  // Who hears of the document hears of the fact.
  if (party && original->party_number() == 0) {
    return BadField("of", "is a fact that stays in the office; say `internal`, or leave it out");
  }
  return absl::OkStatus();
}

// The fact that adds it, with what everybody learns who hears of it.
void Fill(const command::v1::AddAttachment& command, const Upload& upload,
          const EffectiveFact* original, Draft* draft) {
  draft->upload_id = upload.upload_id;
  event::v1::AttachmentAdded& added = *draft->fact.mutable_attachment_added();
  added.set_kind(command.kind());
  added.set_sealed_sha256(upload.sealed_sha256);
  added.set_sealed_bytes(upload.sealed_bytes);
  added.set_media_type(upload.media_type);
  if (command.has_of()) *added.mutable_of() = command.of();
  if (original != nullptr) draft->citations.push_back(Cite(*original));
  event::v1::Attachment& attachment = *draft->personal.emplace().mutable_attachment();
  attachment.set_key(upload.key);
  attachment.set_title(command.title());
  if (command.has_origin()) *attachment.mutable_origin() = command.origin();
  if (command.has_signature()) *attachment.mutable_signature() = command.signature();
}

void FillKept(const Upload& upload, event::v1::Attachment* attachment) {
  attachment->set_file_name(upload.file_name);
  attachment->set_sha256(upload.sha256);
}

// One that stays in the office.
void FillInternal(const command::v1::AddAttachment& command, const Upload& upload,
                  const EffectiveFact* original, Draft* draft) {
  draft->visibility = Visibility::kPrivate;
  Fill(command, upload, original, draft);
  FillKept(upload, draft->personal->mutable_attachment());
  if (command.has_redacted_from()) {
    *draft->fact.mutable_attachment_added()->mutable_redacted_from() = command.redacted_from();
  }
}

absl::Status NoSuchAttachment() {
  return BadField("attachment", "is no document that you added, or it was removed before");
}

absl::Status CheckRemoval(const command::v1::RemoveAttachment& command, const Call& call) {
  return CheckCode("reason", "removal_reason", command.reason(), call.catalogue);
}

// An entry of the private log has no public name by which it could be cited.
absl::Status FillRemoval(const command::v1::RemoveAttachment& command, const EffectiveFact* shared,
                         Draft* draft) {
  event::v1::AttachmentRemoved& removed = *draft->fact.mutable_attachment_removed();
  *removed.mutable_attachment() = command.attachment();
  removed.set_reason(command.reason());
  if (shared != nullptr) draft->citations.push_back(Cite(*shared));
  return AddReasonText(command.reason_text(), draft);
}

const EffectiveFact* StillThere(const SectionFold& segment, const event::v1::Position& position,
                                const Call& call) {
  const AddedAttachment found = FindAttachment(segment, position);
  const bool own = found.added != nullptr && found.added->author() == call.header.authority();
  return own && !found.removed ? found.added : nullptr;
}

}  // namespace

absl::Status CheckMediaType(absl::string_view field, absl::string_view media_type) {
  if (std::find(kMediaTypes.begin(), kMediaTypes.end(), media_type) != kMediaTypes.end()) {
    return absl::OkStatus();
  }
  return BadField(field, absl::StrCat("must be one of ", absl::StrJoin(kMediaTypes, ", ")));
}

bool BeginsLike(absl::string_view media_type, absl::string_view first_bytes) {
  const auto begins = [&](absl::string_view with) { return absl::StartsWith(first_bytes, with); };
  if (media_type == kPdf) return begins("%PDF-");
  if (media_type == "image/jpeg") return begins("\xff\xd8\xff");
  if (media_type == "image/png") return begins("\x89PNG\r\n\x1a\n");
  if (media_type == "video/mp4") {
    return first_bytes.size() >= 8 && first_bytes.substr(4, 4) == "ftyp";
  }
  if (media_type == "audio/mpeg") {
    const bool frame = first_bytes.size() >= 2 && first_bytes[0] == '\xff' &&
                       (static_cast<unsigned char>(first_bytes[1]) & 0xe0U) == 0xe0U;
    return begins("ID3") || frame;
  }
  return first_bytes.find('\0') == absl::string_view::npos;
}

AddedAttachment FindAttachment(const SectionFold& segment, const event::v1::Position& position) {
  AddedAttachment found;
  for (const EffectiveFact& fact : segment.facts()) {
    if (fact.fact().has_attachment_added() && Same(fact.position(), position)) {
      found.added = &fact;
    }
    if (fact.fact().has_attachment_removed() &&
        Same(fact.fact().attachment_removed().attachment(), position)) {
      found.removed = true;
    }
  }
  return found;
}

absl::StatusOr<Decision> DecideAddAttachment(const command::v1::AddAttachment& command,
                                             const CaseFold& fold,
                                             const std::vector<SectionFold>& kept,
                                             const Upload& upload, Section section,
                                             const Call& call) {
  const bool party = !command.internal();
  if (party && PartiesOf(fold).empty()) {
    return BadField("internal",
                    "nobody but your office is a party of the case: say `internal`; once it was "
                    "sent on, add what others shall see");
  }
  if (party && section == Section::kIntake && !command.cleared()) {
    return BadField("cleared",
                    "an officer must look at what goes to others, and say that nothing in it tells "
                    "who reported (rule 8); say `internal` for what stays in the office");
  }
  RETURN_IF_ERROR(CheckContent(command, upload, call));
  RETURN_IF_ERROR(CheckRedactedFrom(command, kept, call));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, party ? Visibility::kParty : Visibility::kPrivate,
                                         command.occurred_at()));
  const SectionFold* own = FindSegment(fold.segments(), section, call.header.authority());
  const EffectiveFact* original =
      own == nullptr || !command.has_of() ? nullptr : FindAt(*own, command.of());
  if (!party) {
    FillInternal(command, upload, original, &draft);
    RETURN_IF_ERROR(CheckMove(fold, section, draft.fact, call));
    RETURN_IF_ERROR(CheckOf(command, original, party));
    return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
  }
  Fill(command, upload, original, &draft);
  draft.fact.mutable_attachment_added()->set_cleared(command.cleared());
  RETURN_IF_ERROR(CheckMove(fold, section, draft.fact, call));
  RETURN_IF_ERROR(CheckOf(command, original, party));
  Draft details;
  details.visibility = Visibility::kPrivate;
  details.case_id = fold.case_id();
  details.cites_first = true;
  auto& recorded = *details.fact.mutable_attachment_details_recorded();
  if (command.has_redacted_from()) *recorded.mutable_redacted_from() = command.redacted_from();
  FillKept(upload, details.personal.emplace().mutable_attachment());
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft), std::move(details)}};
}

absl::StatusOr<Decision> DecideAddReportAttachment(const command::v1::AddAttachment& command,
                                                   const ReportState& report,
                                                   const SectionFold& kept, const Upload& upload,
                                                   const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, PrivateDraft(report, command.occurred_at(), call));
  RETURN_IF_ERROR(CheckContent(command, upload, call));
  RETURN_IF_ERROR(CheckRedactedFrom(command, {kept}, call));
  const EffectiveFact* original = command.has_of() ? FindAt(report.facts, command.of()) : nullptr;
  RETURN_IF_ERROR(CheckOf(command, original, /*party=*/false));
  FillInternal(command, upload, original, &draft);
  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideRemoveAttachment(const command::v1::RemoveAttachment& command,
                                                const CaseFold& fold, const SectionFold& kept,
                                                Section section, const Call& call) {
  RETURN_IF_ERROR(CheckRemoval(command, call));
  const SectionFold* own = FindSegment(fold.segments(), section, call.header.authority());
  const EffectiveFact* shared =
      own == nullptr ? nullptr : StillThere(*own, command.attachment(), call);
  const EffectiveFact* internal = StillThere(kept, command.attachment(), call);
  if (shared == nullptr && internal == nullptr) return NoSuchAttachment();
  RETURN_IF_ERROR(CheckNoHold(fold));
  ASSIGN_OR_RETURN(Draft draft,
                   NewDraft(fold, shared != nullptr ? Visibility::kParty : Visibility::kPrivate,
                            command.occurred_at()));
  RETURN_IF_ERROR(FillRemoval(command, shared, &draft));
  return Move(fold, section, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRemoveReportAttachment(const command::v1::RemoveAttachment& command,
                                                      const ReportState& report,
                                                      const SectionFold& kept,
                                                      const std::vector<CaseFold>& cases,
                                                      const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, PrivateDraft(report, command.occurred_at(), call));
  RETURN_IF_ERROR(CheckRemoval(command, call));
  if (StillThere(kept, command.attachment(), call) == nullptr) return NoSuchAttachment();
  for (const CaseFold& fold : cases) RETURN_IF_ERROR(CheckNoHold(fold));
  RETURN_IF_ERROR(FillRemoval(command, /*shared=*/nullptr, &draft));
  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
