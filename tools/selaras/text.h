#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/timestamp.pb.h>

#include "selaras/event/v1/event.pb.h"
#include "selaras/query/v1/query.pb.h"

#include "storage/base/number.h"

// How the things of the contracts read in one line.
namespace selaras::cli {

// `received_by_ppk`: as --state takes it. Empty for an unknown state.
std::string StateWord(query::v1::CaseState state);
// CASE_STATE_UNSPECIFIED for a word that is no state.
query::v1::CaseState ParseState(absl::string_view word);
// All words, joined with commas.
std::string StateWords();

// `2024-09-06`, `2024-09-06 08:15:00Z`; empty: not recorded.
std::string WhenText(const event::v1::When& when);
// `2024-09-06 08:15:00Z`; empty if it is not set.
std::string TimeText(const google::protobuf::Timestamp& time);
// `2024-09-06T08:15:00Z`, for programs; empty if it is not set.
std::string Rfc3339(const google::protobuf::Timestamp& time);
std::string Rfc3339(absl::Time time);
// The moment that it means.
absl::Time ToTime(const google::protobuf::Timestamp& time);

// Whether a Timestamp can say it: in the years 1 to 9999.
bool FitsTimestamp(absl::Time time);
// `time` must fit.
google::protobuf::Timestamp ToTimestamp(absl::Time time);
// Reads `2024-09-06T08:15:00+07:00`, also with a blank in place of the T and a zone as `+0700` or
// `Z`; nothing if it is no moment, without its zone, or not in the years 1 to 9999.
std::optional<absl::Time> ParseMoment(absl::string_view text);
// Reads a day, `2024-09-06`, or such a moment; nothing if it is neither.
std::optional<event::v1::When> ParseWhen(absl::string_view text);

// A message of several lines, each printable and indented.
std::string MessageText(absl::string_view text);

// What a case waits for, e.g. `the part of bawaslu/ri (log bawaslu-ri)`.
std::string AwaitedText(const query::v1::AwaitedPart& part);

// The case or report that the event is about: its id.
std::string SubjectOf(const event::v1::Event& event);

// `bawaslu-13@7`.
std::string PositionText(const event::v1::Position& position);
// `bkn@7`, `bkn@10-12`: places in ascending order, those that follow one another together.
std::vector<std::string> RangesOf(absl::string_view log, const std::vector<base::Sequence>& places);
// The first of them in one line, and how many more there are.
std::string PlacesText(const std::vector<std::string>& ranges);
// The first characters of an id: enough for people, and for `case show`.
std::string ShortId(absl::string_view id);
// The first characters of 32 bytes in hexadecimal.
std::string ShortHash(absl::string_view bytes);

// Name of the fact, e.g. `case_referred`; `unknown` if this program does not know it.
std::string FactName(const event::v1::Fact& fact);
// What the fact states: `to bkn · violations_found KE-04`.
std::string FactDetails(const event::v1::Fact& fact);
// The same without what earlier facts of the case say too: who the respondent is, which election.
std::string FactNews(const event::v1::Fact& fact);

// `812 B`, `1.4 MiB`.
std::string SizeText(std::uint64_t bytes);

// `1 row`, `2 rows`.
std::string Count(std::uint64_t number, absl::string_view singular);

}  // namespace selaras::cli
