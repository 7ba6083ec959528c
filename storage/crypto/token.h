#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/ed25519.h"

// Ed25519 keys that never leave a token: a hardware security module, a smart card, or SoftHSM in
// tests. PKCS#11 v3 (CKM_EDDSA), named by RFC 7512 URIs:
//
//   pkcs11:token=selaras;object=selaras%2Fbkn?module-path=/usr/lib/softhsm/libsofthsm2.so&
//     pin-source=file:/etc/selaras/pin
//
// `token`, `object` and `module-path` are required, so that a name means one key on every machine.
namespace selaras::crypto {

// Whether a text is such a URI, and no path of a file.
bool IsTokenUri(absl::string_view text);

// A key in a token.
struct TokenKey {
  std::string label;  // `object`
  SigningKey key;
};

// The file that `pin-source` names. INVALID_ARGUMENT if the URI is malformed, holds the PIN itself,
// or names none.
absl::StatusOr<std::string> PinFileOf(absl::string_view uri);

// The key that is there. INVALID_ARGUMENT if the URI is malformed or incomplete; NOT_FOUND if there
// is no such module, token or key; FAILED_PRECONDITION if several keys have the label, the PIN is
// wrong, or the key is none of Ed25519.
absl::StatusOr<TokenKey> OpenTokenKey(absl::string_view uri, absl::string_view pin);

// Makes one, which cannot be read out. ALREADY_EXISTS if the token has a key of that label.
absl::StatusOr<TokenKey> MakeTokenKey(absl::string_view uri, absl::string_view pin);

}  // namespace selaras::crypto
