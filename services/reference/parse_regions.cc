#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kColumns[] = {"code",     "name", "level",  "parent", "valid_from",
                                          "valid_to", "mark", "source", "note"};

bool IsTwoDigits(absl::string_view text) {
  return text.size() == 2 && absl::ascii_isdigit(static_cast<unsigned char>(text[0])) &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[1]));
}

// `PP` for a province, `PP.KK` for a kabupaten or kota.
bool FitsLevel(absl::string_view code, RegionLevel level) {
  if (level == RegionLevel::kProvince) return IsTwoDigits(code);
  return code.size() == 5 && code[2] == '.' && IsTwoDigits(code.substr(0, 2)) &&
         IsTwoDigits(code.substr(3));
}

absl::Status CheckParent(const Row& row, const Region& region, const Index<Region>& above) {
  const Cell cell = row["parent"];
  if (region.level == RegionLevel::kProvince) {
    return region.parent.empty() ? absl::OkStatus() : BadCell(cell, "a province has no parent");
  }
  const Region* parent = above.Find(region.parent);
  if (parent == nullptr || parent->level != RegionLevel::kProvince) {
    return BadCell(cell, absl::StrCat("no province \"", region.parent, "\" stands above"));
  }
  if (region.parent != region.code.substr(0, 2)) {
    return BadCell(cell, absl::StrCat("the code ", region.code, " belongs to another province"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Index<Region>> ParseRegions(absl::string_view text) {
  Index<Region> regions;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("regions.tsv", text, kColumns));
  for (const Row& row : rows) {
    Region region;
    ASSIGN_OR_RETURN(region.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(region.name, ReadText(row["name"]));
    ASSIGN_OR_RETURN(region.level, ReadWord(row["level"], kRegionLevels));
    if (!FitsLevel(region.code, region.level)) {
      return BadCell(row["code"], absl::StrCat("\"", region.code,
                                               "\" is not PP for a province or PP.KK below it"));
    }
    region.parent = std::string(row["parent"].text);
    RETURN_IF_ERROR(CheckParent(row, region, regions));
    ASSIGN_OR_RETURN(region.valid_from, ReadOptionalDate(row["valid_from"]));
    ASSIGN_OR_RETURN(region.valid_to, ReadOptionalDate(row["valid_to"]));
    RETURN_IF_ERROR(CheckInterval(row["valid_to"], region.valid_from, region.valid_to));
    ASSIGN_OR_RETURN(region.provenance, ReadProvenance(row));
    region.note = std::string(row["note"].text);
    const std::string code = region.code;
    if (!regions.Add(code, std::move(region))) return Duplicate(row["code"]);
  }
  return regions;
}

}  // namespace selaras::reference
