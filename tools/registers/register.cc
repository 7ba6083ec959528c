#include "tools/registers/register.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/domain/letter_number.h"
#include "services/domain/register_number.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "tools/registers/bawaslu_register.h"
#include "tools/registers/bkn_register.h"
#include "tools/registers/bkpsdm_register.h"
#include "tools/registers/cells.h"
#include "tools/registers/csv.h"
#include "tools/registers/errors.h"
#include "tools/registers/header.h"
#include "tools/registers/row_identity.h"
#include "tools/registers/worklist.h"

namespace selaras::registers {
namespace {

constexpr std::size_t kRowsMax = 1'000'000;

std::optional<int> YearOfDate(const RowReader& cells, absl::string_view column) {
  const auto date = ParseDate(cells.Raw(column));
  return date ? std::optional(date->year()) : std::nullopt;
}

// The province's Bawaslu, for a region 13.04 as for 13.
std::string BawasluOf(absl::string_view region) {
  return absl::StrCat("bawaslu/", region.substr(0, region.find('.')));
}

// Offices below the province write into its register, each with numbers of its own. Where
// a number does not say which office gave it, or only its province (`kab/03`, not 03.19), the
// region of its rows does.
RowIdentity IdentityInBawaslu(const RowReader& cells, const reference::Catalogue& catalogue) {
  RowIdentity identity;
  const absl::string_view raw = cells.Raw("nomor_register");
  const domain::RegisterNumber number = domain::ParseRegisterNumber(raw);
  identity.number = domain::NormaliseRegisterNumber(raw);
  identity.year = number.year ? number.year : YearOfDate(cells, "tanggal_diterima");
  if (const auto* region = catalogue.FindRegion(cells.Raw("kode_wilayah")); region != nullptr) {
    identity.office = BawasluOf(region->code);
    if (!absl::StrContains(number.office_code, '.')) {
      absl::StrAppend(&*identity.office, "@", region->code);
    }
  }
  return identity;
}

RowIdentity IdentityByLetter(const RowReader& cells, absl::string_view letter_column) {
  RowIdentity identity;
  identity.number = domain::NormaliseLetterNumber(cells.Raw(letter_column));
  identity.year = YearOfNumber(identity.number);
  if (!identity.year) identity.year = YearOfDate(cells, "tanggal_terima");
  return identity;
}

RowIdentity IdentityOf(Kind kind, const RowReader& cells, const reference::Catalogue& catalogue) {
  switch (kind) {
    case Kind::kBawaslu:
      return IdentityInBawaslu(cells, catalogue);
    case Kind::kBkn: {
      RowIdentity identity = IdentityByLetter(cells, "nomor_surat_penerusan");
      identity.office = std::string(kBkn);
      return identity;
    }
    case Kind::kWorklist:
      return {};  // the id of the case is in the row
    case Kind::kBkpsdm:
      break;
  }
  RowIdentity identity = IdentityByLetter(cells, "nomor_rekomendasi");
  const auto* region = catalogue.FindRegion(cells.Raw("kode_wilayah"));
  if (region != nullptr) identity.office = absl::StrCat("ppk/", region->code);
  return identity;
}

absl::string_view NumberColumn(Kind kind) {
  switch (kind) {
    case Kind::kBawaslu:
      return "nomor_register";
    case Kind::kBkn:
      return "nomor_surat_penerusan";
    case Kind::kWorklist:
      return "id_kasus";
    case Kind::kBkpsdm:
      break;
  }
  return "nomor_rekomendasi";
}

// Fills in what follows from the row alone.
Plan PlanOf(BawasluRow row, absl::string_view file_key) {
  Plan plan;
  plan.number = row.register_number;
  plan.authority = BawasluOf(row.region);
  plan.commands = CommandsOf(row, file_key);
  plan.row = std::move(row);
  return plan;
}

Plan PlanOf(BknRow row) {
  Plan plan;
  plan.number = row.referral_letter;
  plan.authority = std::string(kBkn);
  plan.acting_for = row.acting_for;
  plan.look_up = LookUp{event::v1::REFERENCE_KIND_REFERRAL_LETTER, row.referral_letter, row.nip};
  plan.commands = CommandsOf(row);
  plan.row = std::move(row);
  return plan;
}

Plan PlanOf(BkpsdmRow row) {
  Plan plan;
  plan.number = row.recommendation_letter;
  plan.authority = absl::StrCat("ppk/", row.region);
  plan.look_up =
      LookUp{event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, row.recommendation_letter, row.nip};
  plan.commands = CommandsOf(row);
  plan.row = std::move(row);
  return plan;
}

// Turns records into planned rows, one after the other.
class Planner {
 public:
  Planner(const Header& header, const reference::Catalogue& catalogue, const ReadOptions& options)
      : header_(header), catalogue_(catalogue), options_(options) {}

  PlannedRow Take(const CsvRecord& record) {
    const std::vector<std::string> texts = header_.CellsOf(record);
    RowReader cells(header_.columns(), texts);
    const std::string number(cells.Raw(NumberColumn(header_.kind())));
    if (const auto earlier = EarlierLine(record)) {
      return Duplicate{record.line, *earlier, number};
    }
    if (header_.kind() == Kind::kWorklist) return TakeWork(record, cells);
    const RowIdentity identity = IdentityOf(header_.kind(), cells, catalogue_);
    const int ordinal = ordinals_.Next(identity);

    // A row that is shifted against the header fails as a whole, in the first column.
    if (const std::string misfit = header_.MisfitOf(record); !misfit.empty()) {
      return Refusal{record.line, number, std::string(header_.columns().front()), misfit};
    }
    const std::string file_key = FileKey(identity);
    Plan plan = Read(cells, file_key, record.line);
    RefuseSecondOfPerson(plan, file_key, record.line, cells);
    if (const auto& fault = cells.fault(); fault) {
      return Refusal{record.line, number, std::string(fault->column), fault->why};
    }
    plan.line = record.line;
    plan.request_id = RequestId(file_key, ordinal, options_.generation);
    return plan;
  }

 private:
  struct FirstRow {
    int line = 0;
    BawasluRow row;
  };

  // A row of a worklist, which says itself which case it is about.
  PlannedRow TakeWork(const CsvRecord& record, RowReader& cells) {
    const std::string number(cells.Raw(NumberColumn(Kind::kWorklist)));
    if (const std::string misfit = header_.MisfitOf(record); !misfit.empty()) {
      return Refusal{record.line, number, std::string(header_.columns().front()), misfit};
    }
    Plan plan = ReadWorklistRow(cells, catalogue_, options_.generation);
    const auto [at, is_new] = persons_.try_emplace(plan.request_id, record.line);
    if (!is_new) {
      cells.Refuse("perintah",
                   absl::StrCat("the same command of the case as in line ", at->second));
    }
    if (!role_) role_ = plan.commands.index();
    if (*role_ != plan.commands.index()) cells.Refuse("lembaga", "of another node than the first");
    if (const auto& fault = cells.fault(); fault) {
      return Refusal{record.line, number, std::string(fault->column), fault->why};
    }
    plan.line = record.line;
    return plan;
  }

  // Spaces around a cell are no difference, nor are empty cells at the end.
  std::optional<int> EarlierLine(const CsvRecord& record) {
    std::string row;
    std::size_t end = 0;
    for (const std::string& field : record.fields) {
      const absl::string_view text = TrimCell(field);
      base::AppendU64(&row, text.size());
      absl::StrAppend(&row, text);
      if (!text.empty()) end = row.size();
    }
    row.resize(end);
    const auto [at, is_new] = lines_.try_emplace(crypto::Sha256(row), record.line);
    return is_new ? std::nullopt : std::optional(at->second);
  }

  Plan Read(RowReader& cells, const std::string& file_key, int line) {
    switch (header_.kind()) {
      case Kind::kBawaslu: {
        BawasluRow row = ReadBawasluRow(cells, catalogue_);
        if (!cells.fault()) JoinReport(file_key, line, cells, row);
        return PlanOf(std::move(row), file_key);
      }
      case Kind::kBkn:
        return PlanOf(ReadBknRow(cells, catalogue_));
      case Kind::kWorklist:
      case Kind::kBkpsdm:
        break;
    }
    return PlanOf(ReadBkpsdmRow(cells, catalogue_));
  }

  // The first good row of a report says what the report is. Another may name only another
  // respondent: which of the two is right, nobody here can know.
  void JoinReport(const std::string& file_key, int line, RowReader& cells, BawasluRow& row) {
    const auto [at, is_new] = reports_.try_emplace(file_key, FirstRow{line, row});
    if (is_new) return;
    const FirstRow& first = at->second;
    row.register_number = first.row.register_number;  // in the spelling of the first
    if (const auto column = DifferenceOfReports(first.row, row); !column.empty()) {
      cells.Refuse(column, absl::StrCat("not as in line ", first.line, ", of the same report"));
    }
  }

  // One person stands once in a report or under a letter: a second row that says something
  // else contradicts the first.
  void RefuseSecondOfPerson(const Plan& plan, absl::string_view file_key, int line,
                            RowReader& cells) {
    const std::string& nip =
        std::visit([](const auto& row) -> const std::string& { return row.nip; }, plan.row);
    if (cells.fault() || nip.empty()) return;
    const auto [at, is_new] = persons_.try_emplace(absl::StrCat(file_key, " ", nip), line);
    if (!is_new) cells.Refuse("terlapor_nip", absl::StrCat("same person as in line ", at->second));
  }

  const Header& header_;
  const reference::Catalogue& catalogue_;
  const ReadOptions& options_;
  Ordinals ordinals_;
  absl::flat_hash_map<base::Digest, int> lines_;
  absl::flat_hash_map<std::string, int> persons_;
  absl::flat_hash_map<std::string, FirstRow> reports_;
  std::optional<std::size_t> role_;  // of the first row of a worklist: index in Commands
};

// Whether the officer left the row as it was.
bool IsUntouched(const Header& header, const CsvRecord& record) {
  if (header.kind() != Kind::kWorklist) return false;
  const std::vector<std::string> texts = header.CellsOf(record);
  return RowReader(header.columns(), texts).IsEmpty("perintah");
}

}  // namespace

absl::StatusOr<Register> ReadRegister(absl::string_view bytes,
                                      const reference::Catalogue& catalogue,
                                      const ReadOptions& options) {
  ASSIGN_OR_RETURN(CsvReader csv, CsvReader::Open(bytes));
  ASSIGN_OR_RETURN(const std::optional<CsvRecord> first, csv.Next());
  if (!first) return FileIsEmpty();
  ASSIGN_OR_RETURN(const Header header, Header::Read(*first));

  Register read;
  read.kind = header.kind();
  Planner planner(header, catalogue, options);
  for (;;) {
    ASSIGN_OR_RETURN(const std::optional<CsvRecord> record, csv.Next());
    if (!record) return read;
    if (read.rows.size() == kRowsMax) return TooManyRows();
    if (IsUntouched(header, *record)) continue;
    read.rows.push_back(planner.Take(*record));
  }
}

}  // namespace selaras::registers
