#include "services/node/look_up.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/domain/references.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

// The cases that a look-up key leads to, directly or through a report.
absl::StatusOr<std::set<std::string>> CasesOf(const log::StoreReader& store,
                                              absl::string_view key) {
  const std::string prefix = rows::LookUpPrefix(key);
  std::vector<std::string> subjects;
  RETURN_IF_ERROR(
      store.Scan(log::Table::kView, prefix, prefix, [&](absl::string_view row, absl::string_view) {
        subjects.emplace_back(row.substr(prefix.size()));
        return true;
      }));
  std::set<std::string> cases;
  for (absl::string_view subject : subjects) {
    if (absl::ConsumePrefix(&subject, "case:")) {
      cases.emplace(subject);
    } else if (absl::ConsumePrefix(&subject, "report:")) {
      ASSIGN_OR_RETURN(const auto report, LoadSubject(store, rows::ReportState(subject)));
      if (report) cases.insert(report->case_ids().begin(), report->case_ids().end());
    }
  }
  return cases;
}

}  // namespace

std::string NumberKey(const NodeKeys& keys, event::v1::ReferenceKind kind, absl::string_view raw) {
  return keys.LookUpKey(absl::StrCat(static_cast<int>(kind)), domain::ReferenceKey(kind, raw));
}

std::string NipKey(const NodeKeys& keys, absl::string_view nip) {
  std::string digits(nip);
  std::erase_if(digits, [](char c) { return !absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  return keys.LookUpKey("nip", digits);
}

absl::StatusOr<std::vector<std::string>> CasesOfNip(const log::StoreReader& store,
                                                    const NodeKeys& keys, absl::string_view nip) {
  ASSIGN_OR_RETURN(const std::set<std::string> cases, CasesOf(store, NipKey(keys, nip)));
  return std::vector<std::string>(cases.begin(), cases.end());
}

absl::StatusOr<std::vector<std::string>> LookUpCases(const log::StoreReader& store,
                                                     const NodeKeys& keys,
                                                     event::v1::ReferenceKind kind,
                                                     absl::string_view number,
                                                     absl::string_view nip) {
  ASSIGN_OR_RETURN(std::set<std::string> cases, CasesOf(store, NumberKey(keys, kind, number)));
  if (!nip.empty()) {
    ASSIGN_OR_RETURN(const std::set<std::string> with_nip, CasesOf(store, NipKey(keys, nip)));
    std::erase_if(cases, [&](const std::string& id) { return !with_nip.contains(id); });
  }
  return std::vector<std::string>(cases.begin(), cases.end());
}

}  // namespace selaras::node
