#include "storage/log/fingerprint.h"

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/crypto/sha256.h"

namespace selaras::log {
namespace {

constexpr std::size_t kDigits = 32;
constexpr std::size_t kGroup = 4;

}  // namespace

std::string FingerprintOfText(absl::string_view text) {
  const std::string digits = base::HexEncode(crypto::Sha256(text).view()).substr(0, kDigits);
  std::string groups;
  for (std::size_t i = 0; i < digits.size(); i += kGroup) {
    absl::StrAppend(&groups, i == 0 ? "" : "-", digits.substr(i, kGroup));
  }
  return groups;
}

}  // namespace selaras::log
