#include "services/node/transaction.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/deadline_facts.h"
#include "services/domain/decide_reporter.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/domain/reporter_protection.h"
#include "services/node/blinding.h"
#include "services/node/kept_facts.h"
#include "services/node/rows.h"
#include "services/node/seal.h"
#include "services/node/subjects.h"
#include "services/node/uploads.h"
#include "services/node/viewer.h"
#include "services/node/watched.h"
#include "storage/base/status.h"
#include "storage/log/limits.h"
#include "storage/merkle/hash.h"

namespace selaras::node {
namespace {

using F = event::v1::Fact;
using storage::v1::StoredSubject;

constexpr std::size_t kSaltBytes = 16;
// Clocks of offices differ a little; an act dated later than this has not happened yet.
constexpr absl::Duration kFutureMax = absl::Minutes(5);

std::string SubjectKey(const domain::Draft& draft) {
  return draft.case_id.empty() ? rows::ReportState(draft.report_id)
                               : rows::CaseState(draft.case_id);
}

absl::Status CheckNotInFuture(absl::string_view field, const event::v1::When& when,
                              absl::Time recorded_at) {
  const absl::Time latest = recorded_at + kFutureMax;
  event::v1::When now = when;
  *now.mutable_instant() = domain::ToTimestamp(latest);
  const bool future = when.has_instant() ? absl::FromUnixSeconds(when.instant().seconds()) > latest
                                         : when.has_date() && when.date() > domain::DayOf(now);
  if (future) return domain::BadField(field, "lies in the future");
  return absl::OkStatus();
}

// The times that a draft states, by the names of the fields in which the command gave them.
absl::Status CheckNotInFuture(const domain::Draft& draft, absl::Time recorded_at) {
  const bool receipt = draft.fact.has_report_received();
  if (draft.occurred_at) {
    RETURN_IF_ERROR(
        CheckNotInFuture(receipt ? "received_at" : "occurred_at", *draft.occurred_at, recorded_at));
  }
  return CheckNotInFuture("new_occurred_at", draft.fact.fact_corrected().new_occurred_at(),
                          recorded_at);
}

}  // namespace

event::v1::Event NewEntry(const Writer& writer, const std::string& author, absl::Time recorded_at) {
  event::v1::Event event;
  event.set_salt(writer.random.Fill(kSaltBytes));
  event.set_author(author);
  *event.mutable_recorded_at() = domain::ToTimestamp(recorded_at);
  event.set_catalogue(writer.catalogue_digest);
  return event;
}

Transaction::Transaction(const Writer& writer, const Pending& base,
                         const command::v1::CommandHeader& header,
                         const std::optional<event::v1::Delegation>& delegation,
                         const base::Digest& tag, absl::Time recorded_at)
    : writer_(writer),
      base_(base),
      header_(header),
      delegation_(delegation),
      tag_(tag),
      recorded_at_(recorded_at) {}

std::uint64_t Transaction::SharedSize() const {
  return writer_.store.shared().size().value + base_.shared.size() + written_.shared.size();
}

std::uint64_t Transaction::PrivateSize() const {
  return writer_.store.private_log().size().value + base_.private_.size() +
         written_.private_.size();
}

base::Sequence Transaction::first_shared() const { return {SharedSize() - written_.shared.size()}; }

base::Sequence Transaction::first_private() const {
  return {PrivateSize() - written_.private_.size()};
}

absl::StatusOr<const StoredSubject*> Transaction::Subject(const std::string& key) const {
  for (const Pending* pending : {&written_, &base_}) {
    const auto found = pending->subjects.find(key);
    if (found != pending->subjects.end()) return &found->second;
  }
  auto loaded = loaded_.find(key);
  if (loaded == loaded_.end()) {
    ASSIGN_OR_RETURN(auto row, LoadSubject(writer_.store, key));
    loaded = loaded_.emplace(key, std::move(row)).first;
  }
  return loaded->second ? &*loaded->second : nullptr;
}

absl::StatusOr<std::optional<StoredSubject>> Transaction::CopyOf(const std::string& key) const {
  ASSIGN_OR_RETURN(const StoredSubject* held, Subject(key));
  if (held == nullptr) return std::nullopt;
  return *held;
}

absl::StatusOr<StoredSubject*> Transaction::ChangedSubject(const std::string& key) {
  ASSIGN_OR_RETURN(const StoredSubject* held, Subject(key));
  const auto [changed, fresh] = written_.subjects.try_emplace(key);
  if (!fresh || held == nullptr) return &changed->second;
  const auto loaded = loaded_.find(key);
  const bool of_store = loaded != loaded_.end() && loaded->second && held == &*loaded->second;
  // What was loaded is not looked at again.
  changed->second = of_store ? *std::move(loaded->second) : *held;
  return &changed->second;
}

absl::StatusOr<domain::CaseFold> Transaction::Case(absl::string_view case_id) const {
  if (!IsUuid(case_id)) return domain::BadField("case_id", "is no case id");
  ASSIGN_OR_RETURN(const StoredSubject* subject, Subject(rows::CaseState(case_id)));
  auto view = views_.find(case_id);
  if (view == views_.end()) {
    ASSIGN_OR_RETURN(auto loaded, LoadCaseView(writer_.store, case_id));
    view = views_.emplace(case_id, std::move(loaded)).first;
  }
  if (subject == nullptr && !view->second.has_foreign()) return domain::CaseNotFound(case_id);
  domain::CaseFold fold = Combine(case_id, subject, view->second);
  // Of a case to which it is no party nobody learns that this node has it for somebody else.
  if (!IsParty(writer_.catalogue, fold, {header_.authority()})) {
    return domain::CaseNotFound(case_id);
  }
  return fold;
}

absl::StatusOr<domain::ReportState> Transaction::Report(absl::string_view report_id) const {
  if (!IsUuid(report_id)) return domain::BadField("report_id", "is no report id");
  ASSIGN_OR_RETURN(const StoredSubject* subject, Subject(rows::ReportState(report_id)));
  if (subject == nullptr) return domain::ReportNotFound(report_id);
  const storage::v1::EffectiveFact* opening = OpeningOf(*subject);
  if (opening == nullptr) return domain::ReportNotFound(report_id);
  // No report has parties: it is its office's alone.
  if (opening->author() != header_.authority()) return domain::ReportNotFound(report_id);
  const UncommittedKeys uncommitted = {&written_.keys, &base_.keys};
  ASSIGN_OR_RETURN(
      const bool erased,
      writer_.subject_keys.IsErased(rows::KeptKey(report_id, opening->author()), &uncommitted));
  if (erased) return domain::CaseIsErased();
  return domain::ReportState{.report_id = std::string(report_id),
                             .author = opening->author(),
                             .received = opening->fact().report_received(),
                             .received_on = domain::DayOf(opening->occurred_at()),
                             .citation = domain::Cite(*opening),
                             .facts = subject->segments(0),
                             .case_ids = {subject->case_ids().begin(), subject->case_ids().end()}};
}

absl::StatusOr<storage::v1::SectionFold> Transaction::KeptOfReport(
    absl::string_view report_id) const {
  return Kept(rows::ReportState(report_id));
}

absl::StatusOr<storage::v1::SectionFold> Transaction::KeptOfCase(absl::string_view case_id) const {
  return Kept(rows::CaseState(case_id));
}

absl::StatusOr<storage::v1::SectionFold> Transaction::Kept(const std::string& key) const {
  ASSIGN_OR_RETURN(const StoredSubject* subject, Subject(key));
  if (subject == nullptr) return storage::v1::SectionFold();
  return FoldKept(writer_.store.private_log().name(), *subject,
                  [this](std::uint64_t sequence) { return PrivateEvent(sequence); });
}

absl::StatusOr<std::optional<bool>> Transaction::OpenedWith(absl::string_view report_id,
                                                            absl::string_view content) const {
  ASSIGN_OR_RETURN(const StoredSubject* subject, Subject(rows::ReportState(report_id)));
  if (subject == nullptr) return std::nullopt;
  std::optional<std::string> held = subject->opening_digest();
  if (subject->opening_blinded()) {
    ASSIGN_OR_RETURN(held,
                     Unblind(*held, report_id, {rows::KeptKey(report_id, header_.authority())},
                             writer_.subject_keys, {&written_.keys, &base_.keys}));
    if (!held) return domain::CaseIsErased();
  }
  return *held == writer_.keys.RequestDigest(content).view();
}

void Transaction::NoteOpening(absl::string_view report_id, absl::string_view content) {
  openings_[std::string(report_id)] = std::string(writer_.keys.RequestDigest(content).view());
}

// When the report's own key is there.
void Transaction::KeepOpenings() {
  for (auto& [report_id, digest] : std::exchange(openings_, {})) {
    StoredSubject& subject = written_.subjects[rows::ReportState(report_id)];
    const auto key = sealed_under_.find(rows::KeptKey(report_id, header_.authority()));
    const bool blinded = key != sealed_under_.end();
    subject.set_opening_digest(blinded ? Blind(digest, report_id, {*key}) : digest);
    subject.set_opening_blinded(blinded);
  }
}

absl::StatusOr<event::v1::Respondent> Transaction::Respondent(const domain::CaseFold& fold) const {
  const OpenerWithin opener(writer_.opener, {&written_.keys, &base_.keys});
  ASSIGN_OR_RETURN(KnownRespondent known, RespondentIn(fold, *this, opener));
  if (known.pending) return domain::NotHereYet("the key of the respondent's data");
  return std::move(known.respondent);
}

absl::StatusOr<event::v1::Event> Transaction::PrivateEvent(std::uint64_t sequence) const {
  const std::uint64_t committed = writer_.store.private_log().size().value;
  if (sequence < committed) return ReadEvent(writer_.store.private_log(), {sequence});
  std::uint64_t index = sequence - committed;
  if (index < base_.private_.size()) return ParseEvent(base_.private_[index]);
  index -= base_.private_.size();
  if (index < written_.private_.size()) return ParseEvent(written_.private_[index]);
  return absl::OutOfRangeError("the entry was not written yet");
}

absl::StatusOr<int> Transaction::Unanswered(absl::string_view report_id) const {
  ASSIGN_OR_RETURN(const StoredSubject* subject, Subject(rows::ReportState(report_id)));
  int unanswered = 0;
  for (int i = subject != nullptr ? subject->private__size() : 0; i > 0; --i) {
    ASSIGN_OR_RETURN(const auto event, PrivateEvent(subject->private_(i - 1)));
    if (event.fact().has_reporter_message_sent()) break;
    if (event.fact().has_reporter_message_received()) ++unanswered;
    if (unanswered == domain::kUnansweredMax) break;
  }
  return unanswered;
}

absl::StatusOr<std::optional<std::string>> Transaction::UploadRow(log::Table table,
                                                                  const std::string& key) const {
  for (const Pending* pending : {&written_, &base_}) {
    const auto found = pending->uploads.find({table, key});
    if (found != pending->uploads.end()) return found->second;
  }
  return writer_.store.Get(table, key);
}

absl::StatusOr<domain::Upload> Transaction::Upload(absl::string_view upload_id) const {
  RETURN_IF_ERROR(domain::CheckRequestId("upload_id", upload_id));
  return FindUpload(
      writer_.keys, writer_.subject_keys,
      [this](log::Table table, const std::string& key) { return UploadRow(table, key); },
      header_.authority(), upload_id, recorded_at_);
}

absl::Status Transaction::TakeUpload(const domain::Draft& draft,
                                     const event::v1::Position& position) {
  if (draft.upload_id.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const std::vector<log::RowWrite> rows,
      node::TakeUpload(
          writer_.keys,
          [this](log::Table table, const std::string& key) { return UploadRow(table, key); },
          header_.authority(), draft.upload_id, position));
  for (const log::RowWrite& row : rows) written_.uploads[{row.table, row.key}] = row.value;
  return absl::OkStatus();
}

std::string Transaction::ReceiptTag(absl::string_view report_id) const {
  const auto tag = writer_.keys.ReceiptTag(
      writer_.keys.ReceiptCode(header_.authority(), report_id, header_.request_id()));
  return std::string(tag.view());
}

std::string Transaction::NewReportId(absl::string_view report_key, int index) const {
  const std::string key = report_key.empty() ? absl::StrCat(header_.request_id(), "#", index)
                                             : absl::StrCat("key:", report_key);
  return writer_.keys.ReportId(header_.authority(), key);
}

std::string Transaction::NewCaseId(int index) const {
  return writer_.keys.CaseId(header_.authority(), header_.request_id(), index);
}

absl::StatusOr<event::v1::Event> Transaction::Event(const event::v1::Position& position) const {
  const log::LogReader& shared = writer_.store.shared();
  if (position.log() != shared.name()) {
    const log::Mirror* mirror = writer_.store.FindMirror(position.log());
    if (mirror != nullptr) return ReadEvent(*mirror, {position.sequence()});
    return absl::NotFoundError(absl::StrCat("no log ", position.log(), " is here"));
  }
  const std::uint64_t committed = shared.size().value;
  if (position.sequence() < committed) return ReadEvent(shared, {position.sequence()});
  std::uint64_t index = position.sequence() - committed;
  if (index < base_.shared.size()) return ParseEvent(base_.shared[index]);
  index -= base_.shared.size();
  if (index < written_.shared.size()) return ParseEvent(written_.shared[index]);
  return absl::OutOfRangeError("the entry was not written yet");
}

absl::StatusOr<domain::WatchedSubject> Transaction::Watched(absl::string_view subject) const {
  return LoadWatched(writer_.store, subject,
                     [this](const std::string& key) { return Subject(key); });
}

absl::StatusOr<std::optional<event::v1::SeenLog>> Transaction::Seen(const std::string& log) const {
  event::v1::SeenLog seen;
  seen.set_log(log);
  if (log == writer_.store.shared().name()) {
    seen.set_size(SharedSize());
    return seen;
  }
  const log::Mirror* mirror = writer_.store.FindMirror(log);
  if (mirror == nullptr) return std::nullopt;
  // In this order: what comes in between was not seen, and is not vouched for.
  seen.set_size(mirror->size().value);
  const std::uint64_t held = mirror->entries_held();
  ASSIGN_OR_RETURN(const std::uint64_t derived, LoadNumber(writer_.store, rows::Cursor(log)));
  if (derived < held) return domain::NotHereYet(absl::StrCat("the derived state of ", log));
  return seen;
}

absl::Status Transaction::Record(const domain::Decision& decision) {
  std::optional<event::v1::Citation> first;
  for (const domain::Draft& draft : decision.drafts) {
    event::v1::Citation cited;
    RETURN_IF_ERROR(RecordDraft(draft, first, &cited));
    if (!first) first = std::move(cited);
  }
  KeepOpenings();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<event::v1::PersonalPart>> Transaction::KeptBehind(
    const std::string& case_id) const {
  std::vector<event::v1::PersonalPart> kept;
  std::set<std::string> read;
  std::string key = rows::CaseState(case_id);
  const OpenerWithin opener(writer_.opener, {&written_.keys, &base_.keys});
  // From the case to its report, and on to those from which that one follows.
  while (!key.empty() && read.insert(key).second) {
    ASSIGN_OR_RETURN(const StoredSubject* subject, Subject(key));
    if (subject == nullptr) break;
    for (const std::uint64_t sequence : subject->private_()) {
      ASSIGN_OR_RETURN(const auto event, PrivateEvent(sequence));
      ASSIGN_OR_RETURN(Opened opened, opener.Open(event));
      if (opened.pending) return domain::NotHereYet("the key of the report's data");
      if (opened.part) kept.push_back(*std::move(opened.part));
    }
    const storage::v1::EffectiveFact* opening = OpeningOf(*subject);
    std::string report_id = subject->report_id();
    if (report_id.empty() && opening != nullptr) {
      report_id = opening->fact().report_received().derived_from();
    }
    key = report_id.empty() ? "" : rows::ReportState(report_id);
  }
  return kept;
}

absl::Status Transaction::ProtectReporter(domain::Draft* draft) const {
  domain::KeepDaysOnly(draft);
  if (!draft->personal) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto kept, KeptBehind(draft->case_id));
  if (kept.empty()) return absl::OkStatus();  // the report is another office's
  ASSIGN_OR_RETURN(const domain::CaseFold fold, Case(draft->case_id));
  ASSIGN_OR_RETURN(const event::v1::Respondent respondent, Respondent(fold));
  return domain::CheckTellsOfNoReporter(*draft, kept, respondent, writer_.catalogue);
}

event::v1::Event Transaction::NewEvent(const domain::Draft& draft) const {
  event::v1::Event event = NewEntry(writer_, header_.authority(), recorded_at_);
  event.set_acting_for(header_.acting_for());
  if (delegation_) *event.mutable_delegation() = *delegation_;
  if (header_.has_officer()) *event.mutable_officer() = header_.officer();
  if (draft.occurred_at) *event.mutable_occurred_at() = *draft.occurred_at;
  event.set_request_tag(std::string(tag_.view()));
  for (const auto& citation : draft.citations) *event.add_citations() = citation;
  event.set_trace_id(header_.trace_id());
  if (draft.case_id.empty()) {
    event.set_report_id(draft.report_id);
  } else {
    event.set_case_id(draft.case_id);
  }
  *event.mutable_fact() = draft.fact;
  return event;
}

absl::StatusOr<bool> Transaction::HasSealed(const StoredSubject& subject, bool kept) const {
  event::v1::Position position;
  position.set_log(writer_.store.shared().name());
  for (const std::uint64_t sequence : kept ? subject.private_() : subject.shared()) {
    position.set_sequence(sequence);
    const auto event = kept ? PrivateEvent(sequence) : Event(position);
    if (absl::IsNotFound(event.status())) continue;  // lost
    RETURN_IF_ERROR(event.status());
    if (event->has_sealed() && event->author() == header_.authority()) return true;
  }
  return false;
}

absl::Status Transaction::Seal(const domain::Draft& draft, const StoredSubject& subject,
                               event::v1::Event* event) {
  if (!draft.personal) return absl::OkStatus();
  const bool kept = draft.visibility == domain::Visibility::kPrivate;
  const std::string row = kept ? rows::KeptKey(SubjectOf(*event), event->author())
                               : rows::SharedKey(SubjectOf(*event), event->author());
  const UncommittedKeys uncommitted = {&written_.keys, &base_.keys};
  std::optional<std::string> wrapped;
  ASSIGN_OR_RETURN(const std::string key,
                   writer_.subject_keys.FindOrMake(row, &uncommitted, writer_.random, &wrapped));
  if (wrapped) {
    // After a restore the key may be at peers only. Under a second one the first would be
    // forgotten.
    ASSIGN_OR_RETURN(const bool sealed, HasSealed(subject, kept));
    if (sealed) return domain::KeyNotHere("their key did not come back with the entries");
    written_.keys[row] = *std::move(wrapped);
  }
  sealed_under_[row] = key;
  SealPart(key, *draft.personal, event);
  return absl::OkStatus();
}

absl::Status Transaction::RecordDraft(domain::Draft draft,
                                      const std::optional<event::v1::Citation>& first,
                                      event::v1::Citation* cited) {
  RETURN_IF_ERROR(CheckNotInFuture(draft, recorded_at_));
  RETURN_IF_ERROR(CheckNothingIsMissing(draft));
  if (writer_.section == domain::Section::kIntake &&
      draft.visibility == domain::Visibility::kParty) {
    RETURN_IF_ERROR(ProtectReporter(&draft));
  }
  ASSIGN_OR_RETURN(StoredSubject * changed, ChangedSubject(SubjectKey(draft)));
  StoredSubject& subject = *changed;
  subject.set_fold_version(domain::kFoldVersion);

  event::v1::Event event = NewEvent(draft);
  if (draft.cites_first && first) *event.add_citations() = *first;
  if (draft.visibility == domain::Visibility::kParty) {
    event.set_party_number(
        domain::NextPartyNumber(subject.segments(), writer_.section, event.author()));
  }
  RETURN_IF_ERROR(Seal(draft, subject, &event));
  std::string bytes = event.SerializeAsString();
  if (bytes.size() > log::kEntryBytesMax) {
    return domain::BadField("command",
                            absl::StrCat("makes an entry of ", bytes.size(), " bytes; at most ",
                                         log::kEntryBytesMax, " are allowed"));
  }
  event::v1::Position position;
  if (draft.visibility == domain::Visibility::kPrivate) {
    position.set_log(writer_.store.private_log().name());
    position.set_sequence(PrivateSize());
    subject.add_private_(PrivateSize());
    written_.private_.push_back(std::move(bytes));
  } else {
    const base::Digest leaf = merkle::HashLeaf(bytes);
    position.set_log(writer_.store.shared().name());
    position.set_sequence(SharedSize());
    *cited->mutable_position() = position;
    cited->set_leaf_hash(std::string(leaf.view()));
    subject.add_shared(SharedSize());
    domain::Evolve(*subject.mutable_segments(), writer_.section, position, leaf, event);
    written_.shared.push_back(std::move(bytes));
  }
  RETURN_IF_ERROR(TakeUpload(draft, position));
  RETURN_IF_ERROR(Relate(draft, &subject));
  return draft.fact.has_case_erased() ? EraseKeys(draft.case_id) : absl::OkStatus();
}

absl::StatusOr<BlindingKeys> Transaction::KeysBehind(
    const google::protobuf::RepeatedPtrField<command::v1::CommandStep>& steps) const {
  if (!sealed_under_.empty()) return sealed_under_;
  BlindingKeys keys;
  const UncommittedKeys uncommitted = {&written_.keys, &base_.keys};
  for (const command::v1::CommandStep& step : steps) {
    for (const std::string& subject : {step.report_id(), step.case_id()}) {
      if (subject.empty()) continue;
      for (const std::string& row : {rows::KeptKey(subject, header_.authority()),
                                     rows::SharedKey(subject, header_.authority())}) {
        ASSIGN_OR_RETURN(auto key, writer_.subject_keys.Find(row, &uncommitted));
        if (key) keys[row] = *std::move(key);
      }
    }
  }
  return keys;
}

absl::Status Transaction::Relate(const domain::Draft& draft, StoredSubject* subject) {
  if (!draft.fact.has_respondent_named()) return absl::OkStatus();
  const std::string& report_id = draft.fact.respondent_named().report_id();
  subject->set_report_id(report_id);
  const std::string key = rows::ReportState(report_id);
  // A case is only opened in a report that is there.
  ASSIGN_OR_RETURN(const StoredSubject* held, Subject(key));
  if (held == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(StoredSubject * report, ChangedSubject(key));
  report->add_case_ids(draft.case_id);
  return absl::OkStatus();
}

}  // namespace selaras::node
