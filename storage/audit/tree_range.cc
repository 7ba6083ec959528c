#include "storage/audit/tree_range.h"

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "storage/merkle/hash.h"
#include "storage/merkle/node_source.h"

namespace selaras::audit {
namespace {

using MaybeDigest = std::optional<base::Digest>;

std::string Hex(const base::Digest& digest) { return base::HexEncode(digest.view()); }

// The root over a full tile.
base::Digest TileRoot(std::vector<base::Digest> nodes) {
  for (std::size_t width = nodes.size() / 2; width > 0; width /= 2) {
    for (std::size_t i = 0; i < width; ++i) {
      nodes[i] = merkle::HashChildren(nodes[2 * i], nodes[2 * i + 1]);
    }
  }
  return nodes.front();
}

Leaf TileRoot(std::span<const Leaf> leaves) {
  std::vector<base::Digest> from_entries;
  std::vector<base::Digest> stored;
  from_entries.reserve(leaves.size());
  stored.reserve(leaves.size());
  for (const Leaf& leaf : leaves) {
    from_entries.push_back(leaf.from_entry);
    stored.push_back(leaf.stored);
  }
  const bool same = from_entries == stored;
  const base::Digest root = TileRoot(std::move(from_entries));
  return {root, same ? root : TileRoot(std::move(stored))};
}

class RangeAudit {
 public:
  RangeAudit(const log::LogReader& log, Origin kind, const Range& range, const SoundEntry& sound)
      : log_(log), kind_(kind), sound_(sound), hashed_(range.count) {
    result_.range = range;
  }

  RangeHashes Run() {
    result_.bytes = result_.range.count * base::Digest::kSize;
    ReadStored();
    ReadEntries();
    std::vector<Leaf> leaves = Leaves();
    std::sort(result_.notes.findings.begin(), result_.notes.findings.end(),
              [](const Finding& a, const Finding& b) {
                return std::tie(a.sequence, a.part, a.subject) <
                       std::tie(b.sequence, b.part, b.subject);
              });
    if (!result_.complete) return std::move(result_);
    const std::span<const Leaf> all(leaves);
    for (std::size_t i = 0; i + merkle::kTileWidth <= all.size(); i += merkle::kTileWidth) {
      result_.tiles.push_back(TileRoot(all.subspan(i, merkle::kTileWidth)));
    }
    ReadNodes();
    if (result_.range.keep_leaves) result_.leaves = std::move(leaves);
    return std::move(result_);
  }

 private:
  base::Sequence Place(std::uint64_t i) const { return {result_.range.first.value + i}; }

  void Report(Part part, base::Sequence sequence, std::string problem, std::string expected,
              std::string actual) {
    result_.notes.findings.push_back({part, log_.name(), sequence, "", std::move(problem),
                                      std::move(expected), std::move(actual)});
  }

  void ReadStored() {
    const Range& range = result_.range;
    if (auto all = log_.Hashes(0, range.first.value, range.count);
        all.ok() && all->size() == range.count) {
      stored_.assign(all->begin(), all->end());
      return;
    }
    // One of them cannot be read: find out which.
    for (std::uint64_t i = 0; i < range.count; ++i) {
      auto one = log_.Hashes(0, Place(i).value, 1);
      if (one.ok() && one->size() == 1) {
        stored_.emplace_back(one->front());
      } else {
        stored_.emplace_back();
        Report(Part::kLeafHash, Place(i), "the stored hash cannot be read", "32 bytes",
               std::string(one.status().message()));
      }
    }
  }

  void ReadEntries() {
    const Range& range = result_.range;
    absl::Status read = log_.Entries(
        range.first, range.count,
        [this](base::Sequence sequence, absl::string_view bytes) { Hash(sequence, bytes); });
    if (!read.ok()) {
      // One of them cannot be read: find out which, and do not miss what stands behind it.
      const std::uint64_t from = next_;
      for (std::uint64_t i = from; i < range.count; ++i) {
        const auto one = log_.Entry(Place(i));
        if (one.ok() && *one) {
          Hash(Place(i), **one);
        } else if (!one.ok()) {
          Report(Part::kEntry, Place(i), "the entry cannot be read", "its bytes",
                 std::string(one.status().message()));
          if (kind_ == Origin::kOwn) reported_.push_back(i);
        }
      }
    }
  }

  void Hash(base::Sequence sequence, absl::string_view bytes) {
    const std::uint64_t i = sequence.value - result_.range.first.value;
    next_ = i + 1;
    const base::Digest hash = merkle::HashLeaf(bytes);
    hashed_[i] = hash;
    ++result_.entries;
    result_.bytes += bytes.size();
    if (stored_[i] && *stored_[i] != hash) {
      Report(Part::kLeaf, sequence, "the entry does not match its stored hash", Hex(hash),
             Hex(*stored_[i]));
    } else if (sound_) {
      sound_(sequence, bytes, &result_.notes);
    }
  }

  void ReadNodes() {
    if (!HasInnerNodes(kind_) || result_.tiles.empty()) return;
    const std::uint64_t first = result_.range.first.value / merkle::kTileWidth;
    auto nodes = log_.Hashes(1, first, result_.tiles.size());
    if (nodes.ok() && nodes->size() == result_.tiles.size()) result_.nodes = *std::move(nodes);
  }

  // That an entry is lost must be known; else somebody took it away.
  void ReadLost() {
    if (kind_ != Origin::kOwn || result_.entries == result_.range.count) return;
    auto lost = log_.Lost(result_.range.first, result_.range.count);
    if (!lost.ok()) {
      Report(Part::kEntry, Place(0), "what is known of lost entries cannot be read", "rows",
             std::string(lost.status().message()));
      return;
    }
    for (const base::Sequence sequence : *lost) {
      if (!hashed_[sequence.value - Place(0).value]) result_.lost.push_back(sequence);
    }
  }

  bool IsLost(std::uint64_t i) const {
    return std::binary_search(result_.lost.begin(), result_.lost.end(), Place(i));
  }

  std::vector<Leaf> Leaves() {
    ReadLost();
    std::vector<Leaf> leaves(result_.range.count);
    for (std::uint64_t i = 0; i < leaves.size(); ++i) {
      const MaybeDigest& hash = hashed_[i];
      const MaybeDigest& stored = stored_[i];
      if (!hash && kind_ == Origin::kOwn && !IsLost(i) &&
          std::find(reported_.begin(), reported_.end(), i) == reported_.end()) {
        Report(Part::kEntry, Place(i), "the entry is missing", "its bytes", "nothing");
      }
      if (!hash && !stored) {
        result_.complete = false;
      } else {
        leaves[i] = {hash ? *hash : *stored, stored ? *stored : *hash};
      }
    }
    return leaves;
  }

  const log::LogReader& log_;
  const Origin kind_;
  const SoundEntry& sound_;
  RangeHashes result_;
  std::vector<MaybeDigest> stored_;
  std::vector<MaybeDigest> hashed_;
  std::vector<std::uint64_t> reported_;  // entries that cannot be read; few
  std::uint64_t next_ = 0;               // behind the last entry that was read
};

}  // namespace

bool HasInnerNodes(Origin kind) { return kind != Origin::kNode; }

RangeHashes HashRange(const log::LogReader& log, Origin kind, const Range& range,
                      const SoundEntry& sound) {
  return RangeAudit(log, kind, range, sound).Run();
}

}  // namespace selaras::audit
