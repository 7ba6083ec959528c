#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// Which numbers of a table must be withheld so that no small one can be read off it, neither
// directly nor by taking the others away from a sum that is known.
namespace selaras::statistics {

// Numbers below it that are not zero are small: few people could be recognised.
inline constexpr std::uint32_t kPublicMin = 5;

// Cells whose sum is known to the reader, by index.
using Line = std::vector<std::size_t>;

// Adds to `hidden` what is small and then, line by line, the next smallest numbers until in every
// line what is hidden is at least two numbers, any of which could be kPublicMin or more. Zeros are
// never hidden: they are about nobody.
//
// Gives the lines that have nothing left to hide and whose hidden numbers follow from their sum: it
// must not be known.
std::vector<std::size_t> Suppress(const std::vector<std::uint64_t>& counts,
                                  const std::vector<Line>& lines, std::vector<bool>* hidden);

}  // namespace selaras::statistics
