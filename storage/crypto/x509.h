#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "storage/base/check.h"

// What files of this folder share about keys and certificates of OpenSSL.
namespace selaras::crypto {

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<&BIO_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<&X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;

// Reads from the text, which must outlive it.
inline Bio Reading(absl::string_view text) {
  Bio bio(BIO_new_mem_buf(text.empty() ? "" : text.data(), static_cast<int>(text.size())));
  SELARAS_CHECK(bio != nullptr) << "out of memory";
  return bio;
}

// What was written into a memory BIO.
inline std::string Written(const Bio& bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// Nobody is asked for a passphrase: a service has no terminal.
inline int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*given*/) {
  return -1;
}

// The subject alternative names of the kind URI.
std::vector<std::string> UrisOf(const X509* certificate);

}  // namespace selaras::crypto
