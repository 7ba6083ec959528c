#pragma once

#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"

// The hashes of RFC 6962 section 2.1, over SHA-256.
namespace selaras::merkle {

// More leaves than any log will have; keeps every index shift below inside 64 bits.
inline constexpr base::TreeSize kTreeSizeMax{std::uint64_t{1} << 63};

// SHA-256(0x00 || entry).
base::Digest HashLeaf(absl::string_view entry);

// SHA-256(0x01 || left || right).
base::Digest HashChildren(const base::Digest& left, const base::Digest& right);

// The root of the tree without leaves: SHA-256 of nothing.
base::Digest EmptyRoot();

}  // namespace selaras::merkle
