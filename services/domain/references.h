#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/repeated_field.h>

#include "selaras/event/v1/personal.pb.h"
#include "selaras/event/v1/types.pb.h"

// Numbers of other systems (SBT, I-DIS, SIASN, SigapLapor, Srikandi) that a command states: kept as
// written, found normalised.
namespace selaras::domain {

using References = google::protobuf::RepeatedPtrField<event::v1::ExternalReference>;

inline constexpr int kReferencesMax = 16;

// Whether the kind is a number of one of those systems.
bool IsOfOtherSystem(event::v1::ReferenceKind kind);

// INVALID_ARGUMENT if it is of no such system, or is no number of its system.
absl::Status CheckReference(absl::string_view field, const event::v1::ExternalReference& reference);

// INVALID_ARGUMENT if there are too many, one is of no such system, or is no number of its system.
absl::Status CheckReferences(absl::string_view field, const References& references);

// The same, and none is of SigapLapor, which never leaves Bawaslu (rule 8).
absl::Status CheckSharedReferences(absl::string_view field, const References& references);

// By what it is found: a normalised form of the number for its kind.
std::string ReferenceKey(event::v1::ReferenceKind kind, absl::string_view raw);

}  // namespace selaras::domain
