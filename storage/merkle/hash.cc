#include "storage/merkle/hash.h"

#include "storage/crypto/sha256.h"

namespace selaras::merkle {

// The prefixes keep a leaf from being passed off as a node and the reverse.
base::Digest HashLeaf(absl::string_view entry) {
  return crypto::Sha256Concat({absl::string_view("\x00", 1), entry});
}

base::Digest HashChildren(const base::Digest& left, const base::Digest& right) {
  return crypto::Sha256Concat({absl::string_view("\x01", 1), left.view(), right.view()});
}

base::Digest EmptyRoot() { return crypto::Sha256(""); }

}  // namespace selaras::merkle
