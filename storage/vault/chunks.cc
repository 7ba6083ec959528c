#include "storage/vault/chunks.h"

#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "storage/crypto/aes_gcm.h"

namespace selaras::vault {
namespace {

constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 48;  // so that an index stays one

static_assert(kSealedChunkBytes == kChunkBytes + crypto::kGcmTagSize);

// A content that was cut short has no last chunk, and one whose chunks changed places does not
// open.
std::string NonceOf(std::uint32_t index, bool last) {
  std::string nonce;
  base::AppendU64(&nonce, index);
  nonce.append(3, '\0');
  nonce.push_back(last ? '\1' : '\0');
  return nonce;
}

}  // namespace

std::size_t Chunks::SizeOf(std::uint32_t index) const {
  SELARAS_CHECK(index < count) << "no such chunk";
  return IsLast(index) ? static_cast<std::size_t>(bytes - std::uint64_t{index} * kChunkBytes)
                       : kChunkBytes;
}

Chunks ChunksOf(std::uint64_t bytes) {
  SELARAS_CHECK(bytes > 0 && bytes < kBytesMax) << "no content to seal";
  Chunks chunks;
  chunks.bytes = bytes;
  chunks.count = static_cast<std::uint32_t>((bytes + kChunkBytes - 1) / kChunkBytes);
  chunks.sealed_bytes = bytes + std::uint64_t{chunks.count} * crypto::kGcmTagSize;
  return chunks;
}

std::optional<Chunks> ChunksOfSealed(std::uint64_t sealed_bytes) {
  const std::uint64_t count = (sealed_bytes + kSealedChunkBytes - 1) / kSealedChunkBytes;
  const std::uint64_t tags = count * crypto::kGcmTagSize;
  if (sealed_bytes <= tags || sealed_bytes - tags >= kBytesMax) return std::nullopt;
  const Chunks chunks = ChunksOf(sealed_bytes - tags);
  if (chunks.sealed_bytes != sealed_bytes) return std::nullopt;
  return chunks;
}

std::string SealChunk(absl::string_view key, std::uint32_t index, bool last,
                      absl::string_view content) {
  return crypto::SealAesGcm(key, NonceOf(index, last), "", content);
}

absl::StatusOr<std::string> OpenChunk(absl::string_view key, std::uint32_t index, bool last,
                                      absl::string_view sealed) {
  return crypto::OpenAesGcm(key, NonceOf(index, last), "", sealed);
}

}  // namespace selaras::vault
