#include "storage/crypto/hkdf.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "storage/base/check.h"
#include "storage/crypto/hmac.h"

namespace selaras::crypto {
namespace {

constexpr std::size_t kSizeMax = std::size_t{255} * 32;  // RFC 5869, section 2.3

}  // namespace

// By the RFC, because OpenSSL 3.0 looks its algorithms up by name in each derivation: that was a
// seventh of the time of a command.
std::string HkdfSha256(absl::string_view key, absl::string_view salt, absl::string_view info,
                       std::size_t size) {
  SELARAS_CHECK(!key.empty() && size > 0 && size <= kSizeMax) << "no HKDF of that size";
  const base::Digest extracted = HmacSha256(salt, key);
  std::string derived;
  base::Digest block;
  for (unsigned char count = 1; derived.size() < size; ++count) {
    const absl::string_view last = count == 1 ? absl::string_view() : block.view();
    const char counted = static_cast<char>(count);
    block = HmacSha256(extracted.view(), absl::StrCat(last, info, absl::string_view(&counted, 1)));
    absl::StrAppend(&derived, block.view());
  }
  derived.resize(size);
  return derived;
}

}  // namespace selaras::crypto
