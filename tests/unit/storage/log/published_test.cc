#include "storage/log/published.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/limits.h"
#include "storage/log/memory_store.h"
#include "storage/log/names.h"

namespace selaras::log {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

crypto::SigningKey Key(char seed) {
  return *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, seed));
}

absl::Time At(int second) { return absl::FromUnixSeconds(1'700'000'000 + second); }

class PublishedTest : public testing::Test {
 protected:
  std::string Line(const Cosigner& witness, absl::string_view note, int second) {
    return witness.Cosign(note, At(second))->substr(note.size());
  }
  SignedCheckpoint CheckpointOf(std::uint64_t size) {
    return SignCheckpoint(signer_, {"selaras/bkn", {size}, {}});
  }
  absl::Status Cosign(std::uint64_t size, const Cosigner& witness, int second) {
    return published_.Cosign("bkn", {size}, witness.verifier(),
                             Line(witness, CheckpointOf(size).note, second), Durability::kUnsynced);
  }
  std::string NoteAt(std::uint64_t size) {
    return store_->Get(Table::kPublished, PublishedKey("bkn", {size}))->value_or("none");
  }

  const NoteSigner signer_ = *NoteSigner::Make("selaras/bkn", Key('l'));
  const Cosigner ombudsman_ = *Cosigner::Make("ombudsman", Key('w'));
  const Cosigner mirror_ = *Cosigner::Make("bawaslu-13", Key('m'));
  const std::unique_ptr<MemoryStore> store_ = MemoryStore::Make("bkn", signer_);
  PublishedCheckpoints published_{*store_};
};

TEST_F(PublishedTest, TheNewestIsTheLargestOfItsOwnLog) {
  EXPECT_EQ(NewestPublished(*store_, "bkn").value(), std::nullopt);
  for (const std::uint64_t size : {256u, 9u, 255u}) {
    ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(size)).ok());
  }
  ASSERT_TRUE(published_.Publish("bkn-2", CheckpointOf(1'000)).ok());
  ASSERT_TRUE(published_.Publish("bk", CheckpointOf(2'000)).ok());
  EXPECT_EQ(NewestPublished(*store_, "bkn")->value(),
            (PublishedCheckpoint{{256}, CheckpointOf(256).note}));
}

TEST_F(PublishedTest, AKeyNamesALogAndASize) {
  EXPECT_EQ(ReadPublishedKey(PublishedKey("bkn", {256})).value(), (PublishedPlace{"bkn", {256}}));
  for (const std::string& key : {std::string(), std::string("bkn"), PublishedKey("", {1}),
                                 PublishedKey("bkn", {1}) + "x", std::string("bkn\0x", 5)}) {
    EXPECT_EQ(ReadPublishedKey(key).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(PublishedTest, OneGoesBackFromSizeToSize) {
  for (const std::uint64_t size : {256u, 9u}) {
    ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(size)).ok());
  }
  EXPECT_EQ(PublishedBefore(*store_, "bkn", {257})->value().size.value, 256u);
  EXPECT_EQ(PublishedBefore(*store_, "bkn", {256})->value().size.value, 9u);
  EXPECT_EQ(PublishedBefore(*store_, "bkn", {9}).value(), std::nullopt);
}

TEST_F(PublishedTest, AScanGoesFromASizeOnInTheOrderOfSizes) {
  for (const std::uint64_t size : {300u, 7u, 256u}) {
    ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(size)).ok());
  }
  ASSERT_TRUE(published_.Publish("bkn-2", CheckpointOf(400)).ok());
  std::vector<std::uint64_t> sizes;
  const auto note = [&](const PublishedCheckpoint& row) {
    sizes.push_back(row.size.value);
    return true;
  };
  ASSERT_TRUE(ScanPublished(*store_, "bkn", {8}, note).ok());
  EXPECT_THAT(sizes, ElementsAre(256, 300));
}

TEST_F(PublishedTest, AMalformedKeyIsNamedAndNotTakenForTheEnd) {
  ASSERT_TRUE(
      store_->Write({{Table::kPublished, std::string("bkn\0x", 5), "note"}}, Durability::kSynced)
          .ok());
  EXPECT_TRUE(absl::IsDataLoss(NewestPublished(*store_, "bkn").status()));
  EXPECT_TRUE(
      absl::IsDataLoss(ScanPublished(*store_, "bkn", {0}, [](const auto&) { return true; })));
}

TEST_F(PublishedTest, PublishingAgainKeepsWhatWasCosigned) {
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  ASSERT_TRUE(Cosign(7, ombudsman_, 0).ok());
  const std::string before = NoteAt(7);
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  EXPECT_EQ(NoteAt(7), before);
}

TEST_F(PublishedTest, OfEachWitnessTheFirstAndTheNewestAreKept) {
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  ASSERT_TRUE(Cosign(7, ombudsman_, 5).ok());
  ASSERT_TRUE(Cosign(7, mirror_, 6).ok());
  for (const int second : {9, 3, 7, 9}) ASSERT_TRUE(Cosign(7, ombudsman_, second).ok());
  EXPECT_THAT(ReadCosignatures(NoteAt(7)).value(),
              ElementsAre(CosignedBy{"bawaslu-13", mirror_.verifier().key_id(), At(6), At(6)},
                          CosignedBy{"ombudsman", ombudsman_.verifier().key_id(), At(3), At(9)}));
  EXPECT_EQ(NoteAt(7), absl::StrCat(CheckpointOf(7).note, Line(mirror_, CheckpointOf(7).note, 6),
                                    Line(ombudsman_, CheckpointOf(7).note, 3),
                                    Line(ombudsman_, CheckpointOf(7).note, 9)));
  EXPECT_EQ(ombudsman_.verifier().Verify(NoteAt(7)).value(), At(9));
  EXPECT_TRUE(OpenCheckpoint(signer_.verifier(), NoteAt(7)).ok());
}

TEST_F(PublishedTest, ACosignatureOfAnotherCheckpointIsNotKept) {
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  const std::string before = NoteAt(7);
  EXPECT_TRUE(absl::IsDataLoss(published_.Cosign("bkn", {7}, ombudsman_.verifier(),
                                                 Line(ombudsman_, CheckpointOf(8).note, 1),
                                                 Durability::kSynced)));
  EXPECT_TRUE(absl::IsDataLoss(published_.Cosign("bkn", {7}, ombudsman_.verifier(),
                                                 Line(mirror_, CheckpointOf(7).note, 1),
                                                 Durability::kSynced)))
      << "of another witness";
  EXPECT_TRUE(absl::IsInvalidArgument(
      published_.Cosign("bkn", {7}, ombudsman_.verifier(), "no line", Durability::kSynced)));
  EXPECT_EQ(NoteAt(7), before);
}

TEST_F(PublishedTest, LinesOfOthersThatCameAlongAreNotKept) {
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  const std::string note = CheckpointOf(7).note;
  ASSERT_TRUE(published_
                  .Cosign("bkn", {7}, ombudsman_.verifier(),
                          Line(mirror_, note, 1) + Line(ombudsman_, note, 1), Durability::kSynced)
                  .ok());
  EXPECT_EQ(NoteAt(7), note + Line(ombudsman_, note, 1));
}

TEST_F(PublishedTest, WhatWasNotPublishedIsNotCosigned) {
  EXPECT_TRUE(absl::IsNotFound(Cosign(7, ombudsman_, 1)));
}

TEST_F(PublishedTest, NoNoteGetsMoreSignaturesThanReadersTake) {
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  const auto witness = [](std::size_t number) {
    return *Cosigner::Make(absl::StrCat("witness-", number), Key(static_cast<char>(number)));
  };
  for (std::size_t i = 0; i < kCosignersMax; ++i) {
    ASSERT_TRUE(Cosign(7, witness(i), 1).ok()) << i;
    ASSERT_TRUE(Cosign(7, witness(i), 2).ok()) << i;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Cosign(7, witness(kCosignersMax), 1)));
  EXPECT_TRUE(Cosign(7, witness(0), 3).ok()) << "those who are there go on";
  EXPECT_EQ(ReadCosignatures(NoteAt(7))->size(), kCosignersMax);
}

TEST_F(PublishedTest, WhatGoesToOthersHasTheSignatureOfTheLogAlone) {
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  ASSERT_TRUE(Cosign(7, ombudsman_, 1).ok());
  EXPECT_EQ(WithoutCosignatures(NoteAt(7)).value(), CheckpointOf(7).note);
  EXPECT_THAT(ReadCosignatures(CheckpointOf(7).note).value(), IsEmpty());
}

TEST_F(PublishedTest, WhatMustBeDurableIsWrittenAlsoIfItIsNoNews) {
  ASSERT_TRUE(published_.Publish("bkn", CheckpointOf(7)).ok());
  ASSERT_TRUE(Cosign(7, ombudsman_, 1).ok());
  ASSERT_TRUE(published_
                  .Cosign("bkn", {7}, ombudsman_.verifier(),
                          Line(ombudsman_, CheckpointOf(7).note, 1), Durability::kSynced)
                  .ok());
  store_->Crash();
  EXPECT_EQ(ReadCosignatures(NoteAt(7))->size(), 1u);
}

}  // namespace
}  // namespace selaras::log
