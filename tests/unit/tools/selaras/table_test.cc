#include "tools/selaras/table.h"

#include <sstream>

#include <gtest/gtest.h>

namespace selaras::cli {
namespace {

class TableTest : public testing::Test {
 protected:
  std::ostringstream out_, err_;
  Output plain_{"selaras", &out_, &err_, {}};
  Output coloured_{"selaras", &out_, &err_, {.colour = true}};
};

TEST_F(TableTest, ColumnsAreAsWideAsTheirWidestCellAndLinesHaveNoTrailingBlanks) {
  Table table({"NAME", ">SIZE", "NOTE"});
  table.Add({"bkn", "7", ""});
  table.Add({"bawaslu-13", "1200", "mirror"});
  EXPECT_EQ(table.Text(plain_),
            "NAME        SIZE  NOTE\n"
            "bkn            7\n"
            "bawaslu-13  1200  mirror\n");
}

TEST_F(TableTest, WidthIsCountedInCharactersNotInBytes) {
  Table table({"A", "B"});
  table.Add({"é…", "x"});
  table.Add({"abc", "y"});
  EXPECT_EQ(table.Text(plain_), "A    B\né…   x\nabc  y\n");
}

TEST_F(TableTest, ColoursDoNotMoveColumns) {
  Table table({"A", "B"});
  table.Add({{"x", Tone::kBad}, "y"});
  EXPECT_EQ(table.Text(coloured_), "\033[2mA\033[0m  \033[2mB\033[0m\n\033[31mx\033[0m  y\n");
}

TEST_F(TableTest, OnANarrowTerminalTheWidestColumnsAreCut) {
  const Output narrow("selaras", &out_, &err_, {.width = 20});
  Table table({"A", "B"});
  table.Add({"12345678", "a text that is long, ééé and on"});
  table.Add({"12", "short"});
  EXPECT_EQ(table.Text(narrow), "A         B\n12345678  a text th…\n12        short\n");
  EXPECT_EQ(Cut("éé", 2), "éé");
  EXPECT_EQ(Cut("ééé", 2), "é…");
}

TEST_F(TableTest, ShortRowsAreFilledUp) {
  Table table({"A", "B"});
  table.Add({"x"});
  EXPECT_EQ(table.Text(plain_), "A  B\nx\n");
}

TEST_F(TableTest, TextOfOthersCannotPaintTheTerminal) {
  EXPECT_EQ(Printable("a\033[31mb\nc\x7f"), "a?[31mb?c?");
  EXPECT_EQ(Printable("caf\xc3\xa9 \xc2\x9b"), "caf\xc3\xa9 ?");
}

TEST_F(TableTest, FieldsWithoutAValueAreLeftOut) {
  Fields fields;
  fields.Add("state", "referred");
  fields.Add("holder", "");
  fields.Add("waiting for", "bkn");
  EXPECT_EQ(fields.Text(plain_), "  state        referred\n  waiting for  bkn\n");
}

}  // namespace
}  // namespace selaras::cli
