#include "services/node/recovered_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/node/erased_keys.h"
#include "services/node/projector.h"
#include "services/node/rows.h"
#include "services/node/subject_keys.h"
#include "services/node/subjects.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"

namespace selaras::node {
namespace {

using storage::v1::StoredRequest;
using storage::v1::StoredSubject;

using Places = google::protobuf::RepeatedField<std::uint64_t>;

// Keeps the list ascending and free of doubles.
void Insert(std::uint64_t sequence, Places* places) {
  const auto at = std::lower_bound(places->begin(), places->end(), sequence);
  if (at != places->end() && *at == sequence) return;
  const auto index = static_cast<int>(at - places->begin());
  places->Add(sequence);
  std::rotate(places->begin() + index, places->end() - 1, places->end());
}

event::v1::Position PositionOf(const log::LogReader& log, std::uint64_t sequence) {
  event::v1::Position position;
  position.set_log(log.name());
  position.set_sequence(sequence);
  return position;
}

std::string KeyOf(const event::v1::Event& event) {
  if (event.has_case_id()) return rows::CaseState(event.case_id());
  return event.has_report_id() ? rows::ReportState(event.report_id()) : "";
}

// Whether the statement for which a link stood still is one of what the log is now.
absl::StatusOr<bool> IsSettled(const log::LogReader& shared, const std::string& given) {
  const auto stated = shared.keys()->Open(given);
  if (!stated.ok() || stated->checkpoint.size > shared.size()) return false;
  ASSIGN_OR_RETURN(const base::Digest root, merkle::RootAt(shared, stated->checkpoint.size));
  return root == stated->checkpoint.root;
}

// The rows of links that go on, because the log is now what their peers hold.
absl::StatusOr<std::vector<log::RowWrite>> SettledLinks(const log::StoreReader& store) {
  std::vector<log::RowWrite> rows;
  std::vector<std::pair<std::string, storage::v1::StoredLink>> links;
  RETURN_IF_ERROR(
      store.Scan(log::Table::kView, rows::kLinks, rows::kLinks,
                 [&](absl::string_view key, absl::string_view value) {
                   storage::v1::StoredLink link;
                   if (link.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
                     links.emplace_back(std::string(key), std::move(link));
                   }
                   return true;
                 }));
  for (auto& [key, link] : links) {
    if (!link.stopped() || !link.evidence_file().empty()) continue;
    ASSIGN_OR_RETURN(const bool settled, IsSettled(store.shared(), link.given()));
    if (!settled) continue;
    link.clear_stopped();
    link.clear_fault();
    link.clear_given();
    link.clear_given_by();
    link.clear_held();
    rows.push_back({log::Table::kView, key, link.SerializeAsString()});
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::vector<log::RowWrite>> RecoveredRows::Of(const log::RecoveryBatch& batch) {
  entries_.clear();
  requests_.clear();
  subjects_.clear();
  for (const log::DisclosedEntry& found : batch.found) {
    RETURN_IF_ERROR(Add(found.sequence, found.bytes));
  }
  base::Sequence next = base::NextAfter(store_.shared().size());
  for (const log::RecoveredLeaf& leaf : batch.leaves) {
    if (leaf.entry) RETURN_IF_ERROR(Add(next, *leaf.entry));
    ++next.value;
  }
  for (const auto& [sequence, entry] : entries_) {
    RETURN_IF_ERROR(AddToRequest(sequence, entry.event));
    RETURN_IF_ERROR(AddToSubject(sequence, entry.event));
  }
  RETURN_IF_ERROR(FoldSubjects());
  RETURN_IF_ERROR(RelateReports());
  std::vector<log::RowWrite> rows;
  for (const auto& [tag, request] : requests_) {
    rows.push_back({log::Table::kRequest, tag, request.SerializeAsString()});
  }
  for (const auto& [key, subject] : subjects_) {
    rows.push_back({log::Table::kState, key, subject.SerializeAsString()});
  }
  RETURN_IF_ERROR(EraseAgain(&rows));
  return rows;
}

absl::Status RecoveredRows::EraseAgain(std::vector<log::RowWrite>* rows) {
  const SubjectSource subject =
      [this](const std::string& key) -> absl::StatusOr<std::optional<StoredSubject>> {
    const auto known = subjects_.find(key);
    if (known != subjects_.end()) return known->second;
    return LoadSubject(store_, key);
  };
  for (const auto& [sequence, entry] : entries_) {
    if (!entry.event.fact().has_case_erased()) continue;
    // What derives from what is derived later.
    ASSIGN_OR_RETURN(const auto keys, KeysErasedWith(store_, subject, entry.event.case_id(),
                                                     entry.event.author(), false));
    for (const std::string& row : keys) {
      rows->push_back({log::Table::kSecret, row, std::string(kErasedKey)});
    }
  }
  return absl::OkStatus();
}

absl::Status RecoveredRows::Add(base::Sequence sequence, const std::string& bytes) {
  ASSIGN_OR_RETURN(event::v1::Event event, ParseEvent(bytes));
  entries_[sequence] = {bytes, std::move(event)};
  return absl::OkStatus();
}

absl::Status RecoveredRows::AddToRequest(base::Sequence sequence, const event::v1::Event& event) {
  if (event.request_tag().empty()) return absl::OkStatus();
  auto known = requests_.find(event.request_tag());
  if (known == requests_.end()) {
    ASSIGN_OR_RETURN(const auto row, store_.Get(log::Table::kRequest, event.request_tag()));
    StoredRequest request;
    if (row && !request.ParseFromString(*row)) {
      return absl::DataLossError("the row of a request is damaged");
    }
    known = requests_.emplace(event.request_tag(), std::move(request)).first;
  }
  StoredRequest& request = known->second;
  command::v1::CommandOutcome outcome;
  if (!outcome.ParseFromString(request.outcome())) {
    return absl::DataLossError("the result of a request is damaged");
  }
  Insert(sequence.value, request.mutable_shared());
  outcome.clear_positions();
  for (const std::uint64_t place : request.shared()) {
    *outcome.add_positions() = PositionOf(store_.shared(), place);
  }
  if (event.has_report_id()) outcome.set_report_id(event.report_id());
  if (event.has_case_id()) outcome.set_case_id(event.case_id());
  request.set_outcome(outcome.SerializeAsString());
  return absl::OkStatus();
}

absl::StatusOr<StoredSubject*> RecoveredRows::Subject(const std::string& key) {
  const auto known = subjects_.find(key);
  if (known != subjects_.end()) return &known->second;
  ASSIGN_OR_RETURN(auto held, LoadSubject(store_, key));
  StoredSubject subject = held ? *std::move(held) : StoredSubject();
  subject.set_fold_version(domain::kFoldVersion);
  return &subjects_.emplace(key, std::move(subject)).first->second;
}

absl::Status RecoveredRows::AddToSubject(base::Sequence sequence, const event::v1::Event& event) {
  const std::string key = KeyOf(event);
  if (key.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(StoredSubject * subject, Subject(key));
  Insert(sequence.value, subject->mutable_shared());
  if (!event.fact().has_respondent_named()) return absl::OkStatus();
  const std::string& report_id = event.fact().respondent_named().report_id();
  subject->set_report_id(report_id);
  ASSIGN_OR_RETURN(StoredSubject * report, Subject(rows::ReportState(report_id)));
  const auto& cases = report->case_ids();
  if (std::find(cases.begin(), cases.end(), event.case_id()) == cases.end()) {
    report->add_case_ids(event.case_id());
  }
  return absl::OkStatus();
}

absl::Status RecoveredRows::FoldSubjects() {
  ASSIGN_OR_RETURN(const domain::Section own, OwnSection());
  for (auto& [key, subject] : subjects_) {
    const domain::Section section = subject.segments().empty() ? own : SectionOf(subject);
    subject.clear_segments();
    for (const std::uint64_t sequence : subject.shared()) {
      base::Digest leaf;
      ASSIGN_OR_RETURN(const event::v1::Event event, EventAt({sequence}, &leaf));
      Fold(PositionOf(store_.shared(), sequence), leaf, event, section, &subject);
    }
  }
  return absl::OkStatus();
}

absl::Status RecoveredRows::RelateReports() {
  for (auto& [key, report] : subjects_) {
    if (report.case_ids().empty()) continue;
    std::map<std::uint64_t, std::string> cases;  // by the place of their first entry
    for (const std::string& case_id : report.case_ids()) {
      const auto changed = subjects_.find(rows::CaseState(case_id));
      std::optional<StoredSubject> subject;
      if (changed != subjects_.end()) {
        subject = changed->second;
      } else {
        ASSIGN_OR_RETURN(subject, LoadSubject(store_, rows::CaseState(case_id)));
      }
      if (subject && !subject->shared().empty()) cases.emplace(subject->shared(0), case_id);
    }
    report.clear_case_ids();
    for (auto& [place, case_id] : cases) report.add_case_ids(std::move(case_id));
  }
  return absl::OkStatus();
}

absl::StatusOr<event::v1::Event> RecoveredRows::EventAt(base::Sequence sequence,
                                                        base::Digest* leaf) const {
  const auto fresh = entries_.find(sequence);
  if (fresh != entries_.end()) {
    *leaf = merkle::HashLeaf(fresh->second.bytes);
    return fresh->second.event;
  }
  ASSIGN_OR_RETURN(*leaf, log::LeafHash(store_.shared(), sequence));
  return ReadEvent(store_.shared(), sequence);
}

absl::StatusOr<domain::Section> RecoveredRows::OwnSection() const {
  domain::Section section = domain::Section::kNone;
  RETURN_IF_ERROR(
      store_.Scan(log::Table::kState, rows::kCaseStates, rows::kCaseStates,
                  [&](absl::string_view, absl::string_view value) {
                    StoredSubject subject;
                    if (subject.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
                      section = SectionOf(subject);
                    }
                    return section == domain::Section::kNone;
                  }));
  for (const auto& [sequence, entry] : entries_) {
    if (section != domain::Section::kNone) break;
    section = domain::SectionOf(entry.event.fact().kind_case());
  }
  return section;
}

absl::Status BringBack(log::Store& store, log::Recovery& recovery, crypto::RandomSource& random,
                       const log::Recovery::Progress& progress) {
  if (recovery.missing() + recovery.found() > 0) {
    // Before the first leaf: wherever this is broken off, no projector adds to a list whose name
    // the peers know from before.
    RETURN_IF_ERROR(store.Write({{log::Table::kView, std::string(rows::kDisclosureEpoch),
                                  base::HexEncode(random.Fill(rows::kDisclosureEpochBytes))}},
                                log::Durability::kSynced));
  }
  // Views that were derived without them are not what follows now.
  if (recovery.found() > 0) RETURN_IF_ERROR(Projector::Forget(store));
  RecoveredRows rows(store);
  std::uint64_t done = 0;
  while (true) {
    ASSIGN_OR_RETURN(std::optional<log::RecoveryBatch> batch, recovery.Next());
    if (!batch) break;
    ASSIGN_OR_RETURN(batch->rows, rows.Of(*batch));
    RETURN_IF_ERROR(store.Recover(*batch).status());
    done += batch->leaves.size() + batch->found.size();
    if (progress) progress(done, recovery.missing() + recovery.found());
  }
  ASSIGN_OR_RETURN(const auto links, SettledLinks(store));
  return links.empty() ? absl::OkStatus() : store.Write(links, log::Durability::kSynced);
}

}  // namespace selaras::node
