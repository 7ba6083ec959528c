#include "services/domain/references.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "services/domain/external_reference.h"
#include "services/domain/letter_number.h"
#include "services/domain/refusal.h"
#include "services/domain/register_number.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

std::optional<ReferenceSystem> SystemOf(event::v1::ReferenceKind kind) {
  switch (kind) {
    case event::v1::REFERENCE_KIND_SBT:
      return ReferenceSystem::kSbt;
    case event::v1::REFERENCE_KIND_IDIS:
      return ReferenceSystem::kIdis;
    case event::v1::REFERENCE_KIND_SIASN:
      return ReferenceSystem::kSiasn;
    case event::v1::REFERENCE_KIND_SIGAPLAPOR:
      return ReferenceSystem::kSigapLapor;
    case event::v1::REFERENCE_KIND_SRIKANDI:
      return ReferenceSystem::kSrikandi;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool IsOfOtherSystem(event::v1::ReferenceKind kind) { return SystemOf(kind).has_value(); }

absl::Status CheckReference(absl::string_view field,
                            const event::v1::ExternalReference& reference) {
  const auto system = SystemOf(reference.kind());
  if (!system) {
    return BadField(absl::StrCat(field, ".kind"),
                    "must be SBT, IDIS, SIASN, SIGAPLAPOR or SRIKANDI; other numbers have fields "
                    "of their own");
  }
  const auto parsed = ParseExternalReference(*system, reference.raw());
  if (parsed.ok()) return absl::OkStatus();
  return BadField(absl::StrCat(field, ".raw"), parsed.status().message());
}

absl::Status CheckReferences(absl::string_view field, const References& references) {
  if (references.size() > kReferencesMax) return BadField(field, "has too many items");
  for (int i = 0; i < references.size(); ++i) {
    RETURN_IF_ERROR(CheckReference(absl::StrCat(field, "[", i, "]"), references[i]));
  }
  return absl::OkStatus();
}

absl::Status CheckSharedReferences(absl::string_view field, const References& references) {
  RETURN_IF_ERROR(CheckReferences(field, references));
  for (const auto& reference : references) {
    if (reference.kind() == event::v1::REFERENCE_KIND_SIGAPLAPOR) {
      return BadField(field,
                      "a number of SigapLapor never leaves Bawaslu (rule 8); give it with the "
                      "report");
    }
  }
  return absl::OkStatus();
}

std::string ReferenceKey(event::v1::ReferenceKind kind, absl::string_view raw) {
  if (kind == event::v1::REFERENCE_KIND_REGISTER) return NormaliseRegisterNumber(raw);
  if (const auto system = SystemOf(kind)) {
    const auto parsed = ParseExternalReference(*system, raw);
    if (parsed.ok()) return parsed->key;
  }
  return NormaliseLetterNumber(raw);
}

}  // namespace selaras::domain
