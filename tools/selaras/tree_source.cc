#include "tools/selaras/tree_source.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/log/tiles.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/node_source.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 1'000;

// A perfect subtree of a tree.
struct Part {
  int level;
  std::uint64_t index;
};

// The perfect subtrees of which a tree consists, from the left.
std::vector<Part> PartsOf(std::uint64_t size) {
  std::vector<Part> parts;
  std::uint64_t begin = 0;
  for (int level = 63; level >= 0; --level) {
    if ((size >> level & 1) == 0) continue;
    parts.push_back({level, begin >> level});
    begin += std::uint64_t{1} << level;
  }
  return parts;
}

class LedgerTree final : public TreeSource {
 public:
  LedgerTree(std::shared_ptr<Ledger> ledger, std::string log, log::Checkpoint head)
      : ledger_(std::move(ledger)), log_(std::move(log)), head_(std::move(head)) {}

  const log::Checkpoint& head() const override { return head_; }

  // Nodes are not offered, but each stands in the proofs of the leaves beside it.
  absl::StatusOr<base::Digest> Subtree(int level, std::uint64_t index) override {
    if (level == 0) return Leaf(index);
    const std::uint64_t beside = (index ^ 1) << level;
    if (beside >= head_.size.value) {
      ASSIGN_OR_RETURN(const base::Digest left, Subtree(level - 1, 2 * index));
      ASSIGN_OR_RETURN(const base::Digest right, Subtree(level - 1, 2 * index + 1));
      return merkle::HashChildren(left, right);
    }
    ledger::v1::ProveInclusionRequest request;
    request.set_log(log_);
    request.set_sequence(beside);
    // In the newest tree, which may have grown: a node that is complete changes no more.
    ASSIGN_OR_RETURN(const auto proven, ledger_->ProveInclusion(request));
    if (proven.tree_size() <= beside) {
      return absl::DataLossError(absl::StrCat("the log has only ", proven.tree_size(), " leaves"));
    }
    // So many hashes lead from that leaf to the root of what stands beside the node.
    const std::uint64_t width = std::min(std::uint64_t{1} << level, proven.tree_size() - beside);
    const int below = width == 1 ? 0 : static_cast<int>(std::bit_width(width - 1));
    if (below >= proven.hashes_size()) {
      return absl::DataLossError(absl::StrCat("the proof of entry ", beside, " is too short"));
    }
    return base::Digest::FromBytes(proven.hashes(below));
  }

  absl::StatusOr<std::vector<bool>> Held(std::uint64_t first, std::uint64_t count) override {
    std::vector<bool> held;
    while (held.size() < count) {
      ASSIGN_OR_RETURN(const auto page, Page(first + held.size(), count - held.size()));
      for (const auto& record : page.entries()) held.push_back(!record.entry().empty());
    }
    return held;
  }

 private:
  absl::StatusOr<ledger::v1::ListEntriesResponse> Page(std::uint64_t first, std::uint64_t count) {
    ledger::v1::ListEntriesRequest request;
    request.set_log(log_);
    request.set_start(first);
    request.set_page_size(static_cast<int>(std::min<std::uint64_t>(count, kPage)));
    ASSIGN_OR_RETURN(auto page, ledger_->ListEntries(request));
    if (page.entries().empty()) {
      return absl::DataLossError(
          absl::StrCat("the log ends at ", first, ", before its checkpoint of ", head_.size));
    }
    return page;
  }

  absl::StatusOr<base::Digest> Leaf(std::uint64_t index) {
    ASSIGN_OR_RETURN(const auto page, Page(index, 1));
    return base::Digest::FromBytes(page.entries(0).leaf_hash());
  }

  const std::shared_ptr<Ledger> ledger_;
  const std::string log_;
  const log::Checkpoint head_;
};

class Tiles final : public TreeSource {
 public:
  Tiles(std::string folder, log::Checkpoint head)
      : folder_(std::move(folder)), head_(std::move(head)) {}

  const log::Checkpoint& head() const override { return head_; }

  absl::StatusOr<base::Digest> Subtree(int level, std::uint64_t index) override {
    const int tile_level = level / merkle::kTileHeight;
    const int height = level % merkle::kTileHeight;
    const std::uint64_t first = index << height;
    const std::uint64_t tile = first / merkle::kTileWidth;
    const std::uint64_t nodes = merkle::CompletedNodes(tile_level, head_.size.value);
    const std::uint64_t width = std::min(merkle::kTileWidth, nodes - tile * merkle::kTileWidth);
    const std::string path = absl::StrCat(folder_, "/", log::TilePath(tile_level, tile, width));
    ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
    if (bytes.size() != width * base::Digest::kSize) {
      return absl::DataLossError(absl::StrCat(path, " has not ", width, " hashes"));
    }
    std::vector<base::Digest> row;
    for (std::uint64_t i = 0; i < std::uint64_t{1} << height; ++i) {
      const std::size_t at = (first % merkle::kTileWidth + i) * base::Digest::kSize;
      ASSIGN_OR_RETURN(const base::Digest hash,
                       base::Digest::FromBytes(bytes.substr(at, base::Digest::kSize)));
      row.push_back(hash);
    }
    for (; row.size() > 1; row.resize(row.size() / 2)) {
      for (std::size_t i = 0; i < row.size() / 2; ++i) {
        row[i] = merkle::HashChildren(row[2 * i], row[2 * i + 1]);
      }
    }
    return row.front();
  }

  absl::StatusOr<std::vector<bool>> Held(std::uint64_t first, std::uint64_t count) override {
    std::vector<bool> held;
    for (std::uint64_t at = first; at < first + count; ++at) {
      const std::uint64_t tile = at / merkle::kTileWidth;
      const std::uint64_t width =
          std::min(merkle::kTileWidth, head_.size.value - tile * merkle::kTileWidth);
      held.push_back(Exists(log::EntriesPath(tile, width)) || Exists(absl::StrCat("entry/", at)));
    }
    return held;
  }

 private:
  bool Exists(const std::string& name) const {
    std::error_code none;
    return std::filesystem::exists(absl::StrCat(folder_, "/", name), none);
  }

  const std::string folder_;
  const log::Checkpoint head_;
};

// Inside a subtree that differs.
absl::StatusOr<TreeDifference> Descend(TreeSource& a, TreeSource& b, Part at) {
  while (at.level > 0) {
    const Part left{at.level - 1, 2 * at.index};
    ASSIGN_OR_RETURN(const base::Digest in_a, a.Subtree(left.level, left.index));
    ASSIGN_OR_RETURN(const base::Digest in_b, b.Subtree(left.level, left.index));
    at = in_a == in_b ? Part{left.level, left.index + 1} : left;
  }
  TreeDifference difference{.forked = true, .first = at.index, .leaf_a = {}, .leaf_b = {}};
  ASSIGN_OR_RETURN(difference.leaf_a, a.Subtree(0, at.index));
  ASSIGN_OR_RETURN(difference.leaf_b, b.Subtree(0, at.index));
  if (difference.leaf_a == difference.leaf_b) {
    return absl::DataLossError("the nodes of a tree do not follow from its leaves");
  }
  return difference;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TreeSource>> OpenLedgerTree(std::shared_ptr<Ledger> ledger,
                                                           const std::string& log) {
  ledger::v1::GetCheckpointRequest request;
  request.set_log(log);
  ASSIGN_OR_RETURN(const auto got, ledger->GetCheckpoint(request));
  if (got.checkpoint().empty()) return NothingHere(log);
  ASSIGN_OR_RETURN(log::Checkpoint head, log::ReadUnverified(got.checkpoint()));
  return std::make_unique<LedgerTree>(std::move(ledger), log, std::move(head));
}

absl::StatusOr<std::unique_ptr<TreeSource>> OpenTiles(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::string note, ReadFile(folder + "/checkpoint"));
  ASSIGN_OR_RETURN(log::Checkpoint head, log::ReadUnverified(note));
  return std::make_unique<Tiles>(folder, std::move(head));
}

absl::StatusOr<base::Digest> RootOf(TreeSource& tree) {
  if (tree.head().size.value == 0) return tree.head().root;
  const std::vector<Part> parts = PartsOf(tree.head().size.value);
  ASSIGN_OR_RETURN(base::Digest root, tree.Subtree(parts.back().level, parts.back().index));
  for (std::size_t i = parts.size() - 1; i > 0; --i) {
    ASSIGN_OR_RETURN(const base::Digest left, tree.Subtree(parts[i - 1].level, parts[i - 1].index));
    root = merkle::HashChildren(left, root);
  }
  return root;
}

absl::StatusOr<TreeDifference> CompareTrees(TreeSource& a, TreeSource& b) {
  const std::uint64_t common = std::min(a.head().size.value, b.head().size.value);
  for (const Part& part : PartsOf(common)) {
    ASSIGN_OR_RETURN(const base::Digest in_a, a.Subtree(part.level, part.index));
    ASSIGN_OR_RETURN(const base::Digest in_b, b.Subtree(part.level, part.index));
    if (in_a != in_b) return Descend(a, b, part);
  }
  return TreeDifference();
}

}  // namespace selaras::cli
