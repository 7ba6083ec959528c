#pragma once

#include <string>

#include "selaras/query/v1/query.pb.h"

#include "services/domain/fold.h"
#include "services/reference/catalogue.h"

namespace selaras::node {

// What the facts say of a case, wherever they are held: state, holder, parties, election, phase,
// violations, sanctions, blockers, objection. Personal data, sections and what only some node
// knows are left alone.
void FillFromFacts(const domain::CaseFold& fold, query::v1::Case* out);

// Code of `sbt_status`: where the case stands in the words of SBT. Empty where SBT has none.
std::string PublicStatusOf(const domain::CaseFold& fold, const reference::Catalogue& catalogue);

}  // namespace selaras::node
