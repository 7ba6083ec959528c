#include "storage/audit/tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/merkle/hash.h"
#include "storage/merkle/node_source.h"

namespace selaras::audit {
namespace {

std::string Hex(const base::Digest& digest) { return base::HexEncode(digest.view()); }

// The first leaf below a node.
base::Sequence FirstLeaf(int tile_level, std::uint64_t index) {
  return {index << (merkle::kTileHeight * tile_level)};
}

}  // namespace

void TreeAudit::Report(Part part, std::optional<base::Sequence> sequence, std::string subject,
                       std::string problem, std::string expected, std::string actual) {
  const std::size_t index =
      findings_.Add(&summary_, {part, log_.name(), sequence, std::move(subject), std::move(problem),
                                std::move(expected), std::move(actual)});
  if (part == Part::kLeaf && index < kFindingsMax) leaf_faults_.push_back(index);
}

void TreeAudit::Run(const SoundEntry& sound, const Progress& progress) {
  const std::uint64_t size = log_.size().value;
  if (log_.checkpoint().checkpoint.size.value == 0) {
    roots_ = Leaf{merkle::EmptyRoot(), merkle::EmptyRoot()};
  }
  for (std::uint64_t first = 0; first < size && complete_; first += merkle::kTileWidth) {
    if (progress) progress({log_.name(), first, size});
    const std::uint64_t count = std::min(merkle::kTileWidth, size - first);
    const auto stored = StoredLeaves(first, count);
    for (std::uint64_t i = 0; i < count && complete_; ++i) {
      const std::optional<Leaf> leaf = ReadLeaf({first + i}, stored[i], sound);
      complete_ = leaf.has_value();
      if (leaf) Grow(*leaf);
    }
  }
  if (progress) progress({log_.name(), size, size});
  if (!complete_) return;
  summary_.root = leaves_.Root();
  CompareRoot();
}

std::vector<std::optional<base::Digest>> TreeAudit::StoredLeaves(std::uint64_t first,
                                                                 std::uint64_t count) {
  if (auto all = log_.Hashes(0, first, count); all.ok() && all->size() == count) {
    return {all->begin(), all->end()};
  }
  // One of them cannot be read: find out which.
  std::vector<std::optional<base::Digest>> leaves;
  for (std::uint64_t i = first; i < first + count; ++i) {
    auto one = log_.Hashes(0, i, 1);
    if (one.ok() && one->size() == 1) {
      leaves.emplace_back(one->front());
    } else {
      leaves.emplace_back();
      Report(Part::kLeafHash, base::Sequence{i}, "", "the stored hash cannot be read", "32 bytes",
             std::string(one.status().message()));
    }
  }
  return leaves;
}

std::optional<TreeAudit::Leaf> TreeAudit::ReadLeaf(base::Sequence sequence,
                                                   const std::optional<base::Digest>& stored,
                                                   const SoundEntry& sound) {
  const auto read = log_.Entry(sequence);
  const std::optional<std::string> entry = read.ok() ? *read : std::nullopt;
  std::optional<base::Digest> hash;
  if (entry) {
    hash = merkle::HashLeaf(*entry);
    ++summary_.entries;
  } else if (!read.ok()) {
    Report(Part::kEntry, sequence, "", "the entry cannot be read", "its bytes",
           std::string(read.status().message()));
  } else if (!summary_.mirror) {
    Report(Part::kEntry, sequence, "", "the entry is missing", "its bytes", "nothing");
  }
  if (!hash && !stored) return std::nullopt;
  if (hash && stored && *hash != *stored) {
    Report(Part::kLeaf, sequence, "", "the entry does not match its stored hash", Hex(*hash),
           Hex(*stored));
  } else if (entry && sound) {
    sound(sequence, *entry);
  }
  return Leaf{hash.value_or(stored.value_or(base::Digest{})),
              stored.value_or(hash.value_or(base::Digest{}))};
}

void TreeAudit::Grow(const Leaf& leaf) {
  struct Node {
    int level;
    std::uint64_t index;
    base::Digest hash;
  };
  std::vector<Node> from_entries;  // empty but for every 256th leaf
  entries_.Append(leaf.from_entry, [&](int level, std::uint64_t index, const base::Digest& hash) {
    if (level > 0) from_entries.push_back({level, index, hash});
  });
  std::size_t next = 0;
  leaves_.Append(leaf.stored, [&](int level, std::uint64_t index, const base::Digest& hash) {
    if (level > 0) CompareNode(level, index, from_entries[next++].hash, hash);
  });
  if (leaves_.size() == log_.checkpoint().checkpoint.size) {
    roots_ = Leaf{entries_.Root(), leaves_.Root()};
  }
}

void TreeAudit::CompareNode(int tile_level, std::uint64_t index, const base::Digest& from_entries,
                            const base::Digest& from_leaves) {
  ++summary_.tiles;
  const auto stored = log_.Hashes(tile_level, index, 1);
  const std::string name = absl::StrCat("tile ", tile_level, "/", index);
  if (!stored.ok() || stored->size() != 1) {
    Report(Part::kTile, FirstLeaf(tile_level, index), name, "the inner node cannot be read",
           Hex(from_entries), std::string(stored.status().message()));
  } else if (stored->front() != from_entries && stored->front() != from_leaves) {
    Report(Part::kTile, FirstLeaf(tile_level, index), name,
           "the inner node is not what lies below it", Hex(from_entries), Hex(stored->front()));
  }
}

bool TreeAudit::NothingArrived() const {
  return summary_.mirror && log_.size().value == 0 && log_.checkpoint().note.empty();
}

void TreeAudit::CompareRoot() {
  if (NothingArrived()) return;  // no root was ever signed
  const log::Checkpoint signed_head = log_.checkpoint().checkpoint;
  if (signed_head.size < log_.size() && !summary_.mirror) {
    summary_.unsigned_leaves = log_.size().value - signed_head.size.value;
  } else if (signed_head.size != log_.size()) {
    Report(Part::kHead, std::nullopt, "head", "the checkpoint is of another size than the log",
           absl::StrCat(signed_head.size.value, " leaves"),
           absl::StrCat(log_.size().value, " leaves"));
  }
  if (!roots_) return;  // the checkpoint is of a larger tree than there is
  const bool entries_agree = roots_->from_entry == signed_head.root;
  const bool leaves_agree = roots_->stored == signed_head.root;
  if (!entries_agree && !leaves_agree) {
    Report(Part::kRoot, std::nullopt, "root", "the log does not lead to the root of its checkpoint",
           Hex(signed_head.root), Hex(roots_->from_entry));
    return;
  }
  for (const std::size_t index : leaf_faults_) {
    Finding* fault = findings_.Kept(index);
    if (fault == nullptr) continue;
    fault->part = entries_agree ? Part::kLeafHash : Part::kEntry;
    if (entries_agree) {
      fault->problem = "the stored hash is not that of the entry, which the signed root covers";
    } else {
      fault->problem = "the entry is not the one that the signed root covers";
      std::swap(fault->expected, fault->actual);
    }
  }
}

void TreeAudit::CheckCheckpoint(const std::optional<log::NoteVerifier>& verifier) {
  if (NothingArrived()) {
    summary_.signature_checked = verifier.has_value();
    return;
  }
  const log::SignedCheckpoint head = log_.checkpoint();
  const auto bad = [this](std::string problem, std::string expected, std::string actual) {
    Report(Part::kCheckpoint, std::nullopt, "checkpoint", std::move(problem), std::move(expected),
           std::move(actual));
  };
  absl::StatusOr<log::Checkpoint> stated;
  if (verifier) {
    const auto opened = log::OpenCheckpoint(*verifier, head.note);
    stated = opened.ok() ? absl::StatusOr<log::Checkpoint>(opened->checkpoint) : opened.status();
    summary_.signature_checked = true;
  } else {
    // The text ends where the blank line before the signatures begins.
    stated = log::ParseCheckpointText(absl::string_view(head.note).substr(
        0, std::min(head.note.size(), head.note.find("\n\n") + 1)));
  }
  if (!stated.ok()) {
    bad("the signed checkpoint does not verify",
        verifier ? absl::StrCat("a signature of ", verifier->VerifierText()) : "a signed note",
        std::string(stated.status().message()));
    return;
  }
  if (stated->origin != log_.origin()) {
    bad("the signed checkpoint is of another log", log_.origin(), stated->origin);
  } else if (*stated != head.checkpoint) {
    bad("the signed checkpoint is not the one that the log shows",
        absl::StrCat(stated->size.value, " leaves, root ", Hex(stated->root)),
        absl::StrCat(head.checkpoint.size.value, " leaves, root ", Hex(head.checkpoint.root)));
  }
}

}  // namespace selaras::audit
