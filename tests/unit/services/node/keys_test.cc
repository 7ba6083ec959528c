#include "services/node/keys.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/node/rows.h"
#include "tests/support/case_node.h"

namespace selaras::node {
namespace {

class KeysTest : public testing::Test {
 protected:
  NodeKeys Load(test::CaseNode& node) {
    auto keys = NodeKeys::LoadOrMake(node.store(), test::SomeWrappingKeys(), node.random());
    EXPECT_TRUE(keys.ok()) << keys.status();
    return *std::move(keys);
  }
  test::CaseNode node_{test::BawasluNode(), {}, 1};
};

TEST_F(KeysTest, AreMadeOnceAndKept) {
  const auto tag = Load(node_).RequestTag("bawaslu/13", "b-1");
  node_.Crash();
  EXPECT_EQ(Load(node_).RequestTag("bawaslu/13", "b-1"), tag);
  test::CaseNode other(test::BawasluNode(), {}, 2);
  EXPECT_NE(Load(other).RequestTag("bawaslu/13", "b-1"), tag);
}

TEST_F(KeysTest, NoTwoPurposesOrPartsMeet) {
  const NodeKeys keys = Load(node_);
  EXPECT_NE(keys.RequestTag("a", "bc"), keys.RequestTag("ab", "c"));
  EXPECT_NE(keys.CaseId("a", "r", 1), keys.CaseId("a", "r", 2));
  EXPECT_NE(keys.CaseId("a", "r1", 1), keys.CaseId("a", "r", 11));
  EXPECT_NE(keys.ReportId("a", "r"), keys.CaseId("a", "r", 0));
  EXPECT_NE(keys.LookUpKey("1", "23"), keys.LookUpKey("12", "3"));
  EXPECT_NE(keys.ReceiptCode("a", "r", "i"), keys.ReceiptCode("a", "r", "j"));
  EXPECT_NE(keys.ReceiptCode("a", "ri", ""), keys.ReceiptCode("a", "r", "i"));
  EXPECT_NE(keys.ReceiptTag("x"), keys.ReceiptTag("y"));
}

TEST_F(KeysTest, ADamagedKeyIsNotReplaced) {
  ASSERT_TRUE(node_.store()
                  .Write({{log::Table::kSecret, "request", "short"}}, log::Durability::kSynced)
                  .ok());
  EXPECT_TRUE(absl::IsDataLoss(
      NodeKeys::LoadOrMake(node_.store(), test::SomeWrappingKeys(), node_.random()).status()));
}

TEST_F(KeysTest, StandWrappedInTheStoreAndAreNoneWithoutTheWrappingKey) {
  for (const char* name : {"request", "id", "look-up", "receipt"}) {
    const auto row = node_.store().Get(log::Table::kSecret, name);
    EXPECT_EQ(vault::WrappingKeys::IdOf(**row), test::SomeWrappingKeys().newest_id()) << name;
  }
  const vault::WrappingKeys other({std::string(32, 'x')});
  EXPECT_TRUE(absl::IsFailedPrecondition(NodeKeys::Load(node_.store(), other).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      NodeKeys::LoadOrMake(node_.store(), other, node_.random()).status()));
  EXPECT_TRUE(NodeKeys::Load(node_.store(), test::SomeWrappingKeys()).ok());
}

TEST_F(KeysTest, ThoseThatAnEarlierVersionLeftInClearAreWrappedAndStayTheSame) {
  const std::string clear(32, 'c');
  for (const char* name : {"request", "id", "look-up"}) {
    ASSERT_TRUE(
        node_.store().Write({{log::Table::kSecret, name, clear}}, log::Durability::kSynced).ok());
  }
  ASSERT_TRUE(node_.store()
                  .Write({{log::Table::kSecret, "receipt", std::nullopt}}, log::Durability::kSynced)
                  .ok());
  const auto before = NodeKeys::Load(node_.store(), {})->RequestTag("bawaslu/13", "b-1");
  const auto receipt = NodeKeys::Load(node_.store(), {})->ReceiptTag("code");
  EXPECT_EQ(Load(node_).RequestTag("bawaslu/13", "b-1"), before);
  for (const char* name : {"request", "id", "look-up"}) {
    EXPECT_NE(**node_.store().Get(log::Table::kSecret, name), clear) << name;
  }
  EXPECT_EQ(Load(node_).RequestTag("bawaslu/13", "b-1"), before);
  EXPECT_EQ(Load(node_).ReceiptTag("code"), receipt) << "it stands in the log";
}

TEST(Uuid, IsOfVersion8AndInLowerCase) {
  EXPECT_EQ(FormatUuid(std::string(16, '\xff')), "ffffffff-ffff-8fff-bfff-ffffffffffff");
  EXPECT_EQ(FormatUuid(std::string(16, '\0')), "00000000-0000-8000-8000-000000000000");
  EXPECT_TRUE(IsUuid("8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11"));
  EXPECT_FALSE(IsUuid("8A63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11"));
  EXPECT_FALSE(IsUuid("8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a1"));
  EXPECT_FALSE(IsUuid("8a63fd5407ad3-8c1f-9e05-2b7d4b1c0a11"));
  EXPECT_FALSE(IsUuid(""));
}

TEST(Rows, SortAsTheirNumbersDo) {
  EXPECT_LT(rows::Change(9), rows::Change(10));
  EXPECT_LT(rows::Disclosure("bkn", 255), rows::Disclosure("bkn", 256));
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    EXPECT_EQ(rows::DecodeNumber(rows::EncodeNumber(number)), number);
  }
  EXPECT_EQ(rows::DecodeNumber("1234567"), 0u);
  EXPECT_EQ(rows::DecodeNumber("123456789"), 0u);
}

TEST(Rows, OfOnePeerAreNotThoseOfAnother) {
  EXPECT_THAT(rows::Disclosure("ppk-13.04", 0),
              testing::Not(testing::StartsWith(rows::DisclosurePrefix("ppk-13"))));
  EXPECT_THAT(rows::LookUp("ab", "case:x"),
              testing::Not(testing::StartsWith(rows::LookUpPrefix("a"))));
}

}  // namespace
}  // namespace selaras::node
