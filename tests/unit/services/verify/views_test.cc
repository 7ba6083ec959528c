#include "services/verify/views.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "selaras/storage/v1/storage.pb.h"

#include "services/node/rows.h"
#include "services/verify/event_inspector.h"
#include "services/verify/row_kinds.h"
#include "services/verify/view_findings.h"
#include "storage/crypto/sha256.h"
#include "tests/support/altered_store.h"
#include "tests/support/case_node.h"
#include "tests/support/memory_scratch.h"
#include "tests/support/requests.h"

namespace selaras::verify {
namespace {

namespace rows = node::rows;
using log::Table;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

// Bawaslu, BKN and a PPK with a case that all three know, and one that is Bawaslu's alone.
class ViewsTest : public testing::Test {
 protected:
  ViewsTest() {
    case_id_ = bawaslu_
                   .Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(),
                                             test::SomeReview(), test::SomeConclusion(),
                                             test::SomeReferral()))
                   .case_id();
    bawaslu_.Must(
        test::IntakeRequest("b-2", test::SomeReport(), test::SomeRespondent(test::kOtherNip)));
    Exchange();
    bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(case_id_),
                                    test::SomeVerification(case_id_)));
    bkn_.Must(test::ReferralRequest("k-2", test::SomeRecommendation(case_id_)));
    Exchange();
    for (test::CaseNode* node : Nodes()) {
      node->Watch();
      EXPECT_TRUE(inspector_.Trust(node->signer().VerifierText()).ok());
    }
  }

  std::vector<test::CaseNode*> Nodes() { return {&bawaslu_, &bkn_, &ppk_}; }

  void Exchange() {
    for (int round = 0; round < 3; ++round) {
      for (test::CaseNode* node : Nodes()) node->Project();
      for (test::CaseNode* to : Nodes()) {
        for (const test::CaseNode* from : Nodes()) {
          if (to != from) to->Copy(*from);
        }
      }
    }
    for (test::CaseNode* node : Nodes()) node->Project();
  }

  audit::AuditReport Run(const log::StoreReader& store) const {
    audit::AuditReport report = audit::Audit(store, inspector_, {}, nullptr);
    const node::SubjectKeys keys(store, test::SomeWrappingKeys());
    AuditRows(
        store, test::MemoryScratch::Make, keys, [this] { return bkn_.now; }, {}, nullptr, &report);
    return report;
  }
  static std::vector<std::string> Named(const audit::AuditReport& report) {
    std::vector<std::string> names;
    for (const audit::Finding& finding : report.findings) names.push_back(finding.subject);
    return names;
  }
  static std::map<std::string, std::string> RowsOf(const log::StoreReader& store, Table table) {
    std::map<std::string, std::string> all;
    EXPECT_TRUE(store
                    .Scan(table, "", "",
                          [&](absl::string_view key, absl::string_view value) {
                            all.emplace(key, value);
                            return true;
                          })
                    .ok());
    return all;
  }
  // What an audit of the store names when this row is another one.
  std::vector<std::string> NamedWith(const test::CaseNode& node, Table table,
                                     const std::string& key, std::optional<std::string> value) {
    test::AlteredStore altered(node.store());
    altered.rows[{table, key}] = std::move(value);
    return Named(Run(altered));
  }

  EventInspector inspector_;
  test::CaseNode bawaslu_{test::BawasluNode(), {test::BknNode(), test::TanahDatar()}, 1};
  test::CaseNode bkn_{test::BknNode(), {test::BawasluNode(), test::TanahDatar()}, 2};
  test::CaseNode ppk_{test::TanahDatar(), {test::BawasluNode(), test::BknNode()}, 3};
  std::string case_id_;
};

TEST_F(ViewsTest, AStoreThatNobodyTouchedIsCleanAndEveryRowIsOfAKindThatIsKnown) {
  for (const test::CaseNode* node : Nodes()) {
    const audit::AuditReport report = Run(node->store());
    EXPECT_THAT(Named(report), IsEmpty()) << node->name();
    EXPECT_THAT(report.rows_skipped, IsEmpty());
    ASSERT_THAT(report.rows, SizeIs(RowKinds().size()));
    std::uint64_t counted = 0;
    for (std::size_t i = 0; i < RowKinds().size(); ++i) {
      counted += report.rows[i].rows;
      EXPECT_EQ(report.rows[i].why_kept.empty(), RowKinds()[i].rule != Rule::kKept);
    }
    EXPECT_EQ(counted, RowsOf(node->store(), Table::kView).size());
  }
}

// A row that is gone is named, whatever it is, but for those of which nothing else tells.
TEST_F(ViewsTest, EveryViewThatIsMissingIsNamed) {
  for (const test::CaseNode* node : Nodes()) {
    for (const auto& [key, value] : RowsOf(node->store(), Table::kView)) {
      if (absl::StartsWith(key, "to-watch") || absl::StartsWith(key, "follow/") ||
          absl::StartsWith(key, "link/")) {
        continue;
      }
      // Reads as: nothing was handled yet, or counted.
      if (absl::StartsWith(key, rows::kCursors) || absl::StartsWith(key, rows::kCountedTo))
        continue;
      EXPECT_THAT(NamedWith(*node, Table::kView, key, std::nullopt), Not(IsEmpty()))
          << node->name() << " " << KeyText(key);
    }
  }
}

// Likewise one that says something else.
TEST_F(ViewsTest, EveryViewThatIsChangedIsNamed) {
  for (const test::CaseNode* node : Nodes()) {
    for (const auto& [key, value] : RowsOf(node->store(), Table::kView)) {
      if (absl::StartsWith(key, "to-watch") || absl::StartsWith(key, "follow/") ||
          absl::StartsWith(key, "link/") || absl::StartsWith(key, rows::kCursors) ||
          absl::StartsWith(key, rows::kCountedTo)) {
        continue;
      }
      std::string changed = value;
      if (changed.empty() || key == rows::kDisclosureEpoch) {
        changed.push_back('x');
      } else {
        changed.back() = static_cast<char>(changed.back() ^ 1);
      }
      // What is set for the moment to look is a flag: its value is not read.
      if (absl::StartsWith(key, rows::kWatchAt)) continue;
      // Only the newest change of a case is known from elsewhere.
      if (absl::StartsWith(key, rows::kChanges)) continue;
      EXPECT_THAT(NamedWith(*node, Table::kView, key, changed), Not(IsEmpty()))
          << node->name() << " " << KeyText(key);
    }
  }
}

TEST_F(ViewsTest, ARowThatFollowsFromNothingIsNamedByItsKey) {
  const std::string report = RowsOf(bawaslu_.store(), Table::kState).begin()->first;
  for (const std::string& key :
       {rows::LookUp(std::string(64, 'a'), absl::StrCat("case:", case_id_)),
        rows::Receipt("no such tag"), rows::Derived(case_id_, case_id_),
        rows::Contradiction("bkn", {0}), rows::Numbers("", "pilkada-2024", "13"),
        rows::Work("bkn", 5, case_id_), rows::WatchAt(5, "case:x"), rows::CaseView("x"),
        std::string("novelty/1")}) {
    EXPECT_THAT(NamedWith(bkn_, Table::kView, key, std::string()),
                Contains(HasSubstr(KeyText(key))))
        << key;
  }
}

TEST_F(ViewsTest, ALookUpIsCalledThatWithKeyExpectedAndActual) {
  const auto views = RowsOf(bkn_.store(), Table::kView);
  const std::string key = views.lower_bound(std::string(rows::kLookUps))->first;
  test::AlteredStore altered(bkn_.store());
  altered.rows[{Table::kView, key}] = std::nullopt;
  const audit::AuditReport report = Run(altered);
  ASSERT_THAT(report.findings, SizeIs(1));
  EXPECT_EQ(report.findings[0].part, audit::Part::kLookUp);
  EXPECT_EQ(report.findings[0].subject, absl::StrCat("look-up ", key));
  EXPECT_EQ(report.findings[0].expected, "an empty row");
  EXPECT_EQ(report.findings[0].actual, "no row");
}

TEST_F(ViewsTest, NumbersThatWereImprovedAreNamedWithTheFieldThatDiffers) {
  const auto views = RowsOf(bkn_.store(), Table::kView);
  const auto row = views.lower_bound(std::string(rows::kNumbers));
  ASSERT_NE(row, views.end());
  EXPECT_THAT(NamedWith(bkn_, Table::kView, row->first, std::string("\x18\x07")),
              ElementsAre(absl::StrCat("view ", KeyText(row->first))));
}

// Bawaslu's second case is its own: whoever lists one of its entries for BKN, consistently, gives
// it away.
TEST_F(ViewsTest, AnEntryThatIsListedForAPeerWhichNeverCouldSeeItIsNamed) {
  const std::uint64_t office = bawaslu_.store().shared().size().value - 1;
  const auto length = bawaslu_.store().Get(Table::kView, rows::DisclosureCount("bkn"));
  ASSERT_TRUE(length.ok() && *length);
  const std::uint64_t index = rows::DecodeNumber(**length);
  test::AlteredStore altered(bawaslu_.store());
  altered.rows[{Table::kView, rows::MaySee("bkn", {office})}] = rows::EncodeNumber(index);
  altered.rows[{Table::kView, rows::Disclosure("bkn", index)}] = rows::EncodeNumber(office);
  altered.rows[{Table::kView, rows::DisclosureCount("bkn")}] = rows::EncodeNumber(index + 1);
  const audit::AuditReport report = Run(altered);
  ASSERT_THAT(report.findings, SizeIs(1));
  EXPECT_EQ(report.findings[0].problem, "the peer never could see this entry");
  EXPECT_EQ(report.findings[0].actual, absl::StrCat("bawaslu-13@", office));
}

// The lists are what they mean: another order is as good.
TEST_F(ViewsTest, TheOrderOfADisclosureListIsNotCompared) {
  test::AlteredStore altered(bkn_.store());
  const auto first = *bkn_.store().Get(Table::kView, rows::Disclosure("ppk-13.04", 0));
  const auto second = *bkn_.store().Get(Table::kView, rows::Disclosure("ppk-13.04", 1));
  ASSERT_TRUE(first && second);
  altered.rows[{Table::kView, rows::Disclosure("ppk-13.04", 0)}] = second;
  altered.rows[{Table::kView, rows::Disclosure("ppk-13.04", 1)}] = first;
  altered.rows[{Table::kView, rows::MaySee("ppk-13.04", {rows::DecodeNumber(*first)})}] =
      rows::EncodeNumber(1);
  altered.rows[{Table::kView, rows::MaySee("ppk-13.04", {rows::DecodeNumber(*second)})}] =
      rows::EncodeNumber(0);
  EXPECT_THAT(Named(Run(altered)), IsEmpty());
}

TEST_F(ViewsTest, AWatcherThatIsPutToSleepIsNamed) {
  const std::string id = bawaslu_
                             .Must(test::IntakeRequest(
                                 "b-3", test::SomeReport(), test::SomeRespondent(test::kOtherNip),
                                 test::SomeReview(), test::SomeConclusion(), test::SomeReferral()))
                             .case_id();
  Exchange();
  auto receipt = test::SomeReceipt(id);
  receipt.mutable_occurred_at()->set_date("2025-02-19");  // now: the limit runs
  bkn_.Must(test::ReferralRequest("k-3", receipt));
  Exchange();
  for (test::CaseNode* node : Nodes()) node->Watch();
  int watches = 0;
  for (const test::CaseNode* node : Nodes()) {
    for (const auto& [key, value] : RowsOf(node->store(), Table::kView)) {
      storage::v1::StoredWatch watch;
      if (!absl::StartsWith(key, "watch/") || !watch.ParseFromString(value) || !watch.has_next()) {
        continue;
      }
      ++watches;
      const auto moment = [&] {
        return rows::WatchAt(static_cast<std::uint64_t>(watch.next().seconds()), key.substr(6));
      };
      test::AlteredStore altered(node->store());
      altered.rows[{Table::kView, moment()}] = std::nullopt;
      watch.mutable_next()->set_seconds(watch.next().seconds() + 4'000L * 86'400);
      altered.rows[{Table::kView, moment()}] = "";
      altered.rows[{Table::kView, key}] = watch.SerializeAsString();
      EXPECT_THAT(Named(Run(altered)), ElementsAre(absl::StrCat("view ", key)));
    }
  }
  EXPECT_GT(watches, 0);
}

TEST_F(ViewsTest, AProjectorThatWasBehindIsNoDifference) {
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(case_id_)));
  EXPECT_THAT(Named(Run(ppk_.store())), IsEmpty());
  // And it hides none.
  const auto views = RowsOf(ppk_.store(), Table::kView);
  const std::string key = views.lower_bound(std::string(rows::kLookUps))->first;
  EXPECT_THAT(NamedWith(ppk_, Table::kView, key, std::string("x")),
              ElementsAre(absl::StrCat("look-up ", key)));
  ppk_.Project();
  bkn_.Copy(ppk_);
  EXPECT_THAT(Named(Run(bkn_.store())), IsEmpty());
}

TEST_F(ViewsTest, ACursorBeyondTheLogIsNamed) {
  EXPECT_THAT(NamedWith(bkn_, Table::kView, rows::Cursor("bkn"), rows::EncodeNumber(1'000)),
              ElementsAre("view cursor/bkn"));
}

TEST_F(ViewsTest, ViewsOfAnotherVersionAreNamedOnce) {
  const auto basis = bkn_.store().Get(Table::kView, rows::kViewBasis);
  ASSERT_TRUE(basis.ok() && *basis);
  std::string older = **basis;
  older.front() = '1';
  EXPECT_THAT(NamedWith(bkn_, Table::kView, std::string(rows::kViewBasis), older),
              ElementsAre("view basis"));
  EXPECT_THAT(NamedWith(bkn_, Table::kView, std::string(rows::kViewBasis), std::string("basis")),
              ElementsAre("view basis"));
  EXPECT_THAT(NamedWith(bkn_, Table::kView, std::string(rows::kViewBasis), std::nullopt),
              ElementsAre("view basis"));
}

TEST_F(ViewsTest, WhatFollowsFromAChangedEntryIsNotNamedAgain) {
  test::AlteredStore altered(bkn_.store());
  altered.shared_changes.entries[0] = "x";
  const audit::AuditReport report = Run(altered);
  EXPECT_THAT(report.findings, SizeIs(1));
  EXPECT_EQ(report.findings[0].part, audit::Part::kEntry);
  EXPECT_THAT(report.rows_skipped, Not(IsEmpty()));
}

TEST_F(ViewsTest, AReportWhoseCasesAreOthersIsNamed) {
  for (const auto& [key, value] : RowsOf(bawaslu_.store(), Table::kState)) {
    storage::v1::StoredSubject subject;
    ASSERT_TRUE(subject.ParseFromString(value));
    if (!absl::StartsWith(key, rows::kReportStates) || subject.case_ids().empty()) continue;
    storage::v1::StoredSubject fewer = subject;
    fewer.clear_case_ids();
    EXPECT_THAT(NamedWith(bawaslu_, Table::kState, key, fewer.SerializeAsString()),
                ElementsAre(HasSubstr("state case/")));
    storage::v1::StoredSubject more = subject;
    more.add_case_ids("8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11");
    EXPECT_THAT(NamedWith(bawaslu_, Table::kState, key, more.SerializeAsString()),
                ElementsAre(absl::StrCat("state ", key)));
  }
}

TEST_F(ViewsTest, EveryTableOfTheReferenceDataCounts) {
  for (const auto& [key, value] : RowsOf(bkn_.store(), Table::kCatalogue)) {
    const std::string version = key.substr(0, key.find('/'));
    if (key == version) {
      EXPECT_THAT(NamedWith(bkn_, Table::kCatalogue, key, std::nullopt),
                  Contains(HasSubstr("catalogue ")));
      continue;
    }
    EXPECT_THAT(NamedWith(bkn_, Table::kCatalogue, key, value + " "),
                ElementsAre(absl::StrCat("catalogue ", version)));
    EXPECT_THAT(NamedWith(bkn_, Table::kCatalogue, key, std::nullopt),
                ElementsAre(absl::StrCat("catalogue ", version)));
  }
}

TEST_F(ViewsTest, ADocumentWhoseSealedBytesWereChangedIsNamed) {
  const std::string object(16, 'o');
  storage::v1::StoredAttachment held;
  held.set_object(object);
  held.set_chunks(2);
  held.set_complete(true);
  held.set_sealed_sha256(std::string(crypto::Sha256("abcd").view()));
  const std::string row = rows::Held("bkn", {7});
  ASSERT_TRUE(bkn_.store()
                  .Write({{Table::kAttachment, rows::Chunk(object, 0), "ab"},
                          {Table::kAttachment, rows::Chunk(object, 1), "cd"},
                          {Table::kAttachment, row, held.SerializeAsString()}},
                         log::Durability::kSynced)
                  .ok());
  const auto named = [&](const std::string& key, std::optional<std::string> value) {
    return NamedWith(bkn_, Table::kAttachment, key, std::move(value));
  };
  EXPECT_THAT(named(rows::Chunk(object, 1), "cd"), IsEmpty());
  EXPECT_THAT(named(rows::Chunk(object, 1), "cx"), ElementsAre(StartsWith("document held/bkn/")));
  EXPECT_THAT(named(rows::Chunk(object, 0), std::nullopt),
              ElementsAre(StartsWith("document held/bkn/")));
  held.set_complete(false);  // it is still on its way
  EXPECT_THAT(named(row, held.SerializeAsString()), IsEmpty());
}

TEST_F(ViewsTest, SecretsAreAllThereAndNoOthers) {
  for (const auto& [key, value] : RowsOf(bkn_.store(), Table::kSecret)) {
    // A key of a case that is missing seals what it sealed: that is how it is erased.
    const bool of_case = absl::StrContains(key, "/");
    // An earlier version made no key of receipts.
    if (of_case || key == "receipt") {
      EXPECT_THAT(NamedWith(bkn_, Table::kSecret, key, std::nullopt), IsEmpty());
    } else {
      EXPECT_THAT(NamedWith(bkn_, Table::kSecret, key, std::nullopt), ElementsAre("secret "));
    }
    EXPECT_THAT(NamedWith(bkn_, Table::kSecret, key, value.substr(1)),
                ElementsAre(absl::StrCat("secret ", key)));
    // A key that no erasure destroyed leaves behind what was derived with it.
    if (of_case) {
      EXPECT_THAT(NamedWith(bkn_, Table::kSecret, key, "erased"), Each(Not(HasSubstr("secret"))));
    }
  }
  EXPECT_THAT(NamedWith(bkn_, Table::kSecret, "other", std::string(32, 'x')),
              ElementsAre("secret other"));
}

}  // namespace
}  // namespace selaras::verify
