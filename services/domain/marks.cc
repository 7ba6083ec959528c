#include "services/domain/marks.h"

#include <algorithm>
#include <string>

namespace selaras::domain {
namespace {

struct Words {
  absl::string_view code;
  absl::string_view text;
};
constexpr Words kWords[] = {
    {"CONFLICT", "the sources disagree about it"},
    {"PHASE_OPEN", "the phase cannot be told: no day of the act, or no penetapan on record"},
    {"CONTEST_OPEN", "the phase depends on the contest, which is not recorded"},
    {"PHASE_OVERRIDDEN", "an officer says another phase than the calendar"},
    {"PHASE_MISMATCH", "the violation belongs to the other side of the penetapan"},
    {"VIOLATION_OPEN", "no violation is recorded: the level of the sanction cannot be judged"},
    {"STATUS_OPEN", "PNS or PPPK is not recorded"},
    {"ACT_DATE_OPEN", "the day of the act is not recorded: which law held cannot be told"},
    {"LEVEL_OF_LATER_RULE", "the level is that of a rule younger than the act"},
    {"PPPK_TABLE_OPEN", "the agency's own table for its PPPK is not on record"},
    {"NO_SANCTION", "no sanction of that level is on record for that day and status"},
    {"SANCTION_LEVEL", "not of the level to which the violation leads"},
    {"SANCTION_STATUS", "a sanction for the other employment status"},
    {"SANCTION_REGIME", "a sanction of a law that did not hold on the day of the act"},
    {"SANCTION_NOT_IN_FORCE", "not in force yet: another one stands for it"},
    {"SANCTION_OF_OTHER_AGENCY", "not in the agency's own table for its PPPK"},
    {"POSITION_OPEN", "the position is not recorded: who may impose cannot be told"},
    {"TARGET_OPEN", "the position alone does not tell who may impose"},
    {"PPK_INTEREST", "the PPK decides about a top official of its own and may be who gains"},
    {"PPK_FLAGGED", "sent to a PPK that is flagged: it may have an interest of its own"},
    {"PPK_FLAGGED_BY_SENDER",
     "the office that sent the case has flagged it: it may have an interest of its own"},
    {"PPK_AVOIDED", "sent past a PPK that is flagged: it may have an interest of its own"},
    {"PPK_ENDED", "sent past a PPK that had it and had ended"},
    {"PPK_HAD_DECIDED",
     "imposed by the PPK that had ended: its successor records that decision and goes on from it"},
    {"PPK_NO_SUCCESSOR", "sent to another PPK than the successor of the one that had ended"},
    {"APPEAL_ROUTE", "another way than the one on record against the sanction"},
    {"APPEAL_ROUTE_OPEN", "the way against the sanction is not on record"},
    {"NO_IMPOSER_TABLE", "who may impose sanctions of that law is not on record"},
    {"NO_IMPOSER", "nobody on record may impose it on that position"},
    {"IMPOSER_OTHER", "signed by an office that does not impose it on that position"},
    {"IMPOSER_VACANCY", "signed by a higher office for one that is vacant"},
    {"MANDATE_OPEN", "what an official with that mandate may sign is not on record"},
    {"MANDATE_TOO_WEAK", "signed by an official whose mandate does not reach so far"},
};

}  // namespace

void AddMark(absl::string_view code, absl::string_view rule, absl::string_view about,
             Marks* marks) {
  const auto same = [&](const event::v1::Mark& mark) {
    return mark.code() == code && mark.rule() == rule && mark.about() == about;
  };
  if (std::any_of(marks->begin(), marks->end(), same)) return;
  event::v1::Mark* mark = marks->Add();
  mark->set_code(std::string(code));
  mark->set_rule(std::string(rule));
  mark->set_about(std::string(about));
}

void AddMark(const Notice& notice, Marks* marks) {
  AddMark(notice.code, notice.grounds.empty() ? "" : notice.grounds.front().rule, notice.about,
          marks);
}

void AddMarks(std::span<const Notice> notices, Marks* marks) {
  for (const Notice& notice : notices) AddMark(notice, marks);
}

absl::string_view MarkText(absl::string_view code) {
  for (const Words& words : kWords) {
    if (words.code == code) return words.text;
  }
  return {};
}

}  // namespace selaras::domain
