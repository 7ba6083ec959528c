#pragma once

#include "selaras/query/v1/query.pb.h"

#include "services/domain/fold.h"

namespace selaras::node {

// What the facts say of a case, wherever they are held: state, holder, parties, election, phase,
// violations, sanctions, blockers, objection. Personal data, sections and what only some node
// knows are left alone.
void FillFromFacts(const domain::CaseFold& fold, query::v1::Case* out);

}  // namespace selaras::node
