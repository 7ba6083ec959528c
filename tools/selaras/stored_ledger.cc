#include "tools/selaras/stored_ledger.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"

#include "selaras/event/v1/event.pb.h"

#include "services/link/key_change.h"
#include "services/node/link_keys.h"
#include "storage/base/status.h"
#include "storage/log/published.h"
#include "storage/log/receipt.h"
#include "storage/merkle/prove.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

constexpr int kPageDefault = 100;
constexpr int kPageMax = 1'000;

// Own logs and mirrors, in the order in which a node shows them.
std::vector<const log::LogReader*> LogsOf(const log::StoreReader& store) {
  std::vector<const log::LogReader*> logs = {&store.shared(), &store.private_log()};
  const auto mirrors = store.mirrors();
  logs.insert(logs.end(), mirrors.begin(), mirrors.end());
  return logs;
}

// A store signs nothing: of its logs only the newest checkpoint is there.
absl::Status CheckSigned(const log::LogReader& log, std::uint64_t size) {
  const base::TreeSize newest = log.checkpoint().checkpoint.size;
  if (size == 0 || size == newest.value) return absl::OkStatus();
  return NotSignedHere(log.name(), size, newest.value);
}

}  // namespace

absl::StatusOr<const log::LogReader*> StoredLedger::Find(const std::string& name) const {
  const auto logs = LogsOf(*store_);
  if (name.empty()) return logs.front();
  for (const log::LogReader* log : logs) {
    if (log->name() == name) return log;
  }
  return NoSuchLog(name, absl::StrJoin(logs, ", ", [](std::string* out, const log::LogReader* log) {
                     out->append(log->name());
                   }));
}

absl::StatusOr<ledger::v1::GetNodeResponse> StoredLedger::GetNode() {
  ledger::v1::GetNodeResponse node;
  node.set_node(store_->shared().name());
  for (const log::LogReader* log : LogsOf(*store_)) {
    ledger::v1::LogState* state = node.add_logs();
    state->set_log(log->name());
    state->set_size(log->size().value);
    // After a kill the newest checkpoint may be older than the log.
    ASSIGN_OR_RETURN(const base::Digest root, merkle::RootAt(*log, log->size()));
    state->set_root(std::string(root.view()));
  }
  for (const log::Mirror* mirror : store_->mirrors()) {
    for (ledger::v1::LogState& state : *node.mutable_logs()) {
      if (state.log() != mirror->name()) continue;
      state.set_mirror(true);
      state.set_entries_held(mirror->entries_held());
    }
  }
  return node;
}

absl::StatusOr<ledger::v1::GetCheckpointResponse> StoredLedger::GetCheckpoint(
    const ledger::v1::GetCheckpointRequest& request) {
  if (request.witnessed()) return OnlyANodeKnows("--witnessed");
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log()));
  ledger::v1::GetCheckpointResponse response;
  response.set_checkpoint(log->checkpoint().note);
  response.set_verifier_key(log->keys()->newest().VerifierText());
  ASSIGN_OR_RETURN(const auto past_keys, link::PastKeysOf(*log));
  response.mutable_past_keys()->Assign(past_keys.begin(), past_keys.end());
  return response;
}

absl::StatusOr<ledger::v1::ListEntriesResponse> StoredLedger::ListEntries(
    const ledger::v1::ListEntriesRequest& request) {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log()));
  const std::uint64_t size = log->size().value;
  const int page =
      request.page_size() == 0 ? kPageDefault : std::min(request.page_size(), kPageMax);
  const std::uint64_t end =
      request.start() + std::min<std::uint64_t>(page, size - std::min(size, request.start()));
  const auto key_row =
      log->name() == store_->private_log().name() ? &node::KeptKeyRowOf : &node::KeyRowOf;
  ledger::v1::ListEntriesResponse response;
  response.set_size(size);
  for (std::uint64_t i = request.start(); i < end; ++i) {
    ASSIGN_OR_RETURN(const base::Digest hash, log::LeafHash(*log, {i}));
    ASSIGN_OR_RETURN(const std::optional<std::string> entry, log->Entry({i}));
    ledger::v1::EntryRecord* record = response.add_entries();
    record->mutable_position()->set_log(log->name());
    record->mutable_position()->set_sequence(i);
    record->set_leaf_hash(std::string(hash.view()));
    if (entry) {
      record->set_entry(*entry);
      ASSIGN_OR_RETURN(*record->mutable_key(), subject_keys_.KeyOrNone(key_row(*entry)));
    } else {
      ASSIGN_OR_RETURN(const auto lost, log->Lost({i}, 1));
      record->set_lost(!lost.empty());
    }
  }
  if (end < size) response.set_next_start(end);
  return response;
}

absl::StatusOr<ledger::v1::GetReceiptResponse> StoredLedger::GetReceipt(
    const ledger::v1::GetReceiptRequest& request) {
  if (request.witnessed()) return OnlyANodeKnows("--witnessed");
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log()));
  RETURN_IF_ERROR(CheckSigned(*log, request.tree_size()));
  ASSIGN_OR_RETURN(const log::Receipt receipt,
                   log::MakeReceipt(*log, {request.sequence()}, log->checkpoint()));
  ledger::v1::GetReceiptResponse response;
  response.set_receipt(log::ReceiptText(receipt));
  return response;
}

absl::StatusOr<ledger::v1::ProveInclusionResponse> StoredLedger::ProveInclusion(
    const ledger::v1::ProveInclusionRequest& request) {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log()));
  RETURN_IF_ERROR(CheckSigned(*log, request.tree_size()));
  const log::SignedCheckpoint head = log->checkpoint();
  const base::Sequence sequence{request.sequence()};
  ledger::v1::ProveInclusionResponse response;
  ASSIGN_OR_RETURN(const auto proof, merkle::ProveInclusion(*log, sequence, head.checkpoint.size));
  for (const base::Digest& hash : proof) response.add_hashes(std::string(hash.view()));
  ASSIGN_OR_RETURN(const base::Digest leaf, log::LeafHash(*log, sequence));
  response.mutable_entry()->set_leaf_hash(std::string(leaf.view()));
  response.mutable_entry()->mutable_position()->set_log(log->name());
  response.mutable_entry()->mutable_position()->set_sequence(sequence.value);
  response.set_tree_size(head.checkpoint.size.value);
  response.set_checkpoint(head.note);
  return response;
}

absl::StatusOr<ledger::v1::ProveConsistencyResponse> StoredLedger::ProveConsistency(
    const ledger::v1::ProveConsistencyRequest& request) {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log()));
  RETURN_IF_ERROR(CheckSigned(*log, request.to_size()));
  const log::SignedCheckpoint head = log->checkpoint();
  ledger::v1::ProveConsistencyResponse response;
  ASSIGN_OR_RETURN(const auto proof,
                   merkle::ProveConsistency(*log, {request.from_size()}, head.checkpoint.size));
  for (const base::Digest& hash : proof) response.add_hashes(std::string(hash.view()));
  response.set_to_size(head.checkpoint.size.value);
  response.set_checkpoint(head.note);
  return response;
}

absl::StatusOr<ledger::v1::ListPublishedResponse> StoredLedger::ListPublished(
    const ledger::v1::ListPublishedRequest& request) {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log()));
  const int page =
      request.page_size() == 0 ? kPageDefault : std::min(request.page_size(), kPageMax);
  ledger::v1::ListPublishedResponse response;
  RETURN_IF_ERROR(log::ScanPublished(*store_, log->name(), {request.from_size()},
                                     [&](const log::PublishedCheckpoint& row) {
                                       if (response.checkpoints_size() == page) {
                                         response.set_next_from_size(row.size.value);
                                         return false;
                                       }
                                       response.add_checkpoints(row.note);
                                       return true;
                                     }));
  return response;
}

absl::StatusOr<std::string> StoredLedger::CatalogueInUse() const {
  // What was used last: as the newest own entry states it.
  for (const log::LogReader* log : {&store_->shared(), &store_->private_log()}) {
    if (log->size().value == 0) continue;
    ASSIGN_OR_RETURN(const auto entry, log->Entry({log->size().value - 1}));
    event::v1::Event event;
    if (entry && event.ParseFromString(*entry)) return event.catalogue();
  }
  // Nothing was decided yet; rows are `<digest>` and `<digest>/<file>`.
  std::string digest;
  RETURN_IF_ERROR(
      store_->Scan(log::Table::kCatalogue, "", "", [&](absl::string_view key, absl::string_view) {
        digest = std::string(key.substr(0, key.find('/')));
        return false;
      }));
  return digest;
}

absl::StatusOr<ledger::v1::GetCatalogueResponse> StoredLedger::GetCatalogue(
    const ledger::v1::GetCatalogueRequest& request) {
  ledger::v1::GetCatalogueResponse response;
  response.set_digest(request.digest());
  if (response.digest().empty()) {
    ASSIGN_OR_RETURN(*response.mutable_digest(), CatalogueInUse());
  }
  const std::string prefix = response.digest() + "/";
  RETURN_IF_ERROR(store_->Scan(log::Table::kCatalogue, prefix, prefix,
                               [&](absl::string_view key, absl::string_view value) {
                                 ledger::v1::CatalogueFile* file = response.add_files();
                                 file->set_name(std::string(key.substr(prefix.size())));
                                 file->set_content(std::string(value));
                                 return true;
                               }));
  if (response.files().empty()) return NoCatalogue(response.digest());
  return response;
}

}  // namespace selaras::cli
