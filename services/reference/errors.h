#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "services/reference/rows.h"
#include "services/reference/table.h"

namespace selaras::reference {

// A table is wrong as a whole: "regions.tsv: missing; …".
absl::Status BadTable(absl::string_view file, absl::string_view reason);

// A line is wrong: "regions.tsv:3: 5 columns, not 6".
absl::Status BadLine(absl::string_view file, int line, absl::string_view reason);

// One cell is wrong: "regions.tsv:3: parent: no region \"10\"".
absl::Status BadCell(const Cell& cell, absl::string_view reason);

absl::Status UnreadableTable(absl::string_view path, absl::string_view reason);

absl::Status UnknownElection(absl::string_view election);
absl::Status UnknownRegion(absl::string_view region);
absl::Status NoPenetapan(absl::string_view election, absl::string_view region);
absl::Status UnknownGolongan(absl::string_view golongan);
absl::Status GolonganOfOtherStatus(const Golongan& golongan, EmploymentStatus status);

}  // namespace selaras::reference
