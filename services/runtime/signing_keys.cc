#include "services/runtime/signing_keys.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/runtime/errors.h"
#include "services/runtime/files.h"
#include "services/runtime/text.h"
#include "storage/base/status.h"
#include "storage/crypto/token.h"

namespace selaras::runtime {
namespace {

absl::StatusOr<log::NoteSigner> SignerInToken(const std::string& uri) {
  ASSIGN_OR_RETURN(const std::string pin, ReadPin(uri));
  ASSIGN_OR_RETURN(crypto::TokenKey key, crypto::OpenTokenKey(uri, pin));
  return log::NoteSigner::Make(key.label, std::move(key.key));
}

}  // namespace

absl::StatusOr<std::string> ReadPin(absl::string_view uri) {
  ASSIGN_OR_RETURN(const std::string file, crypto::PinFileOf(uri));
  if (!absl::StartsWith(file, "/")) {
    return absl::InvalidArgumentError("names a file of the PIN without an absolute path");
  }
  ASSIGN_OR_RETURN(const std::string text, ReadSecretFile(file));
  return std::string(absl::StripSuffix(text, "\n"));
}

absl::StatusOr<log::NoteSigner> ReadNoteSigner(absl::string_view setting,
                                               const std::string& place) {
  const std::string field = absl::StrCat(setting, " ", place);
  if (crypto::IsTokenUri(place)) {
    auto signer = SignerInToken(place);
    if (signer.ok()) return signer;
    return BadSetting(field, OneLine(signer.status().message()),
                      "name a key that selaras key generate --token made, its module and a file of "
                      "the PIN");
  }
  ASSIGN_OR_RETURN(const std::string text, ReadSecretFile(place));
  auto signer = log::NoteSigner::Parse(absl::StripSuffix(text, "\n"));
  if (signer.ok()) return signer;
  return BadSetting(field, OneLine(signer.status().message()), "put the node's signing key there");
}

}  // namespace selaras::runtime
