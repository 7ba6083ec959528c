#include "storage/audit/tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/audit/pipeline.h"
#include "storage/base/check.h"
#include "storage/log/names.h"
#include "storage/merkle/node_source.h"
#include "storage/merkle/prove.h"

namespace selaras::audit {
namespace {

std::string Hex(const base::Digest& digest) { return base::HexEncode(digest.view()); }

constexpr std::uint64_t kRangeLeaves = 16 * merkle::kTileWidth;
constexpr std::uint64_t kNodeRangeLeaves = merkle::kTileWidth;  // are kept in memory

// The first leaf below a node.
base::Sequence FirstLeaf(int tile_level, std::uint64_t index) {
  return {index << (merkle::kTileHeight * tile_level)};
}

}  // namespace

void TreeAudit::Report(Part part, std::optional<base::Sequence> sequence, std::string subject,
                       std::string problem, std::string expected, std::string actual) {
  findings_.Add(&summary_, {part, log_.name(), sequence, std::move(subject), std::move(problem),
                            std::move(expected), std::move(actual)});
}

TreeAudit::TreeAudit(const log::LogReader& log, const AuditOptions& options, LogSummary* summary,
                     Findings* findings)
    : log_(log),
      options_(options),
      summary_(*summary),
      findings_(*findings),
      size_(log.size().value) {
  roots_[size_];
  roots_[log_.checkpoint().checkpoint.size.value];
  for (const RememberedTree& tree : options_.remembered) {
    roots_[tree.size.value];
  }
}

void TreeAudit::Run(const SoundEntry& sound, const Progress& progress, Notes* noted) {
  const auto work = [&](const Range& range) {
    return HashRange(log_, summary_.kind, range, sound);
  };
  const auto take = [&](RangeHashes hashes) {
    const std::uint64_t done = hashes.range.first.value + hashes.range.count;
    const std::uint64_t bytes = hashes.bytes;
    noted->catalogues.merge(hashes.notes.catalogues);
    noted->in_requests.Add(hashes.notes.in_requests);
    noted->in_states.Add(hashes.notes.in_states);
    Join(std::move(hashes));
    if (progress) progress({log_.name(), done, size_, bytes});
  };
  if (progress) progress({log_.name(), 0, size_});
  Pipeline<Range, RangeHashes>([this] { return NextRange(); }, work, take).Run(options_.threads);
  if (!complete_ || IsStopped(options_)) return;
  NoteRoots({}, 0);
  summary_.root = roots_[size_]->stored;
  CompareRoot();
}

std::optional<Range> TreeAudit::NextRange() {
  if (next_ >= size_ || IsStopped(options_)) return std::nullopt;
  const std::uint64_t most = summary_.kind == Origin::kNode ? kNodeRangeLeaves : kRangeLeaves;
  Range range{{next_}, std::min(most, size_ - next_)};
  const auto wanted = roots_.upper_bound(next_);
  range.keep_leaves = wanted != roots_.end() && wanted->first < next_ + range.count;
  range.keep_leaves |= range.count % merkle::kTileWidth != 0;
  next_ += range.count;
  return range;
}

void TreeAudit::Join(RangeHashes hashes) {
  summary_.entries += hashes.entries;
  summary_.lost.insert(summary_.lost.end(), hashes.lost.begin(), hashes.lost.end());
  for (Finding& finding : hashes.notes.findings) {
    const bool leaf = finding.part == Part::kLeaf;
    const std::size_t index = findings_.Add(&summary_, std::move(finding));
    leaves_differ_ |= leaf;
    if (leaf && index < kFindingsMax) leaf_faults_.push_back(index);
  }
  complete_ &= hashes.complete;
  if (!complete_) return;
  const std::span<const Leaf> leaves(hashes.leaves);
  for (std::size_t i = 0; i < hashes.tiles.size(); ++i) {
    const std::size_t first = i * merkle::kTileWidth;
    if (!leaves.empty()) NoteRoots(leaves.subspan(first, merkle::kTileWidth), merkle::kTileWidth);
    JoinTile(hashes.tiles[i], hashes.nodes.empty() ? nullptr : &hashes.nodes[i]);
  }
  const std::size_t joined = hashes.tiles.size() * merkle::kTileWidth;
  if (joined < hashes.range.count) {
    const std::span<const Leaf> rest = leaves.subspan(joined);
    NoteRoots(rest, rest.size() + 1);
  }
}

void TreeAudit::JoinTile(const Leaf& tile, const base::Digest* node) {
  const auto ignore = [](int, std::uint64_t, const base::Digest&) {};
  if (roots_.contains(entries_.size().value * merkle::kTileWidth)) NoteRoots({}, 1);
  struct Node {
    int level;
    std::uint64_t index;
    base::Digest hash;
  };
  std::vector<Node> from_entries;
  entries_.Append(tile.from_entry, [&](int level, std::uint64_t index, const base::Digest& hash) {
    if (HasInnerNodes(summary_.kind)) from_entries.push_back({level + 1, index, hash});
  });
  if (!HasInnerNodes(summary_.kind)) {
    leaves_.Append(tile.stored, ignore);
    return;
  }
  std::size_t next = 0;
  leaves_.Append(tile.stored, [&](int level, std::uint64_t index, const base::Digest& hash) {
    CompareNode(level + 1, index, from_entries[next++].hash, hash, level == 0 ? node : nullptr);
  });
}

void TreeAudit::NoteRoots(std::span<const Leaf> leaves_of_tile, std::uint64_t width) {
  const std::uint64_t first = entries_.size().value * merkle::kTileWidth;
  for (auto wanted = roots_.lower_bound(first);
       wanted != roots_.end() && wanted->first < first + std::max<std::uint64_t>(width, 1);
       ++wanted) {
    if (!wanted->second) wanted->second = RootWith(leaves_of_tile.first(wanted->first - first));
  }
}

Leaf TreeAudit::RootWith(std::span<const Leaf> leaves) const {
  merkle::Frontier entries;
  merkle::Frontier stored;
  for (const Leaf& leaf : leaves) {
    entries.Append(leaf.from_entry);
    stored.Append(leaf.stored);
  }
  // The right edge of the whole: that over the tiles, and then that within the last one.
  const auto root = [&](const merkle::Frontier& tiles, const merkle::Frontier& rest) {
    std::vector<base::Digest> hashes = tiles.hashes();
    hashes.insert(hashes.end(), rest.hashes().begin(), rest.hashes().end());
    const base::TreeSize size{tiles.size().value * merkle::kTileWidth + rest.size().value};
    const auto whole = merkle::Frontier::FromParts(size, std::move(hashes));
    SELARAS_CHECK(whole.ok()) << whole.status();
    return whole->Root();
  };
  return {root(entries_, entries), root(leaves_, stored)};
}

void TreeAudit::CompareNode(int tile_level, std::uint64_t index, const base::Digest& from_entries,
                            const base::Digest& from_leaves, const base::Digest* read) {
  ++summary_.tiles;
  if (read != nullptr && *read == from_entries) return;
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
  return summary_.kind == Origin::kMirror && log_.size().value == 0 &&
         log_.checkpoint().note.empty();
}

void TreeAudit::CompareRoot() {
  if (NothingArrived()) return;  // no root was ever signed
  const log::Checkpoint signed_head = log_.checkpoint().checkpoint;
  if (signed_head.size < log_.size() && summary_.kind == Origin::kOwn) {
    summary_.unsigned_leaves = log_.size().value - signed_head.size.value;
  } else if (signed_head.size != log_.size()) {
    Report(Part::kHead, std::nullopt, "head", "the checkpoint is of another size than the log",
           absl::StrCat(signed_head.size.value, " leaves"),
           absl::StrCat(log_.size().value, " leaves"));
  }
  const std::optional<Leaf>& roots = roots_[signed_head.size.value];
  if (!roots) return;  // the checkpoint is of a larger tree than there is
  const bool entries_agree = roots->from_entry == signed_head.root;
  const bool leaves_agree = roots->stored == signed_head.root;
  if (!entries_agree && !leaves_agree) {
    Report(Part::kRoot, std::nullopt, "root", "the log does not lead to the root of its checkpoint",
           Hex(signed_head.root), Hex(roots->from_entry));
    return;
  }
  SettleLeaves(entries_agree);
}

void TreeAudit::SettleLeaves(bool entries_agree) {
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

void TreeAudit::CheckRemembered() {
  for (const RememberedTree& tree : options_.remembered) {
    const auto report = [&](std::string problem, std::string actual) {
      Report(Part::kRemembered, std::nullopt, absl::StrCat("tree of ", tree.size.value, " leaves"),
             std::move(problem), absl::StrCat("root ", Hex(tree.root)), std::move(actual));
    };
    if (tree.size.value > size_) {
      if (options_.may_be_older) continue;
      report("the log is shorter than it was when it was verified: it was rolled back",
             absl::StrCat(size_, " leaves"));
      continue;
    }
    const std::optional<Leaf>& root = roots_[tree.size.value];
    if (!root) continue;  // leaves are missing, which was reported
    if (root->from_entry != tree.root && root->stored != tree.root) {
      if (leaves_differ_) continue;  // follows from what was reported
      report("the past of the log was rewritten since it was verified: it has another root now",
             absl::StrCat("root ", Hex(root->from_entry)));
      continue;
    }
    ++summary_.remembered;
    summary_.newest_remembered = std::max(summary_.newest_remembered, tree.size);
  }
}

void TreeAudit::CheckClosings(const log::LogKeys& keys) {
  for (const log::LogKeys::Past& past : keys.past()) {
    const log::Checkpoint& closing = past.closing.checkpoint;
    if (closing.size.value > size_) continue;  // of a mirror whose leaves are on their way
    const auto root = merkle::RootAt(log_, closing.size);
    if (!root.ok() || *root == closing.root || leaves_differ_) continue;
    Report(Part::kCheckpoint, std::nullopt, absl::StrCat("closing at ", closing.size),
           "a key of the log was replaced at another tree", absl::StrCat("root ", Hex(*root)),
           absl::StrCat("root ", Hex(closing.root)));
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
    const std::optional<log::LogKeys> keys = log_.keys();
    const bool known = keys && keys->Has(*verifier);
    // A change of keys is proven, a succession is not.
    const bool proven = known && verifier->name() == keys->origin();
    const auto opened = proven ? keys->Open(head.note) : log::OpenCheckpoint(*verifier, head.note);
    if (keys) CheckClosings(*keys);
    if (known && !proven && !opened.ok()) {
      return bad("the log was closed and goes on in a successor, which nobody accepted here",
                 absl::StrCat("a signature of ", verifier->VerifierText()),
                 absl::StrCat("one of ", keys->newest().VerifierText()));
    }
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
  // Until a mirror comes to its closing, the newest checkpoint is that of the log that was closed.
  const std::optional<log::LogKeys> chain = log_.keys();
  const bool closed = chain && !chain->past().empty() && !chain->past().back().succession.empty();
  if (stated->origin != log_.origin() &&
      !(closed && log::LogOfOrigin(stated->origin) == log_.name())) {
    bad("the signed checkpoint is of another log", log_.origin(), stated->origin);
  } else if (*stated != head.checkpoint) {
    bad("the signed checkpoint is not the one that the log shows",
        absl::StrCat(stated->size.value, " leaves, root ", Hex(stated->root)),
        absl::StrCat(head.checkpoint.size.value, " leaves, root ", Hex(head.checkpoint.root)));
  }
}

}  // namespace selaras::audit
