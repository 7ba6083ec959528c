#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/registers/csv.h"
#include "tools/registers/rows.h"

namespace selaras::registers {

// The columns of a kind of register, left to right.
std::span<const absl::string_view> ColumnsOf(Kind kind);

// What the first line of a file says: which register it is and where its columns stand.
class Header {
 public:
  // Names are compared without regard to case and spaces around them; empty ones at the
  // end are ignored. The register is the one that shares most names. INVALID_ARGUMENT names
  // the columns that are missing, unknown or twice there.
  static absl::StatusOr<Header> Read(const CsvRecord& record);

  Kind kind() const { return kind_; }
  std::span<const absl::string_view> columns() const { return ColumnsOf(kind_); }

  // The cells of a record, trimmed, one for each of columns(); empty where it is too short.
  std::vector<std::string> CellsOf(const CsvRecord& record) const;

  // Why a record does not fit the header, "25 cells, not 26"; empty if it does. Further
  // cells without text are no fault.
  std::string MisfitOf(const CsvRecord& record) const;

 private:
  Kind kind_ = Kind::kBawaslu;
  std::vector<std::size_t> places_;  // in the file, of each of columns()
};

}  // namespace selaras::registers
