#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit/audit.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "storage/log/published.h"
#include "tests/support/altered_store.h"
#include "text_inspector.h"

namespace selaras::audit {
namespace {

using log::PublishedKey;
using log::Table;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

crypto::SigningKey Key(char seed) {
  return *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, seed));
}

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// A node that published its log at 10, 300 and 310 leaves, under a new key from 300 on, and holds
// what a peer published at 20. An ombudsman, who is known, and an auditor, who is not, cosigned.
class PublishedRowsTest : public testing::Test {
 protected:
  PublishedRowsTest() {
    inspector_.verifiers.emplace("node", next_.verifier());
    inspector_.verifiers.emplace("peer", peer_signer_.verifier());
    inspector_.witnesses.push_back(ombudsman_.verifier());
    options_.now = kNow;

    Grow(*store_, 10);
    Publish("node", store_->shared().checkpoint());
    Cosign("node", 10, ombudsman_, kNow - absl::Hours(2));
    Cosign("node", 10, ombudsman_, kNow - absl::Hours(1));
    Cosign("node", 10, auditor_, kNow);
    Grow(*store_, 290);
    EXPECT_TRUE(store_->ReplaceKey(next_.key()).ok());
    Publish("node", store_->shared().checkpoint());
    Grow(*store_, 10);
    Publish("node", store_->shared().checkpoint());
    Cosign("node", 310, ombudsman_, kNow);

    Grow(*peer_, 20);
    const auto mirror = store_->OpenMirror("peer", peer_signer_.verifier());
    EXPECT_TRUE(mirror.ok());
    EXPECT_TRUE(
        (*mirror)
            ->Extend({0}, *peer_->shared().Hashes(0, 0, 20), peer_->shared().checkpoint().note)
            .ok());
    Publish("peer", peer_->shared().checkpoint());
    Cosign("peer", 20, ombudsman_, kNow);
    altered_ = std::make_unique<test::AlteredStore>(*store_);
  }

  void Grow(log::MemoryStore& store, int count) {
    log::AppendBatch batch;
    for (int i = 0; i < count; ++i) batch.shared.push_back("||entry");
    EXPECT_TRUE(store.Append(batch).ok());
  }
  void Publish(absl::string_view log, const log::SignedCheckpoint& checkpoint) {
    EXPECT_TRUE(rows_.Publish(log, checkpoint).ok());
  }
  void Cosign(absl::string_view log, std::uint64_t size, const log::Cosigner& witness,
              absl::Time time) {
    const std::string note = Note(log, size);
    const std::string lines = witness.Cosign(note, time)->substr(note.size());
    EXPECT_TRUE(
        rows_.Cosign(log, {size}, witness.verifier(), lines, log::Durability::kUnsynced).ok());
  }
  std::string Note(absl::string_view log, std::uint64_t size) const {
    return store_->Get(Table::kPublished, PublishedKey(log, {size}))->value_or("none");
  }
  void Alter(absl::string_view log, std::uint64_t size, std::optional<std::string> note) {
    altered_->rows[{Table::kPublished, PublishedKey(log, {size})}] = std::move(note);
  }
  AuditReport Run() const { return Audit(*altered_, inspector_, options_, nullptr); }
  std::vector<std::string> Named() const {
    std::vector<std::string> names;
    for (const Finding& finding : Run().findings) {
      names.push_back(absl::StrCat(NameOf(finding.part), " ", finding.log, " ", finding.subject,
                                   ": ", finding.problem));
    }
    return names;
  }

  const log::NoteSigner signer_ = *log::NoteSigner::Make(log::OriginOf("node"), Key('s'));
  const log::NoteSigner next_ = *log::NoteSigner::Make(log::OriginOf("node"), Key('n'));
  const log::NoteSigner peer_signer_ = *log::NoteSigner::Make(log::OriginOf("peer"), Key('p'));
  const log::Cosigner ombudsman_ = *log::Cosigner::Make("ombudsman", Key('o'));
  const log::Cosigner auditor_ = *log::Cosigner::Make("auditor", Key('a'));
  const std::unique_ptr<log::MemoryStore> store_ = log::MemoryStore::Make("node", signer_);
  const std::unique_ptr<log::MemoryStore> peer_ = log::MemoryStore::Make("peer", peer_signer_);
  log::PublishedCheckpoints rows_{*store_};
  test::TextInspector inspector_;
  AuditOptions options_;
  std::unique_ptr<test::AlteredStore> altered_;
};

TEST_F(PublishedRowsTest, WhatWasPublishedUnderAnyKeyOfTheLogIsVerifiedWithItsKnownWitnesses) {
  const AuditReport report = Run();
  EXPECT_THAT(Named(), IsEmpty());
  EXPECT_EQ(report.published_rows, 4u);
  EXPECT_EQ(report.cosignatures, 3u);
  EXPECT_EQ(report.cosignatures_unchecked, 1u);
}

TEST_F(PublishedRowsTest, WithoutATrustedKeyTheKeysOfTheStoreVerify) {
  inspector_.verifiers.clear();
  EXPECT_THAT(Named(), IsEmpty());
  std::string note = Note("peer", 20);
  Alter("peer", 20, absl::StrReplaceAll(note, {{"\n20\n", "\n19\n"}}));
  EXPECT_THAT(Named(),
              ElementsAre(HasSubstr("no key of the log signed"), HasSubstr("does not verify")));
}

TEST_F(PublishedRowsTest, EveryByteOfANoteAndItsSignaturesCounts) {
  const std::string note = Note("node", 310);
  for (std::size_t i = 0; i < note.size(); ++i) {
    // A witness of another name is another one, of whom nothing is known.
    const std::size_t last_line = note.rfind("\n", note.size() - 2);
    if (i > last_line && i < last_line + std::string("\n— ombudsman AAAAAA").size()) continue;
    std::string changed = note;
    changed[i] ^= 1;
    Alter("node", 310, changed);
    EXPECT_FALSE(Run().clean()) << "byte " << i << " of\n" << note;
  }
}

TEST_F(PublishedRowsTest, AKeyThatWasReplacedIsNotBelievedBeyondWhereItWasClosed) {
  Alter("node", 310, log::SignCheckpoint(signer_, store_->shared().checkpoint().checkpoint).note);
  EXPECT_THAT(Named(), ElementsAre("published checkpoint node published at 310: no key of the log "
                                   "signed the published checkpoint"));
}

TEST_F(PublishedRowsTest, ACheckpointOfAnotherTreeIsNamedThoughTheLogSignedIt) {
  log::Checkpoint other = store_->shared().checkpoint().checkpoint;
  other.root = peer_->shared().checkpoint().checkpoint.root;
  Alter("node", 310, log::SignCheckpoint(next_, other).note);
  const AuditReport report = Run();
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].problem, "the published checkpoint is of another tree than the log");
  EXPECT_THAT(report.findings[0].expected,
              HasSubstr(base::HexEncode(store_->shared().checkpoint().checkpoint.root.view())));
  EXPECT_THAT(report.findings[0].actual, HasSubstr(base::HexEncode(other.root.view())));
}

TEST_F(PublishedRowsTest, ARootIsNotRepeatedWhereTheLogDiffersAlready) {
  altered_->shared_changes.nodes[{0, 5}] = base::Digest{};
  for (const Finding& finding : Run().findings) EXPECT_NE(finding.part, Part::kPublished);
}

TEST_F(PublishedRowsTest, ACheckpointOfMoreLeavesThanTheLogIsNamed) {
  log::Checkpoint larger = store_->shared().checkpoint().checkpoint;
  larger.size = {311};
  Alter("node", 311, log::SignCheckpoint(next_, larger).note);
  EXPECT_THAT(Named(), ElementsAre("published checkpoint node published at 311: the published "
                                   "checkpoint is of more leaves than the log has"));
}

TEST_F(PublishedRowsTest, ACheckpointInThePlaceOfAnotherIsNamed) {
  Alter("node", 11, Note("node", 10));
  EXPECT_THAT(Named(), ElementsAre("published checkpoint node published at 11: the published "
                                   "checkpoint stands in the place of another one"));
}

TEST_F(PublishedRowsTest, ACosignatureIsVerifiedAndItsTimeMustHaveCome) {
  const std::string bare = *log::WithoutCosignatures(Note("node", 310));
  const std::string ten = Note("node", 10);
  // A true cosignature of another checkpoint.
  Alter("node", 310, bare + ten.substr(log::WithoutCosignatures(ten)->size()));
  EXPECT_THAT(Named(), ElementsAre("published checkpoint node published at 310, cosigned by "
                                   "ombudsman: the cosignature does not verify"));
  const auto cannot = ElementsAre(HasSubstr("the witness cannot have cosigned at that time"));
  Alter("node", 310, *ombudsman_.Cosign(bare, kNow + absl::Minutes(11)));
  EXPECT_THAT(Named(), cannot);
  Alter("node", 310, *ombudsman_.Cosign(bare, absl::UnixEpoch()));
  EXPECT_THAT(Named(), cannot);
  Alter("node", 310, *ombudsman_.Cosign(bare, kNow + absl::Minutes(9)));
  EXPECT_THAT(Named(), IsEmpty());
}

TEST_F(PublishedRowsTest, ARowOfNoLogIsNamed) {
  for (const std::string& key :
       {PublishedKey("stranger", {10}), PublishedKey("node/private", {1}),
        PublishedKey("node", {10}) + "x", std::string("node"), std::string("\0\0\0\0\0\0\0\0\1", 9),
        std::string("node\0\1", 6)}) {
    altered_->rows = {{{Table::kPublished, key}, Note("node", 10)}};
    const AuditReport report = Run();
    ASSERT_EQ(report.findings.size(), 1u) << base::HexEncode(key);
    EXPECT_EQ(report.findings[0].subject, absl::StrCat("row ", base::HexEncode(key)));
  }
}

TEST_F(PublishedRowsTest, TheTreesAloneAreLookedAtWithoutThem) {
  options_.tree_only = true;
  Alter("node", 310, "nothing of the kind");
  EXPECT_TRUE(Run().clean());
  EXPECT_EQ(Run().published_rows, 0u);
}

TEST_F(PublishedRowsTest, ManyRowsGiveTheSameOnSeveralThreads) {
  for (std::uint64_t size = 11; size < 211; ++size) Alter("node", size, Note("node", 10));
  const std::vector<std::string> alone = Named();
  options_.threads = 4;
  EXPECT_EQ(Named(), alone);
  EXPECT_EQ(Run().findings_total, 200u);
  EXPECT_EQ(Run().published_rows, 204u);
}

}  // namespace
}  // namespace selaras::audit
