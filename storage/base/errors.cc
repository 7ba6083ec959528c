#include "storage/base/errors.h"

#include "absl/strings/str_cat.h"

namespace selaras::base {

absl::Status WrongLength(absl::string_view what, std::size_t wanted, std::size_t found) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, " has ", wanted, " bytes, not ", found, "; send it whole and alone"));
}

absl::Status NotHex() {
  return absl::InvalidArgumentError(
      "text is not hexadecimal: only 0-9, a-f and A-F, two for each byte");
}

absl::Status NotBase64() {
  return absl::InvalidArgumentError(
      "text is not base64: only A-Z, a-z, 0-9, + and /, padded with = to a multiple of four");
}

absl::Status Truncated(std::size_t wanted, std::size_t left) {
  return absl::DataLossError(absl::StrCat("bytes end too early: ", wanted, " expected, ", left,
                                          " left; fetch or restore them again"));
}

absl::Status TrailingBytes(std::size_t left) {
  return absl::DataLossError(
      absl::StrCat(left, " bytes follow the expected end; fetch or restore them again"));
}

}  // namespace selaras::base
