// What the generators are there for, and the reference data of two versions: of history.h.
#include <algorithm>
#include <utility>

#include "absl/strings/str_replace.h"

#include "history.h"
#include "storage/base/check.h"
#include "tests/support/commands.h"

namespace selaras::test {
namespace {

constexpr absl::string_view kWhatIsMade[] = {
    "delegations taken back while the other office takes them in",
    "cases taken over",
    "cases taken over while the lower office refers them",
    "cases taken over while the lower office concludes them",
    "cases taken over while the lower office gives them away",
    "cases taken over while the lower office takes back that it has them",
    "recommendations taken back while the PPK takes them in",
    "recommendations to another PPK while the first one acts",
    "recommendations past a flagged PPK that had, or was to have, the case",
    "recalls in transit",
    "recalls while acknowledged",
    "recalls asked of the holder",
    "entries that came after later ones of their log",
    "entries without their key",
    "keys that came late",
    "moves that waited for a key",
    "cases decided by two catalogue versions",
    "facts of a later version",
    "facts typed in late",
    "steps left out",
    "corrections",
    "takings-back",
    "entries delivered twice",
    "entries of a number that stands twice",
    "offices that contradict each other",
    "moves that were allowed and made",
    "moves that were not allowed and refused",
    "cases of predecessors",
};

}  // namespace

Made::Made() {
  for (const absl::string_view what : kWhatIsMade) counts_[std::string(what)] = 0;
}

void Made::Add(const std::string& what, int count) {
  const auto found = counts_.find(what);
  SELARAS_CHECK(found != counts_.end()) << what;
  found->second += count;
}

bool Made::MissesAny() const {
  return std::any_of(counts_.begin(), counts_.end(),
                     [](const auto& made) { return made.second == 0; });
}

Versions TwoVersions() {
  Versions versions{ShippedCatalogue(), nullptr};
  reference::Catalogue::Files files = versions.now->files();
  std::string& elections = files["elections.tsv"];
  const int replaced = absl::StrReplaceAll(
      {{"penetapan\t2024-09-22\t2024-09-22", "penetapan\t2024-10-03\t2024-10-03"}}, &elections);
  SELARAS_CHECK(replaced > 0) << "the penetapan of 2024 is not where it was";
  auto before = reference::Catalogue::FromFiles(std::move(files));
  SELARAS_CHECK(before.ok()) << before.status();
  versions.before = *std::move(before);
  return versions;
}

}  // namespace selaras::test
