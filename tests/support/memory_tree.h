#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/bytes.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/node_source.h"

namespace selaras::test {

// A tree in memory that keeps exactly the nodes that a store would.
class MemoryTree final : public merkle::NodeSource {
 public:
  void Append(const base::Digest& leaf_hash);

  const merkle::Frontier& frontier() const { return frontier_; }
  const std::vector<base::Digest>& leaves() const { return rows_[0]; }

  // OUT_OF_RANGE for nodes that are not complete yet.
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override;

 private:
  merkle::Frontier frontier_;
  std::vector<std::vector<base::Digest>> rows_{1};
};

}  // namespace selaras::test
