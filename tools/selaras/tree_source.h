#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/bytes.h"
#include "storage/log/checkpoint.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// One log, wherever it is: what it takes to compare two of them by their trees.
class TreeSource {
 public:
  virtual ~TreeSource() = default;

  // The newest checkpoint, whose signature nobody has looked at.
  virtual const log::Checkpoint& head() const = 0;
  // The root of the leaves [index * 2^level, (index + 1) * 2^level), all of which the head covers.
  virtual absl::StatusOr<base::Digest> Subtree(int level, std::uint64_t index) = 0;
  // Whether the bytes of each of `count` entries from `first` on are there.
  virtual absl::StatusOr<std::vector<bool>> Held(std::uint64_t first, std::uint64_t count) = 0;
};

// A log of a node or store; its shared one if `log` is empty.
absl::StatusOr<std::unique_ptr<TreeSource>> OpenLedgerTree(std::shared_ptr<Ledger> ledger,
                                                           const std::string& log);
// A folder in the form of C2SP tlog-tiles.
absl::StatusOr<std::unique_ptr<TreeSource>> OpenTiles(const std::string& folder);

// The root of everything that the head covers, from its subtrees.
absl::StatusOr<base::Digest> RootOf(TreeSource& tree);

struct TreeDifference {
  bool forked = false;
  std::uint64_t first = 0;  // the first leaf that differs
  base::Digest leaf_a;
  base::Digest leaf_b;
};

// Compares as many leaves as both have. Reads O(log n) nodes.
absl::StatusOr<TreeDifference> CompareTrees(TreeSource& a, TreeSource& b);

}  // namespace selaras::cli
