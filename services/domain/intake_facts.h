#pragma once

#include <optional>
#include <string>

#include "selaras/event/v1/fact.pb.h"

#include "services/domain/fold.h"

// What the intake section states of a case, whichever office writes it now: an office to which a
// case was delegated goes on with what the delegation restates.
namespace selaras::domain {

// The naming of the respondent; nullptr if it is not here. A pointer into `fold`.
const event::v1::RespondentNamed* NamingOf(const CaseFold& fold);

// The conclusion; nothing where it was not concluded or is not here.
std::optional<event::v1::CaseConcluded> ConclusionOf(const CaseFold& fold);

// The respondent's employment status as it is known last; empty if it is not.
std::string EmploymentStatusOf(const CaseFold& fold);

}  // namespace selaras::domain
