#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kColumns[] = {"code", "name", "regime", "region", "contest", "stage",
                                          "from", "to",   "mark",   "source", "note"};
constexpr absl::string_view kAny = "*";

absl::StatusOr<ElectionPeriod> ReadPeriod(const Row& row, const Index<Region>& regions,
                                          const CodeLists& codes) {
  ElectionPeriod period;
  ASSIGN_OR_RETURN(period.region, ReadText(row["region"]));
  if (period.region != kAny && regions.Find(period.region) == nullptr) {
    return BadCell(row["region"], absl::StrCat("no region \"", period.region, "\""));
  }
  ASSIGN_OR_RETURN(period.contest, ReadText(row["contest"]));
  if (period.contest != kAny && !Has(codes, "contest", period.contest)) {
    return BadCell(row["contest"],
                   absl::StrCat("codes.tsv has no contest \"", period.contest, "\""));
  }
  ASSIGN_OR_RETURN(period.stage, ReadWord(row["stage"], kElectionStages));
  ASSIGN_OR_RETURN(period.from, ReadDate(row["from"]));
  ASSIGN_OR_RETURN(period.to, ReadDate(row["to"]));
  RETURN_IF_ERROR(CheckInterval(row["to"], period.from, period.to));
  ASSIGN_OR_RETURN(period.provenance, ReadProvenance(row));
  period.note = std::string(row["note"].text);
  return period;
}

// A stage has one period per place and contest; votes may be repeated often.
bool Same(const ElectionPeriod& a, const ElectionPeriod& b) {
  return a.region == b.region && a.contest == b.contest && a.stage == b.stage &&
         (a.stage != ElectionStage::kRevote || a.from == b.from);
}

}  // namespace

absl::StatusOr<Index<Election>> ParseElections(absl::string_view text, const Index<Region>& regions,
                                               const CodeLists& codes) {
  std::vector<Election> elections;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("elections.tsv", text, kColumns));
  for (const Row& row : rows) {
    Election election;
    ASSIGN_OR_RETURN(election.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(election.name, ReadText(row["name"]));
    ASSIGN_OR_RETURN(election.regime, ReadWord(row["regime"], kElectionRegimes));
    ASSIGN_OR_RETURN(ElectionPeriod period, ReadPeriod(row, regions, codes));

    auto known = std::find_if(elections.begin(), elections.end(),
                              [&](const Election& other) { return other.code == election.code; });
    if (known == elections.end()) {
      known = elections.insert(elections.end(), std::move(election));
    } else if (known->name != election.name) {
      return BadCell(row["name"], absl::StrCat(known->code, " is \"", known->name, "\" above"));
    } else if (known->regime != election.regime) {
      return BadCell(row["regime"],
                     absl::StrCat(known->code, " is ", NameOf(known->regime), " above"));
    }
    for (const ElectionPeriod& other : known->periods) {
      if (Same(other, period)) return Duplicate(row["stage"]);
    }
    known->periods.push_back(std::move(period));
  }

  Index<Election> index;
  for (Election& election : elections) {
    const std::string code = election.code;
    index.Add(code, std::move(election));
  }
  return index;
}

}  // namespace selaras::reference
