#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <google/protobuf/field_mask.pb.h>

#include "services/domain/decide.h"

// What corrections have in common, of a case or of a report: which fact is meant, what is replaced,
// and that the new values keep the rules under which the old ones were stated.
namespace selaras::domain {

// nullptr if the section has no such effective fact.
const storage::v1::EffectiveFact* FindEffective(const storage::v1::SectionFold& section,
                                                const event::v1::Position& position);
// The newest fact that an officer stated, nullptr if there is none: that a day passed stands in
// nobody's way.
const storage::v1::EffectiveFact* NewestOfOfficer(const storage::v1::SectionFold& section);

// Refusals. `rule` is FactCorrected or FactVoided.
absl::Status NotOfOfficer(absl::string_view rule);
absl::Status NotForDocuments(absl::string_view rule);
absl::Status NoSuchFact();

// What a correction names, by where it stands.
struct NamedFields {
  google::protobuf::FieldMask fact;      // paths of the fact's message
  google::protobuf::FieldMask personal;  // paths of the personal part
  bool occurred_at = false;
};
absl::StatusOr<NamedFields> ReadPaths(const google::protobuf::FieldMask& fields,
                                      const storage::v1::EffectiveFact& target);

// The correction as it is written: what the command names and nothing else.
absl::StatusOr<event::v1::FactCorrected> NewCorrection(const command::v1::CorrectFact& command,
                                                       const NamedFields& named,
                                                       const storage::v1::EffectiveFact& target);

// Refuses a correction of what decides which step it was, or where the case goes.
absl::Status CheckNotFixed(const event::v1::FactCorrected& correction);

// A named field of a corrected fact keeps the rules under which it was stated. A field name means
// the same in every fact.
absl::Status CheckValue(const std::string& name, const event::v1::Fact& fact, MaybeStatus status,
                        const reference::Catalogue& catalogue);

// Numbers that replace those of a fact.
absl::Status CheckNumbers(const References& references);

}  // namespace selaras::domain
