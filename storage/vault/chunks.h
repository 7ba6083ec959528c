#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Long contents, sealed piece by piece, so that they can be written, sent and read in parts:
// FORMAT.md, "Sealed documents". Any thread.
namespace selaras::vault {

inline constexpr std::size_t kChunkBytes = std::size_t{64} << 10;  // of the content
inline constexpr std::size_t kSealedChunkBytes = kChunkBytes + 16;

// How the content of a number of bytes, at least one, is cut.
struct Chunks {
  std::uint64_t bytes = 0;         // of the content
  std::uint64_t sealed_bytes = 0;  // of all sealed chunks
  std::uint32_t count = 0;

  // Bytes of the content in that chunk.
  std::size_t SizeOf(std::uint32_t index) const;
  std::size_t SealedSizeOf(std::uint32_t index) const { return SizeOf(index) + 16; }
  bool IsLast(std::uint32_t index) const { return index + 1 == count; }
};
// `bytes` is less than 2^48.
Chunks ChunksOf(std::uint64_t bytes);
// Of what is so large once it is sealed; nothing if nothing is.
std::optional<Chunks> ChunksOfSealed(std::uint64_t sealed_bytes);

// Seals a chunk. A key must seal one content only: place and end of a chunk are its nonce.
std::string SealChunk(absl::string_view key, std::uint32_t index, bool last,
                      absl::string_view content);

// DATA_LOSS if it is not that chunk of what was sealed with this key: nothing of it is told.
absl::StatusOr<std::string> OpenChunk(absl::string_view key, std::uint32_t index, bool last,
                                      absl::string_view sealed);

}  // namespace selaras::vault
