#include "storage/log/rules.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/limits.h"
#include "storage/log/names.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"

namespace selaras::log {
namespace {

absl::Status CheckEntry(absl::string_view log, absl::string_view entry) {
  if (entry.empty()) return EntryEmpty(log);
  if (entry.size() > kEntryBytesMax) return EntryTooLong(log, entry.size());
  return absl::OkStatus();
}

// The root of the first `size` leaves; of all of them it is known without reading.
absl::StatusOr<base::Digest> HeldRoot(const LogReader& held, const merkle::Frontier& edge,
                                      base::TreeSize size) {
  if (size == edge.size()) return edge.Root();
  return merkle::RootAt(held, size);
}

}  // namespace

absl::Status CheckBatch(absl::string_view node, const AppendBatch& batch) {
  const std::size_t entries = batch.shared.size() + batch.private_.size();
  if (entries > kAppendEntriesMax) return BatchTooLarge(entries);
  for (const std::string& entry : batch.shared) RETURN_IF_ERROR(CheckEntry(node, entry));
  for (const std::string& entry : batch.private_) {
    RETURN_IF_ERROR(CheckEntry(PrivateLogName(node), entry));
  }
  return absl::OkStatus();
}

absl::Status CheckRecovery(const LogReader& shared, const RecoveryBatch& batch) {
  const std::size_t entries = batch.leaves.size() + batch.found.size();
  if (entries > kAppendEntriesMax) return BatchTooLarge(entries);
  base::Sequence next = base::NextAfter(shared.size());
  for (const RecoveredLeaf& leaf : batch.leaves) {
    if (leaf.entry) {
      RETURN_IF_ERROR(CheckEntry(shared.name(), *leaf.entry));
      if (merkle::HashLeaf(*leaf.entry) != leaf.hash) return EntryMismatch(shared.name(), next);
    }
    ++next.value;
  }
  for (const DisclosedEntry& found : batch.found) {
    RETURN_IF_ERROR(CheckEntry(shared.name(), found.bytes));
    if (!base::Covers(shared.size(), found.sequence)) {
      return PastTheEnd(shared.name(), found.sequence, shared.size());
    }
    ASSIGN_OR_RETURN(const std::vector<base::Sequence> lost, shared.Lost(found.sequence, 1));
    if (lost.empty()) return EntryNotLost(shared.name(), found.sequence);
    ASSIGN_OR_RETURN(const base::Digest hash, LeafHash(shared, found.sequence));
    if (merkle::HashLeaf(found.bytes) != hash) return EntryMismatch(shared.name(), found.sequence);
  }
  return absl::OkStatus();
}

absl::Status CheckRows(const std::vector<RowWrite>& rows) {
  const bool free = std::none_of(rows.begin(), rows.end(), [](const RowWrite& row) {
    return row.table == Table::kRequest || row.table == Table::kState;
  });
  return free ? absl::OkStatus() : OnlyWithAppend();
}

absl::Status CheckMirrorName(absl::string_view node, absl::string_view name) {
  RETURN_IF_ERROR(CheckLogName(name));
  return name == node || name == PrivateLogName(node) ? MirrorOfOwnLog(name) : absl::OkStatus();
}

absl::StatusOr<std::optional<Extension>> CheckExtension(
    const LogReader& held, const merkle::Frontier& edge, const LogKeys& keys, base::TreeSize from,
    std::span<const base::Digest> leaf_hashes, absl::string_view note, merkle::NodeSink sink,
    std::optional<Evidence>* contradiction) {
  if (leaf_hashes.size() > kFrameLeavesMax) return FrameTooLarge(held.name(), leaf_hashes.size());
  if (note.size() > kCheckpointBytesMax) return NoteTooLong(held.name(), note.size());
  absl::StatusOr<SignedCheckpoint> opened = keys.Open(note);
  // Whoever still has the key of a log that was closed.
  if (const auto closing = keys.ClosingBefore(note)) {
    *contradiction = Evidence{held.name(), closing->note, std::string(note),
                              std::string(opened.status().message())};
  }
  ASSIGN_OR_RETURN(SignedCheckpoint given, std::move(opened));
  const base::TreeSize stated = given.checkpoint.size;
  if (from > stated || stated.value - from.value != leaf_hashes.size()) {
    return FrameSizesDiffer(held.name(), from, leaf_hashes.size(), stated);
  }
  if (from > edge.size()) return FrameGap(held.name(), edge.size(), from);

  const auto contradicts = [&](absl::Status status, const std::string& other) {
    *contradiction = Evidence{held.name(), other, std::string(note), std::string(status.message())};
    return status;
  };
  const std::size_t known = static_cast<std::size_t>(
      std::min<std::uint64_t>(leaf_hashes.size(), edge.size().value - from.value));
  ASSIGN_OR_RETURN(const std::vector<base::Digest> same, held.Hashes(0, from.value, known));
  const auto [ours, theirs] = std::mismatch(same.begin(), same.end(), leaf_hashes.begin());
  if (ours != same.end()) {
    const auto offset = static_cast<std::uint64_t>(ours - same.begin());
    return contradicts(LeafChanged(held.name(), {from.value + offset}, *ours, *theirs),
                       held.checkpoint().note);
  }

  merkle::Frontier extended = edge;
  for (const base::Digest& leaf : leaf_hashes.subspan(known)) {
    extended.Append(leaf, sink);
    for (const LogKeys::Past& past : keys.past()) {
      const Checkpoint& closing = past.closing.checkpoint;
      if (closing.size != extended.size() || closing.root == extended.Root()) continue;
      return contradicts(RootContradicts(held.name(), closing.size, extended.Root(), closing.root),
                         past.closing.note);
    }
  }
  ASSIGN_OR_RETURN(const base::Digest root, HeldRoot(held, extended, stated));
  if (root != given.checkpoint.root) {
    return contradicts(RootContradicts(held.name(), stated, root, given.checkpoint.root),
                       held.checkpoint().note);
  }
  if (stated <= edge.size()) return std::nullopt;
  return Extension{std::move(extended), std::move(given)};
}

absl::StatusOr<std::optional<LogKeys>> CheckNextKey(const LogReader& held,
                                                    const merkle::Frontier& edge,
                                                    const NoteVerifier& next,
                                                    absl::string_view closing,
                                                    std::optional<Evidence>* contradiction) {
  const LogKeys keys = *held.keys();
  if (keys.Has(next)) return std::nullopt;
  if (closing.size() > kCheckpointBytesMax) return NoteTooLong(held.name(), closing.size());
  ASSIGN_OR_RETURN(LogKeys changed, keys.FollowedBy(next, closing));
  const Checkpoint& closed = changed.past().back().closing.checkpoint;
  if (closed.size > edge.size()) return changed;  // compared when its leaves come
  ASSIGN_OR_RETURN(const base::Digest root, HeldRoot(held, edge, closed.size));
  if (root != closed.root) {
    absl::Status status = RootContradicts(held.name(), closed.size, root, closed.root);
    *contradiction = Evidence{held.name(), held.checkpoint().note, std::string(closing),
                              std::string(status.message())};
    return status;
  }
  return changed;
}

absl::StatusOr<std::optional<Cut>> CheckSuccession(const LogReader& held,
                                                   const merkle::Frontier& edge,
                                                   const Succession& succession) {
  const LogKeys keys = *held.keys();
  if (keys.Has(succession.next)) return std::nullopt;
  ASSIGN_OR_RETURN(LogKeys changed, keys.SucceededBy(succession));
  const Checkpoint& closing = succession.closing.checkpoint;
  // What is not here yet is compared when its leaves come.
  if (edge.size() < closing.size) return Cut{std::move(changed), edge, held.checkpoint()};
  ASSIGN_OR_RETURN(merkle::Frontier kept, merkle::FrontierAt(held, closing.size));
  if (kept.Root() != closing.root) {
    return ClosedElsewhere(held.name(), closing.size, kept.Root(), closing.root);
  }
  return Cut{std::move(changed), std::move(kept), succession.closing};
}

absl::StatusOr<Cut> CheckOwnSuccession(const LogReader& own, const merkle::Frontier& edge,
                                       const Succession& succession) {
  const base::TreeSize size = succession.closing.checkpoint.size;
  if (edge.size() < size) return PastTheEnd(own.name(), {size.value - 1}, edge.size());
  ASSIGN_OR_RETURN(std::optional<Cut> cut, CheckSuccession(own, edge, succession));
  if (!cut) return KeyNotNew(succession.next.VerifierText());
  return *std::move(cut);
}

absl::StatusOr<KeyChange> ChangeKey(const LogReader& own, const NoteSigner& past,
                                    const crypto::SigningKey& next) {
  ASSIGN_OR_RETURN(NoteSigner signer, NoteSigner::Make(past.name(), next));
  if (own.keys()->Has(signer.verifier())) return KeyNotNew(signer.VerifierText());
  SignedCheckpoint closing = SignClosing(past, signer, own.checkpoint().checkpoint);
  ASSIGN_OR_RETURN(LogKeys keys, own.keys()->FollowedBy(signer.verifier(), closing.note));
  return KeyChange{std::move(signer), std::move(keys), std::move(closing)};
}

absl::StatusOr<std::vector<const DisclosedEntry*>> CheckDisclosed(
    const LogReader& held, std::span<const DisclosedEntry> entries) {
  std::vector<const DisclosedEntry*> fresh;
  std::set<base::Sequence> seen;
  for (const DisclosedEntry& entry : entries) {
    RETURN_IF_ERROR(CheckEntry(held.name(), entry.bytes));
    ASSIGN_OR_RETURN(const base::Digest leaf, LeafHash(held, entry.sequence));
    if (merkle::HashLeaf(entry.bytes) != leaf) return EntryMismatch(held.name(), entry.sequence);
    if (!seen.insert(entry.sequence).second) continue;
    ASSIGN_OR_RETURN(const std::optional<std::string> known, held.Entry(entry.sequence));
    if (!known) fresh.push_back(&entry);
  }
  return fresh;
}

}  // namespace selaras::log
