#pragma once

#include "absl/strings/string_view.h"

#include "services/reference/deadline_rows.h"
#include "services/reference/words.h"

// The closed vocabularies of the tables about time limits.
namespace selaras::reference {

inline constexpr absl::string_view kDeadlineRegimes[] = {
    "pemilu", "pemilihan", "sbt", "eskalasi2020", "pp94", "pp79", "pdp", "lapor"};

inline constexpr absl::string_view kDeadlineMoments[] = {
    "report_known",
    "finding_known",
    "report_received",
    "completion_requested",
    "report_completed",
    "report_registered",
    "information_requested",
    "case_reviewed",
    "case_not_accepted",
    "case_concluded",
    "case_referred",
    "case_received",
    "case_verified",
    "case_dismissed",
    "case_returned",
    "sanction_recommended",
    "recommendation_received",
    "warned",
    "summoned_first",
    "summoned_again",
    "examined",
    "decided",
    "not_sanctioned",
    "delivery_scheduled",
    "decision_sent",
    "decision_handed_over",
    "objection_filed",
    "objection_decided",
    "appeal_filed",
    "appeal_answer_requested",
    "appeal_answered",
    "appeal_decided",
    "sbt_verified",
    "breach_known",
    "breach_notified",
    "subject_request",
    "processing_restricted",
    "lapor_received",
    "lapor_forwarded",
    "lapor_followed_up",
    "lapor_answered",
};

inline constexpr Word<DeadlineUnit> kDeadlineUnits[] = {
    {"hari", DeadlineUnit::kDays},
    {"hari_kerja", DeadlineUnit::kWorkingDays},
    {"jam", DeadlineUnit::kHours},
};

inline constexpr Word<CountFrom> kCountFrom[] = {
    {"next_day", CountFrom::kNextDay},
    {"same_day", CountFrom::kSameDay},
    {"instant", CountFrom::kInstant},
};

inline constexpr Word<DeadlineRole> kDeadlineRoles[] = {
    {"intake", DeadlineRole::kIntake},     {"referral", DeadlineRole::kReferral},
    {"sanction", DeadlineRole::kSanction}, {"author", DeadlineRole::kAuthor},
    {"reporter", DeadlineRole::kReporter}, {"respondent", DeadlineRole::kRespondent},
    {"bpasn", DeadlineRole::kBpasn},       {"nobody", DeadlineRole::kNobody},
};

inline constexpr Word<DeadlineCondition> kDeadlineConditions[] = {
    {"more_information", DeadlineCondition::kMoreInformation},
    {"no_more_information", DeadlineCondition::kNoMoreInformation},
    {"route_keberatan", DeadlineCondition::kObjectionRoute},
    {"route_banding", DeadlineCondition::kAppealRoute},
};

inline constexpr Word<TimeZone> kTimeZones[] = {
    {"WIB", TimeZone::kWib},
    {"WITA", TimeZone::kWita},
    {"WIT", TimeZone::kWit},
};

inline constexpr Word<bool> kYesNo[] = {{"yes", true}, {"no", false}};

}  // namespace selaras::reference
