#include "services/domain/register_number.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace selaras::domain {
namespace {

constexpr std::size_t kSequenceDigitsMax = 6;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

bool IsNumber(absl::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), IsDigit);
}

// 03, or 03.19: digits with dots between them.
bool IsOfficeCode(absl::string_view part) {
  return !part.empty() && IsDigit(part.front()) && IsDigit(part.back()) &&
         std::all_of(part.begin(), part.end(), [](char c) { return IsDigit(c) || c == '.'; });
}

bool IsRomanMonth(absl::string_view part) {
  constexpr absl::string_view kMonths[] = {"I",   "II",   "III", "IV", "V",  "VI",
                                           "VII", "VIII", "IX",  "X",  "XI", "XII"};
  return std::find(std::begin(kMonths), std::end(kMonths), part) != std::end(kMonths);
}

bool IsSeparator(absl::string_view text, std::size_t at) {
  if (text[at] == '/' || absl::ascii_isspace(static_cast<unsigned char>(text[at]))) return true;
  if (text[at] != '.') return false;
  const bool inside =
      at > 0 && at + 1 < text.size() && IsDigit(text[at - 1]) && IsDigit(text[at + 1]);
  return !inside;
}

// Upper-case parts; none is empty.
std::vector<std::string> Split(absl::string_view raw) {
  const std::string text = absl::AsciiStrToUpper(absl::StrReplaceAll(raw, {{"\u00A0", " "}}));
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsSeparator(text, i)) {
      part.push_back(text[i]);
    } else if (!part.empty()) {
      parts.push_back(std::move(part));
      part.clear();
    }
  }
  if (!part.empty()) parts.push_back(std::move(part));
  return parts;
}

std::optional<int> ReadYear(absl::string_view part) {
  int year = 0;
  if (part.size() != 4 || !IsNumber(part) || !absl::SimpleAtoi(part, &year)) return std::nullopt;
  return year;
}

RegisterNumber Recognise(const std::vector<std::string>& parts) {
  RegisterNumber number;
  const auto kind = std::find_if(parts.begin(), parts.end(), [](const std::string& part) {
    return part == "LP" || part == "TM";
  });
  int sequence = 0;
  if (kind == parts.end() || kind == parts.begin() || !IsNumber(parts.front()) ||
      parts.front().size() > kSequenceDigitsMax || !absl::SimpleAtoi(parts.front(), &sequence)) {
    return number;
  }
  number.sequence = sequence;
  number.kind = *kind == "LP" ? RegisterKind::kReport : RegisterKind::kFinding;

  auto tail = parts.end();
  number.year = ReadYear(parts.back());
  if (number.year) --tail;
  if (IsRomanMonth(*(tail - 1))) --tail;
  const auto office =
      std::find_if(kind + 1, tail, [](const std::string& part) { return IsOfficeCode(part); });
  if (office < tail) number.office_code = *office;
  return number;
}

}  // namespace

RegisterNumber ParseRegisterNumber(absl::string_view raw) { return Recognise(Split(raw)); }

std::string NormaliseRegisterNumber(absl::string_view raw) {
  const std::vector<std::string> parts = Split(raw);
  if (!Recognise(parts).sequence) return std::string(raw);
  return absl::StrJoin(parts, "/");
}

}  // namespace selaras::domain
