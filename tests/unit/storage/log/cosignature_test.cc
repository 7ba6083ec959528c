#include "storage/log/cosignature.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/checkpoint.h"

namespace selaras::log {
namespace {

using ::testing::HasSubstr;

const absl::Time kTime = absl::FromUnixSeconds(1'679'315'147);

crypto::SigningKey Key(char seed) {
  return *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, seed));
}

Cosigner Witness(char seed = 'w') { return *Cosigner::Make("witness.example/w1", Key(seed)); }

std::string Note() {
  const NoteSigner log = *NoteSigner::Make("selaras/bkn", Key('l'));
  return SignCheckpoint(log, {"selaras/bkn", {7}, {}}).note;
}

TEST(Cosignature, SaysWhenTheWitnessSawTheCheckpoint) {
  const auto note = Witness().Cosign(Note(), kTime);
  ASSERT_TRUE(note.ok()) << note.status();
  const auto time = Witness().verifier().Verify(*note);
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_EQ(*time, kTime);
}

TEST(Cosignature, LeavesTheNoteOfTheLogAsItIs) {
  const std::string note = *Witness().Cosign(Note(), kTime);
  EXPECT_EQ(note.substr(0, Note().size()), Note());
  EXPECT_TRUE(OpenCheckpoint(NoteSigner::Make("selaras/bkn", Key('l'))->verifier(), note).ok());
}

TEST(Cosignature, OfSeveralTheLatestCounts) {
  std::string note = *Witness().Cosign(Note(), kTime + absl::Hours(1));
  note = *Witness().Cosign(note, kTime);
  EXPECT_EQ(*Witness().verifier().Verify(note), kTime + absl::Hours(1));
}

TEST(Cosignature, IsOfNobodyElse) {
  const std::string note = *Witness('x').Cosign(Note(), kTime);
  EXPECT_TRUE(absl::IsDataLoss(Witness().verifier().Verify(note).status()));
  EXPECT_TRUE(absl::IsDataLoss(Witness().verifier().Verify(Note()).status()));
}

TEST(Cosignature, HoldsForItsTextAndItsTimeOnly) {
  const std::string note = *Witness().Cosign(Note(), kTime);
  const std::string other = absl::StrReplaceAll(note, {{"\n7\n", "\n8\n"}});
  ASSERT_NE(note, other);
  EXPECT_TRUE(absl::IsDataLoss(Witness().verifier().Verify(other).status()));
  // The time stands in the eight bytes behind the id of the key.
  for (std::size_t place = note.rfind("w1 ") + 3; place + 1 < note.size(); ++place) {
    std::string changed = note;
    changed[place] = changed[place] == 'A' ? 'B' : 'A';
    if (changed == note) continue;
    EXPECT_FALSE(Witness().verifier().Verify(changed).ok()) << place;
  }
}

TEST(Cosignature, IsMadeOfNotesOnly) {
  EXPECT_TRUE(absl::IsInvalidArgument(Witness().Cosign("no note", kTime).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Witness().verifier().Verify("no note").status()));
}

TEST(Cosignature, KeysAreReadAsTheyAreWritten) {
  const auto again = Cosigner::Parse(Witness().PrivateText());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->VerifierText(), Witness().VerifierText());
  const auto verifier = CosignatureVerifier::Parse(Witness().VerifierText());
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(verifier->VerifierText(), Witness().VerifierText());
}

TEST(Cosignature, KeysThatSignNotesDoNotCosignAndTheOtherWayRound) {
  const NoteSigner log = *NoteSigner::Make("selaras/bkn", Key('l'));
  EXPECT_THAT(Cosigner::Parse(log.PrivateText()).status().ToString(), HasSubstr("type"));
  EXPECT_FALSE(CosignatureVerifier::Parse(log.VerifierText()).ok());
  EXPECT_FALSE(CosignatureVerifier::Parse(Witness().PrivateText()).ok());
  EXPECT_FALSE(NoteVerifier::Parse(Witness().VerifierText()).ok());
  EXPECT_FALSE(NoteSigner::Parse(Witness().PrivateText()).ok());
}

}  // namespace
}  // namespace selaras::log
