#include "tools/registers/csv.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::registers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

struct Result {
  std::vector<CsvRecord> records;
  std::string error;
};

Result ReadAll(absl::string_view text) {
  Result result;
  auto reader = CsvReader::Open(text);
  if (!reader.ok()) return {{}, std::string(reader.status().message())};
  for (;;) {
    auto record = reader->Next();
    if (!record.ok()) {
      result.error = std::string(record.status().message());
      return result;
    }
    const std::optional<CsvRecord>& read = *record;
    if (!read) return result;
    result.records.push_back(*read);
  }
}

std::vector<std::string> Fields(absl::string_view text) {
  const Result result = ReadAll(text);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.records.size(), 1U);
  return result.records.empty() ? std::vector<std::string>() : result.records[0].fields;
}

TEST(Csv, TheFirstLineTellsTheDelimiter) {
  EXPECT_THAT(Fields("a,b;c,d"), ElementsAre("a", "b;c", "d"));
  EXPECT_THAT(Fields("a;b,c;d"), ElementsAre("a", "b,c", "d"));
  EXPECT_THAT(Fields("a\tb,c\td"), ElementsAre("a", "b,c", "d"));
  EXPECT_THAT(Fields("\"a,b,c\";d"), ElementsAre("a,b,c", "d"));
  EXPECT_THAT(Fields("alone"), ElementsAre("alone"));
}

TEST(Csv, ReadsQuotesDoubledQuotesAndEmptyFields) {
  EXPECT_THAT(Fields("\"a\"\"b\",,\"\",\"c,d\","), ElementsAre("a\"b", "", "", "c,d", ""));
}

TEST(Csv, AQuoteInsideAFieldThatDoesNotBeginWithOneIsText) {
  EXPECT_THAT(Fields("a \"b\",c"), ElementsAre("a \"b\"", "c"));
}

TEST(Csv, EveryLineEndMeansTheSameAndTheLastMayLackOne) {
  for (const absl::string_view end : {"\n", "\r\n", "\r"}) {
    const Result result = ReadAll(absl::StrCat("a,b", end, "c,d", end, end, "e,\"f", end, "g\""));
    ASSERT_EQ(result.records.size(), 3U);
    EXPECT_THAT(result.records[1].fields, ElementsAre("c", "d"));
    EXPECT_THAT(result.records[2].fields, ElementsAre("e", "f\ng"));
    EXPECT_EQ(result.records[2].line, 4);
  }
}

TEST(Csv, ARecordIsNamedByItsFirstLineAndLinesInsideQuotesCount) {
  const Result result = ReadAll("a,b\n\"one\ntwo\nthree\",x\nlast,y\n");
  ASSERT_EQ(result.records.size(), 3U);
  EXPECT_EQ(result.records[1].line, 2);
  EXPECT_EQ(result.records[2].line, 5);
}

TEST(Csv, LinesWithoutTextAreSkipped) {
  const Result result = ReadAll("\n\na,b\n,\n  ,\t\n\nc,d\n\n");
  ASSERT_EQ(result.records.size(), 2U);
  EXPECT_EQ(result.records[1].line, 7);
  EXPECT_TRUE(ReadAll("").records.empty());
}

TEST(Csv, AByteOrderMarkIsDroppedAndUtf16IsRefused) {
  EXPECT_THAT(Fields("\xEF\xBB\xBFpemilihan,b"), ElementsAre("pemilihan", "b"));
  EXPECT_THAT(ReadAll("\xFF\xFEp").error, HasSubstr("UTF-16"));
  EXPECT_THAT(ReadAll("\xFE\xFFp").error, HasSubstr("UTF-16"));
}

TEST(Csv, AnErrorNamesTheLine) {
  EXPECT_THAT(ReadAll("a,b\nc,\"d\ne\n").error, StartsWith("line 2: a quote"));
  EXPECT_THAT(ReadAll("a,b\nc,\"d\"e\n").error, StartsWith("line 2: text follows"));
}

TEST(Csv, FieldsAreBounded) {
  const std::string longest(kFieldBytesMax, 'x');
  EXPECT_EQ(Fields(absl::StrCat("a,", longest))[1].size(), kFieldBytesMax);
  EXPECT_EQ(Fields(absl::StrCat("a,\"", longest, "\""))[1].size(), kFieldBytesMax);
  EXPECT_THAT(ReadAll(absl::StrCat("a,b\nc,", longest, "x")).error, StartsWith("line 2: a field"));
  EXPECT_THAT(ReadAll(absl::StrCat("a,b\nc,\"", longest, "x\"")).error,
              StartsWith("line 2: a field"));
  EXPECT_THAT(ReadAll(absl::StrCat("a,\"", longest, "\"\"\"")).error,
              StartsWith("line 1: a field"));
}

TEST(Csv, RecordsAreBounded) {
  EXPECT_EQ(Fields("a" + std::string(kFieldsMax - 1, ',')).size(), kFieldsMax);
  EXPECT_THAT(ReadAll("a\n" + std::string(kFieldsMax, ',')).error, StartsWith("line 2: more than"));
}

TEST(Csv, AFileOverTheLimitIsRefusedUnread) {
  // Nothing behind the first byte is touched.
  const char byte = 'x';
  const auto reader = CsvReader::Open(absl::string_view(&byte, kFileBytesMax + 1));
  EXPECT_THAT(std::string(reader.status().message()), HasSubstr("split it"));
}

}  // namespace
}  // namespace selaras::registers
