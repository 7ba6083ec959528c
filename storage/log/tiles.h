#pragma once

#include <cstdint>
#include <span>
#include <string>

// C2SP tlog-tiles: how a log lies in files that any server can offer.
namespace selaras::log {

// `tile/<level>/<index>`, the index in groups of three digits (`x001/x234/067`), with `.p/<width>`
// if the tile has fewer than 256 hashes. `width` is 1 to 256.
std::string TilePath(int level, std::uint64_t index, std::uint64_t width);
// Likewise `tile/entries/<index>`.
std::string EntriesPath(std::uint64_t index, std::uint64_t width);

// The entries, each behind its length (2 bytes, big-endian). None is longer than that can say.
std::string EntryBundle(std::span<const std::string> entries);

}  // namespace selaras::log
