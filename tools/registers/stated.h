#pragma once

#include <optional>
#include <string>
#include <vector>

#include "selaras/command/v1/command.pb.h"
#include "selaras/event/v1/fact.pb.h"
#include "selaras/event/v1/personal.pb.h"
#include "selaras/event/v1/types.pb.h"
#include "selaras/intake/v1/intake.pb.h"
#include "selaras/query/v1/query.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "tools/registers/rows.h"

namespace selaras::registers {

// What a command of a register makes a fact say.
struct Stated {
  event::v1::Fact::KindCase kind = event::v1::Fact::KIND_NOT_SET;  // not set: of the report
  event::v1::Fact fact;
  std::vector<std::string> paths;     // fields that the row gives and a correction may change
  std::vector<std::string> deciding;  // fields that decide which step it is
  bool dated = false;                 // whether the row says when, or that it is not recorded
  event::v1::When occurred_at;
  std::optional<event::v1::Respondent> respondent;
  std::optional<event::v1::ExternalReference> number;
  std::optional<std::string> reason_text;  // cannot be corrected
};

Stated StatedBy(const intake::v1::IntakeCommand& command);
Stated StatedBy(const referral::v1::ReferralCommand& command);
Stated StatedBy(const sanction::v1::SanctionCommand& command);

// What the row says besides of a naming or a referral: both restate the report's election, and a
// referral what the office knows of the respondent and the act.
void Restate(const BawasluRow& row, Stated* stated);

// The references of a step with the number in place of the one of its kind; nothing if it is there,
// however it is written.
std::optional<google::protobuf::RepeatedPtrField<event::v1::ExternalReference>> WithNumber(
    const query::v1::TimelineStep& step, const event::v1::ExternalReference& number);

// Whether a fact is a step of a register: one of those that follow each other. Blockers and the
// identity may be stated at several places.
bool IsStep(event::v1::Fact::KindCase kind);

// Whether the recorded step is the one stated, but for what a correction may change.
bool IsSameStep(const query::v1::TimelineStep& recorded, const Stated& stated,
                const std::string& acting_for);

// What makes the recorded step say what is stated; nothing if it does. Without case and reason. A
// naming without a NIP stays so: who the person is, is a statement of its own.
std::optional<command::v1::CorrectFact> CorrectionOf(const query::v1::TimelineStep& recorded,
                                                     const Stated& stated);

}  // namespace selaras::registers
