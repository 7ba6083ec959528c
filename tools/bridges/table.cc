#include "tools/bridges/table.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

#include "tools/bridges/rows.h"
#include "tools/registers/shown.h"

namespace selaras::bridges {
namespace {

std::string CsvField(std::string text) {
  if (!text.empty() && absl::StrContains("=+-@\t\r", text.substr(0, 1))) text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace

absl::string_view NameOf(System system) { return system == System::kHukdis ? "hukdis" : "sbt"; }

absl::string_view NameOf(Mark mark) {
  switch (mark) {
    case Mark::kPublished:
      return "published";
    case Mark::kReported:
      return "reported";
    case Mark::kOwn:
      return "own";
  }
  return "";
}

std::span<const Column> ColumnsOf(System system) {
  return system == System::kHukdis ? HukdisColumns() : SbtColumns();
}

bool MayHaveRow(System system, const query::v1::Case& recorded) {
  if (system == System::kSbt) return !recorded.public_status().empty();
  return recorded.state() >= query::v1::CASE_STATE_DECIDED || !recorded.sanction_imposed().empty();
}

bool HasRow(System system, const Shown& shown) {
  if (!MayHaveRow(system, shown.the_case)) return false;
  if (system == System::kSbt) return true;
  return registers::Shown(shown.the_case, &shown.timeline)
             .Step(event::v1::Fact::kSanctionDecided) != nullptr;
}

std::vector<std::string> RowOf(System system, const Shown& shown,
                               const reference::Catalogue& catalogue) {
  return system == System::kHukdis ? HukdisRow(shown, catalogue) : SbtRow(shown, catalogue);
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    absl::StrAppend(&line, i == 0 ? "" : ",", CsvField(cells[i]));
  }
  return line + "\r\n";
}

std::string HeaderLine(System system) {
  std::vector<std::string> names;
  for (const Column& column : ColumnsOf(system)) names.emplace_back(column.name);
  return CsvLine(names);
}

std::string DayMonthYear(absl::string_view iso) {
  const std::vector<absl::string_view> parts = absl::StrSplit(iso.substr(0, 10), '-');
  if (parts.size() != 3 || parts[0].size() != 4) return std::string(iso);
  return absl::StrCat(parts[2], "-", parts[1], "-", parts[0]);
}

}  // namespace selaras::bridges
