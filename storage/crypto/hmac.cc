#include "storage/crypto/hmac.h"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "storage/base/check.h"

namespace selaras::crypto {
namespace {

using Context = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

// OpenSSL takes a null pointer for a missing argument, not for no bytes.
const unsigned char* NotNull(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data());
}

// OpenSSL looks algorithms up by name for each tag, which costs more than the tag, unless it is
// given a context that has them.
Context New() {
  EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  Context context(EVP_MAC_CTX_new(algorithm), &EVP_MAC_CTX_free);
  EVP_MAC_free(algorithm);  // the context holds it
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  SELARAS_CHECK(context != nullptr && EVP_MAC_CTX_set_params(context.get(), params) == 1)
      << "this OpenSSL has no HMAC-SHA-256";
  return context;
}

EVP_MAC_CTX* OfThisThread() {
  thread_local const Context context = New();
  return context.get();
}

}  // namespace

base::Digest HmacSha256(absl::string_view key, absl::string_view message) {
  EVP_MAC_CTX* const context = OfThisThread();
  base::Digest tag;
  std::size_t size = 0;
  SELARAS_CHECK(EVP_MAC_init(context, NotNull(key), key.size(), nullptr) == 1 &&
                EVP_MAC_update(context, NotNull(message), message.size()) == 1 &&
                EVP_MAC_final(context, tag.bytes.data(), &size, tag.bytes.size()) == 1 &&
                size == tag.bytes.size())
      << "HMAC-SHA-256 does not work";
  return tag;
}

}  // namespace selaras::crypto
