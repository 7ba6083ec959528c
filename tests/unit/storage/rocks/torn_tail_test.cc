// What a power cut tore is cut off; what may have been acknowledged is not.
#include "storage/rocks/torn_tail.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/rocks/crc32c.h"
#include "tests/support/random.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kSector = 512;
constexpr std::size_t kPage = 4096;

TEST(Crc32c, IsThatOfRfc3720) {
  EXPECT_EQ(rocks::Crc32c(""), 0u);
  EXPECT_EQ(rocks::Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(rocks::Crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(rocks::Crc32c(std::string(32, '\xff')), 0x62a8ab43u);
}

// Five small batches, then one of a hundred kilobytes; killed before it was answered.
class TornTail : public testing::Test {
 protected:
  TornTail() {
    const StoreDirectory running;
    const auto store = running.MustOpen();
    AppendEntries(*store, 5);
    killed_.CopyFrom(running);
    acknowledged_ = ReadFile(Wal()).size();
    log::AppendBatch large;
    for (int i = 0; i < 100; ++i) {
      std::string entry;  // without zeros of its own
      while (entry.size() < 1'000) entry.push_back(static_cast<char>(Between(random_, 1, 255)));
      large.shared.push_back(entry);
    }
    EXPECT_TRUE(store->Append(large).ok());
    const std::string told = ReadFile(killed_.path() + "/acknowledged");
    killed_.CopyFrom(running);
    WriteFile(killed_.path() + "/acknowledged", told);
    whole_ = ReadFile(Wal());
  }

  std::string Wal() { return killed_.Files(".log").back(); }

  // The pages in [from, to) of the WAL did not reach the disk.
  std::string Without(std::size_t from, std::size_t to) {
    return std::string(whole_).replace(from, to - from, to - from, '\0');
  }

  std::mt19937_64 random_ = SeededRandom();
  StoreDirectory killed_;
  std::size_t acknowledged_ = 0;  // bytes of the WAL
  std::string whole_;
};

TEST_F(TornTail, AWalThatIsWholeHasNoTear) {
  EXPECT_EQ(rocks::FindTear(whole_), std::nullopt);
  EXPECT_EQ(rocks::FindTear(""), std::nullopt);
  EXPECT_EQ(rocks::FindTear(whole_ + std::string(10'000, '\0')), std::nullopt);
  for (std::size_t cut = 0; cut < whole_.size(); cut += 1'013) {
    EXPECT_EQ(rocks::FindTear(absl::string_view(whole_).substr(0, cut)), std::nullopt) << cut;
  }
}

TEST_F(TornTail, AMissingPageOfTheLastBatchIsCutOffAndKeptAside) {
  for (std::size_t page = acknowledged_ / kPage + 1; (page + 1) * kPage < whole_.size();
       page += 5) {
    WriteFile(Wal(), Without(page * kPage, (page + 1) * kPage));
    StoreDirectory copy;
    copy.CopyFrom(killed_);
    EXPECT_EQ(rocks::OpenReadOnly(copy.path()).status().code(),
              absl::StatusCode::kFailedPrecondition);
    {
      const auto store = copy.Open();
      ASSERT_TRUE(store.ok()) << "page " << page << ": " << store.status();
      EXPECT_EQ((*store)->shared().size().value, 5u);
      AppendEntries(**store, 1);
    }
    EXPECT_EQ(copy.MustOpen()->shared().size().value, 6u);
    const std::string name = std::filesystem::path(Wal()).filename();
    EXPECT_GE(ReadFile(copy.path() + "/torn-" + name).size(), whole_.size() - (page + 1) * kPage);
  }
}

TEST_F(TornTail, AnyPagesOfTheLastBatchMayBeMissing) {
  for (int i = 0; i < 20; ++i) {
    std::string torn = whole_;
    for (std::size_t page = acknowledged_ / kSector * kSector; page < torn.size();
         page = (page / kPage + 1) * kPage) {
      if (Between(random_, 0, 2) > 0) continue;
      const std::size_t from = std::max(page, acknowledged_);  // the page as it was before
      const std::size_t to = std::min((page / kPage + 1) * kPage, torn.size());
      torn.replace(from, to - from, to - from, '\0');
    }
    WriteFile(Wal(), torn);
    StoreDirectory copy;
    copy.CopyFrom(killed_);
    const auto store = copy.Open();
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ((*store)->shared().size().value, torn == whole_ ? 105u : 5u);
  }
}

TEST_F(TornTail, AFlippedBitIsNoTear) {
  for (int i = 0; i < 200; ++i) {
    std::string flipped = whole_;
    flipped[Between(random_, 0, whole_.size() - 1)] ^=
        static_cast<char>(1 << Between(random_, 0, 7));
    EXPECT_EQ(rocks::FindTear(flipped), std::nullopt);
  }
}

TEST_F(TornTail, AMissingSectorBeforeWhatWasAcknowledgedIsAnError) {
  const std::size_t entry = whole_.find("entry 1") / kSector * kSector;
  WriteFile(Wal(), Without(entry, entry + kSector));
  const absl::Status status = killed_.Open().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("5 entries were acknowledged"));
}

}  // namespace
}  // namespace selaras::test
