#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/reference/local_date.h"
#include "services/reference/rows.h"

// The rows that time limits are counted with: deadlines, follow_up, calendar_years, time_zones.
namespace selaras::reference {

enum class DeadlineUnit { kDays, kWorkingDays, kHours };

// Where counting begins.
enum class CountFrom {
  kNextDay,  // the day after the anchor is day 1
  kSameDay,  // the anchor's day is day 1 if it is one that counts
  kInstant,  // the moment itself: hours
};

// Who owes something, or watches that it is done. In a case each is one authority or none.
enum class DeadlineRole {
  kIntake,      // who wrote the intake section
  kReferral,    // who wrote the referral section, before that who was addressed
  kSanction,    // who wrote the sanction section, before that who was addressed
  kAuthor,      // who stated the anchor
  kReporter,    // no authority
  kRespondent,  // no authority
  kBpasn,       // the appeals board: no authority of the catalogue
  kNobody,      // nothing is owed: something takes effect on that day
};

// What else must hold, so that a row says anything about a case.
enum class DeadlineCondition {
  kNone,
  kMoreInformation,    // more information was asked for
  kNoMoreInformation,  // it was not
  kObjectionRoute,     // the way against the sanction imposed is a keberatan
  kAppealRoute,        // … is a banding
};

struct Deadline {
  std::string id;  // `D-01`
  std::string regime;
  std::string step;
  std::string anchor;  // in the words of the rule
  int count = 0;
  DeadlineUnit unit = DeadlineUnit::kDays;
  std::string basis;
  std::string on_miss;

  // How a machine reads it: this project's reading, whatever the row's mark. Moments are words
  // of DeadlineMoments; one that no fact produces yet never comes, so its row is never open.
  std::vector<std::string> on;  // any of these anchors it
  std::string on_due_of;        // instead: the due day of the row with this id
  DeadlineCondition only_if = DeadlineCondition::kNone;
  CountFrom count_from = CountFrom::kNextDay;
  std::vector<std::string> met_by;        // any of these; none: it takes effect by itself
  std::vector<std::string> suspended_by;  // any of these, until the due day has passed
  DeadlineRole duty = DeadlineRole::kNobody;
  DeadlineRole watcher = DeadlineRole::kNobody;
  std::vector<int> rungs;               // units before (negative) and after the due day, rising
  std::optional<LocalDate> valid_from;  // by the anchor's day
  std::optional<LocalDate> valid_to;

  // Key of a conflict of sources (`X-04`): every reading is a row of its own. Set iff the mark
  // is C.
  std::string conflict;
  Provenance provenance;
  std::string note;
};

// Whether the row is the rule for an anchor of that day.
bool IsValidOn(const Deadline& deadline, LocalDate date);

// The words that may stand in `on`, `met_by` and `suspended_by`.
std::span<const absl::string_view> DeadlineMoments();

struct CalendarYear {
  int year = 0;
  bool complete = false;  // all its holidays are in holidays.tsv
  Provenance provenance;
  std::string note;
};

// The zones of Indonesia: UTC+7, +8, +9, without summer time.
enum class TimeZone { kWib, kWita, kWit };

struct ZoneRow {
  std::string region;  // code of a province
  TimeZone zone = TimeZone::kWib;
  Provenance provenance;
  std::string note;
};

int HoursEastOfUtc(TimeZone zone);

// `WIB`, `WITA` or `WIT`; nothing for anything else.
std::optional<TimeZone> ParseTimeZone(absl::string_view text);

absl::string_view NameOf(DeadlineUnit unit);
absl::string_view NameOf(CountFrom from);
absl::string_view NameOf(DeadlineRole role);
absl::string_view NameOf(DeadlineCondition condition);
absl::string_view NameOf(TimeZone zone);

}  // namespace selaras::reference
