// What is to be done next, and what is overdue: from the watcher's index.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/custody.h"
#include "services/domain/deadline.h"
#include "services/domain/refusal.h"
#include "services/node/case_reader.h"
#include "services/node/pages.h"
#include "services/node/rows.h"
#include "services/node/watcher.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using F = event::v1::Fact;

// Keys of the index: a moment as a number, then the id of the case.
constexpr std::size_t kMomentBytes = 8;

// Of what the authority owes, what is due first; nullptr if nothing has a due day. As in the index,
// by the reading of a row by which somebody speaks.
const domain::DeadlineStatus* FirstDue(const std::vector<domain::DeadlineStatus>& limits,
                                       absl::string_view authority) {
  const domain::DeadlineStatus* first = nullptr;
  for (const domain::DeadlineStatus& limit : limits) {
    const bool owed = limit.state == domain::DeadlineState::kOpen ||
                      limit.state == domain::DeadlineState::kOverdue;
    if (!owed || !limit.due || limit.duty != authority || limit.rule->rungs.empty()) continue;
    if (first == nullptr || limit.due->end < first->due->end) first = &limit;
  }
  return first;
}

// Whether the authority is waited for, itself or as a successor.
bool IsWaitedFor(const Directory& directory, const std::string& authority,
                 const std::string& waiting_for) {
  return !waiting_for.empty() && directory.Serves({"", {authority}}, waiting_for);
}

// What was handed to the authority by entries that do not count yet; nullptr if nothing was.
const storage::v1::EffectiveFact* HandedAside(const domain::Custody& custody,
                                              const Directory& directory,
                                              const std::string& authority) {
  for (const domain::SetAside& stint : custody.set_aside) {
    if (stint.handed_over != nullptr &&
        IsWaitedFor(directory, authority, domain::AddresseeOf(stint.handed_over->fact()))) {
      return stint.handed_over;
    }
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<bool> CaseReader::IsOverdue(const std::string& case_id, absl::Time as_of) const {
  ASSIGN_OR_RETURN(const auto watch, LoadWatch(store_, absl::StrCat(rows::kCaseSubject, case_id)));
  return watch && watch->has_first_end() &&
         absl::FromUnixSeconds(watch->first_end().seconds()) <= as_of;
}

absl::StatusOr<query::v1::WorkItem> CaseReader::ToWorkItem(const Known& known,
                                                           const std::string& authority,
                                                           const Viewer& viewer,
                                                           const domain::DeadlineRules& rules,
                                                           absl::Time as_of) const {
  query::v1::Case shown = FromFacts(known);
  FillStatus(known, &shown);
  RETURN_IF_ERROR(FillPersonal(known, &shown));
  query::v1::WorkItem item;
  item.set_case_id(known.fold.case_id());
  item.set_state(shown.state());
  if (shown.has_since()) *item.mutable_since() = shown.since();
  *item.mutable_allowed_commands() = shown.allowed_commands();
  if (shown.has_respondent()) *item.mutable_respondent() = shown.respondent();
  item.set_personal(shown.personal());
  if (const auto* own = domain::FindSegment(known.fold.segments(), section_, authority)) {
    item.set_revision(own->revision());
  }
  if (const auto* assigned =
          domain::LastFact(known.fold, domain::Section::kReferral, F::kCaseAssigned)) {
    item.set_assigned_to(assigned->fact().case_assigned().unit());
  }
  for (query::v1::AwaitedPart& part : AwaitedIn(known)) *item.add_awaits() = std::move(part);
  const domain::Custody custody = domain::CustodyOf(known.fold);
  if (!IsWaitedFor(directory_, authority, shown.waiting_for())) {
    const auto* handed = HandedAside(custody, directory_, authority);
    if (handed != nullptr) *item.mutable_since() = handed->occurred_at();
    return item;
  }
  if (custody.under_way != nullptr) *item.mutable_answers() = custody.under_way->position();
  ASSIGN_OR_RETURN(const Facts facts, FactsOf(known, viewer));
  const auto limits = rules.Of({&facts.fold, facts.report}, as_of);
  if (const auto* due = FirstDue(limits, shown.waiting_for())) {
    item.set_due_on(due->due->day.ToIso());
    item.set_deadline(due->rule->id);
    item.set_step(due->rule->step);
    item.set_overdue(due->state == domain::DeadlineState::kOverdue);
  }
  return item;
}

absl::StatusOr<query::v1::GetWorklistResponse> CaseReader::GetWorklist(
    const query::v1::GetWorklistRequest& request, const Viewer& viewer,
    const domain::DeadlineRules& rules, absl::Time as_of) const {
  ASSIGN_OR_RETURN(const std::size_t page, PageSize(request.page_size()));
  const std::string& authority = request.authority();
  if (authority.empty()) return domain::BadField("authority", "is required");
  if (directory_.catalogue()->FindAuthority(authority) == nullptr) {
    return domain::UnknownCode("authority", authority, "authorities");
  }
  if (!viewer.everything && !viewer.authorities.contains(authority)) {
    return domain::NotYourAuthority(authority,
                                    {viewer.authorities.begin(), viewer.authorities.end()});
  }
  ASSIGN_OR_RETURN(const std::string from, KeyInToken(request.page_token()));
  query::v1::GetWorklistResponse response;
  response.set_catalogue(base::HexEncode(rules.catalogue().digest().view()));
  response.mutable_as_of()->set_seconds(absl::ToUnixSeconds(as_of));
  const std::string prefix = rows::WorkPrefix(authority);
  // One more than is looked at, for the next page.
  std::vector<std::string> places;
  RETURN_IF_ERROR(store_.Scan(log::Table::kView, prefix, absl::StrCat(prefix, from),
                              [&](absl::string_view key, absl::string_view) {
                                places.emplace_back(key.substr(prefix.size()));
                                return places.size() <= kLookedAtMax;
                              }));
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (static_cast<std::size_t>(response.items_size()) == page || bytes >= kPageBytesMax ||
        i == kLookedAtMax) {
      response.set_next_page_token(base::HexEncode(places[i]));
      return response;
    }
    if (places[i].size() <= kMomentBytes) continue;
    ASSIGN_OR_RETURN(const auto known, Load(places[i].substr(kMomentBytes), viewer));
    // The index follows a little later.
    if (!known) continue;
    if (!IsWaitedFor(directory_, authority, domain::StatusOf(known->fold).waiting_for) &&
        HandedAside(domain::CustodyOf(known->fold), directory_, authority) == nullptr) {
      continue;
    }
    ASSIGN_OR_RETURN(query::v1::WorkItem item, ToWorkItem(*known, authority, viewer, rules, as_of));
    if (!request.assigned_to().empty() && item.assigned_to() != request.assigned_to()) continue;
    bytes += item.ByteSizeLong();
    *response.add_items() = std::move(item);
  }
  return response;
}

}  // namespace selaras::node
