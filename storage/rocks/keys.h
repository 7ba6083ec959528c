#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "rocksdb/slice.h"
#include "storage/base/number.h"

// Where everything lives on disk. No other file knows a key; names and layouts are permanent,
// another layout is another format version. Numbers are big-endian, so rows sort as numbers do.
namespace selaras::rocks {

// Increased by whoever changes what a row means. A store of a newer version is refused.
inline constexpr std::uint32_t kFormatVersion = 1;

enum class Family {
  kMeta,       // names below                  -> identity of the store, its logs
  kEntry,      // slot, sequence               -> bytes of the entry
  kHash,       // slot, tile level, index      -> 32 bytes: a node of the tree (storage/merkle)
  kHead,       // slot                         -> selaras.storage.v1.StoredHead
  kKept,       // slot, ordinal                -> sequence: a mirror's entries as they came
               // kNoSlot, slot, sequence      -> when it came: microseconds since 1970 (8 bytes)
  kRequest,    // as storage/log/store.h says, so the next four:
  kState,      //
  kView,       //
  kCatalogue,  //
  kSecret,     //
  kEvidence,   // ordinal                      -> log, held, given, reason: length (4 bytes), bytes
  kPublished,  // as storage/log/store.h says; older stores lack these two until a node opens them
  kAttachment,
};

inline constexpr std::array<const char*, 13> kFamilyNames = {
    "meta", "entry",     "hash",   "head",     "kept",      "request",   "state",
    "view", "catalogue", "secret", "evidence", "published", "attachment"};

namespace internal {
constexpr bool AllDistinct(const std::array<const char*, kFamilyNames.size()>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (absl::string_view(names[i]) == absl::string_view(names[j])) return false;
    }
  }
  return true;
}
}  // namespace internal
static_assert(internal::AllDistinct(kFamilyNames), "two families would share their rows");
static_assert(kFamilyNames.size() == static_cast<std::size_t>(Family::kAttachment) + 1);

// Which log a row belongs to: small, because every row carries it.
enum class Slot : std::uint16_t { kShared = 0, kPrivate = 1, kFirstMirror = 2 };
inline constexpr std::uint16_t kSlotMax = 0xfffe;  // one less than fits: Next() stays a slot
inline constexpr Slot kNoSlot{kSlotMax + 1};       // no log has it: other rows of a family

constexpr Slot Next(Slot slot) {
  return static_cast<Slot>(static_cast<std::uint16_t>(static_cast<std::uint16_t>(slot) + 1));
}

// A key of a fixed length, built without allocation.
template <std::size_t kSize>
struct Key {
  std::array<char, kSize> bytes;

  rocksdb::Slice slice() const { return {bytes.data(), bytes.size()}; }
  absl::string_view view() const { return {bytes.data(), bytes.size()}; }
};
using HeadKey = Key<2>;
using EntryKey = Key<10>;
using NodeKey = Key<11>;
using KeptKey = Key<10>;
using KeptAtKey = Key<12>;
using EvidenceKey = Key<8>;
using PastKeyKey = Key<19>;
using LostKey = Key<15>;

HeadKey MakeHeadKey(Slot slot);
EntryKey MakeEntryKey(Slot slot, base::Sequence sequence);
NodeKey MakeNodeKey(Slot slot, int tile_level, std::uint64_t index);
KeptKey MakeKeptKey(Slot slot, std::uint64_t ordinal);
KeptAtKey MakeKeptAtKey(Slot slot, base::Sequence sequence);
EvidenceKey MakeEvidenceKey(std::uint64_t ordinal);
PastKeyKey MakePastKeyKey(Slot slot, std::uint64_t ordinal);
LostKey MakeLostKey(Slot slot, base::Sequence sequence);

// Rows of the family kMeta.
inline constexpr absl::string_view kFormatKey = "format";  // -> version, 4 bytes
inline constexpr absl::string_view kNodeKey = "node";      // -> name of the node
inline constexpr absl::string_view kLogPrefix = "log/";    // + name -> LogRow

inline constexpr absl::string_view kPastKeyPrefix = "past-key/";  // + slot, ordinal -> PastKeyRow

// + slot, sequence -> empty: the leaf of an own log stands, its entry is lost
inline constexpr absl::string_view kLostPrefix = "lost/";

std::string MakeLogKey(absl::string_view log);

// Which slot a log has, and the text of the key that verifies its checkpoints.
struct LogRow {
  Slot slot;
  std::string verifier;
};
// A key that was replaced, oldest first, and the note that closed it, signed by it and the next; or
// the statement (storage/log/succession.h) by which the log was closed and the next key is its
// successor's.
struct PastKeyRow {
  std::string verifier;
  std::string closing;
};
std::string EncodePastKeyRow(const PastKeyRow& row);
absl::StatusOr<PastKeyRow> DecodePastKeyRow(absl::string_view bytes);  // DATA_LOSS

std::string EncodeLogRow(const LogRow& row);
absl::StatusOr<LogRow> DecodeLogRow(absl::string_view bytes);  // DATA_LOSS

}  // namespace selaras::rocks
