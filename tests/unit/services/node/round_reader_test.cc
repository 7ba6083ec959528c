#include "services/node/round_reader.h"

#include <string>
#include <utility>

#include "node_test_base.h"
#include "services/node/rows.h"
#include "tests/support/forwarding_store.h"

namespace selaras::node {
namespace {

// Counts the rows that are asked for, and may give damaged ones.
class CountedStore final : public test::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override {
    ++asked;
    if (damaged) return "no row";
    return ForwardingStore::Get(table, key);
  }
  mutable int asked = 0;
  bool damaged = false;
};

class RoundReaderTest : public NodeTest {
 protected:
  RoundReaderTest() : opened_(bawaslu_.Must(Naming("b-1"))), store_(bawaslu_.store()) {}

  const command::v1::CommandOutcome opened_;
  CountedStore store_;
};

TEST_F(RoundReaderTest, ACaseIsReadOnceAndStaysAsItWas) {
  const std::string key = rows::CaseState(opened_.case_id());
  const RoundReader reader(store_);
  const auto first = reader.Subject(key);
  ASSERT_TRUE(first.ok() && *first != nullptr);
  EXPECT_EQ((*first)->SerializeAsString(), *store_.Get(log::Table::kState, key));
  intake::v1::ReviewCase review = test::SomeReview();
  review.mutable_case_ref()->set_case_id(opened_.case_id());
  bawaslu_.Must(test::IntakeRequest("b-2", review));
  store_.asked = 0;
  EXPECT_EQ(*reader.Subject(key), *first);
  EXPECT_EQ(store_.asked, 0);
  EXPECT_NE((*RoundReader(store_).Subject(key))->SerializeAsString(), (*first)->SerializeAsString())
      << "the next round";
}

TEST_F(RoundReaderTest, ThatThereIsNoCaseIsReadOnceToo) {
  const RoundReader reader(store_);
  EXPECT_EQ(*reader.Subject("no such case"), nullptr);
  EXPECT_EQ(*reader.Subject("no such case"), nullptr);
  EXPECT_EQ(store_.asked, 1);
}

TEST_F(RoundReaderTest, ADamagedCaseIsNoCaseThatIsNotThere) {
  const std::string key = rows::CaseState(opened_.case_id());
  const RoundReader reader(store_);
  store_.damaged = true;
  EXPECT_TRUE(absl::IsDataLoss(reader.Subject(key).status()));
  EXPECT_TRUE(absl::IsDataLoss(reader.Subject(key).status())) << "asked again";
}

TEST_F(RoundReaderTest, RowsAreReadWheneverTheyAreAskedFor) {
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
  ASSERT_TRUE(reader.KeepShared({0}, 1).ok());
  ASSERT_TRUE(reader.KeepPrivate({0}, 1).ok());
  EXPECT_EQ(*reader.shared().Entry({0}), *shared.Entry({0}));
  EXPECT_EQ(*reader.shared().Entry({1}), *shared.Entry({1})) << "which was not kept";
  EXPECT_EQ(*reader.private_log().Entry({0}), *private_log.Entry({0}));
  EXPECT_TRUE(absl::IsOutOfRange(reader.KeepShared({shared.size().value}, 1)));
  EXPECT_TRUE(absl::IsOutOfRange(reader.KeepShared({0}, shared.size().value + 1)));
  EXPECT_TRUE(absl::IsOutOfRange(reader.shared().Entry({shared.size().value}).status()));
}

}  // namespace
}  // namespace selaras::node
