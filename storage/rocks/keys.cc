#include "storage/rocks/keys.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::rocks {
namespace {

template <typename Int>
char* PutBigEndian(char* out, Int value) {
  for (int shift = 8 * (static_cast<int>(sizeof(Int)) - 1); shift >= 0; shift -= 8) {
    *out++ = static_cast<char>(value >> shift & 0xff);
  }
  return out;
}

char* PutSlot(char* out, Slot slot) { return PutBigEndian(out, static_cast<std::uint16_t>(slot)); }

}  // namespace

HeadKey MakeHeadKey(Slot slot) {
  HeadKey key;
  PutSlot(key.bytes.data(), slot);
  return key;
}

EntryKey MakeEntryKey(Slot slot, base::Sequence sequence) {
  EntryKey key;
  PutBigEndian(PutSlot(key.bytes.data(), slot), sequence.value);
  return key;
}

NodeKey MakeNodeKey(Slot slot, int tile_level, std::uint64_t index) {
  NodeKey key;
  PutBigEndian(PutBigEndian(PutSlot(key.bytes.data(), slot), static_cast<std::uint8_t>(tile_level)),
               index);
  return key;
}

KeptKey MakeKeptKey(Slot slot, std::uint64_t ordinal) {
  KeptKey key;
  PutBigEndian(PutSlot(key.bytes.data(), slot), ordinal);
  return key;
}

KeptAtKey MakeKeptAtKey(Slot slot, base::Sequence sequence) {
  KeptAtKey key;
  PutBigEndian(PutSlot(PutSlot(key.bytes.data(), kNoSlot), slot), sequence.value);
  return key;
}

EvidenceKey MakeEvidenceKey(std::uint64_t ordinal) {
  EvidenceKey key;
  PutBigEndian(key.bytes.data(), ordinal);
  return key;
}

PastKeyKey MakePastKeyKey(Slot slot, std::uint64_t ordinal) {
  PastKeyKey key;
  char* out = std::copy(kPastKeyPrefix.begin(), kPastKeyPrefix.end(), key.bytes.data());
  PutBigEndian(PutSlot(out, slot), ordinal);
  return key;
}

LostKey MakeLostKey(Slot slot, base::Sequence sequence) {
  LostKey key;
  char* out = std::copy(kLostPrefix.begin(), kLostPrefix.end(), key.bytes.data());
  PutBigEndian(PutSlot(out, slot), sequence.value);
  return key;
}

std::string EncodePastKeyRow(const PastKeyRow& row) {
  std::string bytes;
  base::AppendU32(&bytes, static_cast<std::uint32_t>(row.verifier.size()));
  return absl::StrCat(bytes, row.verifier, row.closing);
}

absl::StatusOr<PastKeyRow> DecodePastKeyRow(absl::string_view bytes) {
  base::ByteReader reader(bytes);
  ASSIGN_OR_RETURN(const std::uint32_t length, reader.ReadU32());
  ASSIGN_OR_RETURN(const absl::string_view verifier, reader.ReadBytes(length));
  return PastKeyRow{std::string(verifier), std::string(reader.rest())};
}

std::string MakeLogKey(absl::string_view log) { return absl::StrCat(kLogPrefix, log); }

std::string EncodeLogRow(const LogRow& row) {
  std::string bytes;
  base::AppendU16(&bytes, static_cast<std::uint16_t>(row.slot));
  return bytes + row.verifier;
}

absl::StatusOr<LogRow> DecodeLogRow(absl::string_view bytes) {
  base::ByteReader reader(bytes);
  ASSIGN_OR_RETURN(const std::uint16_t slot, reader.ReadU16());
  return LogRow{static_cast<Slot>(slot), std::string(reader.rest())};
}

}  // namespace selaras::rocks
