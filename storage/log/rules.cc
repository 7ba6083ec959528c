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
    const LogReader& held, const merkle::Frontier& edge, const NoteVerifier& verifier,
    base::TreeSize from, std::span<const base::Digest> leaf_hashes, absl::string_view note,
    merkle::NodeSink sink, std::optional<Evidence>* contradiction) {
  if (leaf_hashes.size() > kFrameLeavesMax) return FrameTooLarge(held.name(), leaf_hashes.size());
  if (note.size() > kCheckpointBytesMax) return NoteTooLong(held.name(), note.size());
  ASSIGN_OR_RETURN(SignedCheckpoint given, OpenCheckpoint(verifier, note));
  const base::TreeSize stated = given.checkpoint.size;
  if (from > stated || stated.value - from.value != leaf_hashes.size()) {
    return FrameSizesDiffer(held.name(), from, leaf_hashes.size(), stated);
  }
  if (from > edge.size()) return FrameGap(held.name(), edge.size(), from);

  const auto contradicts = [&](absl::Status status) {
    *contradiction = Evidence{held.name(), held.checkpoint().note, std::string(note),
                              std::string(status.message())};
    return status;
  };
  const std::size_t known = static_cast<std::size_t>(
      std::min<std::uint64_t>(leaf_hashes.size(), edge.size().value - from.value));
  ASSIGN_OR_RETURN(const std::vector<base::Digest> same, held.Hashes(0, from.value, known));
  const auto [ours, theirs] = std::mismatch(same.begin(), same.end(), leaf_hashes.begin());
  if (ours != same.end()) {
    const auto offset = static_cast<std::uint64_t>(ours - same.begin());
    return contradicts(LeafChanged(held.name(), {from.value + offset}, *ours, *theirs));
  }

  merkle::Frontier extended = edge;
  for (const base::Digest& leaf : leaf_hashes.subspan(known)) extended.Append(leaf, sink);
  ASSIGN_OR_RETURN(const base::Digest root, HeldRoot(held, extended, stated));
  if (root != given.checkpoint.root) {
    return contradicts(RootContradicts(held.name(), stated, root, given.checkpoint.root));
  }
  if (stated <= edge.size()) return std::nullopt;
  return Extension{std::move(extended), std::move(given)};
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
