#include "services/domain/report_values.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "services/domain/values.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

constexpr std::size_t kAddressBytesMax = 500;
constexpr std::size_t kPhoneBytesMax = 40;
constexpr std::size_t kChronologyBytesMax = 20'000;
constexpr int kEvidenceMax = 100;

}  // namespace

absl::Status CheckProtected(absl::string_view path, const event::v1::PersonalPart& personal) {
  const auto at = [&](absl::string_view field) { return absl::StrCat(path, field); };
  const event::v1::Reporter& reporter = personal.reporter();
  RETURN_IF_ERROR(CheckText(at("reporter.name"), reporter.name(), kNameBytesMax));
  RETURN_IF_ERROR(CheckText(at("reporter.address"), reporter.address(), kAddressBytesMax));
  RETURN_IF_ERROR(CheckText(at("reporter.phone"), reporter.phone(), kPhoneBytesMax));
  RETURN_IF_ERROR(CheckText(at("place"), personal.place(), kAddressBytesMax));
  RETURN_IF_ERROR(CheckText(at("chronology"), personal.chronology(), kChronologyBytesMax));
  if (personal.evidence_size() > kEvidenceMax) {
    return BadField(at("evidence"), "has too many items");
  }
  for (const auto& evidence : personal.evidence()) {
    if (evidence.sha256().size() != 32) {
      return BadField(at("evidence.sha256"), "must have 32 bytes");
    }
  }
  return absl::OkStatus();
}

}  // namespace selaras::domain
