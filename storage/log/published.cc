#include "storage/log/published.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/limits.h"
#include "storage/log/note_parts.h"

namespace selaras::log {
namespace {

constexpr char kAfterName = '\0';
// Time and signature: what tells a cosignature from the signature of a log.
constexpr std::size_t kCosignatureBytes = 8 + crypto::kEd25519SignatureSize;

std::string Prefix(absl::string_view log) {
  std::string prefix(log);
  prefix.push_back(kAfterName);
  return prefix;
}

absl::StatusOr<PublishedCheckpoint> Decode(absl::string_view prefix, absl::string_view key,
                                           absl::string_view value) {
  base::ByteReader reader(key.substr(prefix.size()));
  ASSIGN_OR_RETURN(const std::uint64_t size, reader.ReadU64());
  return PublishedCheckpoint{{size}, std::string(value)};
}

absl::StatusOr<std::optional<PublishedCheckpoint>> LastBefore(const StoreReader& store,
                                                              absl::string_view log,
                                                              absl::string_view before) {
  const std::string prefix = Prefix(log);
  ASSIGN_OR_RETURN(const auto row, store.Last(Table::kPublished, prefix, before));
  if (!row) return std::nullopt;
  return Decode(prefix, row->first, row->second);
}

std::optional<std::uint64_t> TimeOf(const NoteSignature& signature) {
  if (signature.signature.size() != kCosignatureBytes) return std::nullopt;
  return *base::ByteReader(signature.signature).ReadU64();
}

absl::Time ToTime(std::uint64_t seconds) {
  return absl::FromUnixSeconds(static_cast<std::int64_t>(
      std::min(seconds, std::uint64_t{std::numeric_limits<std::int64_t>::max()})));
}

std::string LineOf(const NoteSignature& signature) {
  return SignatureLine(signature.name, signature.key_id, signature.signature);
}

}  // namespace

std::string PublishedKey(absl::string_view log, base::TreeSize size) {
  std::string key = Prefix(log);
  base::AppendU64(&key, size.value);
  return key;
}

absl::StatusOr<PublishedPlace> ReadPublishedKey(absl::string_view key) {
  const std::size_t end = key.find(kAfterName);
  if (end == 0 || end == absl::string_view::npos) return absl::DataLossError("no name of a log");
  base::ByteReader reader(key.substr(end + 1));
  ASSIGN_OR_RETURN(const std::uint64_t size, reader.ReadU64());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return PublishedPlace{std::string(key.substr(0, end)), {size}};
}

absl::StatusOr<std::optional<PublishedCheckpoint>> NewestPublished(const StoreReader& store,
                                                                   absl::string_view log) {
  return LastBefore(store, log, "");
}

absl::StatusOr<std::optional<PublishedCheckpoint>> PublishedBefore(const StoreReader& store,
                                                                   absl::string_view log,
                                                                   base::TreeSize size) {
  return LastBefore(store, log, PublishedKey(log, size));
}

absl::Status ScanPublished(const StoreReader& store, absl::string_view log, base::TreeSize from,
                           const std::function<bool(const PublishedCheckpoint&)>& row) {
  const std::string prefix = Prefix(log);
  absl::Status malformed;
  RETURN_IF_ERROR(store.Scan(Table::kPublished, prefix, PublishedKey(log, from),
                             [&](absl::string_view key, absl::string_view value) {
                               const auto decoded = Decode(prefix, key, value);
                               malformed = decoded.status();
                               return decoded.ok() && row(*decoded);
                             }));
  return malformed;
}

absl::StatusOr<std::vector<CosignedBy>> ReadCosignatures(absl::string_view note) {
  ASSIGN_OR_RETURN(const NoteParts parts, SplitNote(note));
  std::vector<CosignedBy> all;
  for (const NoteSignature& line : parts.signatures) {
    const std::optional<std::uint64_t> seconds = TimeOf(line);
    if (!seconds) continue;
    const absl::Time time = ToTime(*seconds);
    const auto known = std::find_if(all.begin(), all.end(), [&](const CosignedBy& by) {
      return by.name == line.name && by.key_id == line.key_id;
    });
    if (known == all.end()) {
      all.push_back({std::string(line.name), line.key_id, time, time});
    } else {
      known->first = std::min(known->first, time);
      known->newest = std::max(known->newest, time);
    }
  }
  return all;
}

absl::StatusOr<std::string> MergeCosignatures(absl::string_view note,
                                              const CosignatureVerifier& witness,
                                              absl::string_view lines) {
  ASSIGN_OR_RETURN(const NoteParts held, SplitNote(note));
  const std::string given_note = absl::StrCat(held.text, "\n", lines);
  RETURN_IF_ERROR(witness.Verify(given_note));
  ASSIGN_OR_RETURN(const NoteParts given, SplitNote(given_note));

  std::string others = absl::StrCat(held.text, "\n");
  std::map<std::uint64_t, std::string> own;  // by time: one of each is enough
  const auto is_own = [&](const NoteSignature& line) {
    return line.name == witness.name() && line.key_id == witness.key_id();
  };
  for (const NoteSignature& line : held.signatures) {
    if (is_own(line)) {
      own.emplace(TimeOf(line).value_or(0), LineOf(line));
    } else {
      absl::StrAppend(&others, LineOf(line));
    }
  }
  if (own.empty()) {
    ASSIGN_OR_RETURN(const std::vector<CosignedBy> known, ReadCosignatures(note));
    if (known.size() >= kCosignersMax) return TooManyCosignatures(kCosignersMax);
  }
  for (const NoteSignature& line : given.signatures) {
    if (is_own(line)) own.emplace(TimeOf(line).value_or(0), LineOf(line));
  }
  absl::StrAppend(&others, own.begin()->second);
  if (own.size() > 1) absl::StrAppend(&others, own.rbegin()->second);
  return others;
}

absl::StatusOr<std::string> WithoutCosignatures(absl::string_view note) {
  ASSIGN_OR_RETURN(const NoteParts parts, SplitNote(note));
  std::string bare = absl::StrCat(parts.text, "\n");
  for (const NoteSignature& line : parts.signatures) {
    if (!TimeOf(line)) absl::StrAppend(&bare, LineOf(line));
  }
  return bare;
}

absl::Status PublishedCheckpoints::Publish(absl::string_view log,
                                           const SignedCheckpoint& checkpoint) {
  const std::string key = PublishedKey(log, checkpoint.checkpoint.size);
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const auto held, store_.Get(Table::kPublished, key));
  if (held) return absl::OkStatus();
  return store_.Write({{Table::kPublished, key, checkpoint.note}}, Durability::kUnsynced);
}

absl::Status PublishedCheckpoints::Cosign(absl::string_view log, base::TreeSize size,
                                          const CosignatureVerifier& witness,
                                          absl::string_view lines, Durability durability) {
  const std::string key = PublishedKey(log, size);
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const auto held, store_.Get(Table::kPublished, key));
  if (!held) return NotPublished(log, size);
  ASSIGN_OR_RETURN(const std::string merged, MergeCosignatures(*held, witness, lines));
  // What is held may not be durable yet.
  if (merged == *held && durability == Durability::kUnsynced) return absl::OkStatus();
  return store_.Write({{Table::kPublished, key, merged}}, durability);
}

}  // namespace selaras::log
