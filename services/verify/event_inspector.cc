#include "services/verify/event_inspector.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <google/protobuf/arena.h>

#include "selaras/command/v1/command.pb.h"
#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/fold.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/verify/difference.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/names.h"

namespace selaras::verify {
namespace {

// Messages of one call: they are many and short-lived, and go at once.
class Messages {
 public:
  Messages() : arena_(Options(first_)) {}

  // Nothing if the bytes are none.
  template <typename Message>
  Message* Parse(absl::string_view bytes) {
    Message* message = google::protobuf::Arena::CreateMessage<Message>(&arena_);
    const bool parsed = message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    return parsed ? message : nullptr;
  }

  template <typename Message>
  Message& Make() {
    return *google::protobuf::Arena::CreateMessage<Message>(&arena_);
  }

 private:
  using First = std::array<char, 8'192>;

  static google::protobuf::ArenaOptions Options(First& first) {
    google::protobuf::ArenaOptions options;
    options.initial_block = first.data();
    options.initial_block_size = first.size();
    return options;
  }

  alignas(std::max_align_t) First first_;
  google::protobuf::Arena arena_;
};

audit::Places ToPlaces(const google::protobuf::RepeatedField<std::uint64_t>& shared,
                       const google::protobuf::RepeatedField<std::uint64_t>& private_) {
  audit::Places places;
  for (const std::uint64_t sequence : shared) places.shared.push_back({sequence});
  for (const std::uint64_t sequence : private_) places.private_.push_back({sequence});
  return places;
}

// The key of a private log: the same bytes under the private log's name.
absl::StatusOr<log::NoteVerifier> PrivateVerifier(const log::NoteVerifier& shared) {
  const std::string text = shared.VerifierText();
  absl::string_view rest(text);
  absl::ConsumePrefix(&rest, absl::StrCat(shared.name(), "+"));
  // What follows is `<id>+<base64 of algorithm and key>`; the id has no plus sign.
  ASSIGN_OR_RETURN(const std::string key, base::Base64Decode(rest.substr(rest.find('+') + 1)));
  ASSIGN_OR_RETURN(crypto::VerifyKey parsed, crypto::VerifyKey::FromBytes(key.substr(1)));
  return log::NoteVerifier::Make(log::OriginOf(log::PrivateLogName(log::LogOfOrigin(shared.name())),
                                               log::GenerationOf(shared.name())),
                                 std::move(parsed));
}

// The cases that name the report, of those that its row lists, in the order of their opening.
absl::StatusOr<std::vector<std::string>> CasesOf(absl::string_view report_id,
                                                 const storage::v1::StoredSubject& report,
                                                 const audit::StateSource& source) {
  std::map<std::uint64_t, std::string> cases;  // by the place of their first entry
  for (const std::string& case_id : report.case_ids()) {
    ASSIGN_OR_RETURN(const auto row, source.row(node::rows::CaseState(case_id)));
    Messages messages;
    const auto* subject = row ? messages.Parse<storage::v1::StoredSubject>(*row) : nullptr;
    if (subject == nullptr || subject->report_id() != report_id) continue;
    if (!subject->shared().empty()) cases.emplace(subject->shared(0), case_id);
  }
  std::vector<std::string> ids;
  for (auto& [place, id] : cases) ids.push_back(std::move(id));
  return ids;
}

// Whether the row of the report lists the case.
absl::StatusOr<bool> IsListed(absl::string_view case_id, const std::string& report_id,
                              const audit::StateSource& source) {
  ASSIGN_OR_RETURN(const auto row, source.row(node::rows::ReportState(report_id)));
  Messages messages;
  const auto* report = row ? messages.Parse<storage::v1::StoredSubject>(*row) : nullptr;
  if (report == nullptr) return false;
  const auto& ids = report->case_ids();
  return std::find(ids.begin(), ids.end(), case_id) != ids.end();
}

}  // namespace

absl::Status EventInspector::Trust(absl::string_view verifier_key) {
  ASSIGN_OR_RETURN(const log::NoteVerifier shared, log::NoteVerifier::Parse(verifier_key));
  ASSIGN_OR_RETURN(const log::NoteVerifier own, PrivateVerifier(shared));
  verifiers_.insert_or_assign(shared.name(), shared);
  verifiers_.insert_or_assign(own.name(), own);
  return absl::OkStatus();
}

absl::Status EventInspector::TrustWitness(absl::string_view verifier_key) {
  ASSIGN_OR_RETURN(log::CosignatureVerifier witness, log::CosignatureVerifier::Parse(verifier_key));
  const std::pair key(witness.name(), witness.key_id());
  witnesses_.insert_or_assign(key, std::move(witness));
  return absl::OkStatus();
}

absl::Status EventInspector::TrustPeers(const config::v1::NodeConfig& config) {
  for (const config::v1::Peer& peer : config.peers()) {
    RETURN_IF_ERROR(Trust(peer.verifier_key()));
    if (!peer.witness_key().empty()) RETURN_IF_ERROR(TrustWitness(peer.witness_key()));
  }
  for (const config::v1::Witness& witness : config.witnesses()) {
    RETURN_IF_ERROR(TrustWitness(witness.verifier_key()));
  }
  return absl::OkStatus();
}

bool EventInspector::KnowsOrigin(absl::string_view origin) const {
  return VerifierOf(log::LogOfOrigin(origin)).has_value();
}

std::optional<log::NoteVerifier> EventInspector::VerifierOf(absl::string_view name) const {
  std::optional<log::NoteVerifier> newest;
  for (const auto& [origin, verifier] : verifiers_) {
    if (log::LogOfOrigin(origin) != name) continue;
    if (!newest || log::GenerationOf(origin) > log::GenerationOf(newest->name())) newest = verifier;
  }
  return newest;
}

std::optional<log::CosignatureVerifier> EventInspector::WitnessOf(absl::string_view name,
                                                                  std::uint32_t key_id) const {
  const auto found = witnesses_.find({std::string(name), key_id});
  return found == witnesses_.end() ? std::nullopt : std::optional(found->second);
}

absl::StatusOr<audit::EntryMarks> EventInspector::ReadEntry(absl::string_view bytes) const {
  Messages messages;
  const auto* event = messages.Parse<event::v1::Event>(bytes);
  if (event == nullptr) return absl::DataLossError("no event");
  audit::EntryMarks marks;
  marks.request_tag = event->request_tag();
  marks.catalogue = event->catalogue();
  if (event->has_case_id()) marks.state_key = node::rows::CaseState(event->case_id());
  if (event->has_report_id()) marks.state_key = node::rows::ReportState(event->report_id());
  return marks;
}

absl::StatusOr<audit::Places> EventInspector::ReadRequest(absl::string_view row) const {
  Messages messages;
  const auto* request = messages.Parse<storage::v1::StoredRequest>(row);
  if (request == nullptr) return absl::DataLossError("no StoredRequest");
  const auto* outcome = messages.Parse<command::v1::CommandOutcome>(request->outcome());
  if (outcome == nullptr) return absl::DataLossError("its outcome is no CommandOutcome");
  // The answer that a repeat gets must name what was written.
  bool agrees = outcome->positions_size() == request->shared_size();
  for (int i = 0; agrees && i < request->shared_size(); ++i) {
    agrees = outcome->positions(i).sequence() == request->shared(i);
  }
  if (!agrees) return absl::DataLossError("its outcome names other positions than it lists");
  return ToPlaces(request->shared(), request->private_());
}

absl::StatusOr<audit::Places> EventInspector::ReadState(absl::string_view row) const {
  Messages messages;
  const auto* subject = messages.Parse<storage::v1::StoredSubject>(row);
  if (subject == nullptr) return absl::DataLossError("no StoredSubject");
  return ToPlaces(subject->shared(), subject->private_());
}

absl::StatusOr<audit::ComparedState> EventInspector::CompareState(
    absl::string_view key, absl::string_view row, const audit::StateSource& source) const {
  Messages messages;
  const auto* stored = messages.Parse<storage::v1::StoredSubject>(row);
  if (stored == nullptr) return absl::DataLossError("no StoredSubject");
  audit::ComparedState compared{ToPlaces(stored->shared(), stored->private_()), std::nullopt};
  if (stored->fold_version() != domain::kFoldVersion) return compared;
  // The row says from what it was folded; all else follows.
  auto& fresh = messages.Make<storage::v1::StoredSubject>();
  fresh.set_fold_version(stored->fold_version());
  *fresh.mutable_shared() = stored->shared();
  *fresh.mutable_private_() = stored->private_();
  fresh.set_opening_digest(stored->opening_digest());
  fresh.set_opening_blinded(stored->opening_blinded());
  for (const std::uint64_t sequence : stored->shared()) {
    ASSIGN_OR_RETURN(const audit::StoredEntry entry,
                     source.entry(audit::OwnLog::kShared, {sequence}));
    const auto* event = messages.Parse<event::v1::Event>(entry.bytes);
    if (event == nullptr) return absl::DataLossError("no event");
    event::v1::Position position;
    position.set_log(entry.log_name);
    position.set_sequence(sequence);
    node::Fold(position, entry.leaf_hash, *event, node::SectionOf(*stored), &fresh);
    if (event->fact().has_respondent_named()) {
      fresh.set_report_id(event->fact().respondent_named().report_id());
    }
  }
  if (absl::ConsumePrefix(&key, node::rows::kReportStates)) {
    ASSIGN_OR_RETURN(const auto cases, CasesOf(key, *stored, source));
    fresh.mutable_case_ids()->Assign(cases.begin(), cases.end());
  } else if (absl::ConsumePrefix(&key, node::rows::kCaseStates)) {
    fresh.clear_opening_digest();  // a report has one
    fresh.clear_opening_blinded();
    if (!fresh.report_id().empty()) {
      ASSIGN_OR_RETURN(const bool listed, IsListed(key, fresh.report_id(), source));
      if (!listed) {
        compared.difference = audit::Difference{
            absl::StrCat("the row of report ", fresh.report_id(), " lists the case"), "not listed"};
        return compared;
      }
    }
  }
  // The same bytes are the same message; other bytes may be, too.
  if (fresh.SerializeAsString() != row) compared.difference = DifferenceOf(fresh, *stored);
  return compared;
}

}  // namespace selaras::verify
