#include "tools/selaras/table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace selaras::cli {
namespace {

// `blanks` are those that follow the last visible text; they are written only before more of it.
void Append(const Output& output, const Cell& cell, std::size_t width, bool right,
            std::string* blanks, std::string* line) {
  const std::string text = Cut(Printable(cell.text), width);
  const std::string pad(width - std::min(width, WidthOf(text)), ' ');
  if (right) absl::StrAppend(blanks, pad);
  if (!text.empty()) {
    absl::StrAppend(line, *blanks, output.Paint(cell.tone, text));
    blanks->clear();
  }
  if (!right) absl::StrAppend(blanks, pad);
  absl::StrAppend(blanks, "  ");
}

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // no column is cut below this

// Takes from the widest column, one by one, until all fit.
void Narrow(std::size_t terminal, std::vector<std::size_t>* widths) {
  std::size_t total = kGap * (widths->size() - 1);
  for (const std::size_t width : *widths) total += width;
  while (total > terminal) {
    const auto widest = std::max_element(widths->begin(), widths->end());
    if (*widest <= kNarrowest) return;
    --*widest;
    --total;
  }
}

}  // namespace

std::string Cut(absl::string_view text, std::size_t width) {
  if (WidthOf(text) <= width) return std::string(text);
  std::size_t columns = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t begins = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (columns + begins >= width) break;
    columns += begins;
    ++end;
  }
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return absl::StrCat(text.substr(0, end), "…");
}

std::size_t WidthOf(absl::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string Printable(absl::string_view text) {
  std::string printable(text);
  for (std::size_t i = 0; i < printable.size(); ++i) {
    const auto byte = static_cast<unsigned char>(printable[i]);
    // U+0080 to U+009F are control characters too.
    const bool c1 = byte == 0xC2 && i + 1 < printable.size() &&
                    static_cast<unsigned char>(printable[i + 1]) < 0xA0;
    if (absl::ascii_iscntrl(byte)) printable[i] = '?';
    if (c1) printable.replace(i, 2, "?");
  }
  return printable;
}

std::string PrintableLines(absl::string_view text) {
  return absl::StrJoin(
      absl::StrSplit(text, '\n'), "\n",
      [](std::string* out, absl::string_view line) { absl::StrAppend(out, Printable(line)); });
}

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {
  for (std::string& heading : headings_) {
    right_.push_back(!heading.empty() && heading.front() == '>');
    if (right_.back()) heading.erase(0, 1);
  }
}

void Table::Add(std::vector<Cell> row) {
  row.resize(headings_.size(), Cell(""));
  rows_.push_back(std::move(row));
}

std::string Table::Text(const Output& output) const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < headings_.size(); ++column) {
    std::size_t width = WidthOf(headings_[column]);
    for (const auto& row : rows_) width = std::max(width, WidthOf(Printable(row[column].text)));
    widths.push_back(width);
  }
  if (output.width() > 0) Narrow(output.width(), &widths);
  std::string text;
  const auto add = [&](const auto& cell_of) {
    std::string blanks;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      Append(output, cell_of(column), widths[column], right_[column], &blanks, &text);
    }
    text += '\n';
  };
  add([this](std::size_t column) { return Cell(headings_[column], Tone::kDim); });
  for (const auto& row : rows_) {
    add([&row](std::size_t column) -> const Cell& { return row[column]; });
  }
  return text;
}

void Fields::Add(std::string name, Cell value) {
  if (!value.text.empty()) fields_.emplace_back(std::move(name), std::move(value));
}

std::string Fields::Text(const Output& output) const {
  std::size_t width = 0;
  for (const auto& [name, value] : fields_) width = std::max(width, WidthOf(name));
  std::string text;
  for (const auto& [name, value] : fields_) {
    absl::StrAppend(&text, "  ", output.Paint(Tone::kDim, name),
                    std::string(width - WidthOf(name) + 2, ' '),
                    output.Paint(value.tone, Printable(value.text)), "\n");
  }
  return text;
}

}  // namespace selaras::cli
