#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/command/v1/command.pb.h"

#include "services/domain/deadline_watch.h"
#include "services/domain/decide.h"
#include "services/node/blinding.h"
#include "services/node/decider.h"
#include "services/node/keys.h"
#include "services/node/opener.h"
#include "services/node/personal.h"
#include "services/node/subject_keys.h"
#include "services/reference/catalogue.h"
#include "storage/crypto/random.h"
#include "storage/log/store.h"

namespace selaras::node {

// What every entry of a node has in common.
struct Writer {
  const log::Store& store;
  const NodeKeys& keys;
  const Opener& opener;
  const SubjectKeys& subject_keys;
  crypto::RandomSource& random;
  domain::Section section;
  const reference::Catalogue& catalogue;
  std::string catalogue_digest;  // hexadecimal
};

// What is the same in all entries: salt, author, time and reference data.
event::v1::Event NewEntry(const Writer& writer, const std::string& author, absl::Time recorded_at);

// Entries and rows that were decided and are not committed yet.
struct Pending {
  std::vector<std::string> shared;
  std::vector<std::string> private_;
  std::map<std::string, storage::v1::StoredSubject> subjects;  // by row key
  std::map<std::string, std::string> keys;                     // wrapped or erased, by row key
  std::set<std::string> look_ups;                              // rows that go
  std::map<std::pair<log::Table, std::string>, std::optional<std::string>> uploads;  // used up
};

// One request while it is decided: reads over `base` and the store, collects what it writes. If it
// is refused the object is dropped and nothing has happened.
class Transaction final : public Desk, public EntrySource {
 public:
  // Everything handed in must outlive the object. `recorded_at` is the time of the batch.
  Transaction(const Writer& writer, const Pending& base, const command::v1::CommandHeader& header,
              const std::optional<event::v1::Delegation>& delegation, const base::Digest& tag,
              absl::Time recorded_at);

  // Writes the drafts of a decision. INVALID_ARGUMENT if one is too long or lies in the future;
  // FAILED_PRECONDITION if what an office of Bawaslu sends on tells of a reporter (rule 8). Of the
  // times that it sends on the day alone is written.
  absl::Status Record(const domain::Decision& decision);

  // What was written, with the subjects as they are now. The transaction has ended with it.
  Pending TakeWritten() { return std::exchange(written_, {}); }
  // Whether it destroys keys.
  bool erases() const { return erases_; }
  // The keys that blind the digest of the request: those that sealed what it wrote; if it sealed
  // nothing, those that are here of what the steps are about.
  absl::StatusOr<BlindingKeys> KeysBehind(
      const google::protobuf::RepeatedPtrField<command::v1::CommandStep>& steps) const;
  base::Sequence first_shared() const;
  base::Sequence first_private() const;

  absl::StatusOr<domain::CaseFold> Case(absl::string_view case_id) const override;
  absl::StatusOr<domain::ReportState> Report(absl::string_view report_id) const override;
  absl::StatusOr<storage::v1::SectionFold> KeptOfReport(absl::string_view report_id) const override;
  absl::StatusOr<storage::v1::SectionFold> KeptOfCase(absl::string_view case_id) const override;
  absl::StatusOr<std::optional<bool>> OpenedWith(absl::string_view report_id,
                                                 absl::string_view content) const override;
  void NoteOpening(absl::string_view report_id, absl::string_view content) override;
  absl::StatusOr<event::v1::Respondent> Respondent(const domain::CaseFold& fold) const override;
  absl::StatusOr<int> Unanswered(absl::string_view report_id) const override;
  absl::StatusOr<domain::Upload> Upload(absl::string_view upload_id) const override;
  std::string ReceiptTag(absl::string_view report_id) const override;
  std::string NewReportId(absl::string_view report_key, int index) const override;
  std::string NewCaseId(int index) const override;

  absl::StatusOr<event::v1::Event> Event(const event::v1::Position& position) const override;

  // What time limits of the case or report rest on.
  absl::StatusOr<domain::WatchedSubject> Watched(absl::string_view subject) const;
  // How much of the log can be vouched for before the subject is read: everything that is held of
  // it is derived. Nothing if the log is not here.
  absl::StatusOr<std::optional<event::v1::SeenLog>> Seen(const std::string& log) const;

 private:
  // The own state of a case or report as it is now; nullptr if there is none. Stays where it is
  // until it is changed for the first time.
  absl::StatusOr<const storage::v1::StoredSubject*> Subject(const std::string& key) const;
  absl::StatusOr<std::optional<storage::v1::StoredSubject>> CopyOf(const std::string& key) const;
  // The same to be changed, made if there is none. Of a request that is refused nothing is left,
  // so that it may be changed step by step.
  absl::StatusOr<storage::v1::StoredSubject*> ChangedSubject(const std::string& key);
  absl::StatusOr<storage::v1::SectionFold> Kept(const std::string& key) const;
  absl::Status RecordDraft(domain::Draft draft, const std::optional<event::v1::Citation>& first,
                           event::v1::Citation* cited);
  // Rule 8, for a draft that goes to other parties: refuses it, or takes away what is too exact.
  absl::Status ProtectReporter(domain::Draft* draft) const;
  // The personal parts of the private log about the case and the reports behind it, of the
  // reporters' messages too, as they were recorded.
  absl::StatusOr<std::vector<event::v1::PersonalPart>> KeptBehind(const std::string& case_id) const;
  event::v1::Event NewEvent(const domain::Draft& draft) const;
  // Seals the personal part of a draft, under a new key if there is none of its author and subject.
  absl::Status Seal(const domain::Draft& draft, const storage::v1::StoredSubject& subject,
                    event::v1::Event* event);
  // Whether the authority has sealed a part of an entry of the subject, in the shared log or in the
  // private one.
  absl::StatusOr<bool> HasSealed(const storage::v1::StoredSubject& subject, bool kept) const;
  absl::Status Relate(const domain::Draft& draft, storage::v1::StoredSubject* subject);
  // A row of an upload, as it is after what was decided before.
  absl::StatusOr<std::optional<std::string>> UploadRow(log::Table table,
                                                       const std::string& key) const;
  // The document belongs to the entry at `position` from now on.
  absl::Status TakeUpload(const domain::Draft& draft, const event::v1::Position& position);
  // Nobody consents to an erasure who may not have heard of a hold.
  absl::Status CheckNothingIsMissing(const domain::Draft& draft) const;
  // Whether something that came of that log, and is not derived yet, may be about the case.
  absl::StatusOr<bool> HoldsBack(const log::Mirror& mirror, const std::string& case_id) const;
  // Writes the digests of what opened reports.
  void KeepOpenings();
  // Destroys the keys of a case that the authority erases, and what it is found by.
  absl::Status EraseKeys(const std::string& case_id);
  // Adds the look-ups of own entries, and of other nodes' of a case.
  // What could be opened with the keys of `before` is taken for what there was.
  absl::Status ForgetLookUps(const std::string& row, absl::string_view subject,
                             const UncommittedKeys& before);
  // Whether it is known what else derives from what the report of the case derives from.
  absl::StatusOr<bool> KnowsDerivationsOf(const std::string& case_id) const;
  // An own entry of the private log, written or not.
  absl::StatusOr<event::v1::Event> PrivateEvent(std::uint64_t sequence) const;
  std::uint64_t SharedSize() const;
  std::uint64_t PrivateSize() const;

  const Writer& writer_;
  const Pending& base_;
  const command::v1::CommandHeader& header_;
  const std::optional<event::v1::Delegation>& delegation_;
  const base::Digest tag_;
  const absl::Time recorded_at_;
  Pending written_;
  // As of the last commit, by row key; nothing: there is none.
  mutable std::map<std::string, std::optional<storage::v1::StoredSubject>> loaded_;
  // As they were when a case was looked at first, by case: all steps of a request see the same.
  mutable std::map<std::string, storage::v1::StoredCaseView, std::less<>> views_;
  std::map<std::string, std::string> openings_;  // digests of this decision, by report
  BlindingKeys sealed_under_;
  bool erases_ = false;
};

}  // namespace selaras::node
