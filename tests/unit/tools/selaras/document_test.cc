#include "tools/selaras/document.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "storage/crypto/sha256.h"
#include "tests/support/temp_directory.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

using testing::HasSubstr;

TEST(Document, ItsFirstBytesSayWhatItIs) {
  using std::string_literals::operator""s;
  EXPECT_EQ(MediaTypeOf("%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(MediaTypeOf("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(MediaTypeOf("\x89PNG\r\n\x1a\n"), "image/png");
  EXPECT_EQ(MediaTypeOf("\0\0\0\x18"s + "ftypmp42"), "video/mp4");
  EXPECT_EQ(MediaTypeOf("\0\0\0\x18"s + "ftypM4V " + "more"), "video/mp4");
  for (const char* brand : {"heic", "avif", "qt  ", "M4A ", "3gp4", ""}) {
    EXPECT_EQ(MediaTypeOf("\0\0\0\x18"s + "ftyp" + brand), "") << brand;
  }
  EXPECT_EQ(MediaTypeOf("ID3\x04"), "audio/mpeg");
  EXPECT_EQ(MediaTypeOf("\xff\xfb\x90"), "audio/mpeg");
  EXPECT_EQ(MediaTypeOf("Kronologi"), "");
  EXPECT_EQ(MediaTypeOf("\xff\xfeK\0r\0"s), "");  // UTF-16
  EXPECT_EQ(MediaTypeOf("%PD"), "");
  EXPECT_EQ(MediaTypeOf(""), "");
}

TEST(Document, IsMeasuredAndNamed) {
  const test::TempDirectory folder;
  const std::string content = "%PDF-1.7" + std::string(600'000, 'x');
  ASSERT_TRUE(WriteFile(folder / "sk.pdf", content).ok());
  const auto document = ReadDocument(folder / "sk.pdf", "");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->name, "sk.pdf");
  EXPECT_EQ(document->bytes, content.size());
  EXPECT_EQ(document->sha256, crypto::Sha256(content));
  EXPECT_EQ(document->media_type, "application/pdf");
  EXPECT_EQ(ReadDocument(folder / "sk.pdf", "audio/mpeg")->media_type, "audio/mpeg");
}

TEST(Document, IsTextIfAllOfItIsUtf8) {
  const test::TempDirectory folder;
  const std::string file = folder / "catatan";
  // Characters of two, three and four bytes, wherever a piece ends.
  for (const char* character : {"é", "…", "😀"}) {
    for (std::size_t before = 0; before < 4; ++before) {
      std::string content(before, 'x');
      while (content.size() < 600'000) content += character;
      ASSERT_TRUE(WriteFile(file, content).ok());
      EXPECT_EQ(ReadDocument(file, "")->media_type, "text/plain") << character << before;
      content.pop_back();  // half a character
      ASSERT_TRUE(WriteFile(file, content).ok());
      EXPECT_TRUE(IsUsage(ReadDocument(file, "").status())) << character << before;
    }
  }
  using std::string_literals::operator""s;
  ASSERT_TRUE(WriteFile(file, "\0\0\0\x18"s + "ftypheic").ok());
  EXPECT_THAT(std::string(ReadDocument(file, "").status().message()), HasSubstr("--media-type"));
  ASSERT_TRUE(WriteFile(file, "ab\x80" + std::string(600'000, 'x')).ok());
  EXPECT_THAT(std::string(ReadDocument(file, "").status().message()),
              HasSubstr("--media-type: nothing tells what"));
  EXPECT_EQ(ReadDocument(file, "audio/mpeg")->media_type, "audio/mpeg");
}

TEST(Document, WhatCannotBeSentIsNamed) {
  const test::TempDirectory folder;
  EXPECT_TRUE(absl::IsNotFound(ReadDocument(folder / "none.pdf", "").status()));
  ASSERT_TRUE(WriteFile(folder / "empty.pdf", "").ok());
  const absl::Status empty = ReadDocument(folder / "empty.pdf", "").status();
  EXPECT_TRUE(absl::IsInvalidArgument(empty));
  EXPECT_THAT(std::string(empty.message()), HasSubstr("empty.pdf is empty"));
  EXPECT_TRUE(IsUsage(ReadDocument(folder.path(), "").status()));
  EXPECT_TRUE(IsUsage(ReadDocument("-", "").status()));
}

TEST(Document, ANameThatIsTooLongOrNoTextIsBroughtIntoShape) {
  const test::TempDirectory folder;
  const std::string name = std::string(220, 'n') + ".pdf";
  ASSERT_TRUE(WriteFile(folder / name, "%PDF-").ok());
  EXPECT_LE(ReadDocument(folder / name, "")->name.size(), 200U);
  ASSERT_TRUE(WriteFile(folder / "a\xff.pdf", "%PDF-").ok());
  EXPECT_EQ(ReadDocument(folder / "a\xff.pdf", "")->name, "a\xEF\xBF\xBD.pdf");
}

}  // namespace
}  // namespace selaras::cli
