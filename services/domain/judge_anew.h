#pragma once

#include "absl/status/status.h"

#include "selaras/event/v1/fact.pb.h"

#include "services/domain/decide.h"

namespace selaras::domain {

// What a fact states by the reference data follows when the fields are corrected from which it was
// computed, and the rules hold as for the command that stated it: a sanction that departs needs its
// reason. `corrected` is the fact with the new values; what follows is added to both.
absl::Status JudgeAnew(const CaseFold& fold, const Call& call, event::v1::Fact* corrected,
                       event::v1::FactCorrected* correction);

}  // namespace selaras::domain
