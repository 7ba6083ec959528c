#include "storage/log/succession.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/crypto/sha256.h"
#include "storage/log/log_keys.h"
#include "storage/log/names.h"
#include "storage/log/policy.h"
#include "storage/merkle/hash.h"

namespace selaras::log {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

NoteSigner Signer(const std::string& origin, char seed) {
  return *NoteSigner::Make(origin, *crypto::SigningKey::FromSeed(std::string(32, seed)));
}

base::Digest Root(const std::string& of) { return merkle::HashLeaf(of); }

SignedCheckpoint Sign(const NoteSigner& signer, std::uint64_t size,
                      const std::string& root = "tree") {
  return SignCheckpoint(signer, {signer.name(), {size}, Root(root)});
}

class SuccessionTest : public testing::Test {
 protected:
  Succession Statement(std::uint64_t size = 5) const {
    return {"bkn",
            {{old_.verifier(), {size}}},
            next_.verifier(),
            SuccessionReason::kFork,
            {Root("evidence")},
            Sign(next_, size),
            Sign(old_, size).note};
  }

  const NoteSigner old_ = Signer("selaras/bkn", 'o');
  const NoteSigner next_ = Signer("selaras/bkn/successor-2", 'n');
};

TEST(Origins, TellTheLogAndWhichOfItsName) {
  EXPECT_EQ(OriginOf("bkn", 1), "selaras/bkn");
  EXPECT_EQ(OriginOf("bkn", 2), "selaras/bkn/successor-2");
  EXPECT_EQ(OriginOf("bkn/private", 12), "selaras/bkn/private/successor-12");
  for (const std::string log : {"bkn", "bkn/private"}) {
    for (const std::uint32_t generation : {1u, 2u, 9u, 4'000'000'000u}) {
      EXPECT_EQ(LogOfOrigin(OriginOf(log, generation)), log);
      EXPECT_EQ(GenerationOf(OriginOf(log, generation)), generation);
    }
  }
}

TEST(Origins, HaveOneText) {
  for (const std::string origin :
       {"selaras/bkn/successor-1", "selaras/bkn/successor-0", "selaras/bkn/successor-02",
        "selaras/bkn/successor-", "selaras/bkn/successor- 2", "selaras/bkn/successor-4294967296",
        "other/bkn/successor-2", ""}) {
    EXPECT_EQ(GenerationOf(origin), 1u) << origin;
    EXPECT_NE(LogOfOrigin(origin), "bkn") << origin;
  }
}

TEST_F(SuccessionTest, TheTextIsReadAsItWasWritten) {
  for (const auto reason :
       {SuccessionReason::kFork, SuccessionReason::kLostTail, SuccessionReason::kKeyCompromise}) {
    Succession written = Statement();
    written.reason = reason;
    const std::string text = SuccessionText(written);
    EXPECT_TRUE(IsSuccessionText(text));
    const auto read = ParseSuccession(text);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(SuccessionText(*read), text);
    EXPECT_EQ(read->reason, reason);
    EXPECT_EQ(read->closing, written.closing);
    EXPECT_EQ(read->last_words, written.last_words);
    EXPECT_EQ(read->evidence, written.evidence);
    EXPECT_THAT(FingerprintOf(*read), MatchesRegex("([0-9a-f]{4}-){7}[0-9a-f]{4}"));
  }
}

TEST_F(SuccessionTest, TheBytesOfAStatementAreThoseOfTheGoldenFile) {
  Succession statement = Statement();
  statement.evidence = {crypto::Sha256("evidence")};
  const std::string golden =
      absl::StrCat("log: bkn\nreason: fork\nsize: 5\nroot: ",
                   base::HexEncode(statement.closing.checkpoint.root.view()),
                   "\nfingerprint: ", FingerprintOf(statement),
                   "\nstatement: ", base::HexEncode(SuccessionText(statement)), "\n");
  std::ifstream file(SELARAS_SOURCE_DIR "/tests/golden/succession_v1.txt", std::ios::binary);
  EXPECT_EQ(golden, std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST_F(SuccessionTest, WithoutTheOldKeyTheSuccessorClosesTheLogAlone) {
  Succession written = Statement();
  written.last_words.clear();
  EXPECT_TRUE(ParseSuccession(SuccessionText(written)).ok());
}

TEST_F(SuccessionTest, NoOtherTextIsTaken) {
  const std::string text = SuccessionText(Statement());
  EXPECT_FALSE(IsSuccessionText("selaras split view 1\n"));
  for (std::size_t end = 0; end < text.size(); ++end) {
    EXPECT_FALSE(ParseSuccession(text.substr(0, end)).ok()) << end;
  }
  EXPECT_FALSE(ParseSuccession(text + "\n").ok());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto read = ParseSuccession(changed);
    // What is no signature and no part of a note is pinned by the fingerprint alone.
    if (read.ok()) {
      EXPECT_NE(FingerprintOf(*read), FingerprintOf(Statement())) << i;
    }
  }
}

TEST_F(SuccessionTest, WhatDoesNotFitTogetherIsNoStatement) {
  const auto problem = [](const Succession& statement) {
    return std::string(ParseSuccession(SuccessionText(statement)).status().message());
  };
  Succession statement = Statement();
  statement.log = "ppk";
  EXPECT_THAT(problem(statement), HasSubstr("another log"));
  statement = Statement();
  statement.past.front().last = {6};
  EXPECT_THAT(problem(statement), HasSubstr("more than was kept"));
  statement = Statement();
  statement.past.clear();
  EXPECT_THAT(problem(statement), HasSubstr("no key"));
  statement = Statement();
  statement.last_words = Sign(old_, 5, "another tree").note;
  EXPECT_THAT(problem(statement), HasSubstr("other leaves"));
  statement = Statement();
  const NoteSigner third = Signer("selaras/bkn/successor-3", 'n');
  statement.next = third.verifier();
  statement.closing = Sign(third, 5);
  EXPECT_THAT(problem(statement), HasSubstr("not the next origin"));
  statement = Statement();
  const NoteSigner same = Signer("selaras/bkn/successor-2", 'o');
  statement.next = same.verifier();
  statement.closing = Sign(same, 5);
  EXPECT_THAT(problem(statement), HasSubstr("has a key of the log"));
}

TEST_F(SuccessionTest, TheOldKeyIsBelievedUpToTheClosingTheNewOneForAll) {
  const auto keys = LogKeys(old_.verifier()).SucceededBy(Statement());
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->origin(), "selaras/bkn/successor-2");
  EXPECT_TRUE(keys->Open(Sign(old_, 5).note).ok());
  EXPECT_TRUE(keys->Open(Sign(next_, 3).note).ok());
  EXPECT_TRUE(keys->Open(Sign(next_, 9).note).ok());
  const auto beyond = keys->Open(Sign(old_, 6).note);
  EXPECT_EQ(beyond.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(beyond.status().message()),
              HasSubstr("selaras/bkn was closed at size 5 and goes on as selaras/bkn/successor-2"));
  EXPECT_EQ(keys->ClosingBefore(Sign(old_, 6).note), Statement().closing);
  EXPECT_FALSE(keys->ClosingBefore(Sign(old_, 5).note));
  EXPECT_FALSE(keys->ClosingBefore(Sign(next_, 6).note));
  EXPECT_FALSE(keys->ClosingBefore(absl::StrReplaceAll(Sign(old_, 6).note, {{"\n6\n", "\n7\n"}})))
      << "nobody signed it";
}

TEST_F(SuccessionTest, AStatementOfAnotherLogOrOfTheSameOneAgainIsRefused) {
  EXPECT_EQ(LogKeys(Signer("selaras/ppk", 'o').verifier()).SucceededBy(Statement()).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LogKeys(Signer("selaras/bkn", 'x').verifier()).SucceededBy(Statement()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(LogKeys(next_.verifier()).SucceededBy(Statement()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SuccessionTest, NoSignatureMakesASuccessorOfALog) {
  // A thief has the old key, and signs whatever is wanted by both.
  EXPECT_FALSE(
      LogKeys(old_.verifier()).FollowedBy(next_.verifier(), absl::StrCat(Sign(old_, 5).note)).ok());
}

TEST_F(SuccessionTest, APolicyFollowsToTheSuccessor) {
  auto policy = Policy::OfLog(old_.verifier());
  EXPECT_FALSE(policy.Open(Sign(next_, 9).note).ok());
  EXPECT_TRUE(policy.Open(Sign(old_, 6).note).ok()) << "nobody said that the log was closed";
  policy.ReplaceKeys([&](const LogKeys& keys) { return *keys.SucceededBy(Statement()); });
  EXPECT_TRUE(policy.Open(Sign(next_, 9).note).ok());
  EXPECT_TRUE(policy.Open(Sign(old_, 5).note).ok());
  EXPECT_THAT(std::string(policy.Open(Sign(old_, 6).note).status().message()),
              HasSubstr("was closed at size 5"));
}

}  // namespace
}  // namespace selaras::log
