#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::base {

// 32 bytes that identify other bytes: the output of SHA-256 or HMAC-SHA-256.
// Comparison is not constant-time; secrets use crypto::ConstantTimeEqual.
struct Digest {
  static constexpr std::size_t kSize = 32;

  std::array<std::uint8_t, kSize> bytes{};

  // INVALID_ARGUMENT unless exactly 32 bytes are given.
  static absl::StatusOr<Digest> FromBytes(absl::string_view bytes);

  // The bytes, valid as long as this object.
  absl::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  friend auto operator<=>(const Digest&, const Digest&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const Digest& digest) {
    return H::combine(std::move(state), digest.bytes);
  }
  friend std::ostream& operator<<(std::ostream& out, const Digest& digest);  // in hex
};

// Two lower-case digits per byte. Decoding accepts either case and nothing else.
std::string HexEncode(absl::string_view bytes);
absl::StatusOr<std::string> HexDecode(absl::string_view text);

// RFC 4648 section 4, padded. Decoding accepts only what encoding produces: no
// white space, no missing padding, no stray bits, so two texts never mean the
// same bytes.
std::string Base64Encode(absl::string_view bytes);
absl::StatusOr<std::string> Base64Decode(absl::string_view text);

// Fixed-width big-endian numbers: their bytes sort as the numbers do.
void AppendU16(std::string* out, std::uint16_t value);
void AppendU32(std::string* out, std::uint32_t value);
void AppendU64(std::string* out, std::uint64_t value);

// Reads what the functions above wrote, front to back. Every read checks that the
// bytes are there; a read that fails (DATA_LOSS) leaves the reader where it was.
// The bytes must outlive the reader and the views that it returns.
class ByteReader {
 public:
  explicit ByteReader(absl::string_view bytes) : rest_(bytes) {}

  absl::StatusOr<std::uint8_t> ReadU8();
  absl::StatusOr<std::uint16_t> ReadU16();
  absl::StatusOr<std::uint32_t> ReadU32();
  absl::StatusOr<std::uint64_t> ReadU64();
  absl::StatusOr<absl::string_view> ReadBytes(std::size_t count);
  absl::StatusOr<Digest> ReadDigest();

  // DATA_LOSS if anything is left: longer than expected is as wrong as shorter.
  absl::Status ExpectEnd() const;

  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
};

}  // namespace selaras::base
