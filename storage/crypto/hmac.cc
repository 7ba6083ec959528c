#include "storage/crypto/hmac.h"

#include <limits>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "storage/base/check.h"

namespace selaras::crypto {
namespace {

// OpenSSL takes a null pointer for a missing argument, not for no bytes.
const char* NotNull(absl::string_view bytes) { return bytes.empty() ? "" : bytes.data(); }

}  // namespace

base::Digest HmacSha256(absl::string_view key, absl::string_view message) {
  SELARAS_CHECK(key.size() <= std::numeric_limits<int>::max()) << "no key is that long";
  base::Digest tag;
  unsigned int size = 0;
  SELARAS_CHECK(HMAC(EVP_sha256(), NotNull(key), static_cast<int>(key.size()),
                     reinterpret_cast<const unsigned char*>(NotNull(message)), message.size(),
                     tag.bytes.data(), &size) != nullptr)
      << "HMAC-SHA-256 does not work";
  SELARAS_CHECK(size == tag.bytes.size()) << "HMAC-SHA-256 has 32 bytes";
  return tag;
}

}  // namespace selaras::crypto
