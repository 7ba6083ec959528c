#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"

#include "services/domain/local_date.h"

namespace selaras::registers {

// `2024-09-06`, `06/09/2024` or `06-09-2024`, day first; nothing if it is written otherwise
// or there is no such day. Months are never first: what reads in two ways is not read.
std::optional<domain::LocalDate> ParseDate(absl::string_view text);

// Without the spaces around it, the no-break space of copied cells included.
absl::string_view TrimCell(absl::string_view text);

// Well formed by RFC 3629: no surrogates, nothing longer than it need be.
bool IsUtf8(absl::string_view text);

// Checks one row column by column and charges exactly one: the leftmost of the register's
// own order that fails, whatever the order of the checks. After a failure the row goes on
// being read with empty values, and is thrown away at the end.
//
// Columns are given by name and must be among those of the register.
class RowReader {
 public:
  struct Fault {
    absl::string_view column;
    std::string why;
  };

  // One trimmed cell for each column. Both must outlive the reader.
  RowReader(std::span<const absl::string_view> columns, std::span<const std::string> cells);

  // The cell as it stands, unchecked.
  absl::string_view Raw(absl::string_view column) const;
  bool IsEmpty(absl::string_view column) const { return Raw(column).empty(); }

  // "longer than 200 bytes"; empty is allowed.
  std::string Text(absl::string_view column, std::size_t bytes_max);
  // Charges `why`, e.g. "no respondent", if there is nothing.
  void Require(absl::string_view column, absl::string_view why);

  // "not a date"; nothing if the cell is empty.
  std::optional<domain::LocalDate> Date(absl::string_view column);

  struct DatedColumn {
    absl::string_view column;
    std::optional<domain::LocalDate> date;
  };
  // Charges each recorded date that lies before an earlier one of the chain: "before
  // tanggal_terima", or "before the event" if it lies before the date of `event`.
  void CheckOrder(std::initializer_list<DatedColumn> chain, absl::string_view event = "");

  void Refuse(absl::string_view column, absl::string_view why);
  const std::optional<Fault>& fault() const { return fault_; }

 private:
  std::size_t IndexOf(absl::string_view column) const;

  std::span<const absl::string_view> columns_;
  std::span<const std::string> cells_;
  std::optional<Fault> fault_;
};

}  // namespace selaras::registers
