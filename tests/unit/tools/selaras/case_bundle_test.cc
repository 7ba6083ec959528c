#include "tools/selaras/case_bundle.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logs.h"
#include "services/node/seal.h"
#include "storage/merkle/hash.h"
#include "storage/vault/sealed.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kCase[] = "3f2a9c1e-0000-8000-8000-000000000000";

// Bawaslu refers to BKN, which receives and recommends.
class CaseBundleTest : public testing::Test {
 protected:
  CaseBundleTest()
      : folder_(absl::StrCat(testing::TempDir(), "/bundle-",
                             testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    referred_ = Of("bawaslu/13", 1);
    auto* fact = referred_.mutable_fact()->mutable_case_referred();
    fact->set_to("bkn");
    fact->add_parties("bawaslu/13");
    fact->add_parties("bkn");
    referred_.mutable_plain()->mutable_respondent()->set_name("Citra Contoh");
    received_ = Of("bkn", 1);
    received_.mutable_fact()->mutable_case_received();
    Cite(referred_, "bawaslu-13", 0, &received_);
    recommended_ = Of("bkn", 2);
    recommended_.mutable_fact()->mutable_sanction_recommended()->set_to("ppk/13.04");
  }

  static event::v1::Event Of(const std::string& author, std::uint32_t number) {
    event::v1::Event event;
    event.set_author(author);
    event.set_case_id(kCase);
    event.set_party_number(number);
    event.mutable_recorded_at()->set_seconds(1'700'000'000 + number);
    return event;
  }
  static void Cite(const event::v1::Event& cited, const std::string& log, std::uint64_t sequence,
                   event::v1::Event* citing) {
    event::v1::Citation* citation = citing->add_citations();
    citation->mutable_position()->set_log(log);
    citation->mutable_position()->set_sequence(sequence);
    citation->set_leaf_hash(std::string(merkle::HashLeaf(cited.SerializeAsString()).view()));
  }

  // Entries of one log, by its newest checkpoint.
  static void Add(const log::Store& store, CaseFile* file) {
    for (std::uint64_t i = 0; i < store.shared().size().value; ++i) {
      ProvenEntry& entry = file->entries.emplace_back();
      entry.position.set_log(store.shared().name());
      entry.position.set_sequence(i);
      const std::string bytes = **store.shared().Entry({i});
      entry.leaf_hash = merkle::HashLeaf(bytes);
      entry.event.ParseFromString(bytes);
      entry.receipt = test::ReceiptOf(store, i);
    }
  }
  CaseFile Case() {
    CaseFile file;
    file.as_shown.set_case_id(kCase);
    Add(*test::StoreOf("bawaslu-13", std::vector{referred_}), &file);
    Add(*test::StoreOf("bkn", std::vector{received_, recommended_}), &file);
    return file;
  }
  static log::Policy Keys() {
    return *log::Policy::Parse(
        absl::StrCat("log ", test::SignerOfLog("bkn").VerifierText(), "\nlog ",
                     test::SignerOfLog("bawaslu-13").VerifierText(), "\nquorum none\n"));
  }
  cli::v1::VerifiedCase Verify(const CaseFile& file) {
    std::filesystem::remove_all(folder_);
    EXPECT_TRUE(WriteBundle(file, folder_).ok());
    const auto verified = VerifyBundle(folder_, Keys());
    EXPECT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->valid(), verified->problems().empty());
    return *verified;
  }
  std::vector<std::string> Problems(const CaseFile& file) {
    const auto verified = Verify(file);
    return {verified.problems().begin(), verified.problems().end()};
  }

  const std::string folder_;
  event::v1::Event referred_, received_, recommended_;
};

TEST_F(CaseBundleTest, ASealedPartIsReadableByTheKeyOfItsEntryThatTheIndexHas) {
  const event::v1::PersonalPart part = referred_.plain();
  referred_.set_salt(std::string(16, 's'));
  const std::string subject_key(32, 'k');
  node::SealPart(subject_key, part, &referred_);
  received_.clear_citations();
  Cite(referred_, "bawaslu-13", 0, &received_);
  CaseFile file = Case();
  EXPECT_THAT(Verify(file).personal(), IsEmpty()) << "stays sealed";
  EXPECT_TRUE(Verify(file).valid());
  file.entries[0].entry_key = vault::EntryKey(subject_key, referred_.salt());
  const auto verified = Verify(file);
  EXPECT_THAT(verified.problems(), IsEmpty());
  EXPECT_THAT(verified.personal(), testing::ElementsAre("respondent"));
  file.entries[0].entry_key = subject_key;
  EXPECT_THAT(Problems(file), testing::Contains(testing::HasSubstr("the key of another entry")));
}

TEST_F(CaseBundleTest, WhatWasWrittenIsProvenAndSaysWhoHadTheFile) {
  const auto verified = Verify(Case());
  EXPECT_THAT(verified.problems(), IsEmpty());
  ASSERT_EQ(verified.hops_size(), 2);
  EXPECT_EQ(verified.hops(0).received().position(), "bkn@0");
  EXPECT_EQ(verified.hops(1).to(), "ppk/13.04");
  EXPECT_FALSE(verified.hops(1).has_received());
  ASSERT_EQ(verified.held_size(), 2);
  EXPECT_EQ(verified.held(0).until(), verified.held(1).from());
  EXPECT_EQ(verified.held(1).holder(), "bkn");
  EXPECT_EQ(verified.waiting_for(), "ppk/13.04");
  EXPECT_THAT(verified.personal(), ElementsAre("respondent"));
}

TEST_F(CaseBundleTest, AFolderThatHoldsSomethingIsNotWrittenTo) {
  ASSERT_TRUE(WriteBundle(Case(), folder_).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(WriteBundle(Case(), folder_)));
}

TEST_F(CaseBundleTest, AGapInAnAuthorsNumbersShows) {
  CaseFile file = Case();
  file.entries.erase(file.entries.begin() + 1);
  EXPECT_THAT(Problems(file), ElementsAre("bkn@1: is number 2 of bkn, after number 0"));
}

TEST_F(CaseBundleTest, ACitationOfOtherBytesShows) {
  received_.mutable_citations(0)->set_leaf_hash(std::string(32, 'x'));
  EXPECT_THAT(Problems(Case()), ElementsAre("bkn@0: cites bawaslu-13@0 with another leaf hash"));
}

TEST_F(CaseBundleTest, WhatIsCitedElsewhereIsSaidAndNoFault) {
  Cite(received_, "bawaslu-13", 9, &recommended_);
  const auto verified = Verify(Case());
  EXPECT_TRUE(verified.valid());
  EXPECT_THAT(verified.cited_elsewhere(), ElementsAre("bawaslu-13@9"));
}

TEST_F(CaseBundleTest, AnAuthorInTwoLogsShows) {
  recommended_.set_author("bawaslu/13");
  recommended_.set_party_number(2);
  EXPECT_THAT(Problems(Case()), ElementsAre("bkn@1: bawaslu/13 writes in the log bawaslu-13, too"));
}

TEST_F(CaseBundleTest, AnEntryOfTheOfficeOrOfAnotherCaseIsNoPartOfIt) {
  recommended_.set_party_number(0);
  EXPECT_THAT(Problems(Case()), ElementsAre("bkn@1: is no party entry"));
  recommended_ = Of("bkn", 2);
  recommended_.set_case_id("4f2a9c1e-0000-8000-8000-000000000000");
  EXPECT_THAT(Problems(Case()), ElementsAre("bkn@1: is about another case"));
}

TEST_F(CaseBundleTest, ALogThatShowsTwoTreesShows) {
  CaseFile file = Case();
  const auto grown = test::StoreOf("bkn", std::vector{received_, recommended_, recommended_});
  file.entries[2].receipt = test::ReceiptOf(*grown, 1);
  EXPECT_THAT(Problems(file),
              ElementsAre("bkn@1: is proven by another checkpoint than others of its log"));
}

TEST_F(CaseBundleTest, AnAcknowledgementOfNothingIsAContradiction) {
  received_.mutable_citations(0)->mutable_position()->set_sequence(0);
  referred_.mutable_fact()->mutable_case_referred()->set_to("bkn");
  CaseFile file = Case();
  file.entries.erase(file.entries.begin());
  EXPECT_THAT(Problems(file), ElementsAre(HasSubstr("nobody opens the case")));
}

TEST_F(CaseBundleTest, NamesInTheIndexLeadNowhereElse) {
  ASSERT_TRUE(WriteBundle(Case(), folder_).ok());
  const std::string index = *ReadFile(folder_ + "/index");
  for (const std::string& place :
       {std::string("../bkn@0"), std::string("/etc/passwd@0"), std::string("bkn@00"),
        std::string("bkn@-1"), std::string("bkn/private@0"), std::string("@0")}) {
    ASSERT_TRUE(WriteFile(folder_ + "/index", absl::StrReplaceAll(index, {{"bkn@0", place}})).ok());
    EXPECT_TRUE(absl::IsInvalidArgument(VerifyBundle(folder_, Keys()).status())) << place;
  }
}

}  // namespace
}  // namespace selaras::cli
