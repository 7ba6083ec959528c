#include "storage/log/checkpoint.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/merkle/hash.h"

namespace selaras::log {
namespace {

using ::testing::HasSubstr;

constexpr char kRoot[] = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

NoteSigner Signer(absl::string_view name = "selaras/bawaslu-13") {
  return *NoteSigner::Make(name, *crypto::SigningKey::FromSeed(std::string(32, 's')));
}

Checkpoint Example() {
  return {"selaras/bawaslu-13", {20'852'163}, *base::Digest::FromBytes(*base::Base64Decode(kRoot))};
}

TEST(Checkpoint, TextIsOriginSizeAndRoot) {
  EXPECT_EQ(CheckpointText(Example()), absl::StrCat("selaras/bawaslu-13\n20852163\n", kRoot, "\n"));
}

TEST(Checkpoint, TextReadsBack) {
  EXPECT_EQ(ParseCheckpointText(CheckpointText(Example())).value(), Example());
  const Checkpoint empty{"selaras/bkn", {0}, merkle::EmptyRoot()};
  EXPECT_EQ(ParseCheckpointText(CheckpointText(empty)).value(), empty);
}

TEST(Checkpoint, ExtensionLinesAreIgnored) {
  EXPECT_EQ(ParseCheckpointText(absl::StrCat(CheckpointText(Example()), "more\n")).value(),
            Example());
}

TEST(Checkpoint, MalformedTextsAreRefused) {
  const std::string text = CheckpointText(Example());
  for (const std::string& malformed : {
           std::string(),
           std::string("\n"),
           text.substr(0, text.size() - 1),
           text + "\n",
           absl::StrCat("selaras/bkn\n", kRoot, "\n"),
           absl::StrCat("\n1\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n01\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n00\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n+1\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n-1\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n 1\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n1x\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n9223372036854775809\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\n99999999999999999999\n", kRoot, "\n"),
           absl::StrCat("selaras/bkn\r\n1\n", kRoot, "\n"),
           std::string("selaras/bkn\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n"),
           std::string("selaras/bkn\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n"),
           absl::StrCat("selaras/bkn\n1\n", kRoot, "\n\nmore\n"),
       }) {
    EXPECT_EQ(ParseCheckpointText(malformed).status().code(), absl::StatusCode::kInvalidArgument)
        << malformed;
  }
}

TEST(Checkpoint, ASignedOneOpens) {
  const SignedCheckpoint signed_checkpoint = SignCheckpoint(Signer(), Example());
  EXPECT_EQ(OpenCheckpoint(Signer().verifier(), signed_checkpoint.note).value(), signed_checkpoint);
}

TEST(Checkpoint, ANoteThatStatesNoCheckpointIsInvalid) {
  EXPECT_EQ(OpenCheckpoint(Signer().verifier(), Signer().Sign("hello\n")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Checkpoint, AnotherOriginThanTheKeysNameIsDataLoss) {
  const std::string note = Signer("selaras/bkn").Sign(CheckpointText(Example()));
  const absl::Status status = OpenCheckpoint(Signer("selaras/bkn").verifier(), note).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("selaras/bawaslu-13"));
}

TEST(CheckpointDeathTest, ASignerOfAnotherNameDoesNotSign) {
  EXPECT_DEATH(SignCheckpoint(Signer("selaras/bkn"), Example()), "origin");
}

}  // namespace
}  // namespace selaras::log
