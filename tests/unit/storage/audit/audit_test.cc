#include "storage/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/crypto/ed25519.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "storage/log/succession.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"
#include "tests/support/altered_store.h"
#include "text_inspector.h"

namespace selaras::audit {
namespace {

using log::Table;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

log::NoteSigner SignerOf(const std::string& node, char seed) {
  return *log::NoteSigner::Make(log::OriginOf(node),
                                *crypto::SigningKey::FromSeed(std::string(32, seed)));
}

// A node with 600 shared and 20 private entries of 30 requests about 7 subjects, and a mirror of
// a second node of which every third entry was disclosed.
class AuditTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kShared = 600;
  static constexpr std::uint64_t kPrivate = 20;
  static constexpr std::uint64_t kMirrored = 300;

  AuditTest()
      : signer_(SignerOf("node", 's')),
        peer_signer_(SignerOf("peer", 'p')),
        store_(log::MemoryStore::Make("node", signer_)),
        peer_(log::MemoryStore::Make("peer", peer_signer_)) {
    FillOwn();
    FillMirror();
    altered_ = std::make_unique<test::AlteredStore>(*store_);
    inspector_.verifiers.emplace("node", signer_.verifier());
    inspector_.verifiers.emplace(
        "node/private",
        log::NoteSigner::Make(log::OriginOf("node/private"), signer_.key())->verifier());
    inspector_.verifiers.emplace("peer", peer_signer_.verifier());
  }

  AuditReport Run(const log::StoreReader& store) const {
    return Audit(store, inspector_, options_, nullptr);
  }
  AuditReport RunAltered() const { return Run(*altered_); }

  static std::string EntryText(std::uint64_t i) {
    return absl::StrCat("tag", i / 20, "|subject", i % 7, "|", i % 10);
  }

 private:
  void FillOwn() {
    std::map<std::string, Places> requests;
    std::map<std::string, Places> states;
    std::map<std::string, std::string> folds;
    log::AppendBatch batch;
    for (std::uint64_t i = 0; i < kShared; ++i) {
      batch.shared.push_back(EntryText(i));
      requests[absl::StrCat("tag", i / 20)].shared.push_back({i});
      states[absl::StrCat("subject", i % 7)].shared.push_back({i});
      folds[absl::StrCat("subject", i % 7)] += absl::StrCat(i % 10);
    }
    for (std::uint64_t i = 0; i < kPrivate; ++i) {
      batch.private_.push_back(absl::StrCat("tag", i, "|subject", i % 7, "|private"));
      requests[absl::StrCat("tag", i)].private_.push_back({i});
      states[absl::StrCat("subject", i % 7)].private_.push_back({i});
    }
    for (const auto& [key, places] : requests) {
      batch.rows.push_back({Table::kRequest, key, test::PlacesText(places)});
    }
    for (const auto& [key, places] : states) {
      batch.rows.push_back(
          {Table::kState, key, absl::StrCat(test::PlacesText(places), "=", folds[key])});
    }
    ASSERT_TRUE(store_->Append(batch).ok());
  }

  void FillMirror() {
    log::AppendBatch batch;
    for (std::uint64_t i = 0; i < kMirrored; ++i)
      batch.shared.push_back(absl::StrCat("theirs ", i));
    ASSERT_TRUE(peer_->Append(batch).ok());
    const auto mirror = store_->OpenMirror("peer", peer_signer_.verifier());
    ASSERT_TRUE(mirror.ok());
    const auto leaves = peer_->shared().Hashes(0, 0, kMirrored);
    ASSERT_TRUE(leaves.ok());
    ASSERT_TRUE((*mirror)->Extend({0}, *leaves, peer_->shared().checkpoint().note).ok());
    std::vector<log::DisclosedEntry> disclosed;
    for (std::uint64_t i = 0; i < kMirrored; i += 3) {
      disclosed.push_back({{i}, absl::StrCat("theirs ", i)});
    }
    ASSERT_TRUE((*mirror)->Keep(disclosed, absl::InfinitePast()).ok());
  }

  const log::NoteSigner signer_;
  const log::NoteSigner peer_signer_;

 protected:
  const std::unique_ptr<log::MemoryStore> store_;
  const std::unique_ptr<log::MemoryStore> peer_;
  test::TextInspector inspector_;
  AuditOptions options_;
  std::unique_ptr<test::AlteredStore> altered_;
};

// Describes a finding in one line: part, place, subject.
std::vector<std::string> Named(const AuditReport& report) {
  std::vector<std::string> names;
  for (const Finding& finding : report.findings) {
    names.push_back(absl::StrCat(NameOf(finding.part), " ", finding.log,
                                 finding.sequence ? absl::StrCat("@", finding.sequence->value) : "",
                                 " ", finding.subject));
  }
  return names;
}

TEST_F(AuditTest, AStoreThatNobodyTouchedIsCleanAndEverythingWasLookedAt) {
  const AuditReport report = Run(*store_);
  EXPECT_THAT(Named(report), IsEmpty());
  EXPECT_TRUE(report.clean());
  ASSERT_EQ(report.logs.size(), 3u);
  EXPECT_EQ(report.logs[0].entries, kShared);
  EXPECT_EQ(report.logs[0].tiles, 2u);
  EXPECT_EQ(report.logs[0].root, store_->shared().checkpoint().checkpoint.root);
  EXPECT_TRUE(report.logs[0].signature_checked);
  EXPECT_EQ(report.logs[1].log, "node/private");
  EXPECT_EQ(report.logs[1].entries, kPrivate);
  EXPECT_EQ(report.logs[2].log, "peer");
  EXPECT_EQ(report.logs[2].kind, Origin::kMirror);
  EXPECT_EQ(report.logs[2].entries, kMirrored / 3);
  EXPECT_EQ(report.request_rows, 30u);
  EXPECT_EQ(report.state_rows, 7u);
}

TEST_F(AuditTest, TheAlterableCopyOfAStoreIsAsCleanAsTheStore) {
  EXPECT_TRUE(RunAltered().clean());
}

TEST_F(AuditTest, AnEmptyStoreIsClean) {
  const auto empty = log::MemoryStore::Make("node", SignerOf("node", 's'));
  EXPECT_THAT(Named(Run(*empty)), IsEmpty());
}

TEST_F(AuditTest, AMirrorThatHasReceivedNothingYetIsClean) {
  const log::NoteSigner third = SignerOf("third", 't');
  ASSERT_TRUE(store_->OpenMirror("third", third.verifier()).ok());
  const AuditReport report = Run(*store_);
  EXPECT_THAT(Named(report), IsEmpty());
  EXPECT_EQ(report.logs.size(), 4u);
}

TEST_F(AuditTest, AChangedEntryIsNamedOnceAndNothingThatFollowsFromIt) {
  altered_->shared_changes.entries[5] = "tag0|subject5|X";
  const AuditReport report = RunAltered();
  ASSERT_THAT(Named(report), ElementsAre("entry node@5 "));
  EXPECT_EQ(report.findings[0].expected, base::HexEncode(merkle::HashLeaf(EntryText(5)).view()));
  EXPECT_EQ(report.findings[0].actual, base::HexEncode(merkle::HashLeaf("tag0|subject5|X").view()));
  EXPECT_EQ(report.logs[0].finding, 0u);
  EXPECT_FALSE(report.logs[1].finding.has_value());
}

TEST_F(AuditTest, EveryBitOfAnEntryCounts) {
  for (std::size_t byte = 0; byte < EntryText(77).size(); ++byte) {
    std::string changed = EntryText(77);
    changed[byte] = static_cast<char>(changed[byte] ^ 1);
    altered_->shared_changes.entries[77] = changed;
    EXPECT_THAT(Named(RunAltered()), ElementsAre("entry node@77 ")) << "byte " << byte;
  }
}

TEST_F(AuditTest, AMissingOwnEntryIsNamed) {
  altered_->shared_changes.entries[599] = std::nullopt;
  EXPECT_THAT(Named(RunAltered()), ElementsAre("entry node@599 "));
}

TEST_F(AuditTest, AnEntryThatIsKnownToBeLostIsListedAndIsNoDifference) {
  std::vector<log::RecoveredLeaf> leaves;
  for (int i = 0; i < 3; ++i) leaves.push_back({merkle::HashLeaf(absl::StrCat(i)), std::nullopt});
  const std::string held = EntryText(kShared + 3);
  leaves.push_back({merkle::HashLeaf(held), held});
  leaves.push_back({merkle::HashLeaf("4"), std::nullopt});
  ASSERT_TRUE(store_->Recover({leaves, {}, {}}).ok());
  options_.tree_only = true;
  const AuditReport report = RunAltered();
  EXPECT_TRUE(report.clean()) << report.findings[0].problem;
  EXPECT_THAT(report.logs[0].lost, ElementsAre(base::Sequence{600}, base::Sequence{601},
                                               base::Sequence{602}, base::Sequence{604}));
  EXPECT_EQ(report.logs[0].entries, kShared + 1);
  EXPECT_THAT(report.logs[1].lost, IsEmpty());

  // Without the row that says so it was taken away.
  altered_->shared_changes.entries[603] = std::nullopt;
  const AuditReport taken = RunAltered();
  ASSERT_EQ(taken.findings_total, 1u);
  EXPECT_EQ(taken.findings[0].sequence, base::Sequence{603});
  EXPECT_THAT(taken.findings[0].problem, HasSubstr("missing"));
}

TEST_F(AuditTest, ARowThatListsAnEntryThatIsSaidToBeLostIsNamed) {
  ASSERT_TRUE(store_
                  ->Recover({{{merkle::HashLeaf("lost"), std::nullopt}},
                             {},
                             {{Table::kRequest, "tag-lost", test::PlacesText({{{kShared}}, {}})}}})
                  .ok());
  const AuditReport report = RunAltered();
  ASSERT_EQ(report.findings_total, 1u);
  EXPECT_EQ(report.findings[0].part, Part::kRequest);
  EXPECT_EQ(report.findings[0].sequence, base::Sequence{kShared});
}

TEST_F(AuditTest, AnEntryThatCannotBeReadIsNamedWithTheReason) {
  altered_->private_changes.unreadable.emplace(3, absl::DataLossError("the block is corrupt"));
  const AuditReport report = RunAltered();
  ASSERT_THAT(Named(report), ElementsAre("entry node/private@3 "));
  EXPECT_EQ(report.findings[0].actual, "the block is corrupt");
}

TEST_F(AuditTest, AChangedLeafHashIsToldApartFromAChangedEntry) {
  altered_->shared_changes.nodes[{0, 300}] = merkle::HashLeaf("other");
  const AuditReport report = RunAltered();
  ASSERT_THAT(Named(report), ElementsAre("leaf hash node@300 "));
  EXPECT_EQ(report.findings[0].expected, base::HexEncode(merkle::HashLeaf(EntryText(300)).view()));
}

TEST_F(AuditTest, ALeafHashThatCannotBeReadIsNamed) {
  altered_->shared_changes.unreadable_nodes.insert({0, 300});
  EXPECT_THAT(Named(RunAltered()), ElementsAre("leaf hash node@300 "));
}

TEST_F(AuditTest, AnEntryReplacedTogetherWithItsHashShowsInInnerNodeAndRoot) {
  const std::string other = "tag0|subject5|5";  // says the same as the entry at 5, but at 12
  altered_->shared_changes.entries[12] = other;
  altered_->shared_changes.nodes[{0, 12}] = merkle::HashLeaf(other);
  const AuditReport report = RunAltered();
  EXPECT_THAT(Named(report), testing::Contains("tile node@0 tile 1/0"));
  EXPECT_THAT(Named(report), testing::Contains("root node root"));
}

TEST_F(AuditTest, AChangedInnerNodeIsNamedWithItsFirstLeaf) {
  altered_->shared_changes.nodes[{1, 1}] = merkle::HashLeaf("other");
  EXPECT_THAT(Named(RunAltered()), ElementsAre("tile node@256 tile 1/1"));
}

TEST_F(AuditTest, AnInnerNodeThatCannotBeReadIsNamed) {
  altered_->shared_changes.unreadable_nodes.insert({1, 0});
  EXPECT_THAT(Named(RunAltered()), ElementsAre("tile node@0 tile 1/0"));
}

TEST_F(AuditTest, AHeadBehindItsCheckpointIsNamed) {
  altered_->private_changes.size = base::TreeSize{19};
  const AuditReport report = RunAltered();
  EXPECT_THAT(Named(report), testing::Contains("head node/private head"));
}

TEST_F(AuditTest, AnOwnLogMayBeAheadOfItsCheckpointAMirrorMayNot) {
  log::SignedCheckpoint older =
      log::SignCheckpoint(SignerOf("node", 's'), {log::OriginOf("node"), {0}, merkle::EmptyRoot()});
  altered_->shared_changes.checkpoint = older;
  const AuditReport report = RunAltered();
  EXPECT_THAT(Named(report), IsEmpty());
  EXPECT_EQ(report.logs[0].unsigned_leaves, kShared);

  altered_->mirror_changes.checkpoint =
      log::SignCheckpoint(SignerOf("peer", 'p'), {log::OriginOf("peer"), {0}, merkle::EmptyRoot()});
  EXPECT_THAT(Named(RunAltered()), ElementsAre("head peer head"));
}

TEST_F(AuditTest, AMirrorToWhichNothingHasComeIsClean) {
  const auto store = log::MemoryStore::Make("node", SignerOf("node", 's'));
  ASSERT_TRUE(store->OpenMirror("peer", SignerOf("peer", 'p').verifier()).ok());
  test::AlteredStore read(*store);
  read.mirror_changes.checkpoint = log::SignedCheckpoint();  // no root was ever signed
  const AuditReport report = Run(read);
  EXPECT_THAT(Named(report), IsEmpty());
  ASSERT_EQ(report.logs.size(), 3u);
  EXPECT_TRUE(report.logs[2].signature_checked);
}

TEST_F(AuditTest, AChangedCheckpointNoteIsNamed) {
  log::SignedCheckpoint forged = store_->shared().checkpoint();
  forged.note[forged.note.size() - 10] ^= 1;
  altered_->shared_changes.checkpoint = forged;
  EXPECT_THAT(Named(RunAltered()), ElementsAre("checkpoint node checkpoint"));
}

TEST_F(AuditTest, ACheckpointSignedByAnotherKeyIsNamed) {
  altered_->shared_changes.checkpoint =
      log::SignCheckpoint(SignerOf("node", 'x'), store_->shared().checkpoint().checkpoint);
  EXPECT_THAT(Named(RunAltered()), ElementsAre("checkpoint node checkpoint"));
}

TEST_F(AuditTest, ASuccessorIsALogThatNobodyVouchesForUntilItsKeyIsTrusted) {
  const auto next = log::NoteSigner::Make(log::OriginOf("peer", 2),
                                          *crypto::SigningKey::FromSeed(std::string(32, 'n')));
  const log::NoteVerifier past = peer_->shared().keys()->newest();
  const base::TreeSize kept{kMirrored - 1};
  const base::Digest root = *merkle::RootAt(peer_->shared(), kept);
  const log::Succession succession = {"peer",
                                      {{past, kept}},
                                      next->verifier(),
                                      log::SuccessionReason::kFork,
                                      {},
                                      log::SignCheckpoint(*next, {next->name(), kept, root}),
                                      ""};
  const log::Mirror& mirror = *store_->mirrors().front();
  const std::vector<RememberedTree> seen = {
      {past.VerifierText(), mirror.size(), mirror.checkpoint().checkpoint.root}};
  ASSERT_TRUE(store_->Succeed("peer", succession, {}).ok());

  const AuditReport report = Run(*store_);
  EXPECT_THAT(Named(report), ElementsAre("checkpoint peer checkpoint"));
  EXPECT_THAT(report.findings[0].problem, HasSubstr("nobody accepted"));
  EXPECT_EQ(TreesOf(mirror, past, seen).size(), 1u) << "and more was seen of it";

  inspector_.verifiers.insert_or_assign("peer", next->verifier());
  EXPECT_TRUE(Run(*store_).clean());
  EXPECT_THAT(TreesOf(mirror, next->verifier(), seen), IsEmpty()) << "it was cut off";
}

TEST_F(AuditTest, ACheckpointOfAnotherRootIsNamed) {
  altered_->shared_changes.checkpoint = log::SignCheckpoint(
      SignerOf("node", 's'), {log::OriginOf("node"), {kShared}, merkle::HashLeaf("other")});
  EXPECT_THAT(Named(RunAltered()), ElementsAre("root node root"));
}

TEST_F(AuditTest, WithoutAKeyTheNoteIsReadButNotChecked) {
  inspector_.verifiers.clear();
  const AuditReport report = Run(*store_);
  EXPECT_TRUE(report.clean());
  EXPECT_FALSE(report.logs[0].signature_checked);

  log::SignedCheckpoint forged = store_->shared().checkpoint();
  forged.note = "no note";
  altered_->shared_changes.checkpoint = forged;
  EXPECT_THAT(Named(RunAltered()), ElementsAre("checkpoint node checkpoint"));
}

TEST_F(AuditTest, AMissingRequestRowIsNamedAtTheEntriesThatNameIt) {
  altered_->rows[{Table::kRequest, "tag29"}] = std::nullopt;
  const AuditReport report = RunAltered();
  ASSERT_THAT(Named(report), ElementsAre("request node@580 request tag29"));
  EXPECT_THAT(report.findings[0].expected, HasSubstr("node@580"));
  EXPECT_EQ(report.findings[0].actual, "no row");
}

TEST_F(AuditTest, ARequestRowThatForgetsAnEntryIsNamed) {
  altered_->rows[{Table::kRequest, "tag25"}] =
      "500,501,502,503,504,505,506,507,508,509,510,511,512,513,514,515,516,517,518;";
  EXPECT_THAT(Named(RunAltered()), ElementsAre("request node@519 request tag25"));
}

TEST_F(AuditTest, ARequestRowThatClaimsAnothersEntryIsNamed) {
  const auto row = store_->Get(Table::kRequest, "tag25");
  altered_->rows[{Table::kRequest, "tag25"}] = "7," + **row;
  const AuditReport report = RunAltered();
  ASSERT_THAT(Named(report), ElementsAre("request node@7 request tag25"));
  EXPECT_EQ(report.findings[0].actual, "tag0");
}

TEST_F(AuditTest, ARowThatListsAnEntryTwiceIsNamed) {
  const auto row = store_->Get(Table::kRequest, "tag25");
  altered_->rows[{Table::kRequest, "tag25"}] = "500," + **row;
  const AuditReport report = RunAltered();
  ASSERT_EQ(report.findings_total, 1u);
  EXPECT_EQ(report.findings[0].problem, "the row lists an entry twice, or not in order");
  EXPECT_EQ(report.findings[0].sequence, base::Sequence{500});
}

TEST_F(AuditTest, ARowThatListsWhatIsBeyondTheEndIsNamed) {
  const auto row = store_->Get(Table::kRequest, "tag25");
  altered_->rows[{Table::kRequest, "tag25"}] = **row + "20";
  EXPECT_THAT(Named(RunAltered()), ElementsAre("request node/private@20 request tag25"));
}

TEST_F(AuditTest, LookingEveryEntryUpIsToldAsItGoesSoThatAPaceCanBeKept) {
  altered_->rows[{Table::kRequest, "tag25"}] = "nonsense";
  bool in_requests = false;
  std::uint64_t bytes = 0;
  Audit(*altered_, inspector_, options_, [&](const Step& step) {
    in_requests |= step.what == "requests";
    if (in_requests && step.what == "node") bytes += step.bytes;
  });
  EXPECT_GT(bytes, 0u);
}

TEST_F(AuditTest, ARowThatCannotBeUnderstoodIsNamedOnce) {
  altered_->rows[{Table::kRequest, "tag25"}] = "nonsense";
  EXPECT_THAT(Named(RunAltered()), ElementsAre("request  request tag25"));
}

TEST_F(AuditTest, ABinaryKeyIsShownInHexadecimal) {
  log::AppendBatch batch;
  batch.rows.push_back({Table::kRequest, std::string("\x01\xff", 2), "nonsense"});
  ASSERT_TRUE(store_->Append(batch).ok());
  EXPECT_THAT(Named(Run(*store_)), ElementsAre("request  request 01ff"));
}

TEST_F(AuditTest, AStateRowThatIsNotTheFoldOfItsEntriesIsNamed) {
  const auto row = store_->Get(Table::kState, "subject3");
  std::string changed = **row;
  changed.back() = 'X';
  altered_->rows[{Table::kState, "subject3"}] = changed;
  const AuditReport report = RunAltered();
  ASSERT_THAT(Named(report), ElementsAre("state  state subject3"));
  EXPECT_NE(report.findings[0].expected, report.findings[0].actual);
}

TEST_F(AuditTest, AMissingStateRowIsNamedAtItsEntries) {
  altered_->rows[{Table::kState, "subject3"}] = std::nullopt;
  const AuditReport report = RunAltered();
  EXPECT_FALSE(report.clean());
  EXPECT_EQ(Named(report).front(), "state node@3 state subject3");
}

TEST_F(AuditTest, AChangedEntryOfAMirrorIsNamed) {
  altered_->mirror_changes.entries[6] = "theirs 7";
  EXPECT_THAT(Named(RunAltered()), ElementsAre("entry peer@6 "));
}

TEST_F(AuditTest, AChangedLeafOfAMirrorIsFoundAlsoWhereTheEntryWasWithheld) {
  altered_->mirror_changes.nodes[{0, 7}] = merkle::HashLeaf("other");
  const AuditReport report = RunAltered();
  EXPECT_THAT(Named(report), ElementsAre("tile peer@0 tile 1/0", "root peer root"));
}

TEST_F(AuditTest, AnEntryThatAMirrorListsButLostIsNamed) {
  altered_->mirror_changes.entries[6] = std::nullopt;
  EXPECT_THAT(Named(RunAltered()), ElementsAre("kept entry peer@6 list of kept entries",
                                               "kept entry peer list of kept entries"));
}

TEST_F(AuditTest, AListOfKeptEntriesThatNamesAnotherIsNamed) {
  altered_->mirror_changes.kept[5] = base::Sequence{16};
  EXPECT_THAT(Named(RunAltered()), ElementsAre("kept entry peer@16 list of kept entries"));
}

TEST_F(AuditTest, EvidenceThatAMirrorKeptIsShown) {
  altered_->evidence_found = {{"peer", "held note", "given note", "a fork at 12"}};
  const AuditReport report = RunAltered();
  ASSERT_THAT(Named(report), ElementsAre("evidence peer evidence"));
  EXPECT_THAT(report.findings[0].problem, HasSubstr("a fork at 12"));
  EXPECT_EQ(report.findings[0].expected, "held note");
}

TEST_F(AuditTest, FindingsAreCountedToTheLastButListedToALimit) {
  for (std::uint64_t i = 0; i < 200; ++i) altered_->shared_changes.entries[i] = "tag|x|y";
  const AuditReport report = RunAltered();
  EXPECT_EQ(report.findings.size(), kFindingsMax);
  EXPECT_EQ(report.findings_total, 200u);
  EXPECT_EQ(report.findings[0].sequence, base::Sequence{0});
}

TEST_F(AuditTest, TheFirstFindingIsTheFirstPlace) {
  altered_->shared_changes.entries[400] = "x";
  altered_->shared_changes.entries[40] = "x";
  EXPECT_EQ(RunAltered().findings[0].sequence, base::Sequence{40});
}

RememberedTree Remembered(const log::LogReader& log, std::uint64_t size) {
  return {log.keys()->newest().VerifierText(), {size}, *merkle::RootAt(log, {size})};
}

TEST_F(AuditTest, EveryTreeThatWasVerifiedEarlierIsExtended) {
  for (const std::uint64_t size : {0, 1, 255, 256, 257, 511, 512, 599, 600}) {
    options_.remembered.push_back(Remembered(store_->shared(), size));
  }
  options_.remembered.push_back(Remembered(*store_->mirrors()[0], 299));
  const AuditReport report = Run(*store_);
  EXPECT_THAT(Named(report), IsEmpty());
  EXPECT_EQ(report.logs[0].remembered, 9u);
  EXPECT_EQ(report.logs[0].newest_remembered, base::TreeSize{600});
  EXPECT_EQ(report.logs[1].remembered, 0u);
  EXPECT_EQ(report.logs[2].remembered, 1u);
}

TEST_F(AuditTest, APastThatWasRewrittenAndSignedAgainIsNamedByTheRememberedTree) {
  const auto other = log::MemoryStore::Make("node", SignerOf("node", 's'));
  log::AppendBatch batch;
  for (std::uint64_t i = 0; i < kShared; ++i) {
    batch.shared.push_back(i == 300 ? "tag15|subject6|X" : EntryText(i));
  }
  ASSERT_TRUE(other->Append(batch).ok());
  options_.tree_only = true;
  EXPECT_TRUE(Run(*other).clean());
  options_.remembered = {Remembered(store_->shared(), 300), Remembered(store_->shared(), 301),
                         Remembered(store_->shared(), 512)};
  const AuditReport report = Run(*other);
  EXPECT_THAT(Named(report), ElementsAre("remembered tree node tree of 301 leaves",
                                         "remembered tree node tree of 512 leaves"));
  EXPECT_THAT(report.findings[0].problem, HasSubstr("rewritten"));
  EXPECT_EQ(report.logs[0].newest_remembered, base::TreeSize{300});
  EXPECT_EQ(report.logs[0].finding, 0u);
}

TEST_F(AuditTest, ALogThatWasRolledBackIsNamedUnlessItIsAnOlderCopy) {
  options_.remembered = {
      {store_->shared().keys()->newest().VerifierText(), {601}, merkle::HashLeaf("of later")}};
  const AuditReport report = Run(*store_);
  ASSERT_THAT(Named(report), ElementsAre("remembered tree node tree of 601 leaves"));
  EXPECT_THAT(report.findings[0].problem, HasSubstr("rolled back"));
  options_.may_be_older = true;
  EXPECT_TRUE(Run(*store_).clean());
}

TEST_F(AuditTest, AChangedEntryIsNoRewrittenPastWhileItsHashIsStillThere) {
  options_.remembered = {Remembered(store_->shared(), 600)};
  altered_->shared_changes.entries[5] = "tag0|subject5|X";
  EXPECT_THAT(Named(RunAltered()), ElementsAre("entry node@5 "));
}

TEST_F(AuditTest, TheTreeAloneLooksAtNoRow) {
  altered_->rows[{Table::kState, "subject1"}] = std::nullopt;
  altered_->shared_changes.entries[5] = "tag0|subject5|X";
  options_.tree_only = true;
  const AuditReport report = RunAltered();
  EXPECT_THAT(Named(report), ElementsAre("entry node@5 "));
  EXPECT_EQ(report.request_rows + report.state_rows, 0u);
  EXPECT_EQ(report.logs[0].entries, kShared);
}

// Long enough for several ranges, and none of its sizes is round.
TEST(AuditOfALongLog, FindsTheSameOnAnyNumberOfThreads) {
  const log::NoteSigner signer = SignerOf("node", 's');
  const auto store = log::MemoryStore::Make("node", signer);
  constexpr std::uint64_t kLeaves = 20'000;
  for (std::uint64_t first = 0; first < kLeaves; first += 1'000) {
    log::AppendBatch batch;
    for (std::uint64_t i = first; i < first + 1'000; ++i) {
      batch.shared.push_back(absl::StrCat("tag|subject|", i));
    }
    ASSERT_TRUE(store->Append(batch).ok());
  }
  test::AlteredStore altered(*store);
  for (const std::uint64_t place : {1, 4'095, 4'096, 9'999, 19'999}) {
    altered.shared_changes.entries[place] = "x";
  }
  altered.shared_changes.nodes[{1, 77}] = merkle::HashLeaf("other");
  test::TextInspector inspector;
  inspector.verifiers.emplace("node", signer.verifier());
  AuditOptions options;
  options.tree_only = true;
  for (const std::uint64_t size : {4'095, 4'096, 4'097, 12'288, 19'999, 20'000}) {
    options.remembered.push_back(Remembered(store->shared(), size));
  }
  const AuditReport alone = Audit(altered, inspector, options, nullptr);
  EXPECT_THAT(Named(alone),
              testing::UnorderedElementsAre("entry node@1 ", "entry node@4095 ", "entry node@4096 ",
                                            "entry node@9999 ", "entry node@19999 ",
                                            "tile node@19712 tile 1/77"));
  EXPECT_EQ(alone.logs[0].tiles, 78u);
  for (const std::size_t threads : {2, 3, 8}) {
    options.threads = threads;
    const AuditReport together = Audit(altered, inspector, options, nullptr);
    EXPECT_EQ(Named(together), Named(alone)) << threads;
    EXPECT_EQ(together.logs[0].root, alone.logs[0].root) << threads;
    EXPECT_EQ(together.logs[0].remembered, options.remembered.size()) << threads;
  }
  EXPECT_TRUE(Audit(*store, inspector, options, nullptr).clean());
}

TEST_F(AuditTest, WhoStopsItWaitsForNoLog) {
  options_.stopped = [] { return true; };
  const AuditReport report = Run(*store_);
  EXPECT_EQ(report.logs[0].entries, 0u);
  EXPECT_EQ(report.request_rows + report.state_rows, 0u);
}

TEST_F(AuditTest, ProgressTellsHowMuchWasRead) {
  std::map<std::string, std::uint64_t> bytes;
  Audit(*store_, inspector_, options_,
        [&](const Step& step) { bytes[std::string(step.what)] += step.bytes; });
  std::uint64_t entries = 0;
  for (std::uint64_t i = 0; i < kShared; ++i) entries += EntryText(i).size();
  EXPECT_EQ(bytes["node"], entries + kShared * base::Digest::kSize);
  EXPECT_GT(bytes["states"], 0u);
}

TEST_F(AuditTest, ProgressReachesTheEndOfEveryLog) {
  std::map<std::string, std::uint64_t> reached;
  Audit(*store_, inspector_, options_,
        [&](const Step& step) { reached[std::string(step.what)] = step.done; });
  EXPECT_EQ(reached["node"], kShared);
  EXPECT_EQ(reached["node/private"], kPrivate);
  EXPECT_EQ(reached["peer"], kMirrored);
  EXPECT_EQ(reached["requests"], 30u);
  EXPECT_EQ(reached["states"], 7u);
}

}  // namespace
}  // namespace selaras::audit
