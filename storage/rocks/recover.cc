#include "storage/rocks/recover.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "storage/base/status.h"
#include "storage/log/limits.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"
#include "storage/rocks/errors.h"

namespace selaras::rocks {
namespace {

// The stored head, if nothing lies past it and the nodes before it lead to it.
absl::StatusOr<LogHead> RecoverHead(const LogRows& rows) {
  ASSIGN_OR_RETURN(LogHead head, rows.Head());
  RETURN_IF_ERROR(rows.CheckNothingPast(head.edge.size()));
  ASSIGN_OR_RETURN(const merkle::Frontier edge, merkle::FrontierAt(rows, head.edge.size()));
  if (edge != head.edge) return FrontierDisagrees(rows.log(), head.edge.size());
  return head;
}

// The stored note. Whatever is wrong with it, it is not what was written.
absl::StatusOr<log::SignedCheckpoint> OpenStored(const LogRows& rows, absl::string_view note,
                                                 const log::LogKeys& keys) {
  absl::StatusOr<log::SignedCheckpoint> checkpoint = keys.Open(note);
  if (!checkpoint.ok()) return CheckpointDamaged(rows.log(), checkpoint.status().message());
  return checkpoint;
}

// The entries, hashed again; nothing where one is known to be lost.
absl::StatusOr<std::vector<std::optional<base::Digest>>> HashEntries(const LogRows& rows,
                                                                     base::Sequence first,
                                                                     std::uint64_t count) {
  std::vector<std::optional<base::Digest>> hashes(count);
  RETURN_IF_ERROR(
      rows.EntriesHeld(first, count, [&](base::Sequence sequence, absl::string_view bytes) {
        hashes[sequence.value - first.value] = merkle::HashLeaf(bytes);
      }));
  if (std::all_of(hashes.begin(), hashes.end(),
                  [](const auto& hash) { return hash.has_value(); })) {
    return hashes;
  }
  ASSIGN_OR_RETURN(const std::vector<base::Sequence> lost, rows.Lost(first, count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const base::Sequence sequence{first.value + i};
    if (!hashes[i] && !std::binary_search(lost.begin(), lost.end(), sequence)) {
      return EntryMissing(rows.log(), sequence);
    }
  }
  return hashes;
}

}  // namespace

absl::Status VerifyRows(const LogRows& rows, merkle::Frontier signed_edge,
                        const merkle::Frontier& edge) {
  const std::uint64_t first = signed_edge.size().value;
  const std::uint64_t count = edge.size().value - first;
  ASSIGN_OR_RETURN(const std::vector<base::Digest> leaves, rows.Hashes(0, first, count));

  absl::Status nodes;  // the first difference above the leaves
  const auto compare = [&](int tile_level, std::uint64_t index, const base::Digest& hash) {
    if (tile_level == 0 || !nodes.ok()) return;
    const absl::StatusOr<std::vector<base::Digest>> stored = rows.Hashes(tile_level, index, 1);
    nodes = !stored.ok()              ? stored.status()
            : stored->front() == hash ? absl::OkStatus()
                                      : NodeDisagrees(rows.log(), tile_level, index);
  };
  ASSIGN_OR_RETURN(const std::vector<std::optional<base::Digest>> entries,
                   HashEntries(rows, {first}, count));
  for (std::uint64_t i = 0; i < count; ++i) {
    if (entries[i] && *entries[i] != leaves[i]) return EntryDisagrees(rows.log(), {first + i});
    signed_edge.Append(leaves[i], compare);
    RETURN_IF_ERROR(nodes);
  }
  return signed_edge == edge ? absl::OkStatus() : FrontierDisagrees(rows.log(), edge.size());
}

absl::StatusOr<Recovered> RecoverOwnLog(const LogRows& rows, const log::LogKeys& keys) {
  ASSIGN_OR_RETURN(LogHead head, RecoverHead(rows));
  ASSIGN_OR_RETURN(log::SignedCheckpoint checkpoint, OpenStored(rows, head.checkpoint, keys));
  const base::TreeSize stated = checkpoint.checkpoint.size;
  const base::TreeSize size = head.edge.size();
  if (stated > size || size.value - stated.value > log::kAppendEntriesMax) {
    return CheckpointDisagrees(rows.log(), stated, size);
  }
  ASSIGN_OR_RETURN(merkle::Frontier signed_edge, merkle::FrontierAt(rows, stated));
  if (signed_edge.Root() != checkpoint.checkpoint.root) {
    return CheckpointDisagrees(rows.log(), stated, size);
  }
  if (stated == size && size.value > 0) {  // an orderly stop: look at the last entry all the same
    ASSIGN_OR_RETURN(signed_edge, merkle::FrontierAt(rows, {size.value - 1}));
  }
  RETURN_IF_ERROR(VerifyRows(rows, std::move(signed_edge), head.edge));
  return Recovered{std::move(head.edge), std::move(checkpoint)};
}

absl::StatusOr<Recovered> RecoverMirror(const LogRows& rows, const log::LogKeys& keys) {
  ASSIGN_OR_RETURN(LogHead head, RecoverHead(rows));
  const base::TreeSize size = head.edge.size();
  if (size.value == 0) return Recovered{std::move(head.edge), {}};
  ASSIGN_OR_RETURN(log::SignedCheckpoint checkpoint, OpenStored(rows, head.checkpoint, keys));
  if (checkpoint.checkpoint.size != size || checkpoint.checkpoint.root != head.edge.Root()) {
    return CheckpointDisagrees(rows.log(), checkpoint.checkpoint.size, size);
  }
  return Recovered{std::move(head.edge), std::move(checkpoint)};
}

}  // namespace selaras::rocks
