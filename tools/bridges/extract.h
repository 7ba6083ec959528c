#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/bridges/table.h"
#include "tools/registers/describe.h"
#include "tools/registers/plan.h"

namespace selaras::bridges {

// A row of a table that another system gave out.
struct ExtractRow {
  int line = 0;  // in the file, from 1
  std::string number;
  std::string nip;
  std::vector<registers::LookUp> keys;  // the first that finds a case decides
  std::vector<std::string> cells;       // one for each of Extract::columns
  std::string fault;                    // why it cannot be compared; empty: it can
};

// An extract of another system, in the columns of the export; some may be missing, none may be
// unknown.
struct Extract {
  System system = System::kHukdis;
  std::vector<std::size_t> columns;  // places in ColumnsOf(system), in the order of the file
  std::vector<ExtractRow> rows;
};

// Which columns a first line names: those of a system's export rather than of a register.
bool IsExtract(absl::string_view bytes);

// INVALID_ARGUMENT if the file cannot be read as a table, or names a column that the export does
// not have, or lacks what rows are joined by: nip, and skNomor (hukdis) or one of nomor_sbt,
// nomor_surat_penerusan, nomor_rekomendasi (SBT). Rows that repeat an earlier one are left out.
absl::StatusOr<Extract> ReadExtract(absl::string_view bytes);

// Where the row and what the export says of the case differ: `in_file` and `recorded`. Compared is
// what the row has and the export fills; days, numbers and letter case however they are written.
std::vector<registers::Difference> Compare(const Extract& extract, const ExtractRow& row,
                                           const std::vector<std::string>& ours);

}  // namespace selaras::bridges
