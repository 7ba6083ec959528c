#include <algorithm>

#include "absl/strings/match.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kCodeColumns[] = {"list", "code", "text_id", "mark", "source"};
constexpr absl::string_view kGolonganColumns[] = {"golongan", "status", "pangkat", "mark",
                                                  "source"};

}  // namespace

absl::StatusOr<CodeLists> ParseCodes(absl::string_view text) {
  CodeLists lists;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("codes.tsv", text, kCodeColumns));
  for (const Row& row : rows) {
    Code code;
    ASSIGN_OR_RETURN(code.list, ReadText(row["list"]));
    ASSIGN_OR_RETURN(code.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(code.text, ReadText(row["text_id"]));
    ASSIGN_OR_RETURN(code.provenance, ReadProvenance(row));
    std::vector<Code>& list = lists[code.list];
    for (const Code& other : list) {
      if (other.code == code.code) return Duplicate(row["code"]);
      // People write the text instead of the code, so it must lead to one code.
      if (absl::EqualsIgnoreCase(other.text, code.text)) return Duplicate(row["text_id"]);
    }
    list.push_back(std::move(code));
  }
  return lists;
}

bool Has(const CodeLists& codes, absl::string_view list, absl::string_view code) {
  const auto found = codes.find(list);
  return found != codes.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [code](const Code& each) { return each.code == code; });
}

absl::StatusOr<Index<Golongan>> ParseGolongan(absl::string_view text) {
  Index<Golongan> golongan;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("golongan.tsv", text, kGolonganColumns));
  for (const Row& row : rows) {
    Golongan each;
    ASSIGN_OR_RETURN(each.code, ReadText(row["golongan"]));
    ASSIGN_OR_RETURN(each.status, ReadWord(row["status"], kEmploymentStatuses));
    each.rank = std::string(row["pangkat"].text);
    if (each.rank.empty() != (each.status == EmploymentStatus::kPppk)) {
      return BadCell(row["pangkat"], "a golongan of PNS has a pangkat, one of PPPK has none");
    }
    ASSIGN_OR_RETURN(each.provenance, ReadProvenance(row));
    const std::string code = each.code;
    if (!golongan.Add(code, std::move(each))) return Duplicate(row["golongan"]);
  }
  return golongan;
}

}  // namespace selaras::reference
