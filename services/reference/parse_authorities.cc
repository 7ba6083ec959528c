#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kColumns[] = {"authority", "name",      "role", "region", "valid_from",
                                          "valid_to",  "successor", "mark", "source", "note"};
constexpr absl::string_view kProvincePattern = "{PP}";
constexpr absl::string_view kKabupatenPattern = "{PP.KK}";

absl::StatusOr<Authority> ReadAuthority(const Row& row) {
  Authority authority;
  ASSIGN_OR_RETURN(authority.id, ReadText(row["authority"]));
  ASSIGN_OR_RETURN(authority.name, ReadText(row["name"]));
  ASSIGN_OR_RETURN(authority.role, ReadWord(row["role"], kAuthorityRoles));
  authority.region = std::string(row["region"].text);
  ASSIGN_OR_RETURN(authority.valid_from, ReadOptionalDate(row["valid_from"]));
  ASSIGN_OR_RETURN(authority.valid_to, ReadOptionalDate(row["valid_to"]));
  RETURN_IF_ERROR(CheckInterval(row["valid_to"], authority.valid_from, authority.valid_to));
  authority.successor = std::string(row["successor"].text);
  ASSIGN_OR_RETURN(authority.provenance, ReadProvenance(row));
  authority.note = std::string(row["note"].text);
  return authority;
}

bool IsPattern(const Authority& authority) { return absl::StrContains(authority.id, '{'); }

// Adds what a pattern stands for, except what is there already.
absl::Status Expand(const Row& row, const Authority& pattern, const Index<Region>& regions,
                    Index<Authority>* authorities) {
  if (pattern.region != kProvincePattern && pattern.region != kKabupatenPattern) {
    return BadCell(row["region"], absl::StrCat("a pattern has ", kProvincePattern, " or ",
                                               kKabupatenPattern, " here"));
  }
  if (!absl::EndsWith(pattern.id, absl::StrCat("/", pattern.region))) {
    return BadCell(row["authority"], absl::StrCat("does not end with /", pattern.region));
  }
  const bool provinces = pattern.region == kProvincePattern;
  for (const Region& region : regions.rows()) {
    if ((region.level == RegionLevel::kProvince) != provinces) continue;
    Authority authority = pattern;
    authority.id = absl::StrReplaceAll(pattern.id, {{pattern.region, region.code}});
    authority.name = absl::StrReplaceAll(pattern.name, {{"{region}", region.name}});
    authority.region = region.code;
    const std::string id = authority.id;
    authorities->Add(id, std::move(authority));
  }
  return absl::OkStatus();
}

bool Overlap(const Authority& a, const Authority& b) {
  const bool a_ends_first = a.valid_to && b.valid_from && *a.valid_to < *b.valid_from;
  const bool b_ends_first = b.valid_to && a.valid_from && *b.valid_to < *a.valid_from;
  return !a_ends_first && !b_ends_first;
}

absl::Status CheckReferralDays(const Row& row, const Authority& authority,
                               const Index<Authority>& others) {
  if (authority.role != AuthorityRole::kReferral) return absl::OkStatus();
  if (!authority.region.empty()) {
    return BadCell(row["region"], "who receives referrals does so for the whole country");
  }
  for (const Authority& other : others.rows()) {
    if (other.role != AuthorityRole::kReferral || other.id == authority.id) continue;
    if (Overlap(authority, other)) {
      return BadCell(row["valid_from"],
                     absl::StrCat("on some day both ", other.id, " and ", authority.id,
                                  " would receive referrals; valid_to is the last day"));
    }
  }
  return absl::OkStatus();
}

// Follows the successors; they must exist and end.
absl::Status CheckSuccessors(const Row& row, const Authority& first,
                             const Index<Authority>& authorities) {
  std::set<std::string> seen = {first.id};
  for (const Authority* each = &first; !each->successor.empty();) {
    const Authority* next = authorities.Find(each->successor);
    if (next == nullptr) {
      return BadCell(row["successor"], absl::StrCat("no authority \"", each->successor, "\""));
    }
    if (!seen.insert(next->id).second) {
      return BadCell(row["successor"], absl::StrCat(next->id, " would succeed itself"));
    }
    each = next;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Index<Authority>> ParseAuthorities(absl::string_view text,
                                                  const Index<Region>& regions) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("authorities.tsv", text, kColumns));
  std::vector<Authority> written;
  std::set<std::string> ids;
  for (const Row& row : rows) {
    ASSIGN_OR_RETURN(Authority authority, ReadAuthority(row));
    if (!ids.insert(authority.id).second) return Duplicate(row["authority"]);
    written.push_back(std::move(authority));
  }

  Index<Authority> authorities;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (IsPattern(written[i])) continue;
    const std::string& region = written[i].region;
    if (!region.empty() && regions.Find(region) == nullptr) {
      return BadCell(rows[i]["region"], absl::StrCat("no region \"", region, "\""));
    }
    RETURN_IF_ERROR(CheckReferralDays(rows[i], written[i], authorities));
    authorities.Add(written[i].id, written[i]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!IsPattern(written[i])) continue;
    if (written[i].role == AuthorityRole::kReferral) {
      return BadCell(rows[i]["role"], "who receives referrals does so for the whole country");
    }
    RETURN_IF_ERROR(Expand(rows[i], written[i], regions, &authorities));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RETURN_IF_ERROR(CheckSuccessors(rows[i], written[i], authorities));
  }
  return authorities;
}

}  // namespace selaras::reference
