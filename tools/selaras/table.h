#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "tools/selaras/output.h"

namespace selaras::cli {

struct Cell {
  Cell(std::string content,
       Tone meaning = Tone::kPlain)  // NOLINT(*-explicit-*): rows read as lists
      : text(std::move(content)), tone(meaning) {}
  Cell(const char* content) : text(content) {}  // NOLINT(*-explicit-*)

  std::string text;
  Tone tone = Tone::kPlain;
};

// Rows under headings, each column as wide as its widest cell. No trailing blanks. On a terminal
// that is narrower, the widest columns are cut.
class Table {
 public:
  // Columns whose heading begins with `>` are aligned to the right.
  explicit Table(std::vector<std::string> headings);

  void Add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  std::string Text(const Output& output) const;

 private:
  std::vector<std::string> headings_;
  std::vector<bool> right_;
  std::vector<std::vector<Cell>> rows_;
};

// Names and values, one a line; those without a value are left out.
class Fields {
 public:
  void Add(std::string name, Cell value);
  std::string Text(const Output& output) const;

 private:
  std::vector<std::pair<std::string, Cell>> fields_;
};

// The text, cut to `width` columns; `…` stands for what is missing.
std::string Cut(absl::string_view text, std::size_t width);

// How many columns of a terminal UTF-8 text takes: one for each code point.
std::size_t WidthOf(absl::string_view text);

// Control characters, which could paint a terminal, replaced by `?`. For all text that others
// wrote.
std::string Printable(absl::string_view text);
// The same but for line ends, which stay.
std::string PrintableLines(absl::string_view text);

}  // namespace selaras::cli
