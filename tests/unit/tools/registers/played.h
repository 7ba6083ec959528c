#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "selaras/query/v1/query.pb.h"

#include "tools/registers/plan.h"

namespace selaras::registers {

// A node in the most obvious way: it writes down what the commands of one authority state, and
// shows it. It knows two rules: only the newest fact is taken back, and never the opening.
class Played {
 public:
  explicit Played(std::string authority, std::string acting_for = "");

  // Plays the commands; a test fails where a node would refuse them.
  void Play(const Commands& commands);
  // A fact that no register states.
  void Note(const event::v1::Fact& fact);

  query::v1::GetTimelineResponse Timeline() const;
  query::v1::Case Case() const;
  std::size_t size() const { return steps_.size(); }

 private:
  void Add(event::v1::Fact fact, const event::v1::When& when, event::v1::PersonalPart personal);
  void Play(const intake::v1::IntakeCommand& command);
  void Play(const referral::v1::ReferralCommand& command);
  void Play(const sanction::v1::SanctionCommand& command);
  void Correct(const command::v1::CorrectFact& command);
  void Void(const command::v1::VoidFact& command);
  query::v1::TimelineStep* At(const event::v1::Position& position);

  const std::string authority_;
  const std::string acting_for_;
  std::vector<query::v1::TimelineStep> steps_;
};

}  // namespace selaras::registers
