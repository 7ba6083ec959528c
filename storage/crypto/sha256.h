#pragma once

#include <initializer_list>
#include <memory>

#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"

struct evp_md_ctx_st;

namespace selaras::crypto {

// SHA-256 (FIPS 180-4). Any thread; reuses one context per thread.
base::Digest Sha256(absl::string_view bytes);

// Of the parts one after another, without copying them together.
base::Digest Sha256Concat(std::initializer_list<absl::string_view> parts);

// For bytes that arrive piece by piece. One thread at a time.
class Sha256Hasher {
 public:
  Sha256Hasher();

  Sha256Hasher& Update(absl::string_view bytes);

  // The digest of everything since construction or the last Finish(); the hasher
  // then starts anew.
  base::Digest Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace selaras::crypto
