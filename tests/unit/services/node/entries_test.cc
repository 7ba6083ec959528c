// What entries carry, what they never carry, and that rows follow from them.
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"

namespace selaras::node {
namespace {

using testing::HasSubstr;
using testing::Not;

class EntriesTest : public NodeTest {
 protected:
  // Everything in the shared log, bytes after bytes.
  std::string SharedBytes() const {
    std::string all;
    const log::LogReader& log = bawaslu_.store().shared();
    for (std::uint64_t i = 0; i < log.size().value; ++i) all += **log.Entry({i});
    return all;
  }
  // All rows but those that `leave_out` tells by their key.
  std::string StateBytes(bool (*leave_out)(absl::string_view key) = nullptr) const {
    std::string all;
    for (const log::Table table : {log::Table::kState, log::Table::kRequest, log::Table::kView}) {
      EXPECT_TRUE(bawaslu_.store()
                      .Scan(table, "", "",
                            [&](absl::string_view key, absl::string_view value) {
                              if (leave_out == nullptr || !leave_out(key)) {
                                absl::StrAppend(&all, key, value);
                              }
                              return true;
                            })
                      .ok());
    }
    return all;
  }
  static bool IsCounted(absl::string_view key) {
    return absl::StartsWith(key, rows::kNumbers) || absl::StartsWith(key, rows::kCounted);
  }
};

TEST_F(EntriesTest, EveryEntryHas16RandomBytesOfItsOwn) {
  bawaslu_.Must(Referring("b-1"));
  bawaslu_.Must(Referring("b-2"));
  std::set<std::string> salts;
  for (const auto& events : {bawaslu_.Events(), bawaslu_.PrivateEvents()}) {
    for (const auto& event : events) {
      EXPECT_EQ(event.salt().size(), 16u);
      EXPECT_TRUE(salts.insert(event.salt()).second);
    }
  }
  EXPECT_EQ(salts.size(), 14u);
}

TEST_F(EntriesTest, AnEntrySaysWhoWroteItWhenOnWhichRulesAndForWhichRequest) {
  Request request = Referring("b-1");
  request.header.set_trace_id("0af7651916cd43dd");
  bawaslu_.Must(request);
  for (const auto& event : bawaslu_.Events()) {
    EXPECT_EQ(event.author(), "bawaslu/13");
    EXPECT_EQ(event.officer().officer_id(), "petugas-7");
    EXPECT_EQ(event.recorded_at().seconds(), absl::ToUnixSeconds(bawaslu_.now));
    EXPECT_EQ(event.trace_id(), "0af7651916cd43dd");
    EXPECT_EQ(event.catalogue(), base::HexEncode(test::ShippedCatalogue()->digest().view()));
    EXPECT_NE(event.case_id().empty(), event.report_id().empty()) << "of one case or one report";
    EXPECT_TRUE(event.fact().kind_case() != event::v1::Fact::KIND_NOT_SET);
  }
}

TEST_F(EntriesTest, OnlyPartyEntriesAreNumbered) {
  bawaslu_.Must(Referring("b-1"));
  for (const auto& event : bawaslu_.Events()) {
    EXPECT_EQ(event.party_number(), event.fact().has_case_referred() ? 1u : 0u);
  }
}

TEST_F(EntriesTest, RequestTagsInEntriesEqualTheRowsAndNoEntryCarriesTheId) {
  bawaslu_.Must(Referring("surat-keluar-0001"));
  bawaslu_.Must(Naming("surat-keluar-0002"));
  const auto shared = bawaslu_.Events();
  const auto private_ = bawaslu_.PrivateEvents();
  std::size_t listed = 0;
  const NodeKeys& keys = bawaslu_.engine().keys();
  for (const absl::string_view id : {"surat-keluar-0001", "surat-keluar-0002"}) {
    const base::Digest tag = keys.RequestTag("bawaslu/13", id);
    const auto row = bawaslu_.store().Get(log::Table::kRequest, tag.view());
    ASSERT_TRUE(row.ok() && row->has_value());
    storage::v1::StoredRequest stored;
    ASSERT_TRUE(stored.ParseFromString(**row));
    EXPECT_EQ(stored.digest_scheme(), kDigestScheme);
    for (const auto place : stored.shared()) EXPECT_EQ(shared.at(place).request_tag(), tag.view());
    for (const auto place : stored.private_()) {
      EXPECT_EQ(private_.at(place).request_tag(), tag.view());
    }
    listed += static_cast<std::size_t>(stored.shared_size() + stored.private__size());
  }
  EXPECT_EQ(listed, shared.size() + private_.size());
  EXPECT_THAT(SharedBytes() + StateBytes(), Not(HasSubstr("surat-keluar")));
}

TEST_F(EntriesTest, TheCatalogueIsKeptByItsDigestForEver) {
  const auto& catalogue = *test::ShippedCatalogue();
  const std::string digest = base::HexEncode(catalogue.digest().view());
  for (const auto& [name, content] : catalogue.files()) {
    const auto kept = bawaslu_.store().Get(log::Table::kCatalogue, absl::StrCat(digest, "/", name));
    ASSERT_TRUE(kept.ok() && kept->has_value()) << name;
    EXPECT_EQ(**kept, content);
  }
  bawaslu_.Crash();
  EXPECT_TRUE(bawaslu_.store().Get(log::Table::kCatalogue, digest)->has_value());
}

TEST_F(EntriesTest, WhatRule8ProtectsIsInNoSharedEntryAndInNoStateRow) {
  auto report = test::SomeReport();
  report.set_source("wbs");
  report.set_known_on("2024-10-03");
  bawaslu_.Must(test::IntakeRequest("b-1", report, test::SomeRespondent(), test::SomeReview(),
                                    test::SomeConclusion(), test::SomeReferral()));
  bawaslu_.Project();
  const std::string secrets[] = {
      "Budi Penyampai",  "Jorong Rahasia", "080000000001",
      "07/Reg/LP",       "lapangan bola",  "Nagari Uji",
      "membagikan kaus", "2024-10-03",     std::string(32, '\x5a'),
  };
  const std::string shared = SharedBytes();
  const std::string rows = StateBytes();
  for (const std::string& secret : secrets) {
    EXPECT_THAT(shared, Not(HasSubstr(secret)));
    EXPECT_THAT(rows, Not(HasSubstr(secret)));
  }
  // Statistics count sources and motives, at this office only, and by code.
  const std::string not_counted = StateBytes(IsCounted);
  for (const char* code : {"wbs", "karier"}) {
    EXPECT_THAT(shared, Not(HasSubstr(code)));
    EXPECT_THAT(not_counted, Not(HasSubstr(code)));
  }
  std::string private_bytes;
  for (const auto& event : bawaslu_.PrivateEvents()) private_bytes += event.SerializeAsString();
  EXPECT_THAT(private_bytes, HasSubstr("Budi Penyampai")) << "the test looks for the right words";
}

TEST_F(EntriesTest, NotEvenTheHashOfAPrivateEntryIsInTheSharedLog) {
  bawaslu_.Must(Referring("b-1"));
  const std::string shared = SharedBytes();
  const log::LogReader& private_log = bawaslu_.store().private_log();
  for (std::uint64_t i = 0; i < private_log.size().value; ++i) {
    const std::string hash((*log::LeafHash(private_log, {i})).view());
    EXPECT_THAT(shared, Not(HasSubstr(hash)));
  }
  for (const auto& event : bawaslu_.PrivateEvents()) {
    ASSERT_EQ(event.citations_size(), 1) << "the private entry cites the shared one";
    const auto& cited = event.citations(0);
    EXPECT_EQ(cited.position().log(), "bawaslu-13");
    EXPECT_EQ(cited.leaf_hash(),
              (*log::LeafHash(bawaslu_.store().shared(), {cited.position().sequence()})).view());
  }
}

TEST_F(EntriesTest, StateRowsHoldNoPersonalData) {
  bawaslu_.Must(Referring("b-1"));
  bawaslu_.Project();
  const std::string rows = StateBytes();
  for (const char* secret : {"Citra Contoh", "Camat Uji", "021/PP.00.02", "Diduga mendukung"}) {
    EXPECT_THAT(rows, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(rows, Not(HasSubstr(std::string(test::kNip))));
}

TEST_F(EntriesTest, EveryStateRowFollowsFromTheEntriesThatItLists) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Must(Naming("b-2"));
  command::v1::CorrectFact correction;
  correction.set_case_id(id);
  correction.mutable_position()->set_log("bawaslu-13");
  correction.mutable_position()->set_sequence(4);
  correction.mutable_fields()->add_paths("occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-3", correction));
  int rows = 0;
  EXPECT_TRUE(bawaslu_.store()
                  .Scan(log::Table::kState, "", "",
                        [&](absl::string_view key, absl::string_view value) {
                          storage::v1::StoredSubject held;
                          EXPECT_TRUE(
                              held.ParseFromArray(value.data(), static_cast<int>(value.size())));
                          const auto fresh = Refold(bawaslu_.store(), held);
                          EXPECT_TRUE(fresh.ok()) << fresh.status();
                          EXPECT_EQ(fresh->SerializeAsString(), value) << key;
                          ++rows;
                          return true;
                        })
                  .ok());
  EXPECT_EQ(rows, 4);
}

TEST_F(EntriesTest, ARowOfOlderFoldingCodeIsFoldedAgainWhenItIsRead) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  const std::string key = rows::CaseState(id);
  storage::v1::StoredSubject row;
  ASSERT_TRUE(row.ParseFromString(**bawaslu_.store().Get(log::Table::kState, key)));
  const std::string current = row.SerializeAsString();
  row.set_fold_version(0);
  row.mutable_segments(0)->clear_facts();
  ASSERT_TRUE(
      bawaslu_.store().Append({{}, {}, {{log::Table::kState, key, row.SerializeAsString()}}}).ok());
  const auto read = LoadSubject(bawaslu_.store(), key);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ((*read)->SerializeAsString(), current);
}

TEST_F(EntriesTest, BytesThatNestTooDeepAreNoEvent) {
  // Unknown groups within groups: as deep as a stack could be made to go.
  const std::string deep = std::string(10'000, '\xfb') + std::string(10'000, '\xfc');
  EXPECT_TRUE(absl::IsDataLoss(ParseEvent(deep).status()));
  const std::string fair = std::string(30, '\x0b') + std::string(30, '\x0c');
  EXPECT_TRUE(ParseEvent(fair).ok()) << "a field of the future";
}

TEST_F(EntriesTest, ADamagedRowIsNotTakenForNothing) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  ASSERT_TRUE(
      bawaslu_.store()
          .Append({{}, {}, {{log::Table::kState, rows::CaseState(id), std::string("\xff")}}})
          .ok());
  EXPECT_TRUE(absl::IsDataLoss(LoadSubject(bawaslu_.store(), rows::CaseState(id)).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      bawaslu_.Execute(test::IntakeRequest("b-2", test::In(id, test::SomeReview()))).status()));
  EXPECT_TRUE(absl::IsDataLoss(ParseEvent("\xff").status()));
}

}  // namespace
}  // namespace selaras::node
