#include "services/domain/values.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "services/domain/nik.h"
#include "services/domain/nip.h"
#include "services/domain/refusal.h"
#include "services/reference/local_date.h"
#include "storage/base/status.h"

namespace selaras::domain {

using reference::EmploymentStatus;

absl::Status CheckWhen(absl::string_view field, const event::v1::When& when) {
  if (!when.zone().empty() && when.zone() != "WIB" && when.zone() != "WITA" &&
      when.zone() != "WIT") {
    return BadField(absl::StrCat(field, ".zone"), "must be WIB, WITA or WIT");
  }
  if (when.has_date()) {
    if (!reference::LocalDate::ParseIso(when.date())) {
      return BadField(absl::StrCat(field, ".date"), "must be a day YYYY-MM-DD");
    }
  } else if (when.has_instant() &&
             (when.instant().nanos() < 0 || when.instant().nanos() > 999'999'999 ||
              when.instant().seconds() < -62'135'596'800 ||
              when.instant().seconds() > 253'402'300'799)) {
    return BadField(absl::StrCat(field, ".instant"), "is no valid time");
  }
  return absl::OkStatus();
}

absl::Status CheckText(absl::string_view field, absl::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return BadField(
        field, absl::StrCat("has ", text.size(), " bytes; at most ", bytes_max, " are allowed"));
  }
  return absl::OkStatus();
}

absl::Status CheckRequired(absl::string_view field, absl::string_view text, std::size_t bytes_max) {
  if (absl::StripAsciiWhitespace(text).empty()) return BadField(field, "is required");
  return CheckText(field, text, bytes_max);
}

absl::Status CheckDate(absl::string_view field, absl::string_view date) {
  if (!date.empty() && !reference::LocalDate::ParseIso(date)) {
    return BadField(field, "must be a day YYYY-MM-DD");
  }
  return absl::OkStatus();
}

absl::Status CheckCode(absl::string_view field, absl::string_view list, absl::string_view code,
                       const reference::Catalogue& catalogue) {
  if (catalogue.FindCode(list, code) != nullptr) return absl::OkStatus();
  return BadField(field, absl::StrCat("unknown ", list, " \"", code, "\""));
}

absl::Status CheckCodes(absl::string_view field, absl::string_view list,
                        const google::protobuf::RepeatedPtrField<std::string>& codes,
                        const reference::Catalogue& catalogue) {
  if (codes.size() > kCodesMax) return BadField(field, "has too many codes");
  for (const std::string& code : codes) {
    RETURN_IF_ERROR(CheckCode(field, list, code, catalogue));
  }
  return absl::OkStatus();
}

absl::Status CheckReason(absl::string_view field, absl::string_view list, absl::string_view code,
                         absl::string_view text, const reference::Catalogue& catalogue) {
  const std::string in_words = absl::StrCat(field, "_text");
  RETURN_IF_ERROR(CheckText(in_words, text, kReasonBytesMax));
  if (code.empty()) {
    return text.empty() ? absl::OkStatus() : BadField(field, "is required with its words");
  }
  RETURN_IF_ERROR(CheckCode(field, list, code, catalogue));
  const bool missing = code == kReasonInWords && absl::StripAsciiWhitespace(text).empty();
  return missing ? BadField(in_words, "is required: say what was considered") : absl::OkStatus();
}

absl::Status CheckViolations(absl::string_view field,
                             const google::protobuf::RepeatedPtrField<std::string>& codes,
                             const reference::Catalogue& catalogue) {
  if (codes.size() > kCodesMax) return BadField(field, "has too many codes");
  for (const std::string& code : codes) {
    if (catalogue.FindViolation(code) == nullptr) {
      return BadField(field, absl::StrCat("unknown violation code \"", code, "\""));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSanction(absl::string_view field, absl::string_view code,
                           const reference::Catalogue& catalogue) {
  if (catalogue.FindSanction(code) != nullptr) return absl::OkStatus();
  return BadField(field, absl::StrCat("unknown sanction code \"", code, "\""));
}

absl::Status CheckRegion(absl::string_view field, absl::string_view region,
                         const reference::Catalogue& catalogue) {
  if (catalogue.FindRegion(region) != nullptr) return absl::OkStatus();
  return BadField(field, absl::StrCat("unknown region \"", region, "\""));
}

absl::Status CheckElection(absl::string_view field, absl::string_view election,
                           const reference::Catalogue& catalogue) {
  if (catalogue.FindElection(election) != nullptr) return absl::OkStatus();
  return BadField(field, absl::StrCat("unknown election \"", election, "\""));
}

absl::Status CheckRoute(absl::string_view field, absl::string_view route) {
  if (route == "keberatan" || route == "banding") return absl::OkStatus();
  return BadField(field, "must be keberatan or banding");
}

absl::StatusOr<MaybeStatus> ReadStatus(absl::string_view field, absl::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text == "PNS") return EmploymentStatus::kPns;
  if (text == "PPPK") return EmploymentStatus::kPppk;
  return BadField(field, absl::StrCat("unknown employment status \"", text, "\": PNS or PPPK"));
}

absl::Status CheckRank(absl::string_view field, absl::string_view rank, MaybeStatus status,
                       const reference::Catalogue& catalogue) {
  if (rank.empty()) return absl::OkStatus();
  const auto fits = catalogue.CheckGolongan(rank, status.value_or(EmploymentStatus::kPns));
  return fits.ok() ? absl::OkStatus() : BadField(field, fits.message());
}

absl::StatusOr<std::string> ReadNip(absl::string_view field, absl::string_view nip,
                                    MaybeStatus status) {
  if (nip.empty()) return std::string();
  auto parsed = ParseNip(nip, status.value_or(EmploymentStatus::kPns));
  if (!parsed.ok()) return BadField(field, parsed.status().message());
  return std::move(parsed->digits);
}

absl::StatusOr<std::string> ReadNik(absl::string_view field, absl::string_view nik) {
  if (nik.empty()) return std::string();
  auto parsed = ParseNik(nik);
  if (!parsed.ok()) return BadField(field, parsed.status().message());
  return std::move(parsed->digits);
}

absl::Status CheckNoNik(absl::string_view field, const event::v1::Respondent& respondent) {
  if (respondent.nik().empty()) return absl::OkStatus();
  return BadField(absl::StrCat(field, ".nik"),
                  "stays in the office of Bawaslu that recorded it; others need the NIP");
}

absl::StatusOr<event::v1::Respondent> ReadRespondent(absl::string_view field,
                                                     event::v1::Respondent respondent,
                                                     MaybeStatus status) {
  RETURN_IF_ERROR(CheckText(absl::StrCat(field, ".name"), respondent.name(), kNameBytesMax));
  RETURN_IF_ERROR(CheckText(absl::StrCat(field, ".position_title"), respondent.position_title(),
                            kNameBytesMax));
  RETURN_IF_ERROR(CheckText(absl::StrCat(field, ".agency"), respondent.agency(), kNameBytesMax));
  ASSIGN_OR_RETURN(*respondent.mutable_nip(),
                   ReadNip(absl::StrCat(field, ".nip"), respondent.nip(), status));
  ASSIGN_OR_RETURN(*respondent.mutable_nik(),
                   ReadNik(absl::StrCat(field, ".nik"), respondent.nik()));
  return respondent;
}

}  // namespace selaras::domain
