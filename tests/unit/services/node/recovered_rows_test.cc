// A node whose store was restored from a backup, and got back what others hold of its log.
#include "services/node/recovered_rows.h"

#include "node_test_base.h"
#include "services/domain/fold.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "tests/support/altered_store.h"
#include "tests/support/rows_of.h"

namespace selaras::node {
namespace {

using test::RowsOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Rows = std::map<std::string, std::string>;

class RecoveredRowsTest : public NodeTest {
 protected:
  // What folding gives; without what stood in the private log or in the request alone.
  static Rows StatesOf(const log::StoreReader& store) {
    Rows rows = RowsOf(store, log::Table::kState);
    for (auto& [key, value] : rows) {
      storage::v1::StoredSubject subject;
      EXPECT_TRUE(subject.ParseFromString(value));
      subject.clear_private_();
      subject.clear_opening_digest();
      subject.clear_opening_blinded();
      value = subject.SerializeAsString();
    }
    return rows;
  }

  static storage::v1::StoredSubject Subject(const log::StoreReader& store,
                                            const std::string& case_id) {
    auto subject = LoadSubject(store, rows::CaseState(case_id));
    EXPECT_TRUE(subject.ok() && *subject) << subject.status();
    return **subject;
  }

  // Brings back what these hold.
  static absl::Status Recover(test::CaseNode& node, const std::vector<const log::LogReader*>& from,
                              int batches = 1'000) {
    std::vector<log::RecoverySource> sources;
    for (const log::LogReader* log : from) sources.push_back({log->name(), log});
    std::optional<log::SplitView> contradiction;
    auto plan =
        log::Recovery::Plan(node.store().shared(), std::move(sources), nullptr, &contradiction);
    if (!plan.ok()) return plan.status();
    if (batches == 1'000) return BringBack(node.store(), *plan, node.random(), nullptr);
    RecoveredRows rows(node.store());
    for (int i = 0; i < batches; ++i) {
      auto batch = plan->Next();
      if (!batch.ok() || !*batch) return batch.status();
      auto made = rows.Of(**batch);
      if (!made.ok()) return made.status();
      (*batch)->rows = *made;
      const auto written = node.store().Recover(**batch);
      if (!written.ok()) return written.status();
    }
    return absl::OkStatus();
  }

  static const log::LogReader& MirrorIn(const test::CaseNode& node, const std::string& log) {
    for (const log::Mirror* mirror : node.store().mirrors()) {
      if (mirror->name() == log) return *mirror;
    }
    ADD_FAILURE() << log;
    return node.store().shared();
  }

  static std::vector<std::uint64_t> Lost(const test::CaseNode& node) {
    const log::LogReader& shared = node.store().shared();
    std::vector<std::uint64_t> places;
    const auto lost = shared.Lost({0}, shared.size().value);
    for (const base::Sequence sequence : *lost) {
      places.push_back(sequence.value);
    }
    return places;
  }

  // The nodes as they are after a backup of their first moment: the same keys, and nothing else.
  test::CaseNode restored_bkn_{
      test::BknNode(), {test::BawasluNode(), test::TanahDatar(), test::Padang()}, 2};
  test::CaseNode restored_bawaslu_{
      test::BawasluNode(), {test::BknNode(), test::TanahDatar(), test::Padang()}, 1};
};

TEST_F(RecoveredRowsTest, StatesAreThoseThatWereLost) {
  const std::string id = RecommendedCase();
  ASSERT_TRUE(Recover(restored_bkn_, {&MirrorIn(bawaslu_, "bkn")}).ok());
  EXPECT_THAT(Lost(restored_bkn_), IsEmpty());
  EXPECT_EQ(StatesOf(restored_bkn_.store()), StatesOf(bkn_.store()));
  EXPECT_EQ(restored_bkn_.store().shared().checkpoint(), bkn_.store().shared().checkpoint());
}

TEST_F(RecoveredRowsTest, ARequestWhoseEntriesCameBackIsNeitherDoneAgainNorAnswered) {
  const std::string id = RecommendedCase();
  ASSERT_TRUE(Recover(restored_bkn_, {&MirrorIn(bawaslu_, "bkn")}).ok());
  const std::uint64_t size = restored_bkn_.store().shared().size().value;
  const auto repeat = test::ReferralRequest("k-2", test::SomeRecommendation(id));
  const Outcome outcome = restored_bkn_.Execute(repeat);
  EXPECT_EQ(outcome.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(test::ReasonIn(outcome.status()), "REQUEST_RECOVERED");
  EXPECT_THAT(std::string(outcome.status().message()), HasSubstr(absl::StrCat("bkn@", size - 1)));
  EXPECT_EQ(restored_bkn_.store().shared().size().value, size);
  // Another body is refused alike: it cannot be told from the first.
  const Outcome other =
      restored_bkn_.Execute(test::ReferralRequest("k-2", test::SomeVerification(id)));
  EXPECT_EQ(test::ReasonIn(other.status()), "REQUEST_RECOVERED");
  // What the row lists is what the request wrote.
  const Rows before = RowsOf(bkn_.store(), log::Table::kRequest);
  const Rows after = RowsOf(restored_bkn_.store(), log::Table::kRequest);
  ASSERT_EQ(after.size(), before.size());
  for (const auto& [key, row] : after) {
    ASSERT_TRUE(before.contains(key));
    storage::v1::StoredRequest was;
    storage::v1::StoredRequest is;
    ASSERT_TRUE(was.ParseFromString(before.at(key)) && is.ParseFromString(row));
    EXPECT_THAT(is.digest(), IsEmpty());
    EXPECT_EQ(std::vector(is.shared().begin(), is.shared().end()),
              std::vector(was.shared().begin(), was.shared().end()));
    command::v1::CommandOutcome outcome_is;
    ASSERT_TRUE(outcome_is.ParseFromString(is.outcome()));
    EXPECT_EQ(outcome_is.case_id(), id);
    EXPECT_EQ(outcome_is.positions_size(), is.shared_size());
  }
}

TEST_F(RecoveredRowsTest, ACaseGoesOnAlsoWhereTheEntriesBeforeItsReferralAreLost) {
  const std::string id = RecommendedCase();
  ASSERT_TRUE(Recover(restored_bawaslu_, {&MirrorIn(bkn_, "bawaslu-13")}).ok());
  EXPECT_THAT(Lost(restored_bawaslu_), ElementsAre(0, 1, 2, 3));
  const auto own = Subject(restored_bawaslu_.store(), id);
  EXPECT_THAT(own.shared(), ElementsAre(4));
  ASSERT_THAT(own.segments(), SizeIs(1));
  EXPECT_EQ(own.segments(0).party_entries(), 1u);

  restored_bawaslu_.Crash();  // starts over a log that begins with lost leaves
  for (const test::CaseNode* node : {&bkn_, &ppk_}) restored_bawaslu_.Copy(*node);
  restored_bawaslu_.Project();
  const auto here = restored_bawaslu_.Case(id);
  const auto there = ppk_.Case(id);
  ASSERT_TRUE(here.ok() && there.ok()) << here.status() << there.status();
  EXPECT_EQ(here->party_digest(), there->party_digest());
  EXPECT_EQ(here->state(), there->state());

  // It writes again, behind all that was signed, and its peers take it.
  restored_bawaslu_.Must(Referring("b-9", "197001012000011001"));
  restored_bawaslu_.Project();
  bkn_.Copy(restored_bawaslu_);
  bkn_.Project();
  EXPECT_EQ(MirrorIn(bkn_, "bawaslu-13").size(), restored_bawaslu_.store().shared().size());
}

TEST_F(RecoveredRowsTest, AStoreWhoseNewestLeafIsLostStarts) {
  RecommendedCase();
  bawaslu_.Must(Naming("b-2"));  // office entries only
  Exchange();
  ASSERT_TRUE(Recover(restored_bawaslu_, {&MirrorIn(bkn_, "bawaslu-13")}).ok());
  EXPECT_THAT(Lost(restored_bawaslu_), ElementsAre(0, 1, 2, 3, 5, 6));
  restored_bawaslu_.Crash();
  const auto outcome = restored_bawaslu_.Must(Naming("b-2"));
  EXPECT_FALSE(outcome.repeated_request()) << "what is lost is entered again";
  EXPECT_EQ(outcome.positions(0).sequence(), 7u);
}

TEST_F(RecoveredRowsTest, WhatIsFoundLaterTakesItsPlaceAmongTheOthers) {
  const std::string id = RecommendedCase();
  ASSERT_TRUE(Recover(restored_bawaslu_, {&MirrorIn(bkn_, "bawaslu-13")}).ok());
  restored_bawaslu_.Project();
  ASSERT_TRUE(Recover(restored_bawaslu_, {&bawaslu_.store().shared()}).ok());
  EXPECT_THAT(Lost(restored_bawaslu_), IsEmpty());
  EXPECT_EQ(StatesOf(restored_bawaslu_.store()), StatesOf(bawaslu_.store()));
  // The views are derived anew: the report is there again.
  restored_bawaslu_.Project();
  for (const test::CaseNode* node : {&bkn_, &ppk_}) restored_bawaslu_.Copy(*node);
  restored_bawaslu_.Project();
  const auto here = restored_bawaslu_.Case(id);
  const auto before = bawaslu_.Case(id);
  ASSERT_TRUE(here.ok() && before.ok());
  EXPECT_EQ(here->report_id(), before->report_id());
  EXPECT_EQ(here->party_digest(), before->party_digest());
}

TEST_F(RecoveredRowsTest, WhatWasErasedStaysErased) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  Exchange();
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id, false),
                                  test::SomeDismissal(id)));
  Exchange();
  command::v1::OrderErasure order;
  order.mutable_case_ref()->set_case_id(id);
  order.set_ground("putusan");
  command::v1::AnswerErasure answer;
  *answer.mutable_case_ref() = order.case_ref();
  *answer.mutable_order() = bawaslu_.Must(test::IntakeRequest("b-2", order)).positions(0);
  answer.set_consents(true);
  bawaslu_.Must(test::IntakeRequest("b-4", answer));
  Exchange();
  bkn_.Must(test::ReferralRequest("k-2", answer));
  Exchange();
  command::v1::EraseCase erase;
  *erase.mutable_case_ref() = order.case_ref();
  bawaslu_.Must(test::IntakeRequest("b-3", erase));
  Exchange();
  // The backup still had a copy.
  ASSERT_TRUE(restored_bawaslu_.store()
                  .Write({{log::Table::kSecret, rows::SharedKey(id, "bkn"), "wrapped"}},
                         log::Durability::kSynced)
                  .ok());
  ASSERT_TRUE(Recover(restored_bawaslu_, {&MirrorIn(bkn_, "bawaslu-13")}).ok());
  for (const std::string& row : {rows::SharedKey(id, "bawaslu/13"), rows::KeptKey(id, "bawaslu/13"),
                                 rows::SharedKey(id, "bkn")}) {
    EXPECT_TRUE(*restored_bawaslu_.subject_keys().IsErased(row, nullptr)) << row;
  }
}

TEST_F(RecoveredRowsTest, ACaseWhoseReportIsLostIsFoundAndItsReportIsNot) {
  const std::string id = RecommendedCase();
  test::LogChanges hidden;  // all but the naming and the referral
  for (const std::uint64_t place : {0, 2, 3}) hidden.entries[place] = std::nullopt;
  const test::AlteredLog source(bawaslu_.store().shared(), nullptr, hidden);
  ASSERT_TRUE(Recover(restored_bawaslu_, {&source}).ok());
  EXPECT_THAT(Lost(restored_bawaslu_), ElementsAre(0, 2, 3));
  restored_bawaslu_.Project();
  const auto own = Subject(restored_bawaslu_.store(), id);
  const auto before = bawaslu_.Case(id);
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(own.report_id(), before->report_id());
  EXPECT_TRUE(restored_bawaslu_.Case(id).ok());
  const node::Viewer viewer = restored_bawaslu_.viewer();
  const auto reports = restored_bawaslu_.reader().ListReports({}, viewer);
  ASSERT_TRUE(reports.ok()) << reports.status();
  EXPECT_THAT(reports->reports(), IsEmpty());
  query::v1::GetReportRequest request;
  request.set_report_id(before->report_id());
  EXPECT_EQ(restored_bawaslu_.reader().GetReport(request, viewer).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(RecoveredRowsTest, ARecoveryThatWasBrokenOffGoesOn) {
  for (int i = 0; i < 80; ++i) {
    bawaslu_.Must(Referring(absl::StrCat("b-", i)));
  }
  ASSERT_GT(bawaslu_.store().shared().size().value, 256u);
  ASSERT_TRUE(Recover(restored_bawaslu_, {&bawaslu_.store().shared()}, /*batches=*/1).ok());
  EXPECT_EQ(restored_bawaslu_.store().shared().size().value, 256u);
  restored_bawaslu_.Crash();
  ASSERT_TRUE(Recover(restored_bawaslu_, {&bawaslu_.store().shared()}).ok());
  EXPECT_EQ(StatesOf(restored_bawaslu_.store()), StatesOf(bawaslu_.store()));
  EXPECT_EQ(restored_bawaslu_.store().shared().checkpoint(),
            bawaslu_.store().shared().checkpoint());
}

TEST_F(RecoveredRowsTest, PeersReadTheDisclosureListsFromTheirBeginning) {
  RecommendedCase();
  restored_bkn_.Project();
  const auto before = restored_bkn_.store().Get(log::Table::kView, rows::kDisclosureEpoch);
  ASSERT_TRUE(Recover(restored_bkn_, {&MirrorIn(bawaslu_, "bkn")}).ok());
  const auto after = restored_bkn_.store().Get(log::Table::kView, rows::kDisclosureEpoch);
  ASSERT_TRUE(*before && *after);
  EXPECT_NE(**before, **after);
  EXPECT_EQ((*after)->size(), (*before)->size());
  // Nothing came back: what they have read is what the lists are.
  ASSERT_TRUE(Recover(restored_bkn_, {&MirrorIn(bawaslu_, "bkn")}).ok());
  EXPECT_EQ(restored_bkn_.store().Get(log::Table::kView, rows::kDisclosureEpoch).value(), **after);
}

TEST_F(RecoveredRowsTest, TheDisclosureListsHaveTheirNewNameBeforeAnythingComesBack) {
  RecommendedCase();
  restored_bkn_.Project();
  const auto before = restored_bkn_.store().Get(log::Table::kView, rows::kDisclosureEpoch);
  test::LogChanges changes;
  const test::AlteredLog source(bkn_.store().shared(), nullptr, changes);
  std::optional<log::SplitView> contradiction;
  auto plan = log::Recovery::Plan(restored_bkn_.store().shared(), {{"source", &source}}, nullptr,
                                  &contradiction);
  ASSERT_TRUE(plan.ok()) << plan.status();
  changes.entries[0] = "another";  // so that it is broken off
  ASSERT_FALSE(BringBack(restored_bkn_.store(), *plan, restored_bkn_.random(), nullptr).ok());
  EXPECT_EQ(restored_bkn_.store().shared().size().value, 0u);
  const auto after = restored_bkn_.store().Get(log::Table::kView, rows::kDisclosureEpoch);
  ASSERT_TRUE(*before && *after);
  EXPECT_NE(**before, **after);
}

TEST_F(RecoveredRowsTest, WhatIsForgottenIsDerivedAnewOnTheSameBasis) {
  RecommendedCase();
  const Rows before = RowsOf(bkn_.store(), log::Table::kView);
  ASSERT_TRUE(Projector::Forget(bkn_.store()).ok());
  const auto basis = bkn_.store().Get(log::Table::kView, rows::kViewBasis);
  EXPECT_THAT(before,
              testing::Contains(std::pair<std::string, std::string>(rows::kViewBasis, **basis)));
  EXPECT_LT(RowsOf(bkn_.store(), log::Table::kView).size(), before.size());
  bkn_.Crash();
  bkn_.Project();
  EXPECT_EQ(RowsOf(bkn_.store(), log::Table::kView), before);
}

TEST_F(RecoveredRowsTest, ALinkThatStoodStillBecauseThisLogWasTooShortGoesOn) {
  RecommendedCase();
  const std::string note = bkn_.store().shared().checkpoint().note;
  storage::v1::StoredLink stopped;
  stopped.set_stopped(true);
  stopped.set_fault("this log is shorter than what the peer holds");
  stopped.set_given(note);
  stopped.set_arrived_size(3);
  ASSERT_TRUE(SaveLinkProgress(restored_bkn_.store(), "bawaslu-13", stopped).ok());
  stopped.set_given("not of this log");
  ASSERT_TRUE(SaveLinkProgress(restored_bkn_.store(), "ppk-13.04", stopped).ok());
  ASSERT_TRUE(Recover(restored_bkn_, {&MirrorIn(bawaslu_, "bkn")}).ok());
  const auto settled = LoadLink(restored_bkn_.store(), "bawaslu-13");
  EXPECT_FALSE(settled->stopped());
  EXPECT_THAT(settled->fault(), IsEmpty());
  EXPECT_EQ(settled->arrived_size(), 3u);
  EXPECT_TRUE(LoadLink(restored_bkn_.store(), "ppk-13.04")->stopped());
}

}  // namespace
}  // namespace selaras::node
