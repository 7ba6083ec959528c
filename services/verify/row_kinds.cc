#include "services/verify/row_kinds.h"

#include <array>

#include "absl/strings/match.h"

#include "services/node/rows.h"

namespace selaras::verify {
namespace {

namespace rows = node::rows;

constexpr absl::string_view kOrder = "the order in which things came is nowhere else";

constexpr std::array<RowKind, 33> kKinds = {{
    {"case view", rows::kCaseViews, false, Rule::kCaseView, ""},
    {"basis", rows::kViewBasis, true, Rule::kExact, ""},
    {"cursor", rows::kCursors, false, Rule::kExact, ""},
    {"cursor of numbers", rows::kCountedTo, false, Rule::kExact, ""},
    {"key of look-ups", rows::kLookUpName, true, Rule::kExact, "", true},
    {"look-up", rows::kLookUps, false, Rule::kExact, "", true},
    {"receipt code", rows::kReceipts, false, Rule::kExact, ""},
    {"derived report", rows::kDerived, false, Rule::kExact, ""},
    {"read", rows::kReads, false, Rule::kExact, ""},
    {"break-glass", rows::kBreakGlass, false, Rule::kExact, ""},
    {"contradiction", rows::kContradictions, false, Rule::kExact, ""},
    {"numbers", rows::kNumbers, false, Rule::kExact, "", true},
    {"contribution", rows::kCounted, false, Rule::kExact, "", true},
    {"person", rows::kPersons, false, Rule::kExact, "", true},
    {"watch", "watch/", false, Rule::kWatch, ""},
    {"work", "work/", false, Rule::kExact, ""},

    {"change", rows::kChanges, false, Rule::kKept, kOrder},
    {"newest change", rows::kChangeCount, true, Rule::kKept, kOrder},
    {"disclosure epoch", rows::kDisclosureEpoch, true, Rule::kKept, "it is random"},
    {"disclosure count", "disclosures/", false, Rule::kKept, kOrder},
    {"disclosure", "disclosed/", false, Rule::kKept, kOrder},
    {"right to see", "may-see/", false, Rule::kKept, kOrder},
    {"moment to look", rows::kWatchAt, false, Rule::kKept, "it depends on the clock"},
    {"newest to watch", rows::kToWatchCount, true, Rule::kKept, kOrder},
    {"to watch", rows::kToWatch, false, Rule::kKept, "it waits for the watcher"},
    {"follow position", "follow/", false, Rule::kKept, "the peer's list is nowhere else"},
    {"link", "link/", false, Rule::kKept, "what the peer acknowledged is nowhere else"},

    {"scrubber", rows::kScrub, true, Rule::kKept, "it says what was verified when"},

    {kPublishedRows, "", false, Rule::kKept,
     "each is verified; which were published is nowhere else"},
    {"time of arrival", "", false, Rule::kKept, "the node's clock said it"},
    {"answer to a request", "", false, Rule::kKept,
     "its digest is over a request that is not kept, and its answer was given once"},
    {"secret", "", false, Rule::kKept, "it is random"},
    {"document", "", false, Rule::kKept,
     "its bytes are in no log; those held are compared with their digest"},
}};

}  // namespace

std::span<const RowKind> RowKinds() { return kKinds; }

std::size_t KindOf(absl::string_view key) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    const RowKind& kind = kKinds[i];
    if (kind.prefix.empty()) continue;
    if (kind.alone ? key == kind.prefix : absl::StartsWith(key, kind.prefix)) return i;
  }
  return kKinds.size();
}

}  // namespace selaras::verify
