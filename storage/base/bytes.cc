#include "storage/base/bytes.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

#include "storage/base/errors.h"
#include "storage/base/status.h"

namespace selaras::base {
namespace {

template <typename Int>
void AppendBigEndian(std::string* out, Int value) {
  for (int shift = 8 * (static_cast<int>(sizeof(Int)) - 1); shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

template <typename Int>
absl::StatusOr<Int> ReadBigEndian(ByteReader& reader) {
  ASSIGN_OR_RETURN(const absl::string_view bytes, reader.ReadBytes(sizeof(Int)));
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return static_cast<Int>(value);
}

}  // namespace

absl::StatusOr<Digest> Digest::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kSize) return WrongLength("digest", kSize, bytes.size());
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

std::ostream& operator<<(std::ostream& out, const Digest& digest) {
  return out << HexEncode(digest.view());
}

std::string HexEncode(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

absl::StatusOr<std::string> HexDecode(absl::string_view text) {
  if (text.size() % 2 != 0 || !std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
      })) {
    return NotHex();
  }
  return absl::HexStringToBytes(text);
}

std::string Base64Encode(absl::string_view bytes) { return absl::Base64Escape(bytes); }

absl::StatusOr<std::string> Base64Decode(absl::string_view text) {
  // Abseil is lenient; only a text that encodes back to itself is the one text.
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes) || absl::Base64Escape(bytes) != text) return NotBase64();
  return bytes;
}

void AppendU16(std::string* out, std::uint16_t value) { AppendBigEndian(out, value); }
void AppendU32(std::string* out, std::uint32_t value) { AppendBigEndian(out, value); }
void AppendU64(std::string* out, std::uint64_t value) { AppendBigEndian(out, value); }

absl::StatusOr<std::uint8_t> ByteReader::ReadU8() { return ReadBigEndian<std::uint8_t>(*this); }
absl::StatusOr<std::uint16_t> ByteReader::ReadU16() { return ReadBigEndian<std::uint16_t>(*this); }
absl::StatusOr<std::uint32_t> ByteReader::ReadU32() { return ReadBigEndian<std::uint32_t>(*this); }
absl::StatusOr<std::uint64_t> ByteReader::ReadU64() { return ReadBigEndian<std::uint64_t>(*this); }

absl::StatusOr<absl::string_view> ByteReader::ReadBytes(std::size_t count) {
  if (rest_.size() < count) return Truncated(count, rest_.size());
  const absl::string_view bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return bytes;
}

absl::StatusOr<Digest> ByteReader::ReadDigest() {
  ASSIGN_OR_RETURN(const absl::string_view bytes, ReadBytes(Digest::kSize));
  return Digest::FromBytes(bytes);
}

absl::Status ByteReader::ExpectEnd() const {
  return rest_.empty() ? absl::OkStatus() : TrailingBytes(rest_.size());
}

}  // namespace selaras::base
