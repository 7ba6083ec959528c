#include "services/node/erased_keys.h"

#include <algorithm>
#include <vector>

#include "services/domain/fold.h"
#include "services/node/look_up.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using storage::v1::SectionFold;
using storage::v1::StoredSubject;

bool IsErased(const SectionFold& segment) {
  return domain::LastFact(segment, event::v1::Fact::kCaseErased) != nullptr;
}

bool IsErased(const StoredSubject& subject) {
  return std::any_of(subject.segments().begin(), subject.segments().end(),
                     [](const SectionFold& segment) { return IsErased(segment); });
}

// The last parts of the keys with that prefix.
absl::StatusOr<std::vector<std::string>> Names(const log::StoreReader& store, log::Table table,
                                               const std::string& prefix) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(store.Scan(table, prefix, prefix, [&](absl::string_view key, absl::string_view) {
    names.emplace_back(key.substr(prefix.size()));
    return true;
  }));
  return names;
}

// Whether nothing of the report is left that somebody may still need.
absl::StatusOr<bool> IsAllErased(const log::StoreReader& store, const SubjectSource& subject,
                                 const std::string& report_id) {
  ASSIGN_OR_RETURN(const auto report, subject(rows::ReportState(report_id)));
  if (!report) return false;
  for (const std::string& case_id : report->case_ids()) {
    ASSIGN_OR_RETURN(const auto of_case, subject(rows::CaseState(case_id)));
    if (!of_case || !IsErased(*of_case)) return false;
  }
  ASSIGN_OR_RETURN(const auto derived,
                   Names(store, log::Table::kView, rows::DerivedPrefix(report_id)));
  for (const std::string& other : derived) {
    ASSIGN_OR_RETURN(const bool erased, IsAllErased(store, subject, other));
    if (!erased) return false;
  }
  return !report->case_ids().empty() || !derived.empty();
}

void AddOwn(const std::string& subject, const std::string& author, std::set<std::string>* keys) {
  keys->insert(rows::SharedKey(subject, author));
  keys->insert(rows::KeptKey(subject, author));
}

}  // namespace

absl::StatusOr<std::set<std::string>> KeysErasedWith(const log::StoreReader& store,
                                                     const SubjectSource& subject,
                                                     const std::string& case_id,
                                                     const std::string& author, bool derivations) {
  std::set<std::string> keys;
  AddOwn(case_id, author, &keys);
  ASSIGN_OR_RETURN(const auto own, subject(rows::CaseState(case_id)));
  const auto is_other_own = [&](absl::string_view writer) {
    return own && writer != author &&
           std::any_of(own->segments().begin(), own->segments().end(),
                       [&](const SectionFold& segment) {
                         return segment.writer() == writer && !IsErased(segment);
                       });
  };
  ASSIGN_OR_RETURN(const auto held,
                   Names(store, log::Table::kSecret, rows::SharedKeyPrefix(case_id)));
  for (const std::string& writer : held) {
    if (!is_other_own(writer)) keys.insert(rows::SharedKey(case_id, writer));
  }
  // Also where the key has not come yet.
  ASSIGN_OR_RETURN(const auto view, LoadCaseView(store, case_id));
  for (const SectionFold& segment : view.foreign().segments()) {
    keys.insert(rows::SharedKey(case_id, segment.writer()));
  }
  std::string report_id = own ? own->report_id() : "";
  while (!report_id.empty()) {
    ASSIGN_OR_RETURN(const bool erased, IsAllErased(store, subject, report_id));
    if (!erased) break;
    AddOwn(report_id, author, &keys);
    ASSIGN_OR_RETURN(const auto report, subject(rows::ReportState(report_id)));
    const storage::v1::EffectiveFact* opening = report ? OpeningOf(*report) : nullptr;
    const bool more = derivations && opening != nullptr;
    report_id = more ? opening->fact().report_received().derived_from() : "";
  }
  return keys;
}

std::set<std::string> LookUpRows(const NodeKeys& keys, const event::v1::PersonalPart& part,
                                 absl::string_view subject) {
  std::set<std::string> found;
  for (const auto& reference : part.references()) {
    found.insert(rows::LookUp(NumberKey(keys, reference.kind(), reference.raw()), subject));
  }
  if (const std::string& nip = part.respondent().nip(); !nip.empty()) {
    found.insert(rows::LookUp(NipKey(keys, nip), subject));
  }
  if (const std::string& nik = part.respondent().nik(); !nik.empty()) {
    found.insert(rows::LookUp(NikKey(keys, nik), subject));
  }
  return found;
}

}  // namespace selaras::node
