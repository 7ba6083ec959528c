#include "tools/registers/cells.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace selaras::registers {
namespace {

std::string Iso(absl::string_view text) {
  const auto date = ParseDate(text);
  return date ? date->ToIso() : "none";
}

TEST(Cells, ReadsTheThreeFormsOfADateDayFirst) {
  EXPECT_EQ(Iso("2024-09-06"), "2024-09-06");
  EXPECT_EQ(Iso("06/09/2024"), "2024-09-06");
  EXPECT_EQ(Iso("06-09-2024"), "2024-09-06");
  EXPECT_EQ(Iso("29/02/2024"), "2024-02-29");
}

TEST(Cells, RefusesWhatIsNoDateOrCouldBeTwo) {
  for (const absl::string_view text :
       {"", "31 Februari", "29/02/2023", "31-04-2024", "2024-13-01", "00/01/2024", "6/9/2024",
        "06/09-2024", "06.09.2024", "2024/09/06", "06/09/24", "09/13/2024", "2024-09-06 ",
        "+6/09/2024", "0 /09/2024", "45541"}) {
    EXPECT_EQ(Iso(text), "none") << text;
  }
}

TEST(Cells, TrimsSpacesAndNoBreakSpaces) {
  EXPECT_EQ(TrimCell(" \u00A0 a b\t\u00A0"), "a b");
  EXPECT_EQ(TrimCell("\u00A0"), "");
  // The second byte of a no-break space alone belongs to another character.
  EXPECT_EQ(TrimCell("à"), "à");
}

TEST(Cells, KnowsUtf8) {
  for (const absl::string_view good :
       {"", "abc", "é", "ह", "𐍈", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const absl::string_view bad :
       {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "Jos\xE9 ", "\xE2\x82"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

// "b: second", or "good".
std::string VerdictOf(const RowReader& row) {
  const auto& fault = row.fault();
  return fault ? std::string(fault->column) + ": " + fault->why : "good";
}

TEST(Cells, ExactlyTheLeftmostFaultIsCharged) {
  const absl::string_view columns[] = {"a", "b", "c"};
  const std::vector<std::string> cells = {"1", "2", "3"};
  RowReader row(columns, cells);
  row.Refuse("c", "third");
  row.Refuse("b", "second");
  row.Refuse("b", "second again");
  row.Refuse("c", "third again");
  EXPECT_EQ(VerdictOf(row), "b: second");
}

TEST(Cells, TextThatIsNotUtf8OrHasControlCharactersIsCharged) {
  const absl::string_view columns[] = {"a", "b"};
  const std::vector<std::string> latin1 = {"fine", "Ren\xE9"};
  EXPECT_EQ(VerdictOf(RowReader(columns, latin1)), "b: not UTF-8");
  const std::vector<std::string> escape = {"\x1B[2J", "fine"};
  EXPECT_EQ(VerdictOf(RowReader(columns, escape)), "a: control character");
  const std::vector<std::string> lines = {"one\ntwo", "a\tb"};
  EXPECT_EQ(VerdictOf(RowReader(columns, lines)), "good");
}

TEST(Cells, ADateOutOfOrderIsChargedToTheLaterColumn) {
  const absl::string_view columns[] = {"event", "known", "received", "done"};
  const auto verdict = [&](std::vector<std::string> cells, absl::string_view event) {
    RowReader row(columns, cells);
    row.CheckOrder({{"event", row.Date("event")},
                    {"known", row.Date("known")},
                    {"received", row.Date("received")},
                    {"done", row.Date("done")}},
                   event);
    return VerdictOf(row);
  };
  const std::string d1 = "2024-01-01", d2 = "2024-01-02", d3 = "2024-01-03", d4 = "2024-01-04";
  EXPECT_EQ(verdict({d1, d2, d3, d4}, "event"), "good");
  EXPECT_EQ(verdict({d1, d1, d1, d1}, "event"), "good");
  EXPECT_EQ(verdict({d2, d1, d3, d4}, "event"), "known: before the event");
  EXPECT_EQ(verdict({d2, d1, d3, d4}, ""), "known: before event");
  EXPECT_EQ(verdict({d1, d3, d2, d4}, "event"), "received: before known");
  EXPECT_EQ(verdict({d2, d3, d1, d4}, "event"), "received: before the event");
  EXPECT_EQ(verdict({d1, d4, "", d3}, "event"), "done: before known");
  EXPECT_EQ(verdict({"", d2, "", d1}, "event"), "done: before known");
  EXPECT_EQ(verdict({"x", d2, d1, d1}, "event"), "event: not a date");
}

}  // namespace
}  // namespace selaras::registers
