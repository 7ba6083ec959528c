#include "played.h"

#include <utility>

#include <gtest/gtest.h>

#include "tools/registers/effective.h"

namespace selaras::registers {
namespace {

using event::v1::Fact;
using query::v1::TimelineStep;

event::v1::PersonalPart WithNumber(event::v1::ReferenceKind kind, const std::string& raw) {
  event::v1::PersonalPart personal;
  auto* number = personal.add_references();
  number->set_kind(kind);
  number->set_raw(raw);
  return personal;
}

event::v1::PersonalPart WithReason(const std::string& text) {
  event::v1::PersonalPart personal;
  personal.set_reason_text(text);
  return personal;
}

}  // namespace

Played::Played(std::string authority, std::string acting_for)
    : authority_(std::move(authority)), acting_for_(std::move(acting_for)) {}

void Played::Play(const Commands& commands) {
  std::visit(
      [this](const auto& list) {
        for (const auto& command : list) {
          if (command.has_correct_fact()) {
            Correct(command.correct_fact());
          } else if (command.has_void_fact()) {
            Void(command.void_fact());
          } else {
            Play(command);
          }
        }
      },
      commands);
}

void Played::Note(const Fact& fact) { Add(fact, {}, {}); }

void Played::Add(Fact fact, const event::v1::When& when, event::v1::PersonalPart personal) {
  TimelineStep step;
  step.mutable_position()->set_log("own");
  step.mutable_position()->set_sequence(steps_.size());
  step.set_author(authority_);
  step.set_acting_for(acting_for_);
  *step.mutable_fact() = std::move(fact);
  *step.mutable_occurred_at() = when;
  *step.mutable_personal() = std::move(personal);
  step.set_personal_state(query::v1::PERSONAL_STATE_OPEN);
  steps_.push_back(std::move(step));
}

void Played::Play(const intake::v1::IntakeCommand& command) {
  Fact fact;
  event::v1::PersonalPart personal;
  if (command.has_name_respondent()) {
    const auto& named = command.name_respondent();
    auto* to = fact.mutable_respondent_named();
    to->set_employment_status(named.employment_status());
    to->set_position_kind(named.position_kind());
    to->set_rank(named.rank());
    to->set_agency_region(named.agency_region());
    to->set_incident_on(named.incident_on());
    to->set_election("PILKADA-2024");
    *to->mutable_violations_alleged() = named.violations_alleged();
    *personal.mutable_respondent() = named.respondent();
    Add(fact, named.occurred_at(), personal);
  } else if (command.has_identify_respondent()) {
    fact.mutable_respondent_identified()->set_employment_status(
        command.identify_respondent().employment_status());
    personal.mutable_respondent()->set_nip(command.identify_respondent().nip());
    Add(fact, command.identify_respondent().occurred_at(), personal);
  } else if (command.has_review_case()) {
    fact.mutable_case_reviewed()->set_accepted(command.review_case().accepted());
    Add(fact, command.review_case().occurred_at(), {});
  } else if (command.has_conclude_case()) {
    *fact.mutable_case_concluded()->mutable_violations_found() =
        command.conclude_case().violations_found();
    Add(fact, command.conclude_case().occurred_at(), {});
  } else if (command.has_refer_case()) {
    const query::v1::Case known = Case();
    auto* to = fact.mutable_case_referred();
    *to->mutable_violations_found() = known.violations_found();
    to->set_employment_status(known.employment_status());
    to->set_position_kind(known.position_kind());
    to->set_rank(known.rank());
    to->set_agency_region(known.agency_region());
    to->set_incident_on(known.incident_on());
    to->set_election(known.election());
    personal =
        WithNumber(event::v1::REFERENCE_KIND_REFERRAL_LETTER, command.refer_case().letter_number());
    *personal.mutable_respondent() = known.respondent();
    EXPECT_FALSE(known.respondent().nip().empty()) << "a case is referred with its NIP";
    Add(fact, command.refer_case().occurred_at(), personal);
  } else {
    EXPECT_TRUE(command.has_receive_report()) << command.ShortDebugString();
  }
}

void Played::Play(const referral::v1::ReferralCommand& command) {
  Fact fact;
  if (command.has_receive_case()) {
    fact.mutable_case_received();
    Add(fact, command.receive_case().occurred_at(),
        WithNumber(event::v1::REFERENCE_KIND_AGENDA, command.receive_case().agenda_number()));
  } else if (command.has_verify_case()) {
    fact.mutable_case_verified()->set_proven(command.verify_case().proven());
    Add(fact, command.verify_case().occurred_at(), {});
  } else if (command.has_recommend_sanction()) {
    const auto& recommended = command.recommend_sanction();
    fact.mutable_sanction_recommended()->set_to(recommended.to());
    fact.mutable_sanction_recommended()->set_sanction(recommended.sanction());
    Add(fact, {},
        WithNumber(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, recommended.letter_number()));
  } else if (command.has_dismiss_case()) {
    fact.mutable_case_dismissed();
    Add(fact, command.dismiss_case().occurred_at(),
        WithReason(command.dismiss_case().reason_text()));
  } else {
    ASSERT_TRUE(command.has_return_case()) << command.ShortDebugString();
    *fact.mutable_case_returned()->mutable_reasons() = command.return_case().reasons();
    Add(fact, command.return_case().occurred_at(), WithReason(command.return_case().reason_text()));
  }
}

void Played::Play(const sanction::v1::SanctionCommand& command) {
  Fact fact;
  if (command.has_receive_recommendation()) {
    const auto& received = command.receive_recommendation();
    fact.mutable_recommendation_received();
    Add(fact, received.occurred_at(),
        WithNumber(event::v1::REFERENCE_KIND_AGENDA, received.agenda_number()));
  } else if (command.has_summon_respondent()) {
    fact.mutable_respondent_summoned();
    Add(fact, command.summon_respondent().occurred_at(), {});
  } else if (command.has_examine_respondent()) {
    fact.mutable_respondent_examined();
    Add(fact, command.examine_respondent().occurred_at(), {});
  } else if (command.has_record_blocker()) {
    EXPECT_TRUE(Case().sanction_imposed().empty()) << "a blocker stands before the decision";
    fact.mutable_blocker_recorded()->set_blocker(command.record_blocker().blocker());
    Add(fact, {}, {});
  } else if (command.has_decide_sanction()) {
    fact.mutable_sanction_decided()->set_sanction(command.decide_sanction().sanction());
    Add(fact, command.decide_sanction().occurred_at(),
        WithNumber(event::v1::REFERENCE_KIND_DECREE, command.decide_sanction().decree_number()));
  } else if (command.has_hand_over_decision()) {
    fact.mutable_decision_handed_over();
    Add(fact, command.hand_over_decision().occurred_at(), {});
  } else {
    ASSERT_TRUE(command.has_file_objection()) << command.ShortDebugString();
    fact.mutable_objection_filed()->set_route(command.file_objection().route());
    Add(fact, command.file_objection().occurred_at(), {});
  }
}

TimelineStep* Played::At(const event::v1::Position& position) {
  return &steps_.at(position.sequence());
}

void Played::Correct(const command::v1::CorrectFact& command) {
  EXPECT_FALSE(command.reason().empty());
  EXPECT_FALSE(At(command.position())->voided());
  Fact fact;
  auto* correction = fact.mutable_fact_corrected();
  *correction->mutable_position() = command.position();
  *correction->mutable_fields() = command.fields();
  *correction->mutable_new_fact() = command.new_fact();
  *correction->mutable_new_occurred_at() = command.new_occurred_at();
  Add(fact, {}, command.new_personal());
}

void Played::Void(const command::v1::VoidFact& command) {
  EXPECT_FALSE(command.reason().empty());
  query::v1::GetTimelineResponse all;
  const auto effective = EffectiveSteps(Timeline().steps());
  ASSERT_FALSE(effective.empty());
  EXPECT_EQ(effective.back().position().sequence(), command.position().sequence())
      << "only the newest fact can be taken back";
  EXPECT_FALSE(effective.back().fact().has_respondent_named());
  At(command.position())->set_voided(true);
  Fact fact;
  *fact.mutable_fact_voided()->mutable_position() = command.position();
  Add(fact, {}, {});
}

query::v1::GetTimelineResponse Played::Timeline() const {
  query::v1::GetTimelineResponse timeline;
  for (const TimelineStep& step : steps_) *timeline.add_steps() = step;
  return timeline;
}

query::v1::Case Played::Case() const {
  query::v1::Case shown;
  shown.set_case_id("3f2a9c1e-0000-8000-8000-000000000000");
  shown.set_personal(query::v1::PERSONAL_STATE_OPEN);
  for (const TimelineStep& step : EffectiveSteps(Timeline().steps())) {
    shown.mutable_references()->MergeFrom(step.personal().references());
    const auto describe = [&](const auto& opening) {
      shown.set_election(opening.election());
      shown.set_incident_on(opening.incident_on());
      shown.set_agency_region(opening.agency_region());
      shown.set_employment_status(opening.employment_status());
      shown.set_position_kind(opening.position_kind());
      shown.set_rank(opening.rank());
      *shown.mutable_respondent() = step.personal().respondent();
    };
    const Fact& fact = step.fact();
    switch (fact.kind_case()) {
      case Fact::kRespondentNamed:
        describe(fact.respondent_named());
        *shown.mutable_violations_alleged() = fact.respondent_named().violations_alleged();
        shown.set_state(query::v1::CASE_STATE_NAMED);
        break;
      case Fact::kRespondentIdentified:
        shown.mutable_respondent()->set_nip(step.personal().respondent().nip());
        break;
      case Fact::kCaseReviewed:
        shown.set_state(fact.case_reviewed().accepted() ? query::v1::CASE_STATE_ACCEPTED
                                                        : query::v1::CASE_STATE_NOT_ACCEPTED);
        break;
      case Fact::kCaseConcluded:
        *shown.mutable_violations_found() = fact.case_concluded().violations_found();
        shown.set_state(fact.case_concluded().violations_found().empty()
                            ? query::v1::CASE_STATE_NO_VIOLATION
                            : query::v1::CASE_STATE_VIOLATION_FOUND);
        break;
      case Fact::kCaseReferred:
        describe(fact.case_referred());
        *shown.mutable_violations_found() = fact.case_referred().violations_found();
        shown.set_state(query::v1::CASE_STATE_REFERRED);
        break;
      case Fact::kSanctionRecommended:
        shown.set_sanction_recommended(fact.sanction_recommended().sanction());
        break;
      case Fact::kBlockerRecorded:
        shown.add_blockers(fact.blocker_recorded().blocker());
        break;
      case Fact::kSanctionDecided:
        shown.set_sanction_imposed(fact.sanction_decided().sanction());
        break;
      case Fact::kObjectionFiled:
        shown.set_objected(true);
        break;
      default:
        break;
    }
  }
  return shown;
}

}  // namespace selaras::registers
