#include "services/node/engine.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "services/domain/deadline_facts.h"
#include "services/domain/decide.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/node/blinding.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "services/node/watch_decision.h"
#include "services/node/watcher.h"
#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/limits.h"
#include "storage/log/receipt.h"
#include "storage/log/succession.h"

namespace selaras::node {
namespace {

using command::v1::CommandOutcome;
using storage::v1::StoredRequest;

constexpr int kBatchCommandsMax = 64;
// Before the ids of a watcher: no caller's id begins like this.
constexpr absl::string_view kWatcherIds = "\n";
// One command writes at most two entries, so a request fits behind this many.
constexpr std::size_t kFullBatch = log::kAppendEntriesMax - std::size_t{2} * kBatchCommandsMax;

bool IsRead(const google::protobuf::Message& body) {
  return body.GetDescriptor() == event::v1::PersonalDataRead::descriptor();
}

// When the commit dates it, which is what others see.
absl::Status CheckInForce(const event::v1::Delegation& delegation, absl::Time recorded_at) {
  event::v1::When when;
  *when.mutable_instant() = domain::ToTimestamp(recorded_at);
  const std::string day = domain::DayOf(when);
  if (delegation.valid_from() <= day && day <= delegation.valid_until()) return absl::OkStatus();
  return domain::Refusal(
      absl::StatusCode::kPermissionDenied, "MANDATE_NOT_IN_FORCE",
      absl::StrCat("the mandate of ", delegation.to(), " holds from ", delegation.valid_from(),
                   " until ", delegation.valid_until(), "; the node's operator enters a new one"));
}

std::string Deterministic(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// The newest entry of an own log that is not lost, if there is one.
absl::StatusOr<std::optional<event::v1::Event>> NewestHeld(const log::LogReader& own) {
  for (std::uint64_t size = own.size().value; size > 0; --size) {
    ASSIGN_OR_RETURN(const auto bytes, own.Entry({size - 1}));
    if (bytes) return ParseEvent(*bytes);
  }
  return std::nullopt;
}

// The time of the newest own entry, so that entries are never dated before their predecessors.
absl::StatusOr<absl::Time> LastRecorded(const log::Store& store) {
  absl::Time last = absl::UnixEpoch();
  for (const log::LogReader* own : {&store.shared(), &store.private_log()}) {
    ASSIGN_OR_RETURN(const auto event, NewestHeld(*own));
    if (!event) continue;
    last = std::max(last, absl::FromUnixSeconds(event->recorded_at().seconds()) +
                              absl::Nanoseconds(event->recorded_at().nanos()));
  }
  return last;
}

std::string PositionsOf(const CommandOutcome& outcome) {
  return absl::StrJoin(outcome.positions(), " ",
                       [](std::string* out, const event::v1::Position& position) {
                         absl::StrAppend(out, position.log(), "@", position.sequence());
                       });
}

// Nobody can tell any more whether it is the same request, so it is neither done again nor given
// an answer (rule 2).
absl::Status Recovered(absl::string_view request_id, const CommandOutcome& outcome) {
  return domain::RequestRecovered(request_id, PositionsOf(outcome), outcome.report_id(),
                                  outcome.case_id());
}

template <typename Map>
void TakeOver(Map from, Map* to) {
  for (auto& [key, value] : from) to->insert_or_assign(key, std::move(value));
}

// Keeps the reference data for ever, by digest: what was decided with them can be read later.
absl::Status KeepCatalogue(log::Store& store, const reference::Catalogue& catalogue) {
  const std::string digest = base::HexEncode(catalogue.digest().view());
  ASSIGN_OR_RETURN(const auto held, store.Get(log::Table::kCatalogue, digest));
  if (held) return absl::OkStatus();
  std::vector<log::RowWrite> rows;
  for (const auto& [name, content] : catalogue.files()) {
    rows.push_back({log::Table::kCatalogue, absl::StrCat(digest, "/", name), content});
  }
  rows.push_back({log::Table::kCatalogue, digest, std::string()});
  return store.Write(rows, log::Durability::kSynced);
}

}  // namespace

// What is decided and not committed yet.
struct Engine::Batch {
  Pending pending;
  std::map<std::string, StoredRequest> requests;  // by tag
  bool erases = false;                            // destroys keys
  // Which outcomes become true with the commit, and which of them carry receipts.
  std::vector<std::size_t> waiting;
  std::vector<std::size_t> with_receipts;
};

std::string CanonicalRequest(const Request& request) {
  command::v1::CommandHeader header = request.header;
  header.clear_request_id();
  header.clear_trace_id();
  header.clear_expected_revisions();
  header.clear_validate_only();
  std::string bytes = absl::StrCat(request.body->GetTypeName(), "\n");
  const std::string head = Deterministic(header);
  base::AppendU32(&bytes, static_cast<std::uint32_t>(head.size()));
  absl::StrAppend(&bytes, head, Deterministic(*request.body));
  return bytes;
}

Engine::Engine(log::Store& store, const Decider& decider, const Opener& opener,
               const SubjectKeys& subject_keys, crypto::RandomSource& random, Options options,
               NodeKeys keys, absl::Time last_recorded)
    : store_(store),
      decider_(decider),
      options_(std::move(options)),
      deadlines_(options_.catalogue),
      keys_(std::move(keys)),
      writer_{store_,
              keys_,
              opener,
              subject_keys,
              random,
              decider.section(),
              *options_.catalogue,
              base::HexEncode(options_.catalogue->digest().view())},
      last_recorded_(last_recorded),
      prover_(store.shared(), base::TreeSize{0}),
      questions_(options_.questions_per_minute) {}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Make(log::Store& store, const Decider& decider,
                                                     const Opener& opener,
                                                     const SubjectKeys& subject_keys,
                                                     crypto::RandomSource& random,
                                                     Options options) {
  ASSIGN_OR_RETURN(NodeKeys keys, NodeKeys::LoadOrMake(store, subject_keys.wrapping(), random));
  RETURN_IF_ERROR(KeepCatalogue(store, *options.catalogue));
  ASSIGN_OR_RETURN(const absl::Time last, LastRecorded(store));
  return std::unique_ptr<Engine>(new Engine(store, decider, opener, subject_keys, random,
                                            std::move(options), std::move(keys), last));
}

absl::Status Engine::ReplaceLogKey(const log::NoteSigner& next, const std::string& authority,
                                   absl::Time now) {
  const std::string verifier = next.VerifierText();
  const log::LogReader& shared = store_.shared();
  if (shared.keys()->newest().VerifierText() == verifier) return absl::OkStatus();
  bool stated = false;
  if (const base::TreeSize size = shared.size(); size.value > 0) {
    ASSIGN_OR_RETURN(const auto last, shared.Entry({size.value - 1}));
    if (last) {
      ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(*last));
      stated = event.fact().log_key_replaced().verifier_key() == verifier;
    }
  }
  if (!stated) {
    last_recorded_ = std::max(last_recorded_, now);
    event::v1::Event event = NewEntry(writer_, authority, last_recorded_);
    event.mutable_fact()->mutable_log_key_replaced()->set_verifier_key(verifier);
    RETURN_IF_ERROR(store_.Append({{event.SerializeAsString()}, {}, {}}).status());
  }
  return store_.ReplaceKey(next.key());
}

absl::Status Engine::StateSuccession(const std::string& authority, absl::Time now) {
  const log::LogReader& shared = store_.shared();
  const log::LogKeys keys = *shared.keys();
  const auto closed =
      std::find_if(keys.past().rbegin(), keys.past().rend(),
                   [](const log::LogKeys::Past& past) { return !past.succession.empty(); });
  if (closed == keys.past().rend()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const log::Succession succession, log::ParseSuccession(closed->succession));
  if (shared.size() > succession.closing.checkpoint.size) return absl::OkStatus();
  last_recorded_ = std::max(last_recorded_, now);
  event::v1::Event event = NewEntry(writer_, authority, last_recorded_);
  event::v1::LogSucceeded& stated = *event.mutable_fact()->mutable_log_succeeded();
  stated.set_verifier_key(succession.next.VerifierText());
  stated.set_closing(succession.closing.note);
  stated.set_reason(std::string(log::NameOf(succession.reason)));
  for (const base::Digest& digest : succession.evidence) {
    stated.add_evidence(std::string(digest.view()));
  }
  stated.set_statement(std::string(crypto::Sha256(closed->succession).view()));
  return store_.Append({{event.SerializeAsString()}, {}, {}}).status();
}

std::vector<Outcome> Engine::Execute(std::span<const Request* const> requests, absl::Time now) {
  std::vector<Outcome> outcomes(requests.size(), absl::UnknownError("not decided"));
  last_recorded_ = std::max(last_recorded_, now);
  Batch batch;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    outcomes[i] = Run(*requests[i], now, i, batch);
    if (batch.pending.shared.size() + batch.pending.private_.size() > kFullBatch) {
      Commit(batch, i + 1, outcomes);
    }
  }
  Commit(batch, requests.size(), outcomes);
  return outcomes;
}

int Engine::CommandCount(const google::protobuf::Message& body) const {
  return IsOfWatcher(body) || IsQuestion(body) ? 1 : decider_.CommandCount(body);
}

Outcome Engine::RecordRead(const Request& request, std::size_t index, Batch& batch) {
  event::v1::Event event = NewEntry(writer_, request.header.authority(), last_recorded_);
  if (request.header.has_officer()) *event.mutable_officer() = request.header.officer();
  if (request.delegation) *event.mutable_delegation() = *request.delegation;
  *event.mutable_fact()->mutable_personal_data_read() =
      static_cast<const event::v1::PersonalDataRead&>(*request.body);
  std::string bytes = event.SerializeAsString();
  if (bytes.size() > log::kEntryBytesMax) {
    return domain::Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_READ",
                           "the answer shows more persons than are recorded at once; ask for less");
  }
  batch.pending.private_.push_back(std::move(bytes));
  batch.waiting.push_back(index);
  return CommandOutcome();
}

Outcome Engine::Run(const Request& request, absl::Time now, std::size_t index, Batch& batch) {
  const auto& header = request.header;
  if (IsRead(*request.body)) return RecordRead(request, index, batch);
  RETURN_IF_ERROR(domain::CheckHeader(header, *options_.catalogue));
  if (!options_.authorities.contains(header.authority())) {
    return domain::NotYourCase(header.authority(), "this node does not act for it");
  }
  if (request.delegation) RETURN_IF_ERROR(CheckInForce(*request.delegation, last_recorded_));
  if (IsQuestion(*request.body)) RETURN_IF_ERROR(CheckIsRecorded(header));
  const bool watcher = IsOfWatcher(*request.body);
  const int count = CommandCount(*request.body);
  if (count < 1 || count > kBatchCommandsMax) {
    return domain::BadField(
        "commands", absl::StrCat("must hold 1 to ", kBatchCommandsMax, " commands, not ", count));
  }
  const base::Digest tag =
      keys_.RequestTag(header.authority(),
                       absl::StrCat(watcher ? kWatcherIds : request.id_space, header.request_id()));
  const std::string digest(keys_.RequestDigest(CanonicalRequest(request)).view());

  std::optional<StoredRequest> known;
  if (const auto found = batch.requests.find(std::string(tag.view()));
      found != batch.requests.end()) {
    known = found->second;
  } else {
    ASSIGN_OR_RETURN(const auto row, store_.Get(log::Table::kRequest, tag.view()));
    if (row && !known.emplace().ParseFromString(*row)) {
      return absl::DataLossError("the row of this request id is damaged");
    }
  }
  if (known) {
    CommandOutcome outcome;
    if (!outcome.ParseFromString(known->outcome())) {
      return absl::DataLossError("the result of this request id is damaged");
    }
    // Its entries came back after a restore, what it asked did not. The id of a watcher says all
    // that it asks.
    const bool recovered = known->digest().empty();
    if (recovered && !watcher) return Recovered(header.request_id(), outcome);
    if (!recovered) {
      ASSIGN_OR_RETURN(const auto held,
                       Unblind(known->digest(), tag.view(),
                               {known->blinded_by().begin(), known->blinded_by().end()},
                               writer_.subject_keys, {&batch.pending.keys}));
      if (!held) return domain::RequestErased(header.request_id(), PositionsOf(outcome));
      if (*held != digest || known->digest_scheme() != kDigestScheme) {
        return domain::RequestIdReused(header.request_id());
      }
    }
    outcome.set_repeated_request(true);
    batch.waiting.push_back(index);
    if (request.single && !watcher) batch.with_receipts.push_back(index);
    return outcome;
  }

  Transaction transaction(writer_, batch.pending, header, request.delegation, tag, last_recorded_);
  RETURN_IF_ERROR(CheckRevisions(header, transaction));
  ASSIGN_OR_RETURN(CommandOutcome outcome, Decide(request, now, transaction));
  if (header.validate_only()) {
    outcome.clear_positions();
    return outcome;
  }
  StoredRequest row;
  row.set_digest_scheme(kDigestScheme);
  BlindingKeys blinding;  // of a watcher's request there is nothing to guess
  if (!watcher) {
    ASSIGN_OR_RETURN(blinding, transaction.KeysBehind(outcome.steps()));
  }
  row.set_digest(Blind(digest, tag.view(), blinding));
  for (const auto& [key, value] : blinding) row.add_blinded_by(key);
  const std::uint64_t first_shared = transaction.first_shared().value;
  const std::uint64_t first_private = transaction.first_private().value;
  Pending written = transaction.TakeWritten();
  for (std::size_t i = 0; i < written.shared.size(); ++i) {
    const std::uint64_t sequence = first_shared + i;
    row.add_shared(sequence);
    auto* position = outcome.add_positions();
    position->set_log(store_.shared().name());
    position->set_sequence(sequence);
  }
  for (std::size_t i = 0; i < written.private_.size(); ++i) {
    row.add_private_(first_private + i);
  }
  row.set_outcome(outcome.SerializeAsString());

  Pending& pending = batch.pending;
  std::move(written.shared.begin(), written.shared.end(), std::back_inserter(pending.shared));
  std::move(written.private_.begin(), written.private_.end(), std::back_inserter(pending.private_));
  TakeOver(std::move(written.subjects), &pending.subjects);
  TakeOver(std::move(written.keys), &pending.keys);
  TakeOver(std::move(written.uploads), &pending.uploads);
  pending.look_ups.merge(written.look_ups);
  batch.erases = batch.erases || transaction.erases();
  batch.requests[std::string(tag.view())] = std::move(row);
  batch.waiting.push_back(index);
  if (request.single && !watcher) batch.with_receipts.push_back(index);
  return outcome;
}

absl::Status Engine::CheckRevisions(const command::v1::CommandHeader& header,
                                    const Transaction& transaction) const {
  if (header.expected_revisions_size() > kBatchCommandsMax) {
    return domain::BadField("header.expected_revisions",
                            absl::StrCat("must hold at most ", kBatchCommandsMax));
  }
  for (const auto& expected : header.expected_revisions()) {
    ASSIGN_OR_RETURN(const domain::CaseFold fold, transaction.Case(expected.case_id()));
    const auto* own = domain::FindSegment(fold.segments(), decider_.section(), header.authority());
    const std::uint64_t actual = own == nullptr ? 0 : own->revision();
    if (actual != expected.revision()) {
      return domain::StaleRevision(expected.case_id(), expected.revision(), actual);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<domain::Decision> Engine::DecideOne(
    const Request& request, int index, const std::vector<command::v1::CommandStep>& earlier,
    absl::Time now, Transaction& transaction) {
  const domain::Call call{request.header, *options_.catalogue};
  if (IsOfWatcher(*request.body)) {
    return DecideForWatcher(*request.body, transaction, deadlines_, store_, now, call);
  }
  if (IsQuestion(*request.body)) {
    RETURN_IF_ERROR(questions_.Take(request.header.authority(), now));
    return DecideCheckOpenCases(static_cast<const command::v1::CheckOpenCases&>(*request.body),
                                transaction, store_, keys_, call);
  }
  return decider_.Decide(*request.body, index, earlier, transaction, call);
}

absl::StatusOr<CommandOutcome> Engine::Decide(const Request& request, absl::Time now,
                                              Transaction& transaction) {
  CommandOutcome outcome;
  std::vector<command::v1::CommandStep> steps;
  const int count = CommandCount(*request.body);
  for (int i = 0; i < count; ++i) {
    auto decision = DecideOne(request, i, steps, now, transaction);
    absl::Status status = decision.status();
    if (decision.ok()) status = transaction.Record(*decision);
    if (!status.ok()) {
      if (request.single && request.field.empty()) return status;
      return domain::InField(request.single ? request.field : absl::StrCat("commands[", i, "]"),
                             status);
    }
    command::v1::CommandStep step;
    step.set_report_id(decision->report_id);
    step.set_case_id(decision->case_id);
    step.set_unchanged(decision->drafts.empty());
    steps.push_back(std::move(step));
    outcome.set_affirmed(outcome.affirmed() || decision->affirmed);
  }
  for (const auto& step : steps) {
    if (!step.report_id().empty()) outcome.set_report_id(step.report_id());
    if (!step.case_id().empty()) outcome.set_case_id(step.case_id());
    *outcome.add_steps() = step;
  }
  return outcome;
}

void Engine::Commit(Batch& batch, std::size_t end, std::vector<Outcome>& outcomes) {
  log::AppendBatch append;
  append.shared = std::move(batch.pending.shared);
  append.private_ = std::move(batch.pending.private_);
  for (const auto& [key, subject] : batch.pending.subjects) {
    append.rows.push_back({log::Table::kState, key, subject.SerializeAsString()});
  }
  for (const auto& [key, wrapped] : batch.pending.keys) {
    append.rows.push_back({log::Table::kSecret, key, wrapped});
  }
  for (const std::string& row : batch.pending.look_ups) {
    append.rows.push_back({log::Table::kView, row, std::nullopt});
  }
  for (const auto& [row, value] : batch.pending.uploads) {
    append.rows.push_back({row.first, row.second, value});
  }
  for (const auto& [tag, request] : batch.requests) {
    append.rows.push_back({log::Table::kRequest, tag, request.SerializeAsString()});
  }
  absl::Status status;
  log::SignedCheckpoint checkpoint = store_.shared().checkpoint();
  if (!append.rows.empty() || !append.private_.empty()) {
    std::unique_lock<std::mutex> keeping;
    if (batch.erases) keeping = writer_.subject_keys.Hold();
    const auto appended = store_.Append(append);
    status = appended.status();
    if (appended.ok()) checkpoint = appended->shared_checkpoint;
  }
  if (status.ok()) {
    for (const std::size_t index : batch.waiting) {
      outcomes[index]->set_checkpoint(checkpoint.note);
    }
    AddReceipts(batch, checkpoint, outcomes);
  } else {
    // What was refused after the first of them may rest on what was not written.
    for (std::size_t index = batch.waiting.front(); index < end; ++index) outcomes[index] = status;
  }
  batch = Batch();
}

void Engine::AddReceipts(const Batch& batch, const log::SignedCheckpoint& checkpoint,
                         std::vector<Outcome>& outcomes) {
  if (batch.with_receipts.empty()) return;
  prover_.MoveTo(checkpoint.checkpoint.size);
  for (const std::size_t index : batch.with_receipts) {
    CommandOutcome& outcome = *outcomes[index];
    for (const auto& position : outcome.positions()) {
      const auto receipt =
          log::MakeReceipt(store_.shared(), {position.sequence()}, checkpoint, prover_);
      // It was read back before it was signed: the store is failing.
      SELARAS_CHECK(receipt.ok()) << receipt.status().ToString();
      outcome.add_receipts(log::ReceiptText(*receipt));
    }
  }
}

}  // namespace selaras::node
