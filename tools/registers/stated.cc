#include "tools/registers/stated.h"

#include <algorithm>

#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/message_differencer.h>

#include "services/domain/decide.h"
#include "services/domain/fold.h"
#include "services/domain/references.h"
#include "tools/registers/shown.h"

namespace selaras::registers {
namespace {

using event::v1::Fact;
using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::MessageDifferencer;
using query::v1::TimelineStep;

event::v1::ExternalReference Number(event::v1::ReferenceKind kind, const std::string& raw) {
  event::v1::ExternalReference number;
  number.set_kind(kind);
  number.set_raw(raw);
  return number;
}

template <typename Command>
void Date(const Command& command, Stated* stated) {
  stated->dated = true;
  stated->occurred_at = command.occurred_at();
}

// Whether both facts, of one kind, have the same in that field.
bool SameField(const Fact& a, const Fact& b, const std::string& path) {
  FieldMask mask;
  mask.add_paths(path);
  Fact left = a;
  Fact right = b;
  FieldMaskUtil::TrimMessage(mask, domain::MutableKindMessage(&left));
  FieldMaskUtil::TrimMessage(mask, domain::MutableKindMessage(&right));
  return MessageDifferencer::Equals(left, right);
}

Stated Finish(Stated stated) {
  stated.kind = stated.fact.kind_case();
  return stated;
}

void CorrectPersonal(const TimelineStep& recorded, const Stated& stated,
                     command::v1::CorrectFact* correction) {
  if (stated.respondent) {
    event::v1::Respondent respondent = *stated.respondent;
    const bool named_open =
        recorded.fact().has_respondent_named() && recorded.personal().respondent().nip().empty();
    if (named_open) respondent.clear_nip();
    if (!MessageDifferencer::Equals(respondent, recorded.personal().respondent())) {
      correction->mutable_fields()->add_paths("personal.respondent");
      *correction->mutable_new_personal()->mutable_respondent() = std::move(respondent);
    }
  }
  if (!stated.number) return;
  if (auto references = WithNumber(recorded, *stated.number)) {
    correction->mutable_fields()->add_paths("personal.references");
    *correction->mutable_new_personal()->mutable_references() = *std::move(references);
  }
}

}  // namespace

Stated StatedBy(const intake::v1::IntakeCommand& command) {
  Stated stated;
  if (command.has_name_respondent()) {
    const auto& named = command.name_respondent();
    auto* fact = stated.fact.mutable_respondent_named();
    fact->set_employment_status(named.employment_status());
    fact->set_position_kind(named.position_kind());
    fact->set_rank(named.rank());
    fact->set_agency_region(named.agency_region());
    fact->set_incident_on(named.incident_on());
    stated.paths = {"employment_status", "position_kind", "rank", "agency_region", "incident_on"};
    // A row that was forwarded says what was found, not what had been alleged.
    if (named.violations_alleged_size() > 0) {
      *fact->mutable_violations_alleged() = named.violations_alleged();
      stated.paths.emplace_back("violations_alleged");
    }
    stated.respondent = named.respondent();
    Date(named, &stated);
  } else if (command.has_review_case()) {
    stated.fact.mutable_case_reviewed()->set_accepted(command.review_case().accepted());
    stated.deciding = {"accepted"};
    Date(command.review_case(), &stated);
  } else if (command.has_conclude_case()) {
    *stated.fact.mutable_case_concluded()->mutable_violations_found() =
        command.conclude_case().violations_found();
    stated.paths = {"violations_found"};
    Date(command.conclude_case(), &stated);
  } else if (command.has_refer_case()) {
    stated.fact.mutable_case_referred();
    stated.number =
        Number(event::v1::REFERENCE_KIND_REFERRAL_LETTER, command.refer_case().letter_number());
    Date(command.refer_case(), &stated);
  }
  return Finish(std::move(stated));
}

std::optional<domain::References> WithNumber(const TimelineStep& step,
                                             const event::v1::ExternalReference& number) {
  domain::References references = step.personal().references();
  for (event::v1::ExternalReference& reference : references) {
    if (reference.kind() != number.kind()) continue;
    if (domain::ReferenceKey(number.kind(), reference.raw()) ==
        domain::ReferenceKey(number.kind(), number.raw())) {
      return std::nullopt;
    }
    reference = number;
    return references;
  }
  *references.Add() = number;
  return references;
}

void Restate(const BawasluRow& row, Stated* stated) {
  if (stated->fact.has_respondent_named()) {
    stated->fact.mutable_respondent_named()->set_election(row.election);
    stated->paths.emplace_back("election");
  }
  if (!stated->fact.has_case_referred()) return;
  auto* fact = stated->fact.mutable_case_referred();
  fact->set_election(row.election);
  fact->add_violations_found(row.violation);
  fact->set_incident_on(row.incident_on ? row.incident_on->ToIso() : "");
  fact->set_agency_region(row.region);
  fact->set_employment_status(row.employment_status);
  fact->set_position_kind(row.position_kind);
  fact->set_rank(row.rank);
  stated->paths = {"election",          "violations_found", "incident_on", "agency_region",
                   "employment_status", "position_kind",    "rank"};
  auto& respondent = stated->respondent.emplace();
  respondent.set_name(row.respondent_name);
  respondent.set_nip(row.nip);
  respondent.set_position_title(row.position_title);
  respondent.set_agency(row.agency);
}

Stated StatedBy(const referral::v1::ReferralCommand& command) {
  Stated stated;
  if (command.has_receive_case()) {
    stated.fact.mutable_case_received();
    stated.number =
        Number(event::v1::REFERENCE_KIND_AGENDA, command.receive_case().agenda_number());
    Date(command.receive_case(), &stated);
  } else if (command.has_verify_case()) {
    stated.fact.mutable_case_verified()->set_proven(command.verify_case().proven());
    stated.deciding = {"proven"};
    Date(command.verify_case(), &stated);
  } else if (command.has_recommend_sanction()) {
    const auto& recommended = command.recommend_sanction();
    auto* fact = stated.fact.mutable_sanction_recommended();
    fact->set_to(recommended.to());
    fact->set_sanction(recommended.sanction());
    fact->set_departure(recommended.departure());
    stated.paths = {"sanction"};
    if (!recommended.to().empty()) stated.deciding = {"to"};
    stated.number =
        Number(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, recommended.letter_number());
  } else if (command.has_dismiss_case()) {
    stated.fact.mutable_case_dismissed();
    stated.reason_text = command.dismiss_case().reason_text();
    Date(command.dismiss_case(), &stated);
  } else if (command.has_return_case()) {
    *stated.fact.mutable_case_returned()->mutable_reasons() = command.return_case().reasons();
    stated.paths = {"reasons"};
    stated.reason_text = command.return_case().reason_text();
    Date(command.return_case(), &stated);
  }
  return Finish(std::move(stated));
}

Stated StatedBy(const sanction::v1::SanctionCommand& command) {
  Stated stated;
  if (command.has_receive_recommendation()) {
    stated.fact.mutable_recommendation_received();
    stated.number =
        Number(event::v1::REFERENCE_KIND_AGENDA, command.receive_recommendation().agenda_number());
    Date(command.receive_recommendation(), &stated);
  } else if (command.has_summon_respondent()) {
    stated.fact.mutable_respondent_summoned();
    Date(command.summon_respondent(), &stated);
  } else if (command.has_examine_respondent()) {
    stated.fact.mutable_respondent_examined();
    Date(command.examine_respondent(), &stated);
  } else if (command.has_record_blocker()) {
    stated.fact.mutable_blocker_recorded()->set_blocker(command.record_blocker().blocker());
  } else if (command.has_decide_sanction()) {
    const auto& decided = command.decide_sanction();
    stated.fact.mutable_sanction_decided()->set_sanction(decided.sanction());
    stated.fact.mutable_sanction_decided()->set_departure(decided.departure());
    stated.paths = {"sanction"};
    stated.number = Number(event::v1::REFERENCE_KIND_DECREE, decided.decree_number());
    Date(decided, &stated);
  } else if (command.has_hand_over_decision()) {
    stated.fact.mutable_decision_handed_over();
    Date(command.hand_over_decision(), &stated);
  } else if (command.has_file_objection()) {
    stated.fact.mutable_objection_filed()->set_route(command.file_objection().route());
    stated.paths = {"route"};
    Date(command.file_objection(), &stated);
  }
  return Finish(std::move(stated));
}

bool IsStep(Fact::KindCase kind) {
  switch (kind) {
    case Fact::kRespondentNamed:
    case Fact::kCaseReviewed:
    case Fact::kCaseConcluded:
    case Fact::kCaseReferred:
    case Fact::kCaseReceived:
    case Fact::kCaseVerified:
    case Fact::kSanctionRecommended:
    case Fact::kCaseDismissed:
    case Fact::kCaseReturned:
    case Fact::kRecommendationReceived:
    case Fact::kRespondentSummoned:
    case Fact::kRespondentExamined:
    case Fact::kSanctionDecided:
    case Fact::kDecisionHandedOver:
    case Fact::kObjectionFiled:
      return true;
    default:
      return false;
  }
}

bool IsSameStep(const TimelineStep& recorded, const Stated& stated, const std::string& acting_for) {
  if (recorded.fact().kind_case() != stated.kind) return false;
  if (stated.kind == Fact::kRespondentNamed) return true;
  if (recorded.acting_for() != acting_for) return false;
  if (stated.reason_text && *stated.reason_text != recorded.personal().reason_text()) return false;
  if (stated.kind == Fact::kCaseConcluded &&
      stated.fact.case_concluded().violations_found().empty() !=
          recorded.fact().case_concluded().violations_found().empty()) {
    return false;
  }
  return std::all_of(stated.deciding.begin(), stated.deciding.end(), [&](const std::string& path) {
    return SameField(recorded.fact(), stated.fact, path);
  });
}

std::optional<command::v1::CorrectFact> CorrectionOf(const TimelineStep& recorded,
                                                     const Stated& stated) {
  command::v1::CorrectFact correction;
  for (const std::string& path : stated.paths) {
    if (SameField(recorded.fact(), stated.fact, path)) continue;
    correction.mutable_fields()->add_paths(path);
    // Another sanction is judged anew; a register's stands as it was, whatever the rules say.
    if (path == "sanction") correction.mutable_fields()->add_paths("departure");
    *correction.mutable_new_fact() = stated.fact;
  }
  if (stated.dated && domain::DayOf(recorded.occurred_at()) != domain::DayOf(stated.occurred_at)) {
    correction.mutable_fields()->add_paths("occurred_at");
    *correction.mutable_new_occurred_at() = stated.occurred_at;
  }
  CorrectPersonal(recorded, stated, &correction);
  if (correction.fields().paths().empty()) return std::nullopt;
  *correction.mutable_position() = recorded.position();
  return correction;
}

}  // namespace selaras::registers
