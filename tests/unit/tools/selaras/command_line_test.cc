#include "tools/selaras/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/selaras/help.h"

namespace selaras::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class CommandLineTest : public testing::Test {
 protected:
  CommandLine Parse(std::vector<std::string> arguments) {
    return ParseCommandLine(root_, std::move(arguments), &options_);
  }

  static ExitCode Nothing(Context&) { return ExitCode::kOk; }

  GlobalOptions options_;
  std::string id_;
  std::vector<std::string> many_;
  int number_ = 1;
  std::uint64_t place_ = 0;
  std::uint64_t size_ = 0;
  bool flag_ = false;
  const Command root_ = {
      .name = "selaras",
      .summary = "work with nodes",
      .commands = {{.name = "case",
                    .summary = "cases",
                    .commands = {{.name = "show",
                                  .summary = "one case",
                                  .details = "It has details.",
                                  .examples = "selaras case show 1",
                                  .source = Source::kNode,
                                  .options = {{"CASE", "", &id_, "the case", true},
                                              {"--at-least", "LOG@N", &many_, "positions"},
                                              {"-n,--limit", "N", &number_, "how many"},
                                              {"--from", "N", &place_, "the first"},
                                              FromOne({"--size", "N", &size_, "default: all"}),
                                              {"--dry-run", "", &flag_, "write nothing"}},
                                  .run = Nothing}}},
                   {.name = "version", .summary = "the version", .run = Nothing}}};
};

TEST_F(CommandLineTest, ReadsOptionsWhereverTheyStand) {
  const CommandLine line = Parse({"--json", "case", "show", "abc", "--node", "h:1", "-n", "5",
                                  "--dry-run", "--at-least", "a@1", "--at-least", "b@2"});
  ASSERT_NE(line.command, nullptr) << line.text;
  EXPECT_EQ(line.path, "selaras case show");
  EXPECT_TRUE(options_.json);
  EXPECT_EQ(options_.node, "h:1");
  EXPECT_EQ(id_, "abc");
  EXPECT_EQ(number_, 5);
  EXPECT_TRUE(flag_);
  EXPECT_THAT(many_, testing::ElementsAre("a@1", "b@2"));
}

TEST_F(CommandLineTest, AnOptionTakesOneValueAndLeavesTheArgument) {
  const CommandLine line = Parse({"case", "show", "--at-least", "a@1", "abc"});
  ASSERT_NE(line.command, nullptr) << line.text;
  EXPECT_EQ(id_, "abc");
}

TEST_F(CommandLineTest, AMisspeltCommandIsCorrected) {
  const CommandLine line = Parse({"cas", "show"});
  EXPECT_EQ(line.code, ExitCode::kUsage);
  EXPECT_EQ(line.text,
            "selaras: there is no command 'cas'; did you mean case?\nsee: selaras --help\n");
  EXPECT_THAT(Parse({"case", "shwo"}).text, HasSubstr("did you mean show?"));
}

TEST_F(CommandLineTest, AMisspeltOptionIsCorrected) {
  const CommandLine line = Parse({"case", "show", "abc", "--limt", "5"});
  EXPECT_EQ(line.code, ExitCode::kUsage);
  EXPECT_THAT(line.text, HasSubstr("did you mean --limit?\nsee: selaras case show --help"));
}

TEST_F(CommandLineTest, WrongAndMissingValuesAreWrongUse) {
  EXPECT_EQ(Parse({"case", "show"}).code, ExitCode::kUsage);
  EXPECT_THAT(Parse({"case", "show"}).text, HasSubstr("CASE"));
  EXPECT_EQ(Parse({"case", "show", "abc", "-n", "many"}).code, ExitCode::kUsage);
  EXPECT_EQ(Parse({"case", "show", "abc", "-n", "-1"}).code, ExitCode::kUsage);
  EXPECT_EQ(Parse({"case", "show", "abc", "--node"}).code, ExitCode::kUsage);
  EXPECT_THAT(Parse({"case", "show", "abc", "def"}).text, HasSubstr("too much: 'def'"));
}

TEST_F(CommandLineTest, ANumberIsDecimalAndNotNegative) {
  for (const char* option : {"-n", "--from"}) {
    for (const char* value :
         {"-1", "010", "0x10", "1.5", "+1", " 1", "1e3", "99999999999999999999999"}) {
      const CommandLine line = Parse({"case", "show", "abc", option, value});
      EXPECT_EQ(line.code, ExitCode::kUsage) << option << " " << value;
      EXPECT_THAT(line.text, HasSubstr(value));
    }
    ASSERT_NE(Parse({"case", "show", "abc", option, "10"}).command, nullptr);
  }
  EXPECT_THAT(Parse({"case", "show", "abc", "--from", "-1"}).text,
              HasSubstr("--from: '-1' is no number from 0 on\nsee: selaras case show --help"));
  EXPECT_EQ(number_, 10);
  EXPECT_EQ(place_, 10u);
}

TEST_F(CommandLineTest, AZeroThatWouldMeanTheDefaultIsNotTakenForANumber) {
  const CommandLine line = Parse({"case", "show", "abc", "--size", "0"});
  EXPECT_EQ(line.code, ExitCode::kUsage);
  EXPECT_THAT(line.text, HasSubstr("--size: '0' is no number from 1 on; leave it out for the "
                                   "default\nsee: selaras case show --help"));
  ASSERT_NE(Parse({"case", "show", "abc", "--size", "1"}).command, nullptr);
  ASSERT_NE(Parse({"case", "show", "abc", "--from", "0"}).command, nullptr);
}

TEST_F(CommandLineTest, ANumberThatIsTooLargeSaysHowLargeItMayBe) {
  EXPECT_THAT(Parse({"case", "show", "abc", "-n", "2147483648"}).text,
              HasSubstr("'2147483648' is more than 2147483647"));
  EXPECT_THAT(Parse({"case", "show", "abc", "--from", "18446744073709551616"}).text,
              HasSubstr("'18446744073709551616' is more than 18446744073709551615"));
}

TEST_F(CommandLineTest, ValuesTooFewOrTooManyAreSaidInWords) {
  for (const char* option : {"--node", "--from", "-n", "--at-least"}) {
    const std::string text = Parse({"case", "show", "abc", option}).text;
    EXPECT_THAT(text, HasSubstr(" needs a value\nsee: selaras case show --help"));
    EXPECT_THAT(text, Not(HasSubstr("required")));
  }
  EXPECT_THAT(Parse({"case", "show", "abc", "--from", "1", "--from", "2"}).text,
              HasSubstr("--from stands twice; give it once"));
  EXPECT_THAT(Parse({"case", "show", "abc", "--dry-run=maybe"}).text,
              HasSubstr("--dry-run takes no value"));
  EXPECT_THAT(Parse({"case", "show"}).text, HasSubstr("CASE is missing"));
}

TEST_F(CommandLineTest, HelpIsGivenAtEveryLevel) {
  for (const char* flag : {"--help", "-h"}) {
    const CommandLine line = Parse({"case", "show", flag});
    EXPECT_EQ(line.command, nullptr);
    EXPECT_EQ(line.code, ExitCode::kOk);
    EXPECT_THAT(line.text, HasSubstr("usage: selaras case show CASE [options]"));
    EXPECT_THAT(line.text, HasSubstr("It has details."));
    EXPECT_THAT(line.text, HasSubstr("  -n,--limit N"));
    EXPECT_THAT(line.text, HasSubstr("--node HOST:PORT"));
    EXPECT_THAT(line.text, Not(HasSubstr("--store")));
    EXPECT_THAT(line.text, HasSubstr("examples:\n  selaras case show 1\n"));
  }
  EXPECT_THAT(Parse({"--help"}).text, HasSubstr("  case show  one case"));
  EXPECT_THAT(Parse({"--help"}).text, HasSubstr("exit codes:"));
}

TEST_F(CommandLineTest, AGroupWithoutACommandShowsWhatThereIs) {
  const CommandLine line = Parse({"case"});
  EXPECT_EQ(line.code, ExitCode::kUsage);
  EXPECT_THAT(line.text, HasSubstr("one case"));
  EXPECT_EQ(Parse({}).code, ExitCode::kUsage);
}

TEST_F(CommandLineTest, VersionIsACommandAndAFlag) {
  EXPECT_EQ(Parse({"version"}).path, "selaras version");
  EXPECT_EQ(Parse({"--version"}).path, "selaras version");
}

TEST(Help, NoLineIsWiderThanATerminal) {
  const Command command = {
      .name = "x",
      .summary = "y",
      .details =
          "many words that go on and on and on and on and on and on and on and on and on "
          "and on and on and on and on until they have to be broken into several lines",
      .run = [](Context&) { return ExitCode::kOk; }};
  std::istringstream text(HelpText("selaras x", command));
  for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 100u) << line;
}

TEST(MostLike, KnowsNoWordForSomethingElse) {
  EXPECT_EQ(MostLike("verfiy", {"verify", "list"}), "verify");
  EXPECT_EQ(MostLike("ver", {"verify", "list"}), "verify");
  EXPECT_EQ(MostLike("banana", {"verify", "list"}), "");
  EXPECT_EQ(MostLike("x", {}), "");
}

}  // namespace
}  // namespace selaras::cli
