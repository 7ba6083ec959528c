#include "services/node/round_reader.h"

#include <string>
#include <utility>

#include "node_test_base.h"
#include "services/node/rows.h"
#include "tests/support/altered_store.h"
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
  EXPECT_EQ((*first)->SerializeAsString(), *bawaslu_.store().Get(log::Table::kState, key));
  intake::v1::ReviewCase review = test::SomeReview();
  review.mutable_case_ref()->set_case_id(opened_.case_id());
  bawaslu_.Must(test::IntakeRequest("b-2", review));
  EXPECT_EQ(*reader.Subject(key), *first);
  EXPECT_EQ(store_.asked, 1);
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

TEST_F(RoundReaderTest, EntriesThatAreKeptAreNotReadAgain) {
  test::AlteredStore store(store_);
  const auto shared = *store.shared().Entry({0});
  const auto kept = *store.private_log().Entry({0});
  store.shared_changes.entries[1] = std::nullopt;
  RoundReader reader(store);
  ASSERT_TRUE(reader.KeepShared({0}, 2).ok());
  ASSERT_TRUE(reader.KeepPrivate({0}, 1).ok());
  for (auto* changes : {&store.shared_changes, &store.private_changes}) {
    changes->entries[0] = "another";
  }
  EXPECT_EQ(*reader.shared().Entry({0}), shared);
  EXPECT_EQ(*reader.private_log().Entry({0}), kept);
  EXPECT_EQ(*reader.shared().Entry({1}), std::nullopt) << "it is lost";
  store.shared_changes.entries.erase(1);
  EXPECT_EQ(*reader.shared().Entry({1}), *store_.shared().Entry({1})) << "it was not kept";
}

TEST_F(RoundReaderTest, PastTheEndNothingIsKept) {
  RoundReader reader(store_);
  const std::uint64_t size = store_.shared().size().value;
  EXPECT_TRUE(reader.KeepShared({size + 1}, 0).ok())
      << "a log may be shorter than what was handled";
  EXPECT_TRUE(absl::IsOutOfRange(reader.KeepShared({size}, 1)));
  EXPECT_TRUE(absl::IsOutOfRange(reader.KeepShared({0}, size + 1)));
  EXPECT_TRUE(absl::IsOutOfRange(reader.shared().Entry({size}).status()));
}

}  // namespace
}  // namespace selaras::node
