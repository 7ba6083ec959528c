#include "services/domain/letter_number.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace selaras::domain {
namespace {

constexpr absl::string_view kYearWord = " TAHUN ";

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }

// 1447 or 1447.1.
bool IsSequence(absl::string_view part) {
  return !part.empty() && IsDigit(part.front()) && IsDigit(part.back()) &&
         std::all_of(part.begin(), part.end(), [](char c) { return IsDigit(c) || c == '.'; });
}

// PM.01, KS.00.00: letters, then numbers after dots.
bool IsClassification(absl::string_view part) {
  const std::vector<absl::string_view> pieces = absl::StrSplit(part, '.');
  if (pieces.size() < 2 || pieces[0].empty()) return false;
  return std::all_of(pieces[0].begin(), pieces[0].end(), IsLetter) &&
         std::all_of(pieces.begin() + 1, pieces.end(), [](absl::string_view piece) {
           return !piece.empty() && std::all_of(piece.begin(), piece.end(), IsDigit);
         });
}

// K, K1, KJI: the unit that signs at Bawaslu, once the dot is dropped.
bool IsUnit(absl::string_view part) {
  return !part.empty() && part.size() <= 6 && part[0] == 'K' && part.find('.') == part.npos;
}

std::optional<int> ReadNumber(absl::string_view text, std::size_t digits) {
  int number = 0;
  if (text.size() != digits || !std::all_of(text.begin(), text.end(), IsDigit) ||
      !absl::SimpleAtoi(text, &number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<int> ReadMonth(absl::string_view text) {
  constexpr absl::string_view kRoman[] = {"I",   "II",   "III", "IV", "V",  "VI",
                                          "VII", "VIII", "IX",  "X",  "XI", "XII"};
  const auto roman = std::find(std::begin(kRoman), std::end(kRoman), text);
  if (roman != std::end(kRoman)) return static_cast<int>(roman - std::begin(kRoman)) + 1;
  const auto number = ReadNumber(text, 2);
  return number && *number >= 1 && *number <= 12 ? number : std::nullopt;
}

// 800-5474 TAHUN 2022.
bool ReadMendagri(absl::string_view key, LetterNumber* letter) {
  const std::size_t at = key.find(kYearWord);
  if (at == absl::string_view::npos) return false;
  letter->year = ReadNumber(key.substr(at + kYearWord.size()), 4);
  const std::vector<absl::string_view> parts = absl::StrSplit(key.substr(0, at), '-');
  if (!letter->year || parts.size() != 2 || !IsSequence(parts[0]) || !IsSequence(parts[1])) {
    return false;
  }
  letter->form = LetterForm::kMendagri;
  letter->classification = std::string(parts[0]);
  letter->sequence = std::string(parts[1]);
  return true;
}

void ReadParts(const std::vector<absl::string_view>& parts, LetterNumber* letter) {
  letter->year = ReadNumber(parts.back(), 4);
  if (!letter->year || parts.size() < 3) return;
  letter->month = ReadMonth(parts[parts.size() - 2]);
  if (parts.size() >= 4 && parts[0].size() == 1 && IsLetter(parts[0][0]) && IsSequence(parts[1])) {
    letter->form = LetterForm::kPanrb;
    letter->sequence = std::string(parts[1]);
    letter->classification = std::string(parts[2]);
    return;
  }
  if (!IsSequence(parts[0])) return;
  letter->sequence = std::string(parts[0]);
  const std::size_t dash = parts[1].find('-');
  if (dash == 1 && IsLetter(parts[1][0]) && IsClassification(parts[1].substr(2))) {
    letter->form = LetterForm::kBkn;
    letter->classification = std::string(parts[1]);
    return;
  }
  if (!IsClassification(parts[1])) return;
  letter->classification = std::string(parts[1]);
  if (IsUnit(parts[2])) {
    letter->form = LetterForm::kBawaslu;
  } else if (parts.size() == 4 && letter->month) {
    letter->form = LetterForm::kKasn;
  }
}

}  // namespace

std::string NormaliseLetterNumber(absl::string_view raw) {
  // The no-break space comes with cells that were copied from a web page.
  std::string number = absl::StrReplaceAll(
      raw, {{"\u00A0", " "}, {"\t", " "}, {"\n", " "}, {"\r", " "}, {"\v", " "}, {"\f", " "}});
  absl::AsciiStrToUpper(&number);
  absl::RemoveExtraAsciiWhitespace(&number);
  absl::string_view rest = number;
  for (const absl::string_view word : {"NOMOR", "NO"}) {
    absl::string_view after = rest;
    if (absl::ConsumePrefix(&after, word) && !after.empty() && absl::StrContains(" .:", after[0])) {
      rest = after.substr(std::min(after.find_first_not_of(" .:"), after.size()));
      break;
    }
  }
  std::vector<std::string> parts;
  for (const absl::string_view part : absl::StrSplit(rest, '/')) {
    std::string trimmed(absl::StripAsciiWhitespace(part));
    // One pass leaves ` - ` as `-`, since runs of spaces are single by now.
    trimmed = absl::StrReplaceAll(trimmed, {{" - ", "-"}, {" -", "-"}, {"- ", "-"}});
    if (absl::StartsWith(trimmed, "K.") && std::count(trimmed.begin(), trimmed.end(), '.') == 1) {
      trimmed.erase(1, 1);
    }
    parts.push_back(std::move(trimmed));
  }
  return absl::StrJoin(parts, "/");
}

LetterNumber ParseLetterNumber(absl::string_view raw) {
  LetterNumber letter;
  letter.raw = std::string(raw);
  letter.key = NormaliseLetterNumber(raw);
  if (ReadMendagri(letter.key, &letter)) return letter;
  const std::vector<absl::string_view> parts = absl::StrSplit(absl::string_view(letter.key), '/');
  ReadParts(parts, &letter);
  return letter;
}

}  // namespace selaras::domain
