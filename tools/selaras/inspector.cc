#include "tools/selaras/inspector.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <google/protobuf/util/message_differencer.h>

#include "selaras/command/v1/command.pb.h"
#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/fold.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "storage/merkle/hash.h"

namespace selaras::cli {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr absl::string_view kOriginPrefix = "selaras/";

absl::StatusOr<event::v1::Event> ParseEvent(absl::string_view bytes) {
  event::v1::Event event;
  if (!event.ParseFromString(std::string(bytes))) return absl::DataLossError("no event");
  return event;
}

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
  absl::string_view log = shared.name();
  absl::ConsumePrefix(&log, kOriginPrefix);
  return log::NoteVerifier::Make(log::OriginOf(log::PrivateLogName(log)), std::move(parsed));
}

// The first field in which the two rows differ.
audit::Difference FirstDifference(const storage::v1::StoredSubject& expected,
                                  const storage::v1::StoredSubject& actual) {
  std::string text;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&text);
  differencer.Compare(expected, actual);
  return {absl::StrCat("the fold of ", expected.shared_size(), " shared entries"),
          absl::StrCat("differs: ", text.substr(0, text.find('\n')))};
}

}  // namespace

absl::Status EventInspector::Trust(absl::string_view verifier_key) {
  ASSIGN_OR_RETURN(const log::NoteVerifier shared, log::NoteVerifier::Parse(verifier_key));
  ASSIGN_OR_RETURN(const log::NoteVerifier own, PrivateVerifier(shared));
  verifiers_.insert_or_assign(shared.name(), shared);
  verifiers_.insert_or_assign(own.name(), own);
  return absl::OkStatus();
}

std::optional<log::NoteVerifier> EventInspector::VerifierOf(absl::string_view name) const {
  const auto found = verifiers_.find(log::OriginOf(name));
  return found == verifiers_.end() ? std::nullopt : std::optional(found->second);
}

absl::StatusOr<audit::EntryMarks> EventInspector::ReadEntry(absl::string_view bytes) const {
  ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(bytes));
  audit::EntryMarks marks;
  marks.request_tag = event.request_tag();
  if (event.has_case_id()) marks.state_key = node::rows::CaseState(event.case_id());
  if (event.has_report_id()) marks.state_key = node::rows::ReportState(event.report_id());
  return marks;
}

absl::StatusOr<audit::Places> EventInspector::ReadRequest(absl::string_view row) const {
  storage::v1::StoredRequest request;
  command::v1::CommandOutcome outcome;
  if (!request.ParseFromString(std::string(row))) return absl::DataLossError("no StoredRequest");
  if (!outcome.ParseFromString(request.outcome())) {
    return absl::DataLossError("its outcome is no CommandOutcome");
  }
  // The answer that a repeat gets must name what was written.
  bool agrees = outcome.positions_size() == request.shared_size();
  for (int i = 0; agrees && i < request.shared_size(); ++i) {
    agrees = outcome.positions(i).sequence() == request.shared(i);
  }
  if (!agrees) return absl::DataLossError("its outcome names other positions than it lists");
  return ToPlaces(request.shared(), request.private_());
}

absl::StatusOr<audit::Places> EventInspector::ReadState(absl::string_view row) const {
  storage::v1::StoredSubject subject;
  if (!subject.ParseFromString(std::string(row))) return absl::DataLossError("no StoredSubject");
  return ToPlaces(subject.shared(), subject.private_());
}

absl::StatusOr<std::optional<audit::Difference>> EventInspector::CompareState(
    absl::string_view, absl::string_view row, const audit::EntrySource& entries) const {
  storage::v1::StoredSubject stored;
  if (!stored.ParseFromString(std::string(row))) return absl::DataLossError("no StoredSubject");
  if (stored.fold_version() != domain::kFoldVersion) return std::nullopt;
  storage::v1::StoredSubject fresh = stored;
  fresh.clear_segments();
  for (const std::uint64_t sequence : stored.shared()) {
    ASSIGN_OR_RETURN(const audit::StoredEntry entry, entries(audit::OwnLog::kShared, {sequence}));
    ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(entry.bytes));
    event::v1::Position position;
    position.set_log(entry.log_name);
    position.set_sequence(sequence);
    node::Fold(position, merkle::HashLeaf(entry.bytes), event, &fresh);
    if (event.fact().has_respondent_named()) {
      fresh.set_report_id(event.fact().respondent_named().report_id());
    }
  }
  if (MessageDifferencer::Equals(fresh, stored)) return std::nullopt;
  return FirstDifference(fresh, stored);
}

}  // namespace selaras::cli
