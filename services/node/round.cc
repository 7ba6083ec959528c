#include "services/node/round.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/erasure.h"
#include "services/domain/fold.h"
#include "services/node/erased_keys.h"
#include "services/node/held_documents.h"
#include "services/node/personal.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"
#include "storage/merkle/hash.h"

namespace selaras::node {
namespace {

using F = event::v1::Fact;
using storage::v1::StoredCaseView;
using storage::v1::StoredSubject;

event::v1::Position PositionOf(absl::string_view log, base::Sequence sequence) {
  event::v1::Position position;
  position.set_log(std::string(log));
  position.set_sequence(sequence.value);
  return position;
}

std::pair<std::string, std::uint64_t> PlaceOf(const event::v1::Position& position) {
  return {position.log(), position.sequence()};
}

}  // namespace

Round::Round(log::Store& store, const Directory& directory, const NodeKeys& keys,
             const Opener& opener, const SubjectKeys* copies, Numbers& numbers)
    : store_(store),
      reader_(store),
      directory_(directory),
      keys_(keys),
      opener_(opener),
      copies_(copies),
      numbers_(numbers) {}

void Round::Put(std::string key, std::string value) { rows_[std::move(key)] = std::move(value); }

absl::StatusOr<std::uint64_t> Round::Number(const std::string& key) const {
  if (const auto found = rows_.find(key); found != rows_.end()) {
    return rows::DecodeNumber(found->second);
  }
  return LoadNumber(store_, key);
}

void Round::SetCursor(absl::string_view log, std::uint64_t handled) {
  Put(rows::Cursor(log), rows::EncodeNumber(handled));
}

absl::StatusOr<StoredCaseView*> Round::View(const std::string& case_id) {
  if (const auto found = views_.find(case_id); found != views_.end()) return &found->second;
  ASSIGN_OR_RETURN(StoredCaseView view, LoadCaseView(reader_, case_id));
  return &(views_[case_id] = std::move(view));
}

absl::Status Round::ReadOwn(const Stretch& shared, const Stretch& private_log) {
  RETURN_IF_ERROR(reader_.KeepShared({shared.begin}, shared.size()));
  return reader_.KeepPrivate({private_log.begin}, private_log.size());
}

absl::Status Round::Own(base::Sequence sequence) {
  ASSIGN_OR_RETURN(const auto bytes, reader_.shared().Entry(sequence));
  if (!bytes) return absl::OkStatus();  // lost: nothing follows from it
  ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
  const event::v1::Position position = PositionOf(store_.shared().name(), sequence);
  numbers_.Note(event);
  if (domain::VisibilityOf(event.fact().kind_case()) == domain::Visibility::kPeers) {
    for (const PeerNode& peer : directory_.peers()) {
      RETURN_IF_ERROR(DiscloseTo(peer.node, sequence.value));
    }
    return absl::OkStatus();
  }
  if (event.case_id().empty()) {
    RETURN_IF_ERROR(CorrectReport(event));
    const std::string& origin = event.fact().report_received().derived_from();
    if (!origin.empty()) Put(rows::Derived(origin, event.report_id()), std::string());
    RETURN_IF_ERROR(WatchReport(event.report_id()));
    return Index(event, position, absl::StrCat("report:", event.report_id()));
  }
  if (event.fact().has_respondent_named()) {
    to_watch_.insert(
        absl::StrCat(rows::kReportSubject, event.fact().respondent_named().report_id()));
  }
  RETURN_IF_ERROR(Index(event, position, absl::StrCat("case:", event.case_id())));
  RETURN_IF_ERROR(View(event.case_id()).status());
  DropRemoved(event);
  if (event.party_number() > 0) to_disclose_.insert(event.case_id());
  changed_.insert(event.case_id());
  return absl::OkStatus();
}

absl::Status Round::Private(base::Sequence sequence) {
  ASSIGN_OR_RETURN(const auto bytes, reader_.private_log().Entry(sequence));
  if (!bytes) return absl::OkStatus();
  ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*bytes));
  const event::v1::Position position = PositionOf(store_.private_log().name(), sequence);
  numbers_.Note(event);
  if (event.fact().has_personal_data_read()) {
    const auto& read = event.fact().personal_data_read();
    for (const auto* ids : {&read.case_ids(), &read.report_ids()}) {
      for (const std::string& id : *ids) Put(rows::Read(id, sequence), std::string());
    }
    return absl::OkStatus();
  }
  if (event.fact().has_break_glass_opened()) {
    Put(rows::BreakGlass(sequence), event.report_id());
    return absl::OkStatus();
  }
  DropRemoved(event);
  // It is about no case: nothing follows from it, and nobody may find it by the NIP.
  if (event.fact().has_open_cases_checked()) return absl::OkStatus();
  if (event.case_id().empty()) {
    if (event.fact().has_receipt_code_issued()) {
      Put(rows::Receipt(event.fact().receipt_code_issued().code_tag()), event.report_id());
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(CorrectReport(event));
    return Index(event, position, absl::StrCat("report:", event.report_id()));
  }
  RETURN_IF_ERROR(Index(event, position, absl::StrCat("case:", event.case_id())));
  changed_.insert(event.case_id());
  return View(event.case_id()).status();
}

// Its cases show what the report says: who follows them looks again.
absl::Status Round::CorrectReport(const event::v1::Event& event) {
  if (!event.fact().has_fact_corrected() && !event.fact().has_fact_voided()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const StoredSubject* report,
                   reader_.Subject(rows::ReportState(event.report_id())));
  if (report == nullptr) return absl::OkStatus();
  for (const std::string& case_id : report->case_ids()) {
    RETURN_IF_ERROR(View(case_id).status());
    changed_.insert(case_id);
  }
  return absl::OkStatus();
}

absl::Status Round::Foreign(const log::LogReader& mirror, base::Sequence sequence,
                            absl::string_view bytes) {
  const event::v1::Position position = PositionOf(mirror.name(), sequence);
  auto event = ParseEvent(bytes);
  if (event.ok()) numbers_.Note(*event);
  absl::Status fault = event.status();
  if (fault.ok()) fault = directory_.CheckWhoseFact(mirror.name(), *event);
  // The link has seen to it (services/link/key_change.h), or an operator.
  if (fault.ok() && (event->fact().has_log_key_replaced() || event->fact().has_log_succeeded())) {
    return absl::OkStatus();
  }
  if (fault.ok() && (!IsUuid(event->case_id()) || event->party_number() == 0)) {
    fault = absl::PermissionDeniedError("an entry that is no party entry was disclosed");
  }
  if (!fault.ok()) {
    Put(rows::Contradiction(mirror.name(), sequence), std::string(fault.message()));
    if (event.ok() && IsUuid(event->case_id())) {
      ASSIGN_OR_RETURN(StoredCaseView * view, View(event->case_id()));
      view->add_contradictions(absl::StrCat(mirror.name(), "@", sequence, ": ", fault.message()));
      changed_.insert(event->case_id());
    }
    return absl::OkStatus();
  }
  const HeldEntry& held =
      held_
          .insert_or_assign(PlaceOf(position),
                            HeldEntry{position, merkle::HashLeaf(bytes), *std::move(event)})
          .first->second;
  const std::string& case_id = held.event.case_id();
  ASSIGN_OR_RETURN(StoredCaseView * view, View(case_id));
  *view->add_pending() = position;
  RETURN_IF_ERROR(FoldPending(case_id));
  to_disclose_.insert(case_id);  // a new party may have been named
  changed_.insert(case_id);
  return held.event.fact().has_case_erased() ? DropCopy(held.event) : absl::OkStatus();
}

absl::Status Round::DropCopy(const event::v1::Event& event) {
  if (copies_ == nullptr) return absl::OkStatus();
  const std::string& case_id = event.case_id();
  ASSIGN_OR_RETURN(const StoredSubject* own, reader_.Subject(rows::CaseState(case_id)));
  const bool wrote = own != nullptr && std::any_of(own->segments().begin(), own->segments().end(),
                                                   [](const storage::v1::SectionFold& segment) {
                                                     return domain::WroteInCase(segment);
                                                   });
  if (wrote) return absl::OkStatus();
  dropped_.push_back(
      {log::Table::kSecret, rows::SharedKey(case_id, event.author()), std::string(kErasedKey)});
  // What others wrote stays found by the same numbers.
  const std::string subject = absl::StrCat(rows::kCaseSubject, case_id);
  ASSIGN_OR_RETURN(const StoredCaseView* view, View(case_id));
  std::set<std::string> gone;
  std::set<std::string> still;
  for (const event::v1::Position& place : view->entries()) {
    ASSIGN_OR_RETURN(const HeldEntry* held, Held(place));
    ASSIGN_OR_RETURN(const Opened opened, opener_.Open(held->event));
    if (!opened.part) continue;
    auto& found = held->event.author() == event.author() ? gone : still;
    found.merge(LookUpRows(keys_, *opened.part, subject));
  }
  for (const std::string& row : gone) {
    if (still.contains(row)) continue;
    dropped_.push_back({log::Table::kView, row, std::nullopt});
    rows_.erase(row);
  }
  return absl::OkStatus();
}

absl::Status Round::Drop() {
  if (dropped_.empty() && removed_.empty()) return absl::OkStatus();
  const auto keeping = copies_->Hold();
  // Now, and not when the entry was met: the link may have brought more of it since.
  for (const event::v1::Position& place : removed_) {
    dropped_.push_back(
        {log::Table::kAttachment, rows::Wanted(place.log(), {place.sequence()}), std::nullopt});
    RETURN_IF_ERROR(DropDocument(store_, place.log(), {place.sequence()}, &dropped_));
  }
  RETURN_IF_ERROR(store_.Write(dropped_, log::Durability::kSynced));
  opener_.Forget();
  numbers_.ForgetParts();
  if (!removed_.empty()) NoteReclaim(store_);
  return absl::OkStatus();
}

absl::Status Round::Want(const event::v1::Position& position) {
  if (copies_ == nullptr) return absl::OkStatus();
  const base::Sequence sequence{position.sequence()};
  ASSIGN_OR_RETURN(const auto held, LoadHeld(store_, position.log(), sequence));
  if (held && held->complete()) return absl::OkStatus();
  wanted_.push_back(
      {log::Table::kAttachment, rows::Wanted(position.log(), sequence), std::string()});
  links_due_.insert(position.log());
  return absl::OkStatus();
}

void Round::DropRemoved(const event::v1::Event& removal) {
  if (copies_ == nullptr || !removal.fact().has_attachment_removed()) return;
  const event::v1::Position& place = removal.fact().attachment_removed().attachment();
  const auto added = StoredEntries(reader_).Event(place);
  // One of somebody else stays, whatever the removal says.
  if (!added.ok() || !added->fact().has_attachment_added() || added->author() != removal.author()) {
    return;
  }
  removed_.push_back(place);
  // What this round wanted before it met the removal is written after Drop(), which takes the row
  // of an earlier round away together with the bytes.
  wanted_.push_back(
      {log::Table::kAttachment, rows::Wanted(place.log(), {place.sequence()}), std::nullopt});
}

absl::StatusOr<const HeldEntry*> Round::Held(const event::v1::Position& position) {
  const auto known = held_.find(PlaceOf(position));
  if (known != held_.end()) return &known->second;
  ASSIGN_OR_RETURN(HeldEntry read, ReadForeign(store_, position));
  return &held_.emplace(PlaceOf(position), std::move(read)).first->second;
}

absl::StatusOr<bool> Round::Settle(const event::v1::Position& position, StoredCaseView* view) {
  ASSIGN_OR_RETURN(const HeldEntry* entry, Held(position));
  const HeldEntry& held = *entry;
  const auto read = [&](const event::v1::Position& place) -> absl::StatusOr<HeldEntry> {
    ASSIGN_OR_RETURN(const HeldEntry* folded, Held(place));
    return *folded;
  };
  ASSIGN_OR_RETURN(const bool settled, FoldForeign(directory_, held, read, view));
  if (!settled) return false;
  const auto& folded = view->entries();
  if (std::any_of(folded.begin(), folded.end(), [&](const event::v1::Position& place) {
        return place.log() == position.log() && place.sequence() == position.sequence();
      })) {
    RETURN_IF_ERROR(Index(held.event, position, absl::StrCat("case:", held.event.case_id())));
    if (held.event.fact().has_attachment_added()) RETURN_IF_ERROR(Want(position));
    DropRemoved(held.event);
  }
  return true;
}

absl::Status Round::FoldPending(const std::string& case_id) {
  ASSIGN_OR_RETURN(StoredCaseView * view, View(case_id));
  for (int i = 0; i < view->pending_size();) {
    const event::v1::Position position = view->pending(i);
    ASSIGN_OR_RETURN(const bool settled, Settle(position, view));
    if (settled) {
      view->mutable_pending()->DeleteSubrange(i, 1);
      i = 0;  // what waited for it may stand before it
    } else {
      ++i;
    }
  }
  return absl::OkStatus();
}

absl::Status Round::Index(const event::v1::Event& event, const event::v1::Position& position,
                          const std::string& subject) {
  ASSIGN_OR_RETURN(const Opened opened, opener_.Open(event));
  numbers_.NotePart(event, position, opened);
  if (!opened.part) return absl::OkStatus();
  for (const std::string& row : LookUpRows(keys_, *opened.part, subject)) Put(row, std::string());
  return absl::OkStatus();
}

absl::Status Round::Disclose(const std::string& case_id) {
  if (directory_.peers().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const StoredSubject* subject, reader_.Subject(rows::CaseState(case_id)));
  if (subject == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const StoredCaseView* view, View(case_id));
  const auto fold = Combine(case_id, subject, *view);
  const std::vector<const PeerNode*> peers = directory_.PeersServing(domain::PartiesOf(fold));
  if (peers.empty()) return absl::OkStatus();
  for (const std::uint64_t sequence : subject->shared()) {
    ASSIGN_OR_RETURN(const event::v1::Event event, ReadEvent(reader_.shared(), {sequence}));
    if (event.party_number() == 0) continue;
    for (const PeerNode* peer : peers) RETURN_IF_ERROR(DiscloseTo(peer->node, sequence));
  }
  return absl::OkStatus();
}

absl::Status Round::DiscloseTo(const std::string& peer, std::uint64_t sequence) {
  const std::string may_see = rows::MaySee(peer, {sequence});
  if (rows_.contains(may_see)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto listed, store_.Get(log::Table::kView, may_see));
  if (listed) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::uint64_t count, Number(rows::DisclosureCount(peer)));
  Put(may_see, rows::EncodeNumber(count));
  Put(rows::Disclosure(peer, count), rows::EncodeNumber(sequence));
  Put(rows::DisclosureCount(peer), rows::EncodeNumber(count + 1));
  disclosed_ = true;
  links_due_.insert(peer);
  return absl::OkStatus();
}

absl::Status Round::Changed(const std::string& case_id) {
  ASSIGN_OR_RETURN(const std::uint64_t newest, Number(std::string(rows::kChangeCount)));
  ASSIGN_OR_RETURN(StoredCaseView * view, View(case_id));
  view->set_cursor(newest + 1);
  Put(rows::Change(newest + 1), case_id);
  Put(std::string(rows::kChangeCount), rows::EncodeNumber(newest + 1));
  return absl::OkStatus();
}

absl::Status Round::WatchReport(const std::string& report_id) {
  to_watch_.insert(absl::StrCat(rows::kReportSubject, report_id));
  ASSIGN_OR_RETURN(const StoredSubject* report, reader_.Subject(rows::ReportState(report_id)));
  if (report == nullptr) return absl::OkStatus();
  for (const std::string& case_id : report->case_ids()) {
    to_watch_.insert(absl::StrCat(rows::kCaseSubject, case_id));
  }
  return absl::OkStatus();
}

absl::Status Round::QueueForWatcher() {
  for (const std::string& case_id : changed_) {
    to_watch_.insert(absl::StrCat(rows::kCaseSubject, case_id));
  }
  if (to_watch_.empty()) return absl::OkStatus();
  const std::string count(rows::kToWatchCount);
  ASSIGN_OR_RETURN(std::uint64_t newest, Number(count));
  Put(rows::ToWatch(++newest), absl::StrJoin(to_watch_, "\n"));
  Put(count, rows::EncodeNumber(newest));
  return absl::OkStatus();
}

absl::Status Round::Write() {
  for (const std::string& case_id : to_disclose_) RETURN_IF_ERROR(Disclose(case_id));
  RETURN_IF_ERROR(Drop());  // a round that is broken off here comes again
  for (const std::string& case_id : changed_) RETURN_IF_ERROR(Changed(case_id));
  RETURN_IF_ERROR(QueueForWatcher());
  for (const auto& [case_id, view] : views_) {
    Put(rows::CaseView(case_id), view.SerializeAsString());
  }
  std::vector<log::RowWrite> writes = std::move(wanted_);
  writes.reserve(writes.size() + rows_.size());
  for (auto& [key, value] : rows_) {
    writes.push_back({log::Table::kView, key, std::move(value)});
  }
  return store_.Write(writes, disclosed_ ? log::Durability::kSynced : log::Durability::kUnsynced);
}

}  // namespace selaras::node
