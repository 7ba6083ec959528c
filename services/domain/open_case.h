#pragma once

#include "selaras/storage/v1/storage.pb.h"

// What a personnel step must wait for: complaint Q11, officials promoted while their case is open.
namespace selaras::domain {

// Whether proceedings about the respondent are open: a sanction was recommended, and its end - the
// decision handed over, no sanction, an objection decided, the case closed - is not here.
bool IsOpenForPersonnel(const storage::v1::CaseFold& fold);

}  // namespace selaras::domain
