#include "storage/vault/chunks.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/base/bytes.h"

namespace selaras::vault {
namespace {

const std::string& Key() {
  static const auto& key = *new std::string(32, 'k');
  return key;
}

TEST(Chunks, AContentIsCutIntoPiecesOf64KiBAndARest) {
  struct Case {
    std::uint64_t bytes;
    std::uint32_t count;
  };
  for (const Case& each :
       {Case{1, 1}, Case{kChunkBytes - 1, 1}, Case{kChunkBytes, 1}, Case{kChunkBytes + 1, 2},
        Case{3 * kChunkBytes, 3}, Case{std::uint64_t{1} << 30, 1 << 14}}) {
    const Chunks chunks = ChunksOf(each.bytes);
    EXPECT_EQ(chunks.count, each.count) << each.bytes;
    std::uint64_t content = 0;
    std::uint64_t sealed = 0;
    for (std::uint32_t i = 0; i < chunks.count; ++i) {
      content += chunks.SizeOf(i);
      sealed += chunks.SealedSizeOf(i);
    }
    EXPECT_EQ(content, each.bytes);
    EXPECT_EQ(sealed, chunks.sealed_bytes);
  }
}

TEST(Chunks, TheSizeOfWhatIsSealedTellsHowItWasCut) {
  for (std::uint64_t bytes = 1; bytes < 3 * kChunkBytes; bytes += 4'093) {
    const Chunks chunks = ChunksOf(bytes);
    const auto again = ChunksOfSealed(chunks.sealed_bytes);
    ASSERT_TRUE(again.has_value()) << bytes;
    EXPECT_EQ(again->bytes, bytes);
    EXPECT_EQ(again->count, chunks.count);
  }
  for (const std::uint64_t none :
       {std::uint64_t{0}, std::uint64_t{16}, std::uint64_t{kSealedChunkBytes + 1},
        std::uint64_t{kSealedChunkBytes + 16}, ~std::uint64_t{0}, std::uint64_t{1} << 60}) {
    EXPECT_FALSE(ChunksOfSealed(none).has_value()) << none;
  }
}

TEST(Chunks, AChunkOpensInItsPlaceOnly) {
  const std::string sealed = SealChunk(Key(), 1, false, "isi");
  ASSERT_EQ(OpenChunk(Key(), 1, false, sealed).value(), "isi");
  EXPECT_TRUE(absl::IsDataLoss(OpenChunk(Key(), 0, false, sealed).status())) << "another place";
  EXPECT_TRUE(absl::IsDataLoss(OpenChunk(Key(), 1, true, sealed).status())) << "cut short";
  EXPECT_TRUE(absl::IsDataLoss(OpenChunk(std::string(32, 'x'), 1, false, sealed).status()));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_TRUE(absl::IsDataLoss(OpenChunk(Key(), 1, false, damaged).status())) << i;
  }
}

TEST(Chunks, TheBytesAreThoseThatFormatMdDescribes) {
  // Computed with another implementation of AES-256-GCM (FORMAT.md says how).
  EXPECT_EQ(base::HexEncode(SealChunk(Key(), 2, true, "selaras")),
            "5590592340bdda31d099559eac83c3c10520f3e1bd70b0");
}

}  // namespace
}  // namespace selaras::vault
