// What `log verify` reads besides stores: exports, nodes, and what it remembers.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "tools/selaras/node_log.h"
#include "tools/selaras/remembered.h"
#include "tools/selaras/stored_ledger.h"
#include "tools/selaras/tiles_export.h"
#include "tools/selaras/tiles_log.h"

namespace selaras::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kEntries = 600;

// A ledger whose answers may be made wrong.
class AlterableLedger final : public StoredLedger {
 public:
  using StoredLedger::StoredLedger;
  std::function<void(ledger::v1::ListEntriesResponse*)> alter_entries;
  std::function<void(ledger::v1::ProveInclusionResponse*)> alter_proof;
  std::optional<std::uint64_t> hidden;  // an entry that the caller may not read

  absl::StatusOr<ledger::v1::ListEntriesResponse> ListEntries(
      const ledger::v1::ListEntriesRequest& request) override {
    auto response = StoredLedger::ListEntries(request);
    if (!response.ok()) return response;
    for (auto& record : *response->mutable_entries()) {
      if (record.position().sequence() == hidden) record.clear_entry();
    }
    if (alter_entries) alter_entries(&*response);
    return response;
  }
  absl::StatusOr<ledger::v1::ProveInclusionResponse> ProveInclusion(
      const ledger::v1::ProveInclusionRequest& request) override {
    auto response = StoredLedger::ProveInclusion(request);
    if (response.ok() && alter_proof) alter_proof(&*response);
    return response;
  }
};

class VerifySourcesTest : public testing::Test {
 protected:
  VerifySourcesTest()
      : folder_(
            std::filesystem::path(testing::TempDir()) /
            absl::StrCat("verify-", testing::UnitTest::GetInstance()->current_test_info()->name())),
        signer_(*log::NoteSigner::Make(log::OriginOf("bkn"),
                                       *crypto::SigningKey::FromSeed(std::string(32, 's')))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto store = log::MemoryStore::Make("bkn", signer_);
    log::AppendBatch batch;
    for (std::uint64_t i = 0; i < kEntries; ++i) batch.shared.push_back(absl::StrCat("entry ", i));
    EXPECT_TRUE(store->Append(batch).ok());
    ledger_ =
        std::make_unique<AlterableLedger>(std::shared_ptr<log::StoreReader>(std::move(store)));
    EXPECT_TRUE(inspector_.Trust(signer_.VerifierText()).ok());
  }
  ~VerifySourcesTest() override { std::filesystem::remove_all(folder_); }

  void Export() {
    const auto exported =
        ExportTiles(*ledger_, "", folder_.string(), [](std::uint64_t, std::uint64_t) {});
    ASSERT_TRUE(exported.ok()) << exported.status();
  }
  std::vector<std::string> VerifyExport() {
    const auto log = TilesLog::Open(folder_.string());
    if (!log.ok()) return {std::string(log.status().message())};
    audit::AuditReport report;
    audit::AuditLog(**log, audit::Origin::kExport, inspector_, {}, nullptr, &report);
    (*log)->CheckOtherFiles(&report);
    hashed_ = report.logs.at(0).entries;
    return Named(report);
  }
  std::vector<std::string> VerifyNode(const std::vector<audit::RememberedTree>& remembered = {}) {
    const auto log = NodeLog::Open(*ledger_, "bkn");
    EXPECT_TRUE(log.ok()) << log.status();
    audit::AuditReport report;
    audit::AuditLog(**log, audit::Origin::kNode, inspector_, {.remembered = remembered}, nullptr,
                    &report);
    EXPECT_TRUE((*log)->status().ok()) << (*log)->status();
    EXPECT_TRUE(AuditProofs(*ledger_, **log, remembered, &report).ok());
    hashed_ = report.logs.at(0).entries;
    return Named(report);
  }
  static std::vector<std::string> Named(const audit::AuditReport& report) {
    std::vector<std::string> names;
    for (const audit::Finding& finding : report.findings) {
      names.push_back(absl::StrCat(
          audit::NameOf(finding.part), " ",
          finding.sequence ? absl::StrCat("@", finding.sequence->value) : finding.subject));
    }
    return names;
  }
  void Flip(const std::string& file, std::size_t place) {
    const std::filesystem::path path = folder_ / file;
    std::ifstream in(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    ASSERT_LT(place, bytes.size()) << path;
    bytes[place] = static_cast<char>(bytes[place] ^ 1);
    std::ofstream(path, std::ios::binary) << bytes;
  }

  const std::filesystem::path folder_;
  const log::NoteSigner signer_;
  std::unique_ptr<AlterableLedger> ledger_;
  verify::EventInspector inspector_;
  std::uint64_t hashed_ = 0;
};

TEST_F(VerifySourcesTest, AnExportThatNobodyTouchedIsClean) {
  Export();
  EXPECT_THAT(VerifyExport(), IsEmpty());
  EXPECT_EQ(hashed_, kEntries);
}

TEST_F(VerifySourcesTest, AnExportOfWhatOneMaySeeIsCleanWithItsSingleEntries) {
  ledger_->hidden = 7;
  Export();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "tile/entries/000"));
  EXPECT_THAT(VerifyExport(), IsEmpty());
  EXPECT_EQ(hashed_, kEntries - 1);
  Flip("entry/9", 0);
  EXPECT_THAT(VerifyExport(), ElementsAre("entry @9"));
}

TEST_F(VerifySourcesTest, EveryFileOfAnExportCounts) {
  Export();
  for (const auto& [file, place, named] : std::vector<std::tuple<std::string, int, std::string>>{
           {"tile/0/001", 32 * 3, "leaf hash @259"},
           {"tile/0/002.p/88", 32 * 87, "leaf hash @599"},
           {"tile/1/000.p/2", 32, "tile @256"},
           {"tile/entries/000", 4, "entry @0"},
           {"tile/entries/002.p/88", 4, "entry @512"}}) {
    Flip(file, static_cast<std::size_t>(place));
    EXPECT_THAT(VerifyExport(), ElementsAre(named)) << file;
    Flip(file, static_cast<std::size_t>(place));
  }
  EXPECT_THAT(VerifyExport(), IsEmpty());
  Flip("checkpoint", 13);
  EXPECT_THAT(VerifyExport(), testing::Not(IsEmpty()));
  Flip("checkpoint", 13);
  std::ofstream(folder_ / "tile/0/003") << "x";
  EXPECT_THAT(VerifyExport(), ElementsAre("file tile/0/003"));
}

TEST_F(VerifySourcesTest, WhatEarlierExportsLeftIsComparedToo) {
  Export();
  std::filesystem::create_directories(folder_ / "tile/0/001.p");
  std::filesystem::create_directories(folder_ / "tile/entries/001.p");
  std::filesystem::create_directories(folder_ / "entry");
  std::ifstream tile(folder_ / "tile/0/001", std::ios::binary);
  std::string hashes{std::istreambuf_iterator<char>(tile), {}};
  std::ofstream(folder_ / "tile/0/001.p/2", std::ios::binary) << hashes.substr(0, 64);
  std::ofstream(folder_ / "tile/entries/001.p/1", std::ios::binary)
      << std::string("\0\x09", 2) << "entry 256";
  std::ofstream(folder_ / "entry/3", std::ios::binary) << "entry 3";
  EXPECT_THAT(VerifyExport(), IsEmpty());
  Flip("tile/0/001.p/2", 40);
  Flip("tile/entries/001.p/1", 5);
  Flip("entry/3", 0);
  EXPECT_THAT(VerifyExport(),
              testing::UnorderedElementsAre("file tile/0/001.p/2", "file tile/entries/001.p/1",
                                            "file entry/3"));
}

TEST_F(VerifySourcesTest, ANodeThatShowsItsLogAsItIsIsClean) {
  EXPECT_THAT(VerifyNode(), IsEmpty());
  EXPECT_EQ(hashed_, kEntries);
  ledger_->hidden = 7;
  EXPECT_THAT(VerifyNode(), IsEmpty());
  EXPECT_EQ(hashed_, kEntries - 1);
}

TEST_F(VerifySourcesTest, ANodeThatShowsAnotherEntryOrLeafIsNamed) {
  ledger_->alter_entries = [](auto* page) {
    for (auto& record : *page->mutable_entries()) {
      if (record.position().sequence() == 301) record.set_entry("another");
    }
  };
  EXPECT_THAT(VerifyNode(), ElementsAre("entry @301"));
  ledger_->alter_entries = [](auto* page) {
    for (auto& record : *page->mutable_entries()) {
      if (record.position().sequence() == 301) record.set_leaf_hash(std::string(32, 'x'));
    }
  };
  EXPECT_THAT(VerifyNode(), ElementsAre("leaf hash @301"));
}

TEST_F(VerifySourcesTest, AProofThatProvesNothingIsNamed) {
  ledger_->alter_proof = [](auto* response) {
    if (!response->hashes().empty()) *response->mutable_hashes(0) = std::string(32, 'x');
  };
  EXPECT_THAT(VerifyNode(), ElementsAre("proof @0", "proof @300", "proof @599"));
}

TEST_F(VerifySourcesTest, ANodeMustProveThatItExtendsWhatWasRemembered) {
  EXPECT_THAT(
      VerifyNode({{signer_.VerifierText(), {400}, base::Digest{}}}),
      ElementsAre("remembered tree tree of 400 leaves", "proof consistency with 400 leaves"));
}

TEST_F(VerifySourcesTest, TreesAreRememberedByKeyAndInOneFileForAll) {
  const std::string path = (folder_ / "state/verified").string();
  auto trees = RememberedTrees::Read(path);
  ASSERT_TRUE(trees.ok()) << trees.status();
  EXPECT_THAT(trees->TreesOf(inspector_), IsEmpty());
  audit::AuditReport report;
  audit::LogSummary& summary = report.logs.emplace_back();
  summary.log = "bkn";
  for (std::uint64_t size = 1; size <= 40; ++size) {
    summary.head = log::SignCheckpoint(signer_, {"selaras/bkn", {size}, base::Digest{}});
    ASSERT_TRUE(trees->Add(report, inspector_, absl::UnixEpoch()).ok());
    ASSERT_TRUE(trees->Add(report, inspector_, absl::UnixEpoch()).ok()) << "again";
  }
  trees = RememberedTrees::Read(path);
  ASSERT_TRUE(trees.ok()) << trees.status();
  const auto known = trees->TreesOf(inspector_);
  ASSERT_THAT(known, SizeIs(32));
  EXPECT_EQ(known.back().size, base::TreeSize{40});
  EXPECT_EQ(known.back().key, signer_.VerifierText());
  // The same node with another key is another log.
  const auto signer = log::NoteSigner::Make(log::OriginOf("bkn"),
                                            *crypto::SigningKey::FromSeed(std::string(32, 't')));
  const auto other = log::MemoryStore::Make("bkn", *signer);
  EXPECT_THAT(audit::TreesOf(other->shared(), signer->verifier(), known), IsEmpty());
  // But not if that key replaced the one before it.
  const auto same = log::MemoryStore::Make("bkn", signer_);
  ASSERT_TRUE(same->ReplaceKey(signer->key()).ok());
  EXPECT_THAT(audit::TreesOf(same->shared(), signer->verifier(), known), SizeIs(32));
}

TEST_F(VerifySourcesTest, EveryByteOfWhatIsRememberedCounts) {
  const std::string path = (folder_ / "verified").string();
  auto trees = RememberedTrees::Read(path);
  audit::AuditReport report;
  report.logs.emplace_back().log = "bkn";
  report.logs[0].head = log::SignCheckpoint(signer_, {"selaras/bkn", {5}, base::Digest{}});
  ASSERT_TRUE(trees->Add(report, inspector_, absl::UnixEpoch()).ok());
  const auto size = std::filesystem::file_size(path);
  for (std::size_t place = 0; place < size; ++place) {
    Flip("verified", place);
    EXPECT_TRUE(absl::IsInvalidArgument(RememberedTrees::Read(path).status())) << place;
    Flip("verified", place);
  }
  std::filesystem::resize_file(path, size - 1);
  EXPECT_TRUE(absl::IsInvalidArgument(RememberedTrees::Read(path).status()));
  std::filesystem::resize_file(path, 0);
  EXPECT_TRUE(absl::IsInvalidArgument(RememberedTrees::Read(path).status()));
}

}  // namespace
}  // namespace selaras::cli
