// tests/data/deadlines/by_hand.tsv, line by line.
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "gtest/gtest.h"
#include "services/domain/deadline.h"
#include "tests/support/commands.h"

namespace selaras::domain {
namespace {

std::vector<std::vector<std::string>> Lines() {
  std::ifstream in(SELARAS_SOURCE_DIR "/tests/data/deadlines/by_hand.tsv");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::vector<std::vector<std::string>> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    lines.push_back(absl::StrSplit(line, '\t'));
  }
  if (!lines.empty()) lines.erase(lines.begin());
  return lines;
}

// `2024-12-24T10:15` at the office, or in UTC with a Z.
absl::Time TimeOf(absl::string_view text, reference::TimeZone zone) {
  absl::Time time;
  std::string error;
  const bool utc = absl::EndsWith(text, "Z");
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%dT%H:%M", std::string(text.substr(0, 16)), &time, &error))
      << text << ": " << error;
  return utc ? time : time - absl::Hours(reference::HoursEastOfUtc(zone));
}

TEST(DeadlinesByHand, EveryLineIsComputedAsItWasWorkedOut) {
  const auto catalogue = test::ShippedCatalogue();
  const Calendar calendar(*catalogue);
  const auto lines = Lines();
  ASSERT_GE(lines.size(), 40u);
  std::set<std::string> seen;
  for (const auto& line : lines) {
    ASSERT_EQ(line.size(), 7u) << line.front();
    SCOPED_TRACE(absl::StrJoin(line, " | "));
    const reference::Deadline* rule = catalogue->FindDeadline(line[0]);
    ASSERT_NE(rule, nullptr);
    seen.insert(rule->id);
    EXPECT_EQ(rule->basis, line[1]);
    DeadlineAnchor anchor;
    anchor.zone = *reference::ParseTimeZone(line[3]);
    if (line[2].find('T') == std::string::npos) {
      anchor.day = *LocalDate::ParseIso(line[2]);
    } else {
      anchor.instant = TimeOf(line[2], anchor.zone);
      anchor.day = *DayAt(*anchor.instant, anchor.zone);
    }
    const auto due = DueOf(*rule, anchor, calendar);
    ASSERT_TRUE(due);
    EXPECT_EQ(absl::StrJoin(due->incomplete_years, ","), line[5]);
    if (line[4].find('T') == std::string::npos) {
      EXPECT_EQ(due->day.ToIso(), line[4]);
      EXPECT_EQ(due->end, StartOf(*AddDays(due->day, 1), anchor.zone));
    } else {
      EXPECT_EQ(due->end, TimeOf(line[4], anchor.zone));
      EXPECT_EQ(due->day.ToIso(), line[4].substr(0, 10));
    }
  }
  for (const reference::Deadline& deadline : catalogue->deadlines()) {
    EXPECT_EQ(seen.count(deadline.id), 1u) << deadline.id << " is not in the table";
  }
}

}  // namespace
}  // namespace selaras::domain
