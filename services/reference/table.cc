#include "services/reference/table.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/reference/errors.h"
#include "storage/base/check.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr int kCountMax = 9999;

// As RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(absl::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i++]);
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4) return false;
    for (int k = 0; k < more; ++k, ++i) {
      if (i == text.size()) return false;
      const auto byte = static_cast<std::uint8_t>(text[i]);
      const std::uint8_t low = k > 0 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      const std::uint8_t high = k > 0 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      if (byte < low || byte > high) return false;
    }
  }
  return true;
}

absl::Status CheckLine(absl::string_view file, int line, absl::string_view text) {
  if (text.empty()) return BadLine(file, line, "blank line; remove it");
  if (!IsUtf8(text)) return BadLine(file, line, "not UTF-8; save the file as UTF-8");
  for (const char c : text) {
    if (c == '\r') return BadLine(file, line, "carriage return; end lines with LF only");
    if (c != '\t' && absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      return BadLine(file, line, "control character; remove it");
    }
  }
  return absl::OkStatus();
}

}  // namespace

Cell Row::operator[](absl::string_view column) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] == column) return {file_, line_, columns_[i], fields_[i]};
  }
  SELARAS_CHECK(false) << "the parser asks for a column that it does not declare";
  return {};
}

absl::StatusOr<std::vector<Row>> ParseTable(absl::string_view file, absl::string_view text,
                                            std::span<const absl::string_view> columns,
                                            MayBeEmpty empty) {
  if (text.empty()) return BadLine(file, 1, "empty file; the first line names the columns");
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (!lines.back().empty()) {
    return BadLine(file, static_cast<int>(lines.size()), "cut off: no line feed at the end");
  }
  lines.pop_back();

  const std::string header = absl::StrJoin(columns, "\t");
  std::vector<Row> rows;
  rows.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const int line = static_cast<int>(i) + 1;
    RETURN_IF_ERROR(CheckLine(file, line, lines[i]));
    if (i == 0) {
      if (lines[i] != header) {
        return BadLine(file, line,
                       absl::StrCat("the columns must be, with tabs between them: ",
                                    absl::StrJoin(columns, " ")));
      }
      continue;
    }
    std::vector<absl::string_view> fields = absl::StrSplit(lines[i], '\t');
    if (fields.size() != columns.size()) {
      return BadLine(file, line,
                     absl::StrCat(fields.size(), " columns, not ", columns.size(),
                                  "; tabs stand between columns"));
    }
    for (std::size_t k = 0; k < fields.size(); ++k) {
      if (absl::StripAsciiWhitespace(fields[k]) != fields[k]) {
        return BadCell({file, line, columns[k], fields[k]}, "begins or ends with a space");
      }
    }
    rows.emplace_back(file, line, columns, std::move(fields));
  }
  if (rows.empty() && empty == MayBeEmpty::kNo) return BadTable(file, "has no rows");
  return rows;
}

absl::StatusOr<std::string> ReadText(const Cell& cell) {
  if (cell.text.empty()) return BadCell(cell, "empty");
  return std::string(cell.text);
}

absl::StatusOr<LocalDate> ReadDate(const Cell& cell) {
  const std::optional<LocalDate> date = LocalDate::ParseIso(cell.text);
  if (!date) return BadCell(cell, absl::StrCat("\"", cell.text, "\" is not a date yyyy-mm-dd"));
  return *date;
}

absl::StatusOr<std::optional<LocalDate>> ReadOptionalDate(const Cell& cell) {
  if (cell.text.empty()) return std::optional<LocalDate>();
  ASSIGN_OR_RETURN(const LocalDate date, ReadDate(cell));
  return std::optional<LocalDate>(date);
}

absl::StatusOr<int> ReadCount(const Cell& cell) {
  int count = 0;
  const bool digits =
      !cell.text.empty() && cell.text.find_first_not_of("0123456789") == absl::string_view::npos;
  if (!digits || !absl::SimpleAtoi(cell.text, &count) || count < 1 || count > kCountMax) {
    return BadCell(cell, absl::StrCat("\"", cell.text, "\" is not a number 1 to ", kCountMax));
  }
  return count;
}

absl::StatusOr<std::optional<int>> ReadOptionalCount(const Cell& cell) {
  if (cell.text.empty()) return std::optional<int>();
  ASSIGN_OR_RETURN(const int count, ReadCount(cell));
  return std::optional<int>(count);
}

absl::StatusOr<std::vector<std::string>> ReadList(const Cell& cell) {
  std::vector<std::string> items;
  if (cell.text.empty()) return items;
  for (const absl::string_view item : absl::StrSplit(cell.text, ',')) {
    if (item.empty()) return BadCell(cell, "empty item in a list; write a,b");
    items.emplace_back(item);
  }
  return items;
}

absl::StatusOr<Provenance> ReadProvenance(const Row& row) {
  Provenance provenance;
  ASSIGN_OR_RETURN(provenance.mark, ReadWord(row["mark"], kMarks));
  provenance.source = std::string(row["source"].text);
  if (provenance.source.empty() && provenance.mark != Mark::kUnverified) {
    return BadCell(row["source"], "empty; only rows marked R may do without a source");
  }
  return provenance;
}

absl::Status CheckInterval(const Cell& to, const std::optional<LocalDate>& from,
                           const std::optional<LocalDate>& until) {
  if (from && until && *until < *from) {
    return BadCell(to, absl::StrCat(until->ToIso(), " lies before the first day, ", from->ToIso()));
  }
  return absl::OkStatus();
}

absl::Status UnknownWord(const Cell& cell, std::span<const absl::string_view> allowed) {
  return BadCell(cell,
                 absl::StrCat("\"", cell.text, "\" is not one of ", absl::StrJoin(allowed, ", ")));
}

absl::Status Duplicate(const Cell& cell) {
  return BadCell(cell, absl::StrCat("\"", cell.text, "\" stands in an earlier row too"));
}

}  // namespace selaras::reference
