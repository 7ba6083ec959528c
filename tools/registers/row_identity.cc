#include "tools/registers/row_identity.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/crypto/sha256.h"

namespace selaras::registers {
namespace {

constexpr std::size_t kPlainNumberMax = 64;
constexpr std::size_t kYearDigits = 4;

// A number in its own words where that is possible, so that people recognise ids.
std::string NumberWord(absl::string_view number) {
  const bool plain =
      number.size() <= kPlainNumberMax && std::all_of(number.begin(), number.end(), [](char c) {
        return absl::ascii_isgraph(static_cast<unsigned char>(c));
      });
  if (plain) return std::string(number);
  return absl::StrCat("sha256-", base::HexEncode(crypto::Sha256(number).view()));
}

}  // namespace

std::optional<int> YearOfNumber(absl::string_view number) {
  const std::size_t slash = number.rfind('/');
  if (slash == absl::string_view::npos) return std::nullopt;
  const absl::string_view last = number.substr(slash + 1);
  int year = 0;
  if (last.size() != kYearDigits || !absl::SimpleAtoi(last, &year) || year < 1900) {
    return std::nullopt;
  }
  return year;
}

std::string FileKey(const RowIdentity& identity) {
  return absl::StrCat("register:", identity.office.value_or(""), ":", NumberWord(identity.number),
                      ":", identity.year.value_or(0));
}

std::string RequestId(absl::string_view file_key, int ordinal, int generation) {
  return absl::StrCat(file_key, ":", ordinal, ":", generation);
}

int Ordinals::Next(const RowIdentity& identity) {
  const auto count = [this](const Key& key) {
    const auto found = counts_.find(key);
    return found == counts_.end() ? 0 : found->second;
  };
  // Those that surely belong to the same file, and those that may.
  int earlier = count({identity.number, std::nullopt, std::nullopt});
  if (identity.office) earlier += count({identity.number, identity.office, std::nullopt});
  if (identity.year) earlier += count({identity.number, std::nullopt, identity.year});
  if (identity.office && identity.year) {
    earlier += count({identity.number, identity.office, identity.year});
  }
  ++counts_[Key(identity.number, identity.office, identity.year)];
  return earlier + 1;
}

}  // namespace selaras::registers
