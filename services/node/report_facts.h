#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/storage/v1/storage.pb.h"

#include "storage/log/store.h"

// What an office knows of its own reports and cases besides what it shares (rule 8).
namespace selaras::node {

// The facts of a report: those of the shared log, then its details from the private one.
absl::StatusOr<std::vector<storage::v1::EffectiveFact>> ReportFacts(
    const log::StoreReader& store, const storage::v1::StoredSubject& report);

// Source code among the facts of a report; empty if none is recorded.
std::string SourceIn(const std::vector<storage::v1::EffectiveFact>& report);

// Motive codes of a case.
absl::StatusOr<std::vector<std::string>> MotivesOf(const log::StoreReader& store,
                                                   const storage::v1::StoredSubject& of_case);

}  // namespace selaras::node
