#include "services/domain/receipt_code.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "storage/base/check.h"

namespace selaras::domain {
namespace {

constexpr absl::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kDigitBits = 5;
constexpr std::size_t kCodeDigits = kReceiptCodeBytes * 8 / kDigitBits;
constexpr std::size_t kGroup = 4;

std::string Grouped(absl::string_view digits) {
  std::string code;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % kGroup == 0) code += '-';
    code += digits[i];
  }
  return code;
}

char Normalised(char c) {
  const char upper = absl::ascii_toupper(static_cast<unsigned char>(c));
  if (upper == 'O') return '0';
  return upper == 'I' || upper == 'L' ? '1' : upper;
}

}  // namespace

std::string FormatReceiptCode(absl::string_view bytes) {
  SELARAS_CHECK(bytes.size() == kReceiptCodeBytes) << "a receipt code has 10 bytes";
  std::string digits;
  std::uint32_t held = 0;
  std::size_t bits = 0;
  for (const char byte : bytes) {
    held = (held << 8) | static_cast<std::uint8_t>(byte);
    for (bits += 8; bits >= kDigitBits;) {
      bits -= kDigitBits;
      digits += kDigits[(held >> bits) & 0x1f];
    }
  }
  return Grouped(digits);
}

std::optional<std::string> ReadReceiptCode(absl::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == '-' || absl::ascii_isspace(static_cast<unsigned char>(c))) continue;
    digits += Normalised(c);
    if (digits.size() > kCodeDigits || !absl::StrContains(kDigits, digits.back())) {
      return std::nullopt;
    }
  }
  if (digits.size() != kCodeDigits) return std::nullopt;
  return Grouped(digits);
}

}  // namespace selaras::domain
