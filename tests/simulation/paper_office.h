#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <google/protobuf/message.h>

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/fold.h"
#include "services/node/decider.h"
#include "services/node/directory.h"
#include "services/node/opener.h"
#include "services/node/personal.h"
#include "services/node/subjects.h"
#include "services/reference/catalogue.h"

// An office with one case, on paper: what its node decides and derives, without logs, links and
// rows. Thousands of them fit where one whole node does.
namespace selaras::test {

// An entry of somebody's log.
struct PaperEntry {
  event::v1::Position position;
  base::Digest leaf_hash;
  domain::Section section;  // of its author
  event::v1::Event event;
  // Has the number of an earlier one, and so counts nowhere.
  bool again = false;
};

using Place = std::pair<std::string, std::uint64_t>;
Place PlaceOf(const event::v1::Position& position);

// What a node holds of the logs of others: each entry once, folded as its projector does.
class HeldEntries {
 public:
  // False if it is held already. `entry` must outlive this.
  bool Take(const PaperEntry& entry);

  const storage::v1::StoredCaseView& view() const { return view_; }
  // Held, but earlier ones are missing.
  std::size_t waiting() const { return waiting_.size(); }
  const PaperEntry* Find(const Place& place) const;
  const std::map<Place, const PaperEntry*>& entries() const { return entries_; }

 private:
  storage::v1::StoredCaseView view_;
  std::map<Place, const PaperEntry*> entries_;
  std::vector<const PaperEntry*> waiting_;
};

// Opens what is not sealed, except that of which the key has not come yet.
class KeyRing final : public node::PlainOpener {
 public:
  absl::StatusOr<node::Opened> OpenWith(const event::v1::Event& event,
                                        const node::UncommittedKeys* uncommitted) const override;
  void Miss(const event::v1::Event& event) { missing_.insert(event.salt()); }
  // Whether there was anything to come.
  bool AllKeysCome();
  bool Misses(const event::v1::Event& event) const { return missing_.contains(event.salt()); }

 private:
  std::set<std::string> missing_;
};

class PaperOffice final : public node::Desk, public node::EntrySource {
 public:
  PaperOffice(node::PeerNode own, std::string case_id,
              std::shared_ptr<const reference::Catalogue> catalogue);

  const std::string& name() const { return own_.node; }
  const std::string& authority() const { return own_.authorities[0]; }
  domain::Section section() const { return decider_->section(); }
  const std::string& case_id() const { return case_id_; }
  const reference::Catalogue& catalogue() const { return *catalogue_; }
  const std::string& version() const { return version_; }  // of the catalogue

  // Decides the first command of a batch of this office's service and writes what follows.
  absl::Status Execute(const google::protobuf::Message& batch);
  // Writes a fact that this code does not know, as a later version would.
  void WriteOfTheFuture(bool party);
  // Writes its newest PARTY entry once more under the same number, on another day, as a second
  // program on the same log would that did not hear of the first. False if there is none.
  bool WriteAgain();
  // How many seconds its clock is ahead of the others.
  void SetClock(std::int64_t error) { clock_ = error; }

  const std::deque<PaperEntry>& log() const { return log_; }
  const domain::CaseFold& fold() const;
  bool Take(const PaperEntry& entry);
  const HeldEntries& others() const { return others_; }
  KeyRing& keys() { return keys_; }
  // Its own segment; nullptr if it never wrote.
  const storage::v1::SectionFold* own() const;
  // Whether it makes the other office see what it writes.
  bool Discloses(const PaperEntry& entry, const PaperOffice& to) const;

  absl::StatusOr<domain::CaseFold> Case(absl::string_view case_id) const override;
  absl::StatusOr<domain::ReportState> Report(absl::string_view report_id) const override;
  // There is no private log on paper.
  absl::StatusOr<storage::v1::SectionFold> KeptOfReport(absl::string_view) const override {
    return storage::v1::SectionFold();
  }
  absl::StatusOr<storage::v1::SectionFold> KeptOfCase(absl::string_view) const override {
    return storage::v1::SectionFold();
  }
  absl::StatusOr<std::optional<bool>> OpenedWith(absl::string_view,
                                                 absl::string_view) const override;
  void NoteOpening(absl::string_view, absl::string_view) override {}
  absl::StatusOr<event::v1::Respondent> Respondent(const domain::CaseFold& fold) const override;
  // Reporters write to no office on paper.
  absl::StatusOr<int> Unanswered(absl::string_view) const override { return 0; }
  // Whatever is added was uploaded.
  absl::StatusOr<domain::Upload> Upload(absl::string_view upload_id) const override;
  std::string ReceiptTag(absl::string_view) const override { return {}; }
  std::string NewReportId(absl::string_view, int) const override;
  std::string NewCaseId(int) const override { return case_id_; }
  absl::StatusOr<event::v1::Event> Event(const event::v1::Position& position) const override;

 private:
  void Write(event::v1::Event event);
  PaperEntry& Append(event::v1::Event event);
  void Changed();

  const node::PeerNode own_;
  const std::string case_id_;
  const std::shared_ptr<const reference::Catalogue> catalogue_;
  const std::string version_;
  const std::unique_ptr<const node::Decider> decider_;
  std::int64_t clock_ = 0;
  std::deque<PaperEntry> log_;
  storage::v1::StoredSubject subject_;
  HeldEntries others_;
  KeyRing keys_;
  mutable std::optional<domain::CaseFold> fold_;
  // How much of the log each party was told of: once listed for a party, always so.
  std::map<std::string, std::uint64_t> listed_;
};

}  // namespace selaras::test
