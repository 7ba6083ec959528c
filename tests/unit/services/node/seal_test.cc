// Personal data at rest.
#include "services/node/seal.h"

#include <map>
#include <string>
#include <vector>

#include "node_test_base.h"
#include "services/domain/refusal.h"
#include "services/node/link_keys.h"
#include "services/node/personal.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/log/store.h"
#include "storage/vault/sealed.h"
#include "tests/support/rows_of.h"

namespace selaras::node {
namespace {

using test::RowsOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kKey(32, 'k');

event::v1::Event SomeEvent() {
  event::v1::Event event;
  event.set_salt(std::string(16, 's'));
  event.set_author("bawaslu/13");
  event.set_case_id("5308cc03-b5be-8fec-9c83-9d46459e8cee");
  event.mutable_fact()->mutable_case_verified();
  return event;
}

event::v1::PersonalPart SomePart() {
  event::v1::PersonalPart part;
  part.set_summary("ringkasan");
  return part;
}

TEST(SealPart, OpensWithItsKeyAndWithTheKeyOfItsEntryAlone) {
  event::v1::Event event = SomeEvent();
  SealPart(kKey, SomePart(), &event);
  EXPECT_THAT(event.SerializeAsString(), Not(HasSubstr("ringkasan")));
  EXPECT_EQ(OpenPart(event, kKey)->summary(), "ringkasan");
  EXPECT_EQ(OpenPartAlone(event, vault::EntryKey(kKey, event.salt()))->summary(), "ringkasan");
  EXPECT_TRUE(absl::IsDataLoss(OpenPart(event, std::string(32, 'K')).status()));
  EXPECT_TRUE(absl::IsDataLoss(OpenPartAlone(event, kKey).status()));
}

TEST(SealPart, OpensInNoOtherEntry) {
  event::v1::Event event = SomeEvent();
  SealPart(kKey, SomePart(), &event);
  const auto opens = [&](const auto& change) {
    event::v1::Event other = event;
    change(other);
    return OpenPart(other, kKey).ok();
  };
  EXPECT_TRUE(opens([](event::v1::Event& e) { e.set_trace_id("what it is about is the same"); }));
  EXPECT_FALSE(opens([](event::v1::Event& e) { e.set_author("bawaslu/14"); }));
  EXPECT_FALSE(opens([](event::v1::Event& e) { e.set_salt(std::string(16, 'S')); }));
  EXPECT_FALSE(opens([](event::v1::Event& e) { e.set_salt("short"); }));
  EXPECT_FALSE(opens([](event::v1::Event& e) { e.mutable_fact()->mutable_case_referred(); }));
  EXPECT_FALSE(
      opens([](event::v1::Event& e) { e.set_case_id("ba4e0fac-c7ba-88e3-9657-515f0cfd25f5"); }));
}

class SealTest : public NodeTest {
 protected:
  static Viewer Reporters() { return {.authorities = {"bawaslu/13"}, .sees_reporters = true}; }

  query::v1::Report Report(const std::string& report_id) const {
    query::v1::GetReportRequest request;
    request.set_report_id(report_id);
    const auto found = bawaslu_.reader().GetReport(request, Reporters());
    EXPECT_TRUE(found.ok()) << found.status();
    return found->report();
  }

  // Everything that the store keeps: entries of all logs and rows of all tables.
  static std::string Everything(const test::CaseNode& node) {
    std::string bytes;
    const auto add = [&](const log::LogReader& log) {
      for (std::uint64_t i = 0; i < log.size().value; ++i) {
        const auto entry = log.Entry({i});
        if (entry.ok() && *entry) bytes += **entry;
      }
    };
    add(node.store().shared());
    add(node.store().private_log());
    for (const log::Mirror* mirror : node.store().mirrors()) add(*mirror);
    for (const auto table :
         {log::Table::kRequest, log::Table::kState, log::Table::kView, log::Table::kSecret}) {
      for (const auto& [key, value] : RowsOf(node.store(), table)) bytes += key + value;
    }
    return bytes;
  }

  static std::map<std::string, std::string> Keys(const test::CaseNode& node) {
    std::map<std::string, std::string> keys;
    for (const auto& [key, value] : RowsOf(node.store(), log::Table::kSecret)) {
      if (key.find('/') != std::string::npos) keys.emplace(key, value);
    }
    return keys;
  }
};

TEST_F(SealTest, OfTheReporterNothingStandsReadableInTheStore) {
  const std::string id = bawaslu_.Must(Referring("b-1")).report_id();
  Exchange();
  const std::string all = Everything(bawaslu_);
  for (const char* secret : {"Budi Penyampai", "Jorong Rahasia 9", "080000000001",
                             "lapangan bola Nagari Uji", "Terlihat membagikan kaus", "07/Reg/LP"}) {
    EXPECT_THAT(all, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(all, Not(HasSubstr(std::string(32, '\x5a')))) << "digest of evidence";
  const auto shown = Report(id);
  EXPECT_EQ(shown.reporter().name(), "Budi Penyampai");
  EXPECT_EQ(shown.chronology(), "Terlihat membagikan kaus di lapangan.");
}

TEST_F(SealTest, AReportHasOneKeyOfItsOwnThatIsCommittedWithItsFirstEntry) {
  const std::string first = bawaslu_.Must(Naming("b-1")).report_id();
  const std::string row = rows::KeptKey(first, "bawaslu/13");
  ASSERT_TRUE(Keys(bawaslu_).contains(row));
  const std::string key = Keys(bawaslu_)[row];
  command::v1::CorrectFact correction;
  correction.set_report_id(first);
  const auto shown = Report(first);
  for (const auto& step : shown.steps()) {
    if (step.fact_name() == "report_details_recorded") {
      *correction.mutable_position() = step.position();
    }
  }
  correction.mutable_fields()->add_paths("personal.place");
  correction.mutable_new_personal()->set_place("lapangan voli");
  correction.set_reason("keliru");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  EXPECT_EQ(Keys(bawaslu_)[row], key);
  const std::string second = bawaslu_.Must(Naming("b-3")).report_id();
  EXPECT_NE(Keys(bawaslu_)[rows::KeptKey(second, "bawaslu/13")], key);
}

TEST_F(SealTest, WhatIsRefusedOrOnlyCheckedMakesNoKey) {
  Request checked = Naming("b-1");
  checked.header.set_validate_only(true);
  EXPECT_TRUE(bawaslu_.Execute(checked).ok());
  EXPECT_FALSE(
      bawaslu_.Execute(test::IntakeRequest("b-2", test::SomeReport(), test::SomeReferral())).ok());
  EXPECT_THAT(Keys(bawaslu_), IsEmpty());
}

TEST_F(SealTest, WithoutTheWrappingKeyEverythingIsPendingAndNoSecondKeyIsMade) {
  const std::string id = bawaslu_.Must(Naming("b-1")).report_id();
  const vault::WrappingKeys other({std::string(32, 'x')});
  const SubjectKeys keys(bawaslu_.store(), other);
  EXPECT_TRUE(absl::IsFailedPrecondition(keys.CheckFirst()));
  const test::CaseNode empty(test::BawasluNode(), {}, 5);
  EXPECT_TRUE(absl::IsFailedPrecondition(SubjectKeys(empty.store(), other).CheckFirst()))
      << "its own secrets are wrapped from the start";
  EXPECT_TRUE(SubjectKeys(empty.store(), test::SomeWrappingKeys()).CheckFirst().ok());
  const auto event = ReadEvent(bawaslu_.store().private_log(), {0});
  ASSERT_TRUE(event->has_sealed());
  const auto opened = SealedOpener(keys).Open(*event);
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(opened->pending);
  std::optional<std::string> made;
  const auto key =
      keys.FindOrMake(rows::KeptKey(id, "bawaslu/13"), nullptr, bawaslu_.random(), &made);
  EXPECT_EQ(domain::ReasonOf(key.status()), "KEY_NOT_HERE");
  EXPECT_FALSE(made.has_value());
}

TEST_F(SealTest, OfPersonsNothingStandsReadableInTheStoreOfAnyNode) {
  const std::string id = RecommendedCase();
  for (const test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) {
    const auto shown = node->Case(id);
    ASSERT_TRUE(shown.ok()) << shown.status();
    EXPECT_EQ(shown->respondent().name(), "Citra Contoh") << node->name();
    EXPECT_EQ(shown->personal(), query::v1::PERSONAL_STATE_OPEN) << node->name();
    const std::string all = Everything(*node);
    for (const absl::string_view secret :
         {absl::string_view("Citra Contoh"), test::kNip, absl::string_view("Camat Uji"),
          absl::string_view("021/PP.00.02")}) {
      EXPECT_THAT(all, Not(HasSubstr(std::string(secret)))) << node->name();
    }
  }
}

TEST_F(SealTest, KeysGoToPartiesOfTheCaseOnlyAndNeverThoseOfThePrivateLog) {
  const std::string id = RecommendedCase();
  const std::string report = bawaslu_.Case(id)->report_id();
  const auto rows_of = [](const test::CaseNode& node) {
    std::vector<std::string> keys;
    for (const auto& [row, wrapped] : Keys(node)) keys.push_back(row);
    return keys;
  };
  const std::string bawaslus = rows::SharedKey(id, "bawaslu/13");
  const std::string bkns = rows::SharedKey(id, "bkn");
  EXPECT_THAT(rows_of(bawaslu_),
              testing::IsSupersetOf({rows::KeptKey(report, "bawaslu/13"), bawaslus, bkns}));
  EXPECT_THAT(rows_of(bkn_), testing::UnorderedElementsAre(bawaslus, bkns));
  EXPECT_THAT(rows_of(ppk_), testing::UnorderedElementsAre(bawaslus, bkns));
  EXPECT_THAT(rows_of(padang_), IsEmpty());
}

TEST_F(SealTest, AKeyIsTakenFromItsAuthorOnlyAndNeverReplaced) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  const log::LogReader& log = bawaslu_.store().shared();
  const std::string row = rows::SharedKey(id, "bawaslu/13");
  const std::string entry = **log.Entry({log.size().value - 1});
  ASSERT_EQ(KeyRowOf(entry), row);
  const std::string key = **bawaslu_.subject_keys().Find(row, nullptr);
  ASSERT_TRUE(Opens(entry, key));
  const auto keep = [&](const std::string& peer, const std::string& bytes,
                        const std::string& given) {
    LinkKeys keys(bkn_.store(), bkn_.subject_keys(), bkn_.directory(), peer, bkn_.random());
    EXPECT_TRUE(keys.Keep(std::vector<link::EntryWithKey>{{bytes, given}}).ok());
    return *bkn_.subject_keys().Find(row, nullptr);
  };
  EXPECT_EQ(keep("ppk-13.04", entry, key), std::nullopt) << "of somebody else's entry";
  EXPECT_EQ(keep("bawaslu-13", entry, std::string(32, 'x')), std::nullopt) << "opens nothing";
  EXPECT_EQ(keep("bawaslu-13", entry, "short"), std::nullopt);
  EXPECT_EQ(keep("bawaslu-13", "no event", key), std::nullopt);
  EXPECT_EQ(keep("bawaslu-13", entry, key), key);
  auto again = *ParseEvent(entry);
  const std::string other(32, 'y');
  SealPart(other, SomePart(), &again);
  EXPECT_EQ(keep("bawaslu-13", again.SerializeAsString(), other), key);
  const auto opened = bkn_.opener().Open(again);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(opened->pending) << "an author's second key stops nothing";
}

TEST_F(SealTest, OfKeysThatComeTogetherTheFirstThatOpensIsTakenAndTheOthersAreNot) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  const log::LogReader& log = bawaslu_.store().shared();
  const std::string row = rows::SharedKey(id, "bawaslu/13");
  const std::string entry = **log.Entry({log.size().value - 1});
  const std::string key = **bawaslu_.subject_keys().Find(row, nullptr);
  auto again = *ParseEvent(entry);
  const std::string other(32, 'y');
  SealPart(other, SomePart(), &again);
  const std::string second = again.SerializeAsString();
  LinkKeys keys(bkn_.store(), bkn_.subject_keys(), bkn_.directory(), "bawaslu-13", bkn_.random());
  const std::vector<link::EntryWithKey> together = {
      {"no event", key}, {entry, other}, {entry, key}, {second, other}};
  EXPECT_TRUE(keys.Keep(together).ok());
  EXPECT_EQ(*bkn_.subject_keys().Find(row, nullptr), key);
}

TEST_F(SealTest, AnAuthorWhoseKeyIsAtItsPeersOnlyMakesNoSecondOne) {
  const std::string id = bawaslu_.Must(Naming("b-1")).case_id();
  const std::string row = rows::SharedKey(id, "bawaslu/13");
  ASSERT_TRUE(bawaslu_.store()
                  .Write({{log::Table::kSecret, row, std::nullopt}}, log::Durability::kSynced)
                  .ok());
  const auto review = test::IntakeRequest("b-2", test::In(id, test::SomeReview()));
  EXPECT_TRUE(bawaslu_.Execute(review).ok()) << "seals nothing";
  command::v1::VoidFact taken_back = VoidOf(id, bawaslu_.Must(review).positions(0));
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(test::IntakeRequest("b-3", taken_back)).status()),
            "KEY_NOT_HERE");
}

TEST_F(SealTest, TheKeyOfAnEntryIsShownWithItOnlyIfItIsAskedFor) {
  const std::string id = RecommendedCase();
  query::v1::GetTimelineRequest request;
  request.set_case_id(id);
  const auto without = bkn_.reader().GetTimeline(request, bkn_.viewer(), bkn_.now);
  for (const auto& step : without->steps()) EXPECT_EQ(step.entry_key(), "");
  request.set_with_entry_keys(true);
  const auto with = bkn_.reader().GetTimeline(request, bkn_.viewer(), bkn_.now);
  int opened = 0;
  for (const auto& step : with->steps()) {
    EXPECT_EQ(step.entry_key().empty(), !step.has_personal());
    if (step.entry_key().empty()) continue;
    const auto event = StoredEntries(bkn_.store()).Event(step.position());
    EXPECT_EQ(OpenPartAlone(*event, step.entry_key())->SerializeAsString(),
              step.personal().SerializeAsString());
    ++opened;
  }
  EXPECT_EQ(opened, 3);
}

}  // namespace
}  // namespace selaras::node
