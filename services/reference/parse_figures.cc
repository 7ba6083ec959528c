#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kFigureColumns[] = {"figure",    "election", "region", "as_of",
                                                "publisher", "unit",     "metric", "value",
                                                "mark",      "source",   "note"};
constexpr absl::string_view kUnits[] = {"orang",   "kasus",       "perkara",
                                        "dokumen", "pelanggaran", "rekomendasi",
                                        "daerah",  "persen",      "persen_multi"};

absl::StatusOr<std::string> ReadUnit(const Cell& cell) {
  if (std::find(std::begin(kUnits), std::end(kUnits), cell.text) == std::end(kUnits)) {
    return UnknownWord(cell, kUnits);
  }
  return std::string(cell.text);
}

// Digits, with a decimal point or a `<` if the publisher wrote one.
absl::StatusOr<std::string> ReadValue(const Cell& cell) {
  absl::string_view rest = cell.text;
  absl::ConsumePrefix(&rest, "<");
  const auto point = rest.find('.');
  const auto digits = [](absl::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  };
  const bool number = point == absl::string_view::npos
                          ? digits(rest)
                          : digits(rest.substr(0, point)) && digits(rest.substr(point + 1));
  if (!number) return BadCell(cell, "no number; write it as 1010, 30.4 or <1000");
  return std::string(cell.text);
}

}  // namespace

absl::StatusOr<Index<PublishedFigure>> ParsePublished(absl::string_view text,
                                                      const Index<Region>& regions,
                                                      const Index<Election>& elections) {
  Index<PublishedFigure> figures;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("stats.tsv", text, kFigureColumns));
  for (const Row& row : rows) {
    PublishedFigure figure;
    ASSIGN_OR_RETURN(figure.id, ReadText(row["figure"]));
    RETURN_IF_ERROR(ReadText(row["election"]));
    ASSIGN_OR_RETURN(figure.elections, ReadList(row["election"]));
    for (const std::string& election : figure.elections) {
      if (elections.Find(election) == nullptr) {
        return BadCell(row["election"], absl::StrCat("no election \"", election, "\""));
      }
    }
    figure.region = std::string(row["region"].text);
    if (!figure.region.empty() && regions.Find(figure.region) == nullptr) {
      return BadCell(row["region"], absl::StrCat("no region \"", figure.region, "\""));
    }
    figure.as_of = std::string(row["as_of"].text);
    ASSIGN_OR_RETURN(figure.publisher, ReadText(row["publisher"]));
    ASSIGN_OR_RETURN(figure.unit, ReadUnit(row["unit"]));
    ASSIGN_OR_RETURN(figure.metric, ReadText(row["metric"]));
    ASSIGN_OR_RETURN(figure.value, ReadValue(row["value"]));
    ASSIGN_OR_RETURN(figure.provenance, ReadProvenance(row));
    figure.note = std::string(row["note"].text);
    const std::string id = figure.id;
    if (!figures.Add(id, std::move(figure))) return Duplicate(row["figure"]);
  }
  return figures;
}

}  // namespace selaras::reference
