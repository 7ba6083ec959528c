#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace selaras::domain {

// A key for look-ups of letters, agenda entries and decisions (SK): trimmed, a leading `Nomor` or
// `No.` dropped, runs of spaces collapsed to one and dropped beside `/` and `-`, the unit `K.1`
// written `K1`, ASCII letters in upper case. Their forms differ too much between agencies for
// more. Never fails; it finds candidates, it identifies nothing.
std::string NormaliseLetterNumber(absl::string_view raw);

// Whose form a number has. Agencies share forms, so it is a guess and no more.
enum class LetterForm {
  kUnknown,
  kBawaslu,   // 1447.1/PM.01/K.1/09/2022
  kBkn,       // 2612/B-AK.02.02/SD/F/2025
  kKasn,      // 1/KS.00.00/01/2023
  kPanrb,     // B/26/S.SM.00.01/2023
  kMendagri,  // 800-5474 Tahun 2022
};

// What the number of a letter says. Each part is absent where it is not recognised.
struct LetterNumber {
  std::string raw;  // as it was written
  std::string key;  // NormaliseLetterNumber
  LetterForm form = LetterForm::kUnknown;
  std::string sequence;        // `1447.1`: sub-numbers are common
  std::string classification;  // `PM.01`
  std::optional<int> month;
  std::optional<int> year;
};

// Never fails.
LetterNumber ParseLetterNumber(absl::string_view raw);

}  // namespace selaras::domain
