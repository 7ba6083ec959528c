#include "tools/bridges/extract.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/domain/references.h"
#include "storage/base/status.h"
#include "tools/registers/cells.h"
#include "tools/registers/csv.h"
#include "tools/registers/join.h"

namespace selaras::bridges {
namespace {

using registers::CsvReader;
using registers::CsvRecord;

// By what rows are joined, the surest first.
constexpr absl::string_view kHukdisKeys[] = {"skNomor"};
constexpr absl::string_view kSbtKeys[] = {"nomor_sbt", "nomor_surat_penerusan",
                                          "nomor_rekomendasi"};

std::span<const absl::string_view> KeysOf(System system) {
  if (system == System::kHukdis) return kHukdisKeys;
  return kSbtKeys;
}

std::optional<std::size_t> PlaceOf(System system, absl::string_view name) {
  const auto columns = ColumnsOf(system);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (absl::EqualsIgnoreCase(columns[i].name, name)) return i;
  }
  return std::nullopt;
}

// Of which system most columns are; of none with fewer than two of its keys and NIP.
std::optional<System> SystemOf(const CsvRecord& header) {
  for (const System system : {System::kHukdis, System::kSbt}) {
    const auto has = [&](absl::string_view name) {
      return std::any_of(header.fields.begin(), header.fields.end(), [&](const std::string& field) {
        return absl::EqualsIgnoreCase(registers::TrimCell(field), name);
      });
    };
    const auto keys = KeysOf(system);
    if (has("nip") && std::any_of(keys.begin(), keys.end(), has)) return system;
  }
  return std::nullopt;
}

absl::Status UnknownColumn(absl::string_view name, System system) {
  std::string names;
  for (const Column& column : ColumnsOf(system)) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", column.name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the export ", NameOf(system), " has no column '", name, "'; it has: ", names));
}

absl::Status NoExtract() {
  return absl::InvalidArgumentError(
      "the columns are those of no export; the first line must name nip, and skNomor (hukdis) or "
      "one of nomor_sbt, nomor_surat_penerusan, nomor_rekomendasi (SBT)");
}

// The spaces and the sign with which a table was kept from being a formula.
std::string CellText(absl::string_view cell) {
  cell = registers::TrimCell(cell);
  if (cell.size() > 1 && cell[0] == '\'' && absl::StrContains("=+-@", cell.substr(1, 1))) {
    cell.remove_prefix(1);
  }
  return std::string(cell);
}

std::string Digits(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\''; });
  return text;
}

// A text in the form in which two of that column are compared.
std::string Comparable(absl::string_view column, const std::string& text) {
  if (const auto day = registers::ParseDate(text)) return day->ToIso();
  if (const auto kind = registers::NumberIn(column);
      kind != event::v1::REFERENCE_KIND_UNSPECIFIED) {
    return text.empty() ? text : domain::ReferenceKey(kind, text);
  }
  if (column == "nip") return Digits(text);
  return absl::AsciiStrToLower(text);
}

class Reader {
 public:
  explicit Reader(Extract* extract) : extract_(*extract) {}

  absl::Status ReadHeader(const CsvRecord& header) {
    std::size_t size = header.fields.size();
    while (size > 0 && registers::TrimCell(header.fields[size - 1]).empty()) --size;
    std::set<std::size_t> seen;
    for (std::size_t i = 0; i < size; ++i) {
      const absl::string_view name = registers::TrimCell(header.fields[i]);
      const auto place = PlaceOf(extract_.system, name);
      if (!place || !registers::IsUtf8(name)) return UnknownColumn(name, extract_.system);
      if (!seen.insert(*place).second) {
        return absl::InvalidArgumentError(absl::StrCat("the column ", name, " is there twice"));
      }
      extract_.columns.push_back(*place);
    }
    return absl::OkStatus();
  }

  void ReadRow(const CsvRecord& record) {
    ExtractRow row;
    row.line = record.line;
    for (std::size_t i = 0; i < extract_.columns.size(); ++i) {
      row.cells.push_back(i < record.fields.size() ? CellText(record.fields[i]) : "");
    }
    if (!seen_.insert(row.cells).second) return;
    row.nip = Digits(CellOf(row, "nip"));
    for (const absl::string_view key : KeysOf(extract_.system)) {
      const std::string number = CellOf(row, key);
      if (number.empty()) continue;
      if (row.number.empty()) row.number = number;
      row.keys.push_back({registers::NumberIn(key), number, row.nip});
    }
    row.fault = FaultOf(record, row);
    extract_.rows.push_back(std::move(row));
  }

 private:
  std::string CellOf(const ExtractRow& row, absl::string_view column) const {
    for (std::size_t i = 0; i < extract_.columns.size(); ++i) {
      if (ColumnsOf(extract_.system)[extract_.columns[i]].name == column) return row.cells[i];
    }
    return "";
  }

  std::string FaultOf(const CsvRecord& record, const ExtractRow& row) const {
    const auto text = [](const std::string& field) { return !registers::TrimCell(field).empty(); };
    for (std::size_t i = extract_.columns.size(); i < record.fields.size(); ++i) {
      if (text(record.fields[i])) return "more cells than columns";
    }
    for (const std::string& cell : row.cells) {
      if (!registers::IsUtf8(cell)) return "not UTF-8 text";
    }
    if (row.keys.empty()) return "no number to find its case by";
    if (row.nip.empty()) return "no NIP";
    if (row.nip.size() != 18) return absl::StrCat("NIP: ", row.nip.size(), " digits");
    return "";
  }

  Extract& extract_;
  std::set<std::vector<std::string>> seen_;
};

}  // namespace

bool IsExtract(absl::string_view bytes) {
  auto csv = CsvReader::Open(bytes);
  if (!csv.ok()) return false;
  const auto header = csv->Next();
  return header.ok() && *header && SystemOf(**header).has_value();
}

absl::StatusOr<Extract> ReadExtract(absl::string_view bytes) {
  ASSIGN_OR_RETURN(CsvReader csv, CsvReader::Open(bytes));
  ASSIGN_OR_RETURN(const std::optional<CsvRecord> header, csv.Next());
  const auto system = header ? SystemOf(*header) : std::nullopt;
  if (!system) return NoExtract();
  Extract extract;
  extract.system = *system;
  Reader reader(&extract);
  RETURN_IF_ERROR(reader.ReadHeader(*header));
  for (;;) {
    ASSIGN_OR_RETURN(const std::optional<CsvRecord> record, csv.Next());
    if (!record) return extract;
    reader.ReadRow(*record);
  }
}

std::vector<registers::Difference> Compare(const Extract& extract, const ExtractRow& row,
                                           const std::vector<std::string>& ours) {
  std::vector<registers::Difference> differences;
  for (std::size_t i = 0; i < extract.columns.size(); ++i) {
    const Column& column = ColumnsOf(extract.system)[extract.columns[i]];
    const std::string& own = ours[extract.columns[i]];
    // Another system has its own ids of cases, and what it alone knows is not for us to miss.
    if (!column.filled || column.name == "id_kasus") continue;
    if (Comparable(column.name, row.cells[i]) == Comparable(column.name, own)) continue;
    differences.push_back({std::string(column.name), own, row.cells[i]});
  }
  return differences;
}

}  // namespace selaras::bridges
