#include "services/domain/deadline_moments.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace selaras::domain {
namespace {

using event::v1::Fact;

// What a supervisor finds is no report of somebody: it has a limit of its own.
bool IsFinding(const Fact& fact) {
  const std::string& source = fact.report_details_recorded().source();
  return source == "temuan" || source == "lhp";
}
bool IsKnown(const Fact& fact) { return !fact.report_details_recorded().known_on().empty(); }

struct Moment {
  absl::string_view word;
  absl::string_view fact;  // its name in the vocabulary
  bool (*holds)(const Fact&) = nullptr;
};

// Moments that are not simply the fact of that name.
constexpr Moment kMoments[] = {
    {"report_known", "report_details_recorded",
     [](const Fact& fact) { return IsKnown(fact) && !IsFinding(fact); }},
    {"finding_known", "report_details_recorded",
     [](const Fact& fact) { return IsKnown(fact) && IsFinding(fact); }},
    {"case_not_accepted", "case_reviewed",
     [](const Fact& fact) { return !fact.case_reviewed().accepted(); }},
    {"completion_requested", "report_completion_requested",
     [](const Fact& fact) { return !fact.report_completion_requested().additional_information(); }},
    {"information_requested", "report_completion_requested",
     [](const Fact& fact) { return fact.report_completion_requested().additional_information(); }},
    {"not_sanctioned", "sanction_declined"},
    {"warned", "ppk_warned"},
    {"objection_decided", "objection_decided",
     [](const Fact& fact) { return fact.objection_decided().route() != "banding"; }},
    {"appeal_decided", "objection_decided",
     [](const Fact& fact) { return fact.objection_decided().route() == "banding"; }},
    {"summoned_first", "respondent_summoned"},
    {"summoned_again", "respondent_summoned"},
    {"examined", "respondent_examined"},
    {"decided", "sanction_decided"},
    {"delivery_scheduled", "delivery_step_recorded",
     [](const Fact& fact) { return fact.delivery_step_recorded().step() == kDeliveryScheduled; }},
    {"decision_sent", "delivery_step_recorded",
     [](const Fact& fact) { return fact.delivery_step_recorded().step() == "dikirim"; }},
    {"appeal_answer_requested", "appeal_step_recorded",
     [](const Fact& fact) { return fact.appeal_step_recorded().step() == "tanggapan_diminta"; }},
    {"appeal_answered", "appeal_step_recorded",
     [](const Fact& fact) {
       return fact.appeal_step_recorded().step() == "tanggapan_disampaikan";
     }},
    {"objection_filed", "objection_filed",
     [](const Fact& fact) { return fact.objection_filed().route() != "banding"; }},
    {"appeal_filed", "objection_filed",
     [](const Fact& fact) { return fact.objection_filed().route() == "banding"; }},
};

constexpr absl::string_view kOfReport[] = {
    "report_known",     "finding_known",     "report_received",       "completion_requested",
    "report_completed", "report_registered", "information_requested",
};

Moment MomentOf(absl::string_view word) {
  const auto* found = std::find_if(std::begin(kMoments), std::end(kMoments),
                                   [word](const Moment& each) { return each.word == word; });
  return found == std::end(kMoments) ? Moment{word, word} : *found;
}

const google::protobuf::FieldDescriptor* FieldOf(absl::string_view fact) {
  return Fact::descriptor()->FindFieldByName(std::string(fact));
}

}  // namespace

bool IsProduced(absl::string_view moment) { return FieldOf(MomentOf(moment).fact) != nullptr; }

bool IsOfReport(absl::string_view moment) {
  return std::find(std::begin(kOfReport), std::end(kOfReport), moment) != std::end(kOfReport);
}

FactList FactsOf(absl::string_view word, const FactList& facts) {
  const Moment moment = MomentOf(word);
  const auto* field = FieldOf(moment.fact);
  FactList found;
  if (field == nullptr) return found;
  for (const auto* fact : facts) {
    if (static_cast<int>(fact->fact().kind_case()) != field->number()) continue;
    if (moment.holds == nullptr || moment.holds(fact->fact())) found.push_back(fact);
  }
  if (word == "summoned_first" && found.size() > 1) found.resize(1);
  if (word == "summoned_again" && !found.empty()) found.erase(found.begin());
  return found;
}

}  // namespace selaras::domain
