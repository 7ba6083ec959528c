#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kOfficeColumns[] = {"office",   "name", "region", "valid_from",
                                                "valid_to", "mark", "source", "note"};
constexpr absl::string_view kAgencyColumns[] = {"name",     "region", "authority", "valid_from",
                                                "valid_to", "mark",   "source",    "note"};
constexpr absl::string_view kAlternateColumns[] = {"authority", "alternate", "basis",  "valid_from",
                                                   "valid_to",  "mark",      "source", "note"};
constexpr absl::string_view kProvincePattern = "{PP}";
constexpr absl::string_view kKabupatenPattern = "{PP.KK}";

// Bawaslu's codes have the form of the Ministry's, with other numbers.
bool IsOfficeCode(absl::string_view code) {
  if (code.size() != 2 && code.size() != 5) return false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const bool dot = i == 2;
    if (dot ? code[i] != '.' : !absl::ascii_isdigit(static_cast<unsigned char>(code[i]))) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<Agency> ReadAgency(const Row& row) {
  Agency agency;
  ASSIGN_OR_RETURN(agency.name, ReadText(row["name"]));
  agency.region = std::string(row["region"].text);
  ASSIGN_OR_RETURN(agency.authority, ReadText(row["authority"]));
  ASSIGN_OR_RETURN(agency.valid_from, ReadOptionalDate(row["valid_from"]));
  ASSIGN_OR_RETURN(agency.valid_to, ReadOptionalDate(row["valid_to"]));
  RETURN_IF_ERROR(CheckInterval(row["valid_to"], agency.valid_from, agency.valid_to));
  ASSIGN_OR_RETURN(agency.provenance, ReadProvenance(row));
  agency.note = std::string(row["note"].text);
  return agency;
}

absl::Status CheckPpk(const Row& row, const std::string& id, const Index<Authority>& authorities) {
  const Authority* authority = authorities.Find(id);
  if (authority != nullptr && authority->role == AuthorityRole::kSanction) return absl::OkStatus();
  return BadCell(row["authority"], absl::StrCat("no PPK \"", id, "\""));
}

// One pair of PPKs that the row stands for.
absl::Status Add(const Row& row, Alternate pair, const Index<Authority>& authorities,
                 std::vector<Alternate>* alternates) {
  for (const auto& [column, id] :
       {std::pair<absl::string_view, std::string>("authority", pair.authority),
        {"alternate", pair.alternate}}) {
    const Authority* ppk = authorities.Find(id);
    if (ppk == nullptr || ppk->role != AuthorityRole::kSanction) {
      return BadCell(row[column], absl::StrCat("no PPK \"", id, "\""));
    }
  }
  if (pair.authority == pair.alternate) {
    return BadCell(row["alternate"],
                   absl::StrCat(pair.authority, " would decide instead of itself"));
  }
  alternates->push_back(std::move(pair));
  return absl::OkStatus();
}

absl::Status Add(const Row& row, Agency agency, Index<Agency>* agencies) {
  std::string key = AgencyKey(agency.name);
  if (agencies->Add(std::move(key), std::move(agency))) return absl::OkStatus();
  return Duplicate(row["name"]);
}

}  // namespace

absl::StatusOr<Index<BawasluOffice>> ParseBawasluOffices(absl::string_view text,
                                                         const Index<Region>& regions) {
  Index<BawasluOffice> offices;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("bawaslu_offices.tsv", text, kOfficeColumns));
  for (const Row& row : rows) {
    BawasluOffice office;
    ASSIGN_OR_RETURN(office.code, ReadText(row["office"]));
    if (!IsOfficeCode(office.code)) {
      return BadCell(row["office"], absl::StrCat("\"", office.code, "\" is not PP or PP.KK"));
    }
    ASSIGN_OR_RETURN(office.name, ReadText(row["name"]));
    ASSIGN_OR_RETURN(office.region, ReadText(row["region"]));
    if (regions.Find(office.region) == nullptr) {
      return BadCell(row["region"], absl::StrCat("no region \"", office.region, "\""));
    }
    ASSIGN_OR_RETURN(office.valid_from, ReadOptionalDate(row["valid_from"]));
    ASSIGN_OR_RETURN(office.valid_to, ReadOptionalDate(row["valid_to"]));
    RETURN_IF_ERROR(CheckInterval(row["valid_to"], office.valid_from, office.valid_to));
    ASSIGN_OR_RETURN(office.provenance, ReadProvenance(row));
    office.note = std::string(row["note"].text);
    const std::string code = office.code;
    if (!offices.Add(code, std::move(office))) return Duplicate(row["office"]);
  }
  return offices;
}

absl::StatusOr<Index<Agency>> ParseAgencies(absl::string_view text, const Index<Region>& regions,
                                            const Index<Authority>& authorities) {
  Index<Agency> agencies;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("agencies.tsv", text, kAgencyColumns));
  for (const Row& row : rows) {
    ASSIGN_OR_RETURN(const Agency agency, ReadAgency(row));
    const bool provinces = agency.region == kProvincePattern;
    if (!provinces && agency.region != kKabupatenPattern) {
      if (!agency.region.empty() && regions.Find(agency.region) == nullptr) {
        return BadCell(row["region"], absl::StrCat("no region \"", agency.region, "\""));
      }
      RETURN_IF_ERROR(CheckPpk(row, agency.authority, authorities));
      RETURN_IF_ERROR(Add(row, agency, &agencies));
      continue;
    }
    if (!absl::StrContains(agency.name, "{region}")) {
      return BadCell(row["name"], "a pattern has {region} here");
    }
    for (const Region& region : regions.rows()) {
      if ((region.level == RegionLevel::kProvince) != provinces) continue;
      Agency each = agency;
      each.name = absl::StrReplaceAll(agency.name, {{"{region}", region.name}});
      each.authority = absl::StrReplaceAll(agency.authority, {{agency.region, region.code}});
      each.region = region.code;
      RETURN_IF_ERROR(CheckPpk(row, each.authority, authorities));
      RETURN_IF_ERROR(Add(row, std::move(each), &agencies));
    }
  }
  return agencies;
}

absl::StatusOr<std::vector<Alternate>> ParseAlternates(absl::string_view text,
                                                       const Index<Region>& regions,
                                                       const Index<Authority>& authorities) {
  std::vector<Alternate> alternates;
  std::vector<Alternate> of_patterns;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("alternates.tsv", text, kAlternateColumns, MayBeEmpty::kYes));
  for (const Row& row : rows) {
    Alternate pair;
    ASSIGN_OR_RETURN(pair.authority, ReadText(row["authority"]));
    ASSIGN_OR_RETURN(pair.alternate, ReadText(row["alternate"]));
    ASSIGN_OR_RETURN(pair.basis, ReadText(row["basis"]));
    ASSIGN_OR_RETURN(pair.valid_from, ReadOptionalDate(row["valid_from"]));
    ASSIGN_OR_RETURN(pair.valid_to, ReadOptionalDate(row["valid_to"]));
    RETURN_IF_ERROR(CheckInterval(row["valid_to"], pair.valid_from, pair.valid_to));
    ASSIGN_OR_RETURN(pair.provenance, ReadProvenance(row));
    pair.note = std::string(row["note"].text);
    const bool provinces = absl::StrContains(pair.authority, kProvincePattern);
    if (!provinces && !absl::StrContains(pair.authority, kKabupatenPattern)) {
      RETURN_IF_ERROR(Add(row, std::move(pair), authorities, &alternates));
      continue;
    }
    for (const Region& region : regions.rows()) {
      if ((region.level == RegionLevel::kProvince) != provinces) continue;
      const std::string& province = provinces ? region.code : region.parent;
      Alternate each = pair;
      for (std::string* id : {&each.authority, &each.alternate}) {
        *id = absl::StrReplaceAll(*id,
                                  {{kProvincePattern, province}, {kKabupatenPattern, region.code}});
      }
      RETURN_IF_ERROR(Add(row, std::move(each), authorities, &of_patterns));
    }
  }
  alternates.insert(alternates.end(), of_patterns.begin(), of_patterns.end());
  return alternates;
}

}  // namespace selaras::reference
