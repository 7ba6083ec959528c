#include "services/node/round_reader.h"

#include <string>
#include <utility>

#include "node_test_base.h"
#include "services/node/rows.h"
#include "tests/support/forwarding_store.h"

namespace selaras::node {
namespace {

// Counts the rows that are asked for.
class CountedStore final : public test::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override {
    ++asked;
    return ForwardingStore::Get(table, key);
  }
  mutable int asked = 0;
};

class RoundReaderTest : public NodeTest {
 protected:
  RoundReaderTest() : opened_(bawaslu_.Must(Naming("b-1"))), store_(bawaslu_.store()) {}

  const command::v1::CommandOutcome opened_;
  CountedStore store_;
};

TEST_F(RoundReaderTest, ARowOfACaseIsReadOnceAndStaysAsItWas) {
  const std::string key = rows::CaseState(opened_.case_id());
  const RoundReader reader(store_);
  const auto first = reader.Get(log::Table::kState, key);
  ASSERT_TRUE(first.ok() && first->has_value());
  intake::v1::ReviewCase review = test::SomeReview();
  review.mutable_case_ref()->set_case_id(opened_.case_id());
  bawaslu_.Must(test::IntakeRequest("b-2", review));
  EXPECT_EQ(*reader.Get(log::Table::kState, key), *first);
  EXPECT_EQ(store_.asked, 1);
  EXPECT_NE(*RoundReader(store_).Get(log::Table::kState, key), *first) << "the next round";
}

TEST_F(RoundReaderTest, ThatThereIsNoRowIsReadOnceToo) {
  const RoundReader reader(store_);
  EXPECT_EQ(*reader.Get(log::Table::kState, "no such case"), std::nullopt);
  EXPECT_EQ(*reader.Get(log::Table::kState, "no such case"), std::nullopt);
  EXPECT_EQ(store_.asked, 1);
}

TEST_F(RoundReaderTest, OtherRowsAreReadWheneverTheyAreAskedFor) {
  const RoundReader reader(store_);
  ASSERT_TRUE(store_.Write({{log::Table::kView, "row", "one"}}, log::Durability::kSynced).ok());
  EXPECT_EQ(*reader.Get(log::Table::kView, "row"), "one");
  ASSERT_TRUE(store_.Write({{log::Table::kView, "row", "two"}}, log::Durability::kSynced).ok());
  EXPECT_EQ(*reader.Get(log::Table::kView, "row"), "two");
}

TEST_F(RoundReaderTest, EntriesAreThoseOfTheStoreKeptOrNot) {
  RoundReader reader(store_);
  const log::LogReader& shared = store_.shared();
  const log::LogReader& private_log = store_.private_log();
  EXPECT_EQ(*reader.Shared({0}), *shared.Entry({0}));
  EXPECT_EQ(*reader.Private({0}), *private_log.Entry({0}));
  EXPECT_EQ(*reader.shared().Entry({0}), *shared.Entry({0}));
  EXPECT_EQ(*reader.shared().Entry({1}), *shared.Entry({1})) << "which was not kept";
  EXPECT_EQ(*reader.private_log().Entry({0}), *private_log.Entry({0}));
  EXPECT_TRUE(absl::IsOutOfRange(reader.Shared({shared.size().value}).status()));
  EXPECT_TRUE(absl::IsOutOfRange(reader.shared().Entry({shared.size().value}).status()));
}

}  // namespace
}  // namespace selaras::node
