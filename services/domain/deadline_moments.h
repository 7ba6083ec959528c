#pragma once

#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/storage/v1/storage.pb.h"

// From the words of deadlines.tsv (reference::DeadlineMoments) to facts.
namespace selaras::domain {

// Code of the list `delivery_step`: a day was set on which the decision is handed over.
inline constexpr absl::string_view kDeliveryScheduled = "dijadwalkan";

// Facts in the order in which they are looked through: of the report, then of the sections.
using FactList = std::vector<const storage::v1::EffectiveFact*>;

// Whether a fact of today's vocabulary can be that moment. A word that names no fact by its name
// and has no row of its own in the .cc is none yet: rows on it are never open.
bool IsProduced(absl::string_view moment);

// The kind of all facts that can be that moment; KIND_NOT_SET of a word that is none yet.
event::v1::Fact::KindCase KindOf(absl::string_view moment);

// Whether the moment belongs to a report rather than to one of its cases.
bool IsOfReport(absl::string_view moment);

// The facts that are that moment, in the order of `facts`.
FactList FactsOf(absl::string_view moment, const FactList& facts);

}  // namespace selaras::domain
