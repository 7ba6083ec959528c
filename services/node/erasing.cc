// How a case is erased: the parts of Transaction that see whether it may be, and destroy its keys.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/domain/refusal.h"
#include "services/node/erased_keys.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/node/transaction.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using storage::v1::StoredSubject;

using Places = google::protobuf::RepeatedField<std::uint64_t>;

// Entries of a mirror that are read through for what concerns a case; with more, they are waited
// for.
constexpr std::size_t kWaitingMax = 1'000;

}  // namespace

absl::Status Transaction::CheckNothingIsMissing(const domain::Draft& draft) const {
  const bool consents = draft.fact.has_erasure_ordered() || draft.fact.has_case_erased() ||
                        draft.fact.erasure_answered().consents();
  if (!consents) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto view, LoadCaseView(writer_.store, draft.case_id));
  if (!view.contradictions().empty()) {
    return domain::RuleForbids(
        "erasure",
        absl::StrCat("the case contradicts itself: ", view.contradictions(0), "; settle it first"));
  }
  if (!view.pending().empty()) {
    return domain::NotHereYet("another part of the case, which may hold a reason to keep it");
  }
  for (const log::Mirror* mirror : writer_.store.mirrors()) {
    ASSIGN_OR_RETURN(const bool waits, HoldsBack(*mirror, draft.case_id));
    if (waits) return domain::NotHereYet("the derived state of the case");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Transaction::HoldsBack(const log::Mirror& mirror,
                                            const std::string& case_id) const {
  ASSIGN_OR_RETURN(const std::uint64_t derived,
                   LoadNumber(writer_.store, rows::Cursor(mirror.name())));
  ASSIGN_OR_RETURN(const auto waiting, mirror.Kept(derived, kWaitingMax));
  if (waiting.size() == kWaitingMax) return true;
  for (const base::Sequence sequence : waiting) {
    ASSIGN_OR_RETURN(const auto event, ReadEvent(mirror, sequence));
    if (event.case_id() == case_id) return true;
  }
  return false;
}

absl::Status Transaction::ForgetLookUps(const std::string& row, absl::string_view subject,
                                        const UncommittedKeys& before) {
  ASSIGN_OR_RETURN(const StoredSubject* held, Subject(row));
  std::vector<event::v1::Event> events;
  event::v1::Position position;
  position.set_log(writer_.store.shared().name());
  for (const std::uint64_t sequence : held != nullptr ? held->shared() : Places()) {
    position.set_sequence(sequence);
    auto event = Event(position);
    if (absl::IsNotFound(event.status())) continue;  // lost
    RETURN_IF_ERROR(event.status());
    events.push_back(*std::move(event));
  }
  for (const std::uint64_t sequence : held != nullptr ? held->private_() : Places()) {
    ASSIGN_OR_RETURN(events.emplace_back(), PrivateEvent(sequence));
  }
  absl::string_view case_id = subject;
  if (absl::ConsumePrefix(&case_id, rows::kCaseSubject)) {
    ASSIGN_OR_RETURN(const auto view, LoadCaseView(writer_.store, case_id));
    for (const event::v1::Position& place : view.entries()) {
      ASSIGN_OR_RETURN(events.emplace_back(), Event(place));
    }
  }
  const OpenerWithin opener(writer_.opener, {&written_.keys, &base_.keys});
  std::set<std::string> still;
  for (const event::v1::Event& event : events) {
    // No key shuts it: nothing that can be destroyed.
    if (event.has_plain()) {
      return domain::RuleForbids("erasure",
                                 "an earlier version wrote parts of it unsealed, which "
                                 "nobody can erase");
    }
    // A part that opens by now is of another authority of this node, and stays found.
    ASSIGN_OR_RETURN(const Opened now, opener.Open(event));
    ASSIGN_OR_RETURN(const Opened earlier, writer_.opener.OpenWith(event, &before));
    if (earlier.part) written_.look_ups.merge(LookUpRows(writer_.keys, *earlier.part, subject));
    if (now.part) still.merge(LookUpRows(writer_.keys, *now.part, subject));
  }
  std::erase_if(written_.look_ups, [&](const std::string& each) { return still.contains(each); });
  return absl::OkStatus();
}

absl::Status Transaction::EraseKeys(const std::string& case_id) {
  erases_ = true;
  ASSIGN_OR_RETURN(const bool derived, KnowsDerivationsOf(case_id));
  if (!derived) return domain::NotHereYet("what derives from the report of the case");
  ASSIGN_OR_RETURN(const auto keys,
                   KeysErasedWith(
                       writer_.store, [this](const std::string& row) { return CopyOf(row); },
                       case_id, header_.authority(), true));
  const std::map<std::string, std::string> held = written_.keys;
  const UncommittedKeys before = {&held, &base_.keys};
  for (const std::string& row : keys) written_.keys[row] = std::string(kErasedKey);
  RETURN_IF_ERROR(
      ForgetLookUps(rows::CaseState(case_id), absl::StrCat(rows::kCaseSubject, case_id), before));
  for (absl::string_view row : keys) {
    if (!absl::ConsumePrefix(&row, rows::kKeptKeys)) continue;
    const absl::string_view id = row.substr(0, row.find('/'));
    if (id == case_id) continue;
    RETURN_IF_ERROR(
        ForgetLookUps(rows::ReportState(id), absl::StrCat(rows::kReportSubject, id), before));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Transaction::KnowsDerivationsOf(const std::string& case_id) const {
  ASSIGN_OR_RETURN(const StoredSubject* subject, Subject(rows::CaseState(case_id)));
  if (subject == nullptr || subject->report_id().empty()) return true;
  ASSIGN_OR_RETURN(const StoredSubject* report, Subject(rows::ReportState(subject->report_id())));
  const storage::v1::EffectiveFact* opening = report != nullptr ? OpeningOf(*report) : nullptr;
  const std::string origin =
      opening == nullptr ? "" : opening->fact().report_received().derived_from();
  if (origin.empty()) return true;
  event::v1::Position next;
  next.set_log(writer_.store.shared().name());
  ASSIGN_OR_RETURN(const std::uint64_t derived,
                   LoadNumber(writer_.store, rows::Cursor(next.log())));
  next.set_sequence(derived);
  if (SharedSize() - next.sequence() > kWaitingMax) return false;
  for (; next.sequence() < SharedSize(); next.set_sequence(next.sequence() + 1)) {
    const auto event = Event(next);
    if (absl::IsNotFound(event.status())) continue;  // lost
    RETURN_IF_ERROR(event.status());
    if (event->fact().report_received().derived_from() == origin) return false;
  }
  return true;
}

}  // namespace selaras::node
