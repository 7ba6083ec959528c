#pragma once

#include <compare>
#include <cstdint>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"

// Numbers that mean different things and therefore do not mix: comparing or
// assigning a Sequence to a TreeSize does not compile.
namespace selaras::base {

template <typename Kind>
struct Number {
  std::uint64_t value = 0;

  friend constexpr auto operator<=>(Number, Number) = default;

  template <typename H>
  friend H AbslHashValue(H state, Number number) {
    return H::combine(std::move(state), number.value);
  }
  friend std::ostream& operator<<(std::ostream& out, Number number) { return out << number.value; }

  // Lets absl::StrCat take the number as it is; this Abseil has no AbslStringify.
  operator absl::AlphaNum() const { return absl::AlphaNum(value); }  // NOLINT(*-explicit-*)
};

// A place in a log, counted from 0.
using Sequence = Number<struct SequenceKind>;

// How many leaves, from the first on, a tree or checkpoint covers.
using TreeSize = Number<struct TreeSizeKind>;

// The size of the tree whose last leaf is `last`.
constexpr TreeSize SizeThrough(Sequence last) { return {last.value + 1}; }

// The place that the next leaf of a tree of this size will take.
constexpr Sequence NextAfter(TreeSize size) { return {size.value}; }

// Whether a tree of this size contains the leaf.
constexpr bool Covers(TreeSize size, Sequence sequence) { return sequence.value < size.value; }

}  // namespace selaras::base
