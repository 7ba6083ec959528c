#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/reference/local_date.h"
#include "services/reference/rows.h"
#include "services/reference/words.h"

// Reading one table strictly. Views point into the text that was given.
namespace selaras::reference {

// One field, and where it stands, so that a fault can say so.
struct Cell {
  absl::string_view file;
  int line = 0;  // as an editor counts
  absl::string_view column;
  absl::string_view text;
};

class Row {
 public:
  Row(absl::string_view file, int line, std::span<const absl::string_view> columns,
      std::vector<absl::string_view> fields)
      : file_(file), line_(line), columns_(columns), fields_(std::move(fields)) {}

  // `column` must be one of the table's.
  Cell operator[](absl::string_view column) const;

 private:
  absl::string_view file_;
  int line_;
  std::span<const absl::string_view> columns_;
  std::vector<absl::string_view> fields_;
};

// Splits tab-separated text. The first line must be exactly `columns`; every line has
// as many fields and ends with a line feed. Refused: carriage returns and other control
// characters, blank lines, fields that begin or end with a space, invalid UTF-8.
// `columns` must outlive the rows.
enum class MayBeEmpty { kNo, kYes };
absl::StatusOr<std::vector<Row>> ParseTable(absl::string_view file, absl::string_view text,
                                            std::span<const absl::string_view> columns,
                                            MayBeEmpty empty = MayBeEmpty::kNo);

// What a field must be, or BadCell.
absl::StatusOr<std::string> ReadText(const Cell& cell);  // not empty
absl::StatusOr<LocalDate> ReadDate(const Cell& cell);
absl::StatusOr<std::optional<LocalDate>> ReadOptionalDate(const Cell& cell);
absl::StatusOr<int> ReadCount(const Cell& cell);  // 1 to 9999
absl::StatusOr<std::optional<int>> ReadOptionalCount(const Cell& cell);
absl::StatusOr<std::vector<std::string>> ReadList(const Cell& cell);  // `a,b`; may be empty
absl::StatusOr<Provenance> ReadProvenance(const Row& row);            // columns `mark` and `source`

// Both ends may be open. The fault is charged to `to`.
absl::Status CheckInterval(const Cell& to, const std::optional<LocalDate>& from,
                           const std::optional<LocalDate>& until);

// BadCell that lists the words that are allowed.
absl::Status UnknownWord(const Cell& cell, std::span<const absl::string_view> allowed);

// BadCell: the key of this row stands in an earlier row too.
absl::Status Duplicate(const Cell& cell);

template <typename Value, std::size_t kCount>
absl::StatusOr<Value> ReadWord(const Cell& cell, const Word<Value> (&words)[kCount]) {
  std::vector<absl::string_view> allowed;
  for (const Word<Value>& word : words) {
    if (word.text == cell.text) return word.value;
    allowed.push_back(word.text);
  }
  return UnknownWord(cell, allowed);
}

}  // namespace selaras::reference
