#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/base/number.h"

namespace selaras::cli {

// That a witness cosigned a tree of so many leaves.
struct CosignedTree {
  std::string witness;
  absl::Time time;
  base::TreeSize size;

  friend bool operator==(const CosignedTree&, const CosignedTree&) = default;
};

// When an entry came into its log, as far as cosignatures tell.
struct CosignedBounds {
  // The newest cosignature of a tree without it. Who was late says nothing: a tree does not count
  // if somebody had cosigned a larger one before.
  std::optional<CosignedTree> without;
  // The oldest cosignature of a tree with it: it was there by then.
  std::optional<CosignedTree> with;
};

// The cosigned trees of one log, some dozen bytes for each cosignature.
class CosignedTrees {
 public:
  // In any order; none after the first call of Bound.
  void Add(absl::string_view witness, absl::Time time, base::TreeSize size);

  // Of one entry after the other, in the order of their places.
  CosignedBounds Bound(base::Sequence place);

 private:
  struct Row {
    std::uint64_t size;
    absl::Time time;
    std::uint32_t witness;
  };

  void Sort();
  CosignedTree TreeOf(const Row& row) const;

  std::vector<std::string> witnesses_;
  std::vector<Row> rows_;              // by size, once sorted
  std::vector<std::size_t> earliest_;  // of the rows from here on
  std::size_t next_ = 0;               // the first row whose tree has the entry
  std::optional<Row> without_;         // of those before it
};

}  // namespace selaras::cli
