#include "tools/registers/header.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "tools/registers/bawaslu_register.h"
#include "tools/registers/bkn_register.h"
#include "tools/registers/bkpsdm_register.h"
#include "tools/registers/cells.h"
#include "tools/registers/errors.h"
#include "tools/registers/worklist.h"

namespace selaras::registers {
namespace {

// Fewer shared names than this are chance: terlapor_nip stands in every register.
constexpr std::ptrdiff_t kSharedMin = 3;

std::vector<std::string> NamesOf(const CsvRecord& record) {
  std::vector<std::string> names;
  names.reserve(record.fields.size());
  for (const std::string& field : record.fields) {
    names.push_back(absl::AsciiStrToLower(TrimCell(field)));
  }
  while (!names.empty() && names.back().empty()) names.pop_back();
  return names;
}

std::ptrdiff_t SharedWith(Kind kind, const std::vector<std::string>& names) {
  const auto columns = ColumnsOf(kind);
  return std::count_if(columns.begin(), columns.end(), [&](absl::string_view column) {
    return std::find(names.begin(), names.end(), column) != names.end();
  });
}

// For a message: whatever stands in a file that is no register must not fill the screen.
std::string Excerpt(const std::vector<std::string>& names) {
  constexpr std::size_t kBytesMax = 200;
  std::string text = absl::StrJoin(names, ", ");
  if (!IsUtf8(text)) return "not UTF-8";
  if (text.size() > kBytesMax) {
    text.resize(kBytesMax);
    while (!IsUtf8(text)) text.pop_back();
    text += "…";
  }
  for (char& c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return text;
}

}  // namespace

std::span<const absl::string_view> ColumnsOf(Kind kind) {
  switch (kind) {
    case Kind::kBawaslu:
      return BawasluColumns();
    case Kind::kBkn:
      return BknColumns();
    case Kind::kBkpsdm:
      return BkpsdmColumns();
    case Kind::kWorklist:
      return WorklistColumns();
  }
  return {};
}

absl::StatusOr<Header> Header::Read(const CsvRecord& record) {
  const std::vector<std::string> names = NamesOf(record);
  const Kind kinds[] = {Kind::kBawaslu, Kind::kBkn, Kind::kBkpsdm, Kind::kWorklist};
  Header header;
  header.kind_ = *std::max_element(std::begin(kinds), std::end(kinds), [&](Kind a, Kind b) {
    return SharedWith(a, names) < SharedWith(b, names);
  });
  if (SharedWith(header.kind_, names) < kSharedMin) return UnknownRegister(Excerpt(names));

  std::vector<std::string> missing;
  for (const absl::string_view column : header.columns()) {
    const auto found = std::find(names.begin(), names.end(), column);
    if (found == names.end()) missing.emplace_back(column);
    header.places_.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  std::vector<std::string> unknown;
  std::vector<std::string> repeated;
  const auto columns = header.columns();
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(columns.begin(), columns.end(), *name) == columns.end()) {
      unknown.push_back(name->empty() ? "(no name)" : *name);
    } else if (std::find(names.begin(), name, *name) != name) {
      repeated.push_back(*name);
    }
  }
  if (missing.empty() && unknown.empty() && repeated.empty()) return header;
  return BadColumns(NameOf(header.kind_), absl::StrJoin(missing, ", "),
                    unknown.empty() ? "" : Excerpt(unknown), absl::StrJoin(repeated, ", "));
}

std::vector<std::string> Header::CellsOf(const CsvRecord& record) const {
  std::vector<std::string> cells;
  cells.reserve(places_.size());
  for (const std::size_t place : places_) {
    cells.emplace_back(place < record.fields.size() ? TrimCell(record.fields[place]) : "");
  }
  return cells;
}

std::string Header::MisfitOf(const CsvRecord& record) const {
  const std::size_t wanted = places_.size();
  std::size_t size = record.fields.size();
  while (size > wanted && TrimCell(record.fields[size - 1]).empty()) --size;
  return size == wanted ? "" : absl::StrCat(size, " cells, not ", wanted);
}

}  // namespace selaras::registers
