#include "services/domain/region_code.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "services/domain/digits.h"
#include "services/domain/identifier_errors.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

constexpr int kLastKabupaten = 69;
constexpr int kFirstKota = 71;

// The parts of two, two, two and four digits with dots between them.
std::string Dotted(absl::string_view digits) {
  std::string code(digits.substr(0, 2));
  for (std::size_t at = 2; at < digits.size(); at += at < 6 ? 2 : 4) {
    absl::StrAppend(&code, ".", digits.substr(at, at < 6 ? 2 : 4));
  }
  return code;
}

// The digits, if dots are absent or stand where they belong.
absl::StatusOr<std::string> ReadCode(absl::string_view raw, bool villages) {
  const absl::string_view text = absl::StripAsciiWhitespace(raw);
  std::string digits;
  for (const char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      digits.push_back(c);
    } else if (c != '.') {
      return BadPlaceCode("not digits and dots");
    }
  }
  const std::size_t size = digits.size();
  const bool known = size == 2 || size == 4 || (villages && (size == 6 || size == 10));
  if (!known) return WrongPlaceDigits(size, villages ? "2, 4, 6 or 10" : "2 or 4");
  if (text != digits && text != Dotted(digits)) {
    return BadPlaceCode(villages ? "dots not as in 13.04.05.2001" : "dots not as in 03.19");
  }
  return digits;
}

}  // namespace

std::string RegionCode::Parent() const {
  const std::size_t dot = code.rfind('.');
  return dot == std::string::npos ? "" : code.substr(0, dot);
}

absl::StatusOr<RegionCode> ParseRegionCode(absl::string_view text) {
  ASSIGN_OR_RETURN(const std::string digits, ReadCode(text, /*villages=*/true));
  const absl::string_view view = digits;
  RegionCode code{Dotted(digits), PlaceLevel::kProvince};
  if (NumberOf(view.substr(0, 2)) == 0) return ImpossiblePart("province", view.substr(0, 2));
  if (digits.size() == 2) return code;
  const int regency = NumberOf(view.substr(2, 2));
  if (regency == 0 || (regency > kLastKabupaten && regency < kFirstKota)) {
    return ImpossiblePart("kabupaten", absl::StrCat(view.substr(2, 2), " (01-69, kota 71-99)"));
  }
  code.level = regency < kFirstKota ? PlaceLevel::kKabupaten : PlaceLevel::kKota;
  if (digits.size() == 4) return code;
  if (NumberOf(view.substr(4, 2)) == 0) return ImpossiblePart("district", view.substr(4, 2));
  code.level = PlaceLevel::kDistrict;
  if (digits.size() == 6) return code;
  if (view[6] != '1' && view[6] != '2') {
    return ImpossiblePart("village",
                          absl::StrCat(view.substr(6, 4), " (kelurahan 1xxx, desa 2xxx)"));
  }
  code.level = view[6] == '1' ? PlaceLevel::kKelurahan : PlaceLevel::kDesa;
  return code;
}

absl::StatusOr<BawasluOfficeCode> ParseBawasluOfficeCode(absl::string_view text) {
  ASSIGN_OR_RETURN(const std::string digits, ReadCode(text, /*villages=*/false));
  return BawasluOfficeCode{Dotted(digits)};
}

}  // namespace selaras::domain
