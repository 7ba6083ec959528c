#include "storage/crypto/sha256.h"

#include <openssl/evp.h>

#include "storage/base/check.h"

namespace selaras::crypto {
namespace {

// Fetched once for the life of the process: fetching and allocating per digest
// costs more than hashing a tree node.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  SELARAS_CHECK(algorithm != nullptr) << "this OpenSSL has no SHA-256";
  return algorithm;
}

void Start(EVP_MD_CTX* context) {
  SELARAS_CHECK(EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1) << "SHA-256 does not start";
}

Sha256Hasher& OfThisThread() {
  thread_local Sha256Hasher hasher;
  return hasher;
}

}  // namespace

void Sha256Hasher::Free::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

Sha256Hasher::Sha256Hasher() : context_(EVP_MD_CTX_new()) {
  SELARAS_CHECK(context_ != nullptr) << "out of memory";
  Start(context_.get());
}

Sha256Hasher& Sha256Hasher::Update(absl::string_view bytes) {
  SELARAS_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1)
      << "SHA-256 takes no more bytes";
  return *this;
}

base::Digest Sha256Hasher::Finish() {
  base::Digest digest;
  SELARAS_CHECK(EVP_DigestFinal_ex(context_.get(), digest.bytes.data(), nullptr) == 1)
      << "SHA-256 does not finish";
  Start(context_.get());
  return digest;
}

base::Digest Sha256(absl::string_view bytes) { return OfThisThread().Update(bytes).Finish(); }

base::Digest Sha256Concat(std::initializer_list<absl::string_view> parts) {
  Sha256Hasher& hasher = OfThisThread();
  for (const absl::string_view part : parts) hasher.Update(part);
  return hasher.Finish();
}

}  // namespace selaras::crypto
