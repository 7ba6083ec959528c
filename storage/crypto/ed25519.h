#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/random.h"

struct evp_pkey_st;

// Ed25519 (RFC 8032, pure). Keys are parsed once, cheap to copy, and may be used
// by any number of threads at once.
namespace selaras::crypto {

inline constexpr std::size_t kEd25519SeedSize = 32;
inline constexpr std::size_t kEd25519PublicKeySize = 32;
inline constexpr std::size_t kEd25519SignatureSize = 64;

class VerifyKey {
 public:
  // INVALID_ARGUMENT unless 32 bytes are given. Bytes that are no point of the
  // curve are accepted and verify nothing.
  static absl::StatusOr<VerifyKey> FromBytes(absl::string_view bytes);

  // Whether `signature` was made over exactly `message` by this key's owner.
  bool Verify(absl::string_view message, absl::string_view signature) const;

  const std::string& bytes() const { return bytes_; }

  friend bool operator==(const VerifyKey& a, const VerifyKey& b) { return a.bytes_ == b.bytes_; }

 private:
  VerifyKey(std::string bytes, std::shared_ptr<evp_pkey_st> key)
      : bytes_(std::move(bytes)), key_(std::move(key)) {}

  std::string bytes_;
  std::shared_ptr<evp_pkey_st> key_;
};

// Where a signing key is that signs for this process and does not show itself. Thread-safe.
class SigningDevice {
 public:
  virtual ~SigningDevice() = default;

  virtual const VerifyKey& verify_key() const = 0;
  // 64 bytes. An error if the device does not sign now.
  virtual absl::StatusOr<std::string> Sign(absl::string_view message) = 0;
};

class SigningKey {
 public:
  static SigningKey Generate(RandomSource& random);

  // The key of a device (token.h).
  static SigningKey In(std::shared_ptr<SigningDevice> device);

  // INVALID_ARGUMENT unless 32 bytes are given.
  static absl::StatusOr<SigningKey> FromSeed(absl::string_view seed);

  // 64 bytes; the same message always gets the same signature. Stops the process if a device does
  // not sign: what was written would be left without a signature for good.
  std::string Sign(absl::string_view message) const;

  VerifyKey verify_key() const;

  // The secret itself, for whoever stores it. Not of a device.
  std::string seed() const;

 private:
  SigningKey(std::shared_ptr<evp_pkey_st> key, std::shared_ptr<SigningDevice> device)
      : key_(std::move(key)), device_(std::move(device)) {}

  // One of them is set.
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<SigningDevice> device_;
};

}  // namespace selaras::crypto
