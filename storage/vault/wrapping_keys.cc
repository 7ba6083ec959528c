#include "storage/vault/wrapping_keys.h"

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "storage/crypto/aes_gcm.h"
#include "storage/crypto/hkdf.h"
#include "storage/vault/sealed.h"

namespace selaras::vault {
namespace {

constexpr absl::string_view kIdUse = "selaras wrapping key id v1";
constexpr std::size_t kWrappedBytes =
    WrappingKeys::kIdBytes + crypto::kGcmNonceSize + kKeyBytes + crypto::kGcmTagSize;

}  // namespace

WrappingKeys::WrappingKeys(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    SELARAS_CHECK(key.size() == kKeyBytes) << "a wrapping key has 32 bytes";
    newest_ = crypto::HkdfSha256(key, "", kIdUse, kIdBytes);
    keys_[newest_] = key;
  }
}

std::string WrappingKeys::Wrap(absl::string_view context, absl::string_view key,
                               crypto::RandomSource& random) const {
  SELARAS_CHECK(!empty()) << "there is no key to wrap with";
  SELARAS_CHECK(key.size() == kKeyBytes) << "the key of a subject has 32 bytes";
  const std::string nonce = random.Fill(crypto::kGcmNonceSize);
  return absl::StrCat(newest_, nonce,
                      crypto::SealAesGcm(keys_.find(newest_)->second, nonce, context, key));
}

absl::StatusOr<std::string> WrappingKeys::Unwrap(absl::string_view context,
                                                 absl::string_view wrapped) const {
  const absl::string_view id = IdOf(wrapped);
  if (id.empty()) return absl::DataLossError("the wrapped key is damaged");
  const auto found = keys_.find(id);
  if (found == keys_.end()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the wrapping key ", base::HexEncode(id), " is not here"));
  }
  return crypto::OpenAesGcm(found->second, wrapped.substr(kIdBytes, crypto::kGcmNonceSize), context,
                            wrapped.substr(kIdBytes + crypto::kGcmNonceSize));
}

absl::string_view WrappingKeys::IdOf(absl::string_view wrapped) {
  return wrapped.size() == kWrappedBytes ? wrapped.substr(0, kIdBytes) : absl::string_view();
}

}  // namespace selaras::vault
