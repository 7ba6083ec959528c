#include "services/domain/deadline_moments.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/container/flat_hash_map.h"

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

// What a word stands for.
struct Meaning {
  Fact::KindCase kind = Fact::KIND_NOT_SET;
  bool (*holds)(const Fact&) = nullptr;
};

// Nothing of a word that this version does not know. Looked up once for each row of the time limits
// and each case that is looked at.
const Meaning* MeaningOf(absl::string_view word) {
  static const auto& meanings = *[] {
    auto* made = new absl::flat_hash_map<absl::string_view, Meaning>;
    const google::protobuf::Descriptor& facts = *Fact::descriptor();
    for (int i = 0; i < facts.field_count(); ++i) {
      (*made)[facts.field(i)->name()] = {static_cast<Fact::KindCase>(facts.field(i)->number())};
    }
    for (const Moment& moment : kMoments) {
      const auto fact = made->find(moment.fact);
      if (fact == made->end()) continue;
      const Fact::KindCase kind = fact->second.kind;
      (*made)[moment.word] = {kind, moment.holds};
    }
    return made;
  }();
  const auto found = meanings.find(word);
  return found == meanings.end() ? nullptr : &found->second;
}

}  // namespace

bool IsProduced(absl::string_view moment) { return MeaningOf(moment) != nullptr; }

Fact::KindCase KindOf(absl::string_view moment) {
  const Meaning* meaning = MeaningOf(moment);
  return meaning == nullptr ? Fact::KIND_NOT_SET : meaning->kind;
}

bool IsOfReport(absl::string_view moment) {
  return std::find(std::begin(kOfReport), std::end(kOfReport), moment) != std::end(kOfReport);
}

FactList FactsOf(absl::string_view word, const FactList& facts) {
  const Meaning* meaning = MeaningOf(word);
  FactList found;
  if (meaning == nullptr) return found;
  for (const auto* fact : facts) {
    if (fact->fact().kind_case() != meaning->kind) continue;
    if (meaning->holds == nullptr || meaning->holds(fact->fact())) found.push_back(fact);
  }
  if (word == "summoned_first" && found.size() > 1) found.resize(1);
  if (word == "summoned_again" && !found.empty()) found.erase(found.begin());
  return found;
}

}  // namespace selaras::domain
