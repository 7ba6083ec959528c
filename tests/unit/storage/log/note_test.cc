#include "storage/log/note.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace selaras::log {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The example of the C2SP signed-note specification and of Go's sumdb/note.
constexpr char kPrivate[] =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr char kVerifier[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kText[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char kSignature[] =
    "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n";
constexpr char kOtherVerifier[] = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
constexpr char kOtherSignature[] =
    "\xe2\x80\x94 EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTG"
    "wnWLox33WWd1RvMc+QQ=\n";

std::string ExampleNote() { return absl::StrCat(kText, "\n", kSignature); }

NoteVerifier Verifier(absl::string_view text = kVerifier) {
  absl::StatusOr<NoteVerifier> verifier = NoteVerifier::Parse(text);
  EXPECT_TRUE(verifier.ok()) << verifier.status();
  return *std::move(verifier);
}

NoteSigner Signer() {
  absl::StatusOr<NoteSigner> signer = NoteSigner::Parse(kPrivate);
  EXPECT_TRUE(signer.ok()) << signer.status();
  return *std::move(signer);
}

absl::StatusCode OpenCode(absl::string_view note) { return Verifier().Open(note).status().code(); }

TEST(Note, TheExampleOfTheSpecificationIsSignedToTheSameBytes) {
  EXPECT_EQ(Signer().Sign(kText), ExampleNote());
}

TEST(Note, TheExampleOfTheSpecificationOpens) {
  EXPECT_EQ(Verifier().Open(ExampleNote()).value(), kText);
}

TEST(Note, TheTextsOfKeysAreThoseThatWereRead) {
  EXPECT_EQ(Signer().PrivateText(), kPrivate);
  EXPECT_EQ(Signer().VerifierText(), kVerifier);
  EXPECT_EQ(Signer().verifier().VerifierText(), kVerifier);
  EXPECT_EQ(Verifier().VerifierText(), kVerifier);
  EXPECT_EQ(Verifier().name(), "PeterNeumann");
  EXPECT_EQ(Verifier().key_id(), 0xc74f20a3u);
}

TEST(Note, SignaturesOfOtherKeysAreIgnoredOnEitherSide) {
  const std::string both = absl::StrCat(kText, "\n", kSignature, kOtherSignature);
  EXPECT_EQ(Verifier(kVerifier).Open(both).value(), kText);
  EXPECT_EQ(Verifier(kOtherVerifier).Open(both).value(), kText);
}

TEST(Note, ASignatureOfAnUnknownTypeIsIgnored) {
  const std::string note =
      absl::StrCat(kText, "\n\xe2\x80\x94 witness.example AAAAAAE=\n", kSignature);
  EXPECT_EQ(Verifier().Open(note).value(), kText);
}

TEST(Note, WithoutASignatureOfTheKeyItIsDataLoss) {
  EXPECT_EQ(OpenCode(absl::StrCat(kText, "\n", kOtherSignature)), absl::StatusCode::kDataLoss);
}

TEST(Note, ASignatureUnderTheSameNameWithAnotherIdIsNotOurs) {
  const std::string note = absl::StrCat(kText, "\n\xe2\x80\x94 PeterNeumann AAAAAAE=\n");
  const absl::Status status = Verifier().Open(note).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr("no signature of PeterNeumann+c74f20a3"));
}

TEST(Note, OneChangedByteOfTextOrSignatureIsNeverAccepted) {
  const std::string note = ExampleNote();
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Verifier().Open(changed).ok()) << "byte " << i;
  }
}

TEST(Note, MalformedNotesAreRefusedWhateverTheyAreSignedWith) {
  const std::string note = ExampleNote();
  const std::vector<std::string> malformed = {
      "",
      "\n",
      "\n\n",
      kText,
      absl::StrCat(kText, "\n"),
      absl::StrCat(kText, kSignature),  // no blank line
      absl::StrCat(note, "\n"),         // ends in a blank line
      note.substr(0, note.size() - 1),  // no final newline
      absl::StrCat(kText, "\n", "- PeterNeumann ", "x08go/ZJ\n"),
      absl::StrCat(kText, "\n\xe2\x80\x94 PeterNeumann\n"),
      absl::StrCat(kText, "\n\xe2\x80\x94  x08go/ZJkuBS\n"),               // no name
      absl::StrCat(kText, "\n\xe2\x80\x94 Peter+Neumann x08go/ZJkuBS\n"),  // no name either
      absl::StrCat(kText, "\n\xe2\x80\x94 PeterNeumann x08go/ZJ kuBS\n"),  // three parts
      absl::StrCat(kText, "\n\xe2\x80\x94 PeterNeumann x08go\n"),          // no base64
      absl::StrCat(kText, "\n\xe2\x80\x94 PeterNeumann x08goA==\n"),       // only an id
      absl::StrCat(kText, "\n\xe2\x80\x94 PeterNeumann AAAA\n", kSignature),
      absl::StrCat("a\tb\n", "\n", kSignature),               // control character
      absl::StrCat("a\xff\n", "\n", kSignature),              // no UTF-8
      absl::StrCat("a\xc0\xaf\n", "\n", kSignature),          // overlong
      absl::StrCat("a\xed\xa0\x80\n", "\n", kSignature),      // surrogate
      absl::StrCat("a\xf4\x90\x80\x80\n", "\n", kSignature),  // beyond Unicode
  };
  for (const std::string& text : malformed) {
    EXPECT_EQ(OpenCode(text), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Note, TooManySignaturesOrBytesAreRefused) {
  std::string many = absl::StrCat(kText, "\n", kSignature);
  for (int i = 0; i < 100; ++i) absl::StrAppend(&many, kOtherSignature);
  EXPECT_EQ(OpenCode(many), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(OpenCode(absl::StrCat(std::string(1'000'000, 'a'), "\n\n", kSignature)),
            absl::StatusCode::kInvalidArgument);
}

TEST(Note, ATextMayContainBlankLines) {
  const std::string text = "first\n\nsecond\n";
  EXPECT_EQ(Verifier().Open(Signer().Sign(text)).value(), text);
}

TEST(Note, NamesWithSpacesOrPlusSignsAreRefused) {
  for (const absl::string_view name : {"", " ", "a b", "a+b", "a\tb", "a\nb",
                                       "a\xc2\xa0"
                                       "b",
                                       "a\xe2\x80\xa8"
                                       "b",
                                       "a\xff"}) {
    EXPECT_EQ(NoteSigner::Make(name, Signer().key()).status().code(),
              absl::StatusCode::kInvalidArgument)
        << name;
    EXPECT_EQ(NoteVerifier::Make(name, Signer().key().verify_key()).status().code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
}

TEST(Note, MalformedVerifierTextsAreRefused) {
  const std::vector<std::string> malformed = {
      "",
      "PeterNeumann",
      "PeterNeumann+c74f20a3",
      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  // other id
      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  // other name
      "PeterNeumann+c74f20a3+AhpcQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy",
      "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      absl::StrCat(kVerifier, "\n"),
      kPrivate,
  };
  for (const std::string& text : malformed) {
    EXPECT_EQ(NoteVerifier::Parse(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(Note, MalformedPrivateTextsAreRefusedAndNotRepeated) {
  for (const std::string& text : {std::string(kVerifier), std::string(kPrivate) + "A",
                                  absl::StrReplaceAll(kPrivate, {{"c74f20a3", "c74f20a4"}}),
                                  absl::StrReplaceAll(kPrivate, {{"AYEK", "AYEL"}})}) {
    const absl::Status status = NoteSigner::Parse(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("FALVFG")));
  }
}

TEST(NoteDeathTest, ATextThatNobodyCouldReadBackIsNotSigned) {
  EXPECT_DEATH(Signer().Sign("no newline"), "read back");
  EXPECT_DEATH(Signer().Sign("a\tb\n"), "read back");
}

}  // namespace
}  // namespace selaras::log
