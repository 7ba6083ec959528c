#include "storage/log/policy.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace selaras::log {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const absl::Time kTime = absl::FromUnixSeconds(1'740'000'000);

crypto::SigningKey KeyOf(absl::string_view name) {
  return *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, name.back()));
}
NoteSigner Log(absl::string_view name = "selaras/l") {
  return *NoteSigner::Make(name, KeyOf(name));
}
Cosigner Witness(absl::string_view name) { return *Cosigner::Make(name, KeyOf(name)); }

// A checkpoint that these cosigned.
std::string Note(const std::vector<std::string>& witnesses, const NoteSigner& log = Log()) {
  std::string note = SignCheckpoint(log, {log.name(), {7}, {}}).note;
  for (const std::string& witness : witnesses) note = *Witness(witness).Cosign(note, kTime);
  return note;
}

// With keys of their own for log l and witnesses a to e.
std::string Text(absl::string_view rules) {
  std::string text =
      absl::StrCat("# who counts\n\n\tlog ", Log().VerifierText(), " https://log.example/\n");
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    absl::StrAppend(&text, "witness ", name, "  ", Witness(name).VerifierText(), "\n");
  }
  return absl::StrCat(text, rules);
}

Policy Rules(absl::string_view rules) {
  auto policy = Policy::Parse(Text(rules));
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

bool Accepts(absl::string_view rules, const std::vector<std::string>& witnesses) {
  const auto accepted = Rules(rules).Open(Note(witnesses));
  EXPECT_TRUE(accepted.ok() || absl::IsDataLoss(accepted.status())) << accepted.status();
  return accepted.ok();
}

std::string Why(absl::string_view text) {
  const auto policy = Policy::Parse(text);
  EXPECT_TRUE(absl::IsInvalidArgument(policy.status())) << policy.status();
  return std::string(policy.status().message());
}

TEST(Policy, WithoutQuorumTheLogsWordIsEnough) {
  const auto accepted = Rules("quorum none\n").Open(Note({"b"}));
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->checkpoint.checkpoint.origin, "selaras/l");
  EXPECT_THAT(accepted->cosigned, ElementsAre(Pair("b", kTime)));
  EXPECT_TRUE(Policy::OfLog(Log().verifier()).Open(Note({})).ok());
}

TEST(Policy, OneWitnessAllAnyAndSomeOfAGroup) {
  EXPECT_TRUE(Accepts("quorum a\n", {"a"}));
  EXPECT_FALSE(Accepts("quorum a\n", {"b", "c"}));
  const std::string two = "group g 2 a b c\nquorum g\n";
  EXPECT_FALSE(Accepts(two, {"a"}));
  EXPECT_FALSE(Accepts(two, {"a", "d"}));
  EXPECT_TRUE(Accepts(two, {"a", "c"}));
  EXPECT_TRUE(Accepts("group g any a b\nquorum g\n", {"b"}));
  EXPECT_FALSE(Accepts("group g all a b\nquorum g\n", {"b"}));
  EXPECT_TRUE(Accepts("group g all a b\nquorum g\n", {"b", "a"}));
}

TEST(Policy, GroupsOfGroups) {
  const std::string rules = "group x 2 a b c\ngroup y any d e\ngroup z all x y\nquorum z\n";
  EXPECT_FALSE(Accepts(rules, {"a", "b", "c"}));
  EXPECT_FALSE(Accepts(rules, {"a", "d", "e"}));
  EXPECT_TRUE(Accepts(rules, {"a", "b", "e"}));
}

TEST(Policy, FailsClosedAndSaysWhoIsMissing) {
  const auto refused = Rules("group g any a b\nquorum g\n").Open(Note({}));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("a ("));
  const Policy policy = Rules("group g all a b\nquorum g\n");
  std::string wrong = Note({"a", "b"});
  const std::size_t last = wrong.size() - 10;
  wrong[last] = wrong[last] == 'A' ? 'B' : 'A';
  EXPECT_TRUE(absl::IsDataLoss(policy.Open(wrong).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(policy.Open("no note").status()));
}

TEST(Policy, KnowsItsLogsOnly) {
  const auto other = Rules("quorum none\n").Open(Note({"a"}, Log("selaras/m")));
  EXPECT_TRUE(absl::IsDataLoss(other.status())) << other.status();
  const auto both = Policy::Parse(absl::StrCat("log ", Log().VerifierText(), "\nlog ",
                                               Log("selaras/m").VerifierText(), "\nquorum none"));
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_TRUE(both->Open(Note({}, Log("selaras/m"))).ok());
  EXPECT_TRUE(absl::IsDataLoss(Policy::Parse("quorum none\n")->Open(Note({})).status()));
}

// With a key of its own, under the same origin.
NoteSigner Earlier(char seed = 'p') {
  return *NoteSigner::Make(
      "selaras/l", *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, seed)));
}
std::string NoteOf(const NoteSigner& log, std::uint64_t size) {
  return SignCheckpoint(log, {"selaras/l", {size}, {}}).note;
}
std::string PastLine(const NoteSigner& log, absl::string_view size) {
  return absl::StrCat("past-log ", log.VerifierText(), " ", size, "\n");
}

TEST(Policy, APastKeyIsBelievedUpToTheSizeThatThePolicySays) {
  const Policy policy =
      Rules(PastLine(Earlier(), "7") + PastLine(Earlier('q'), "9") + "quorum none\n");
  EXPECT_TRUE(policy.Open(NoteOf(Earlier(), 6)).ok());
  EXPECT_TRUE(policy.Open(NoteOf(Earlier(), 7)).ok());
  const auto beyond = policy.Open(NoteOf(Earlier(), 8));
  EXPECT_TRUE(absl::IsDataLoss(beyond.status())) << beyond.status();
  EXPECT_THAT(std::string(beyond.status().message()), HasSubstr("replaced at size 7"));
  EXPECT_TRUE(policy.Open(NoteOf(Earlier('q'), 8)).ok());
  EXPECT_FALSE(policy.Open(NoteOf(Earlier('q'), 10)).ok());
  // The key that signs now is good for any size, and the node's own key is not a past one.
  EXPECT_TRUE(policy.Open(NoteOf(Log(), 1'000)).ok());
  EXPECT_TRUE(policy.Knows(Log().verifier()));
  EXPECT_FALSE(policy.Knows(Earlier().verifier()));
}

TEST(Policy, APastKeyNeedsTheQuorumLikeAnyOther) {
  const Policy policy = Rules(PastLine(Earlier(), "7") + "quorum a\n");
  const std::string note = NoteOf(Earlier(), 7);
  EXPECT_TRUE(absl::IsDataLoss(policy.Open(note).status()));
  EXPECT_TRUE(policy.Open(*Witness("a").Cosign(note, kTime)).ok());
}

TEST(Policy, WhatItSaysOfAPastKeyHoldsAgainstTheLogsOwnWord) {
  Policy policy = Rules(PastLine(Earlier(), "7") + "quorum none\n");
  const SignedCheckpoint closing = SignClosing(Earlier(), Log(), {"selaras/l", {9}, {}});
  const auto chain = LogKeys(Earlier().verifier()).FollowedBy(Log().verifier(), closing.note);
  ASSERT_TRUE(chain.ok()) << chain.status();
  policy.ReplaceKeys([&](const LogKeys&) { return *chain; });
  EXPECT_TRUE(policy.Open(NoteOf(Earlier(), 7)).ok());
  EXPECT_TRUE(absl::IsDataLoss(policy.Open(NoteOf(Earlier(), 8)).status()));
  // The newest key signed this one, too, and answers for the whole log.
  EXPECT_TRUE(policy.Open(closing.note).ok());
  // A past key does not become a present one by another log's line.
  policy.ReplaceKeys([](const LogKeys&) { return LogKeys(Earlier().verifier()); });
  EXPECT_TRUE(absl::IsDataLoss(policy.Open(NoteOf(Earlier(), 8)).status()));
}

TEST(Policy, APastKeyWithoutASizeOrGivenTwiceIsRefused) {
  const std::string key = Earlier().VerifierText();
  for (const char* end : {"", " seven", " -1", " +7", " 07", " 7 8", " 18446744073709551616"}) {
    EXPECT_THAT(Why(Text(absl::StrCat("past-log ", key, end, "\nquorum none\n"))),
                HasSubstr("line 9: past-log <key> <size>"));
  }
  EXPECT_THAT(Why(Text(PastLine(Log(), "7") + "quorum none\n")), HasSubstr("key stands twice"));
  EXPECT_THAT(Why(Text(PastLine(Earlier(), "7") + PastLine(Earlier(), "8"))),
              HasSubstr("key stands twice"));
  EXPECT_THAT(Why(absl::StrCat("past-log ", Witness("a").VerifierText(), " 7\n")),
              HasSubstr("line 1"));
}

TEST(Policy, TellsWhoCosignedAndWhenAlsoIfTheyAreTooFew) {
  const Policy policy = Rules("group g all a b\nquorum g\n");
  std::string note = *Witness("a").Cosign(Note({"a", "d"}), kTime + absl::Hours(2));
  const auto cosigned = policy.Cosigned(note);
  ASSERT_TRUE(cosigned.ok()) << cosigned.status();
  EXPECT_THAT(*cosigned, ElementsAre(Pair("a", CosignatureTimes{kTime, kTime + absl::Hours(2)}),
                                     Pair("d", CosignatureTimes{kTime, kTime})));
  EXPECT_FALSE(policy.Open(note).ok());
  EXPECT_TRUE(absl::IsDataLoss(policy.Cosigned(Note({"a"}, Log("selaras/m"))).status()));
}

TEST(Policy, HasRoomForWhatC2spRecommends) {
  std::string text = "# caf\xc3\xa9, \xff: bytes above ASCII are opaque\n";
  std::string members;
  for (int i = 0; i < 33; ++i) {
    const std::string seed(crypto::kEd25519SeedSize, static_cast<char>(i + 1));
    const auto log = NoteSigner::Make(absl::StrCat("l", i), *crypto::SigningKey::FromSeed(seed));
    const auto witness = Cosigner::Make(absl::StrCat("w", i), *crypto::SigningKey::FromSeed(seed));
    absl::StrAppend(&text, "log ", log->VerifierText(), "\nwitness \xe2\x84\xaa", i, " ",
                    witness->VerifierText(), "\ngroup g", i, " any \xe2\x84\xaa", i, "\n");
    absl::StrAppend(&members, " g", i);
  }
  const auto policy = Policy::Parse(absl::StrCat(text, "group all 33", members, "\nquorum all\n"));
  EXPECT_TRUE(policy.ok()) << policy.status();
}

TEST(Policy, AMalformedOneIsRefusedWithItsLine) {
  EXPECT_THAT(Why(""), HasSubstr("no line quorum"));
  EXPECT_THAT(Why(Text("quorum a\nquorum b\n")), HasSubstr("line 10: the quorum stands twice"));
  EXPECT_THAT(Why(Text("quorum nobody\n")), HasSubstr("no earlier line defines nobody"));
  EXPECT_THAT(Why(Text("group g 4 a b c\nquorum g\n")), HasSubstr("line 9"));
  EXPECT_THAT(Why(Text("group g 0 a\n")), HasSubstr("line 9"));
  EXPECT_THAT(Why(Text("group g +1 a\n")), HasSubstr("line 9"));
  EXPECT_THAT(Why(Text("group g all\n")), HasSubstr("group <name>"));
  EXPECT_THAT(Why(Text("group g all g\n")), HasSubstr("no earlier line defines g"));
  EXPECT_THAT(Why(Text("group g all a a\n")), HasSubstr("in a group already"));
  EXPECT_THAT(Why(Text("group g any a\ngroup h any a\n")), HasSubstr("in a group already"));
  EXPECT_THAT(Why(Text("group a any b\n")), HasSubstr("defined twice"));
  EXPECT_THAT(Why(Text("group none any b\n")), HasSubstr("none"));
  EXPECT_THAT(Why(Text(absl::StrCat("witness f ", Witness("a").VerifierText(), "\n"))),
              HasSubstr("key stands twice"));
  EXPECT_THAT(Why(Text(absl::StrCat("log ", Log().VerifierText(), "\n"))),
              HasSubstr("key stands twice"));
  EXPECT_THAT(Why(absl::StrCat("log ", Witness("a").VerifierText(), "\n")), HasSubstr("line 1"));
  EXPECT_THAT(Why(absl::StrCat("witness f ", Log().VerifierText(), "\n")), HasSubstr("line 1"));
  EXPECT_THAT(Why("watch me\n"), HasSubstr("not watch"));
  EXPECT_THAT(Why("quorum none\r\n"), HasSubstr("control characters"));
}

}  // namespace
}  // namespace selaras::log
