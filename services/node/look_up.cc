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

std::string DigitsOf(absl::string_view number) {
  std::string digits(number);
  std::erase_if(digits, [](char c) { return !absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  return digits;
}

}  // namespace

std::string NumberKey(const NodeKeys& keys, event::v1::ReferenceKind kind, absl::string_view raw) {
  return keys.LookUpKey(absl::StrCat(static_cast<int>(kind)), domain::ReferenceKey(kind, raw));
}

std::string NipKey(const NodeKeys& keys, absl::string_view nip) {
  return keys.LookUpKey("nip", DigitsOf(nip));
}

std::string NikKey(const NodeKeys& keys, absl::string_view nik) {
  return keys.LookUpKey("nik", DigitsOf(nik));
}

absl::StatusOr<std::vector<std::string>> CasesOfNip(const log::StoreReader& store,
                                                    const NodeKeys& keys, absl::string_view nip) {
  ASSIGN_OR_RETURN(const std::set<std::string> cases, CasesOf(store, NipKey(keys, nip)));
  return std::vector<std::string>(cases.begin(), cases.end());
}

absl::StatusOr<std::vector<std::string>> LookUpCases(const log::StoreReader& store,
                                                     const NodeKeys& keys,
                                                     const query::v1::LookUpCasesRequest& request) {
  std::vector<std::string> wanted;
  if (!request.number().empty()) {
    wanted.push_back(NumberKey(keys, request.kind(), request.number()));
  }
  if (!request.nip().empty()) wanted.push_back(NipKey(keys, request.nip()));
  if (!request.nik().empty()) wanted.push_back(NikKey(keys, request.nik()));
  std::set<std::string> cases;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    ASSIGN_OR_RETURN(std::set<std::string> found, CasesOf(store, wanted[i]));
    if (i > 0) std::erase_if(found, [&](const std::string& id) { return !cases.contains(id); });
    cases = std::move(found);
  }
  return std::vector<std::string>(cases.begin(), cases.end());
}

}  // namespace selaras::node
