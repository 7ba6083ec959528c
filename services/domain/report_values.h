#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/personal.pb.h"

// Limits of what rule 8 protects of a report, the same wherever a command carries it.
namespace selaras::domain {

// Reporter, place, chronology and evidence. `path` is that of the message in the request, with its
// dot, or empty.
absl::Status CheckProtected(absl::string_view path, const event::v1::PersonalPart& personal);

}  // namespace selaras::domain
