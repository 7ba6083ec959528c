#include "services/serve/ledger_service.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "selaras/ledger/v1/ledger.pb.h"

#include "services/domain/refusal.h"
#include "services/link/checkpoint_source.h"
#include "services/link/key_change.h"
#include "services/runtime/version.h"
#include "services/serve/errors.h"
#include "services/serve/tail_stream.h"
#include "services/serve/viewer_of.h"
#include "services/serve/witnessed.h"
#include "storage/base/status.h"
#include "storage/log/published.h"
#include "storage/log/receipt.h"
#include "storage/merkle/prove.h"

namespace selaras::serve {
namespace {

namespace v1 = ledger::v1;

constexpr int kPageDefault = 100;
constexpr int kPageMax = 1'000;
// A page ends early when it is this large: an answer must fit a message.
constexpr std::size_t kPageBytesMax = 2 << 20;

v1::ScrubState ToScrubState(const ScrubShown& shown) {
  v1::ScrubState state;
  state.set_stage(shown.stage);
  state.set_findings_so_far(shown.findings);
  const storage::v1::ScrubTally& last = shown.remembered.last();
  if (!last.has_finished()) return state;
  v1::ScrubPass& pass = *state.mutable_last();
  *pass.mutable_finished_at() = last.finished();
  const std::int64_t seconds = last.finished().seconds() - last.began().seconds();
  pass.set_seconds(static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)));
  pass.set_entries(last.entries());
  pass.set_bytes(last.bytes());
  pass.set_findings(last.findings());
  pass.set_first(last.first());
  return state;
}

// The handlers, over what they read.
class Ledger {
 public:
  explicit Ledger(LedgerParts parts) : parts_(std::move(parts)) {}

  const LedgerParts& parts() const { return parts_; }

  absl::StatusOr<v1::GetNodeResponse> GetNode(const rpc::CallInfo& call) const;
  absl::StatusOr<v1::GetCheckpointResponse> GetCheckpoint(const v1::GetCheckpointRequest& request,
                                                          const rpc::CallInfo& call) const;
  absl::StatusOr<v1::ListEntriesResponse> ListEntries(const v1::ListEntriesRequest& request,
                                                      const rpc::CallInfo& call) const;
  absl::StatusOr<v1::ProveInclusionResponse> ProveInclusion(
      const v1::ProveInclusionRequest& request, const rpc::CallInfo& call) const;
  absl::StatusOr<v1::ProveConsistencyResponse> ProveConsistency(
      const v1::ProveConsistencyRequest& request, const rpc::CallInfo& call) const;
  absl::StatusOr<v1::GetReceiptResponse> GetReceipt(const v1::GetReceiptRequest& request,
                                                    const rpc::CallInfo& call) const;
  absl::StatusOr<v1::ListPublishedResponse> ListPublished(const v1::ListPublishedRequest& request,
                                                          const rpc::CallInfo& call) const;
  absl::StatusOr<v1::GetCatalogueResponse> GetCatalogue(
      const v1::GetCatalogueRequest& request) const;

  v1::GetAccessResponse GetAccess(const rpc::CallInfo& call) const;

  // The log of that name, if the caller may read it.
  absl::StatusOr<const log::LogReader*> Find(absl::string_view name,
                                             const rpc::CallInfo& call) const;
  // One entry: its hash, and its bytes if the viewer may read them.
  absl::StatusOr<v1::EntryRecord> Record(const log::LogReader& log, base::Sequence sequence,
                                         const node::Viewer& viewer) const;

 private:
  // A signed checkpoint of any size of an own log; of a mirror only of its newest one.
  absl::StatusOr<log::SignedCheckpoint> CheckpointAt(const log::LogReader& log,
                                                     base::TreeSize size) const;
  // The policy is of the shared log alone.
  absl::Status CheckWitnessed(const log::LogReader& log) const;
  // What of the log was published, and who cosigned it.
  absl::Status AddPublished(absl::string_view log, v1::LogState& state) const;
  static absl::StatusOr<base::TreeSize> SizeIn(const log::LogReader& log, std::uint64_t wanted);

  const LedgerParts parts_;
};

absl::StatusOr<const log::LogReader*> Ledger::Find(absl::string_view name,
                                                   const rpc::CallInfo& call) const {
  const log::Store& store = parts_.store;
  if (name.empty() || name == store.shared().name()) return &store.shared();
  if (name == store.private_log().name() && call.grant.reads_private_log()) {
    return &store.private_log();
  }
  if (const log::Mirror* mirror = store.FindMirror(name); mirror != nullptr) return mirror;
  return domain::Refusal(absl::StatusCode::kNotFound, "LOG_NOT_FOUND",
                         absl::StrCat("no log ", name, " is readable for you on this node"));
}

absl::StatusOr<base::TreeSize> Ledger::SizeIn(const log::LogReader& log, std::uint64_t wanted) {
  const base::TreeSize size = log.size();
  if (wanted > size.value) {
    return domain::BadField("tree_size", absl::StrCat("the log has ", size, " entries"));
  }
  return wanted == 0 ? size : base::TreeSize{wanted};
}

absl::StatusOr<log::SignedCheckpoint> Ledger::CheckpointAt(const log::LogReader& log,
                                                           base::TreeSize size) const {
  const log::SignedCheckpoint newest = log.checkpoint();
  if (newest.checkpoint.size == size) return newest;
  const bool shared = &log == &parts_.store.shared();
  if (!shared && &log != &parts_.store.private_log()) {
    return domain::BadField("tree_size", absl::StrCat("of a mirror only the newest checkpoint, of ",
                                                      newest.checkpoint.size, ", is signed"));
  }
  return link::LogCheckpoints(log, shared ? parts_.signer : parts_.private_signer).SignedAt(size);
}

absl::StatusOr<v1::EntryRecord> Ledger::Record(const log::LogReader& log, base::Sequence sequence,
                                               const node::Viewer& viewer) const {
  v1::EntryRecord record;
  record.mutable_position()->set_log(log.name());
  record.mutable_position()->set_sequence(sequence.value);
  ASSIGN_OR_RETURN(const base::Digest leaf, log::LeafHash(log, sequence));
  record.set_leaf_hash(std::string(leaf.view()));
  ASSIGN_OR_RETURN(auto bytes, log.Entry(sequence));
  if (!bytes) {
    ASSIGN_OR_RETURN(const auto lost, log.Lost(sequence, 1));
    record.set_lost(!lost.empty());
    return record;
  }
  ASSIGN_OR_RETURN(const bool readable, parts_.reader.MayRead(*bytes, viewer));
  if (readable) record.set_entry(*std::move(bytes));
  return record;
}

absl::Status Ledger::CheckWitnessed(const log::LogReader& log) const {
  if (&log == &parts_.store.shared()) return absl::OkStatus();
  return domain::BadField("witnessed", absl::StrCat("only of the shared log of this node, ",
                                                    parts_.store.shared().name()));
}

absl::Status Ledger::AddPublished(absl::string_view log, v1::LogState& state) const {
  ASSIGN_OR_RETURN(const auto newest, log::NewestPublished(parts_.store, log));
  if (!newest) return absl::OkStatus();
  v1::PublishedState& published = *state.mutable_published();
  published.set_size(newest->size.value);
  ASSIGN_OR_RETURN(const auto cosigned, log::ReadCosignatures(newest->note));
  for (const log::CosignedBy& by : cosigned) {
    v1::Cosignature& cosignature = *published.add_cosigned();
    cosignature.set_witness(by.name);
    cosignature.mutable_first()->set_seconds(absl::ToUnixSeconds(by.first));
    cosignature.mutable_newest()->set_seconds(absl::ToUnixSeconds(by.newest));
  }
  if (!parts_.policy || log != parts_.store.shared().name()) return absl::OkStatus();
  const absl::StatusOr<log::Accepted> accepted = parts_.policy->Open(newest->note);
  if (!accepted.ok()) published.set_missing(std::string(accepted.status().message()));
  const auto witnessed = NewestWitnessed(parts_.store, parts_.policy);
  if (witnessed.ok()) published.set_witnessed_size(witnessed->checkpoint.size.value);
  return absl::OkStatus();
}

absl::StatusOr<v1::GetNodeResponse> Ledger::GetNode(const rpc::CallInfo& call) const {
  const log::Store& store = parts_.store;
  v1::GetNodeResponse response;
  response.set_node(parts_.access.node().node);
  response.set_role(parts_.role);
  for (const std::string& authority : parts_.access.node().own) response.add_authorities(authority);
  for (const std::string& authority : ViewerOf(call).authorities) {
    response.add_looks_for(authority);
  }
  response.set_catalogue(base::HexEncode(parts_.catalogue.digest().view()));
  response.set_version(std::string(runtime::Version()));
  response.mutable_now()->set_seconds(absl::ToUnixSeconds(parts_.clock.Now()));
  response.set_clock_in_doubt(!parts_.clock_guard.Trusted());
  if (const auto doubt = parts_.restore_guard.doubt()) {
    v1::RestoredStore& restored = *response.mutable_restored();
    if (doubt->made_at != absl::InfinitePast()) {
      restored.mutable_made_at()->set_seconds(absl::ToUnixSeconds(doubt->made_at));
    }
    for (const std::string& peer : doubt->unheard) restored.add_unheard(peer);
    for (const auto& [peer, size] : doubt->ahead) {
      v1::HeldMore& more = *restored.add_ahead();
      more.set_peer(peer);
      more.set_size(size.value);
    }
  }
  if (parts_.scrubber != nullptr) {
    *response.mutable_scrub() = ToScrubState(parts_.scrubber->shown());
  }
  if (auto directory = parts_.directory()) *response.mutable_directory() = *std::move(directory);
  for (const runtime::CertificateEnd& each : parts_.certificates.all()) {
    v1::CertificateState& certificate = *response.add_certificates();
    certificate.set_kind(std::string(runtime::NameOf(each.kind)));
    certificate.set_name(each.name);
    certificate.mutable_ends_at()->set_seconds(absl::ToUnixSeconds(each.ends));
  }
  // First: what the views disclose is then in the numbers of the links.
  ASSIGN_OR_RETURN(const bool projected, parts_.projector.CaughtUp());
  response.set_projected(projected);
  std::vector<const log::LogReader*> logs = {&store.shared(), &store.private_log()};
  for (const log::Mirror* mirror : store.mirrors()) logs.push_back(mirror);
  for (const log::LogReader* log : logs) {
    auto* state = response.add_logs();
    const log::SignedCheckpoint checkpoint = log->checkpoint();
    state->set_log(log->name());
    state->set_size(checkpoint.checkpoint.size.value);
    state->set_root(std::string(checkpoint.checkpoint.root.view()));
    state->set_verifier_key(log->keys()->newest().VerifierText());
    RETURN_IF_ERROR(AddPublished(log->name(), *state));
    if (const auto* mirror = dynamic_cast<const log::Mirror*>(log)) {
      state->set_mirror(true);
      state->set_entries_held(mirror->entries_held());
    } else {
      ASSIGN_OR_RETURN(const auto lost, log->Lost({0}, state->size()));
      state->set_entries_held(state->size() - lost.size());
    }
  }
  for (const LinkStatus& status : parts_.hub.status()) {
    auto* link = response.add_links();
    link->set_peer(status.peer);
    link->set_connected(status.session.connected);
    link->set_received_size(status.session.received_size.value);
    link->set_arrived_size(status.session.arrived_size.value);
    link->set_disclosed(status.session.disclosed);
    link->set_disclosed_arrived(status.session.disclosed_arrived);
    link->set_caught_up(status.session.caught_up);
    link->set_fault(status.fault);
    link->set_stopped(status.stopped);
    link->set_given(status.given.note);
    link->set_held(status.held);
    link->set_forked(status.forked);
    link->set_given_by(status.given.by);
    link->set_evidence_file(status.evidence_file);
    if (status.session.verified_at > absl::UnixEpoch()) {
      link->mutable_verified_at()->set_seconds(absl::ToUnixSeconds(status.session.verified_at));
    }
  }
  return response;
}

absl::StatusOr<v1::GetCheckpointResponse> Ledger::GetCheckpoint(
    const v1::GetCheckpointRequest& request, const rpc::CallInfo& call) const {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log(), call));
  v1::GetCheckpointResponse response;
  response.set_checkpoint(log->checkpoint().note);
  if (request.witnessed()) {
    RETURN_IF_ERROR(CheckWitnessed(*log));
    ASSIGN_OR_RETURN(log::SignedCheckpoint newest, NewestWitnessed(parts_.store, parts_.policy));
    response.set_checkpoint(std::move(newest.note));
  }
  ASSIGN_OR_RETURN(const auto past_keys, link::PastKeysOf(*log));
  response.mutable_past_keys()->Assign(past_keys.begin(), past_keys.end());
  response.set_verifier_key(log->keys()->newest().VerifierText());
  return response;
}

absl::StatusOr<v1::ListEntriesResponse> Ledger::ListEntries(const v1::ListEntriesRequest& request,
                                                            const rpc::CallInfo& call) const {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log(), call));
  if (request.page_size() < 0 || request.page_size() > kPageMax) {
    return domain::BadField("page_size", absl::StrCat("must be 1 to ", kPageMax));
  }
  const node::Viewer viewer = ViewerOf(call);
  const std::uint64_t size = log->size().value;
  const std::uint64_t page = request.page_size() == 0 ? kPageDefault : request.page_size();
  v1::ListEntriesResponse response;
  response.set_size(size);
  std::size_t bytes = 0;
  std::uint64_t at = request.start();
  for (; at < size && at - request.start() < page && bytes < kPageBytesMax; ++at) {
    ASSIGN_OR_RETURN(*response.add_entries(), Record(*log, {at}, viewer));
    bytes += response.entries().rbegin()->ByteSizeLong();
  }
  if (at < size) response.set_next_start(at);
  return response;
}

absl::StatusOr<v1::ProveInclusionResponse> Ledger::ProveInclusion(
    const v1::ProveInclusionRequest& request, const rpc::CallInfo& call) const {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log(), call));
  ASSIGN_OR_RETURN(const base::TreeSize size, SizeIn(*log, request.tree_size()));
  const base::Sequence sequence{request.sequence()};
  if (!base::Covers(size, sequence)) {
    return domain::BadField("sequence", absl::StrCat("a tree of ", size, " has no such entry"));
  }
  v1::ProveInclusionResponse response;
  ASSIGN_OR_RETURN(*response.mutable_entry(), Record(*log, sequence, ViewerOf(call)));
  ASSIGN_OR_RETURN(const auto proof, merkle::ProveInclusion(*log, sequence, size));
  for (const base::Digest& hash : proof) response.add_hashes(std::string(hash.view()));
  ASSIGN_OR_RETURN(const log::SignedCheckpoint signed_checkpoint, CheckpointAt(*log, size));
  response.set_checkpoint(signed_checkpoint.note);
  response.set_tree_size(size.value);
  return response;
}

absl::StatusOr<v1::ProveConsistencyResponse> Ledger::ProveConsistency(
    const v1::ProveConsistencyRequest& request, const rpc::CallInfo& call) const {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log(), call));
  ASSIGN_OR_RETURN(const base::TreeSize to, SizeIn(*log, request.to_size()));
  if (request.from_size() > to.value) {
    return domain::BadField("from_size", "is larger than to_size");
  }
  v1::ProveConsistencyResponse response;
  ASSIGN_OR_RETURN(const auto proof, merkle::ProveConsistency(*log, {request.from_size()}, to));
  for (const base::Digest& hash : proof) response.add_hashes(std::string(hash.view()));
  ASSIGN_OR_RETURN(const log::SignedCheckpoint signed_checkpoint, CheckpointAt(*log, to));
  response.set_checkpoint(signed_checkpoint.note);
  response.set_to_size(to.value);
  return response;
}

absl::StatusOr<v1::GetReceiptResponse> Ledger::GetReceipt(const v1::GetReceiptRequest& request,
                                                          const rpc::CallInfo& call) const {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log(), call));
  ASSIGN_OR_RETURN(const base::TreeSize size, SizeIn(*log, request.tree_size()));
  const base::Sequence sequence{request.sequence()};
  if (!base::Covers(size, sequence)) {
    return domain::BadField("sequence", absl::StrCat("a tree of ", size, " has no such entry"));
  }
  ASSIGN_OR_RETURN(const v1::EntryRecord record, Record(*log, sequence, ViewerOf(call)));
  if (record.lost()) return EntryLost(log->name(), sequence);
  if (record.entry().empty()) {
    return domain::Refusal(absl::StatusCode::kNotFound, "ENTRY_NOT_DISCLOSED",
                           absl::StrCat(log->name(), "@", sequence.value,
                                        " is not readable for you on this node; ask the node that "
                                        "wrote it"));
  }
  log::SignedCheckpoint checkpoint;
  if (request.witnessed()) {
    RETURN_IF_ERROR(CheckWitnessed(*log));
    if (request.tree_size() != 0) {
      return domain::BadField("tree_size", "must be 0 with witnessed: the checkpoint decides");
    }
    ASSIGN_OR_RETURN(checkpoint, OldestWitnessed(parts_.store, parts_.policy, sequence));
  } else {
    ASSIGN_OR_RETURN(checkpoint, CheckpointAt(*log, size));
  }
  ASSIGN_OR_RETURN(const log::Receipt receipt, log::MakeReceipt(*log, sequence, checkpoint));
  v1::GetReceiptResponse response;
  response.set_receipt(log::ReceiptText(receipt));
  response.set_verifier_key(log->keys()->newest().VerifierText());
  return response;
}

absl::StatusOr<v1::ListPublishedResponse> Ledger::ListPublished(
    const v1::ListPublishedRequest& request, const rpc::CallInfo& call) const {
  ASSIGN_OR_RETURN(const log::LogReader* log, Find(request.log(), call));
  if (request.page_size() < 0 || request.page_size() > kPageMax) {
    return domain::BadField("page_size", absl::StrCat("must be 1 to ", kPageMax));
  }
  const int page = request.page_size() == 0 ? kPageDefault : request.page_size();
  v1::ListPublishedResponse response;
  std::size_t bytes = 0;
  RETURN_IF_ERROR(log::ScanPublished(
      parts_.store, log->name(), {request.from_size()}, [&](const log::PublishedCheckpoint& row) {
        if (response.checkpoints_size() == page || bytes >= kPageBytesMax) {
          response.set_next_from_size(row.size.value);
          return false;
        }
        bytes += row.note.size();
        response.add_checkpoints(row.note);
        return true;
      }));
  return response;
}

absl::StatusOr<v1::GetCatalogueResponse> Ledger::GetCatalogue(
    const v1::GetCatalogueRequest& request) const {
  const std::string current = base::HexEncode(parts_.catalogue.digest().view());
  const std::string& wanted = request.digest().empty() ? current : request.digest();
  v1::GetCatalogueResponse response;
  response.set_digest(wanted);
  const std::string prefix = absl::StrCat(wanted, "/");
  RETURN_IF_ERROR(parts_.store.Scan(log::Table::kCatalogue, prefix, prefix,
                                    [&](absl::string_view key, absl::string_view value) {
                                      auto* file = response.add_files();
                                      file->set_name(std::string(key.substr(prefix.size())));
                                      file->set_content(std::string(value));
                                      return true;
                                    }));
  if (response.files().empty()) {
    return domain::Refusal(absl::StatusCode::kNotFound, "CATALOGUE_NOT_FOUND",
                           absl::StrCat("reference data ", wanted, " were never used here"));
  }
  return response;
}

v1::GetAccessResponse Ledger::GetAccess(const rpc::CallInfo& call) const {
  const runtime::AccessTable& table = parts_.access.table();
  v1::GetAccessResponse response;
  response.set_table(table.text());
  response.set_file(std::filesystem::path(table.file()).filename().string());
  response.set_role(std::string(runtime::NameOf(call.caller.role)));
  response.set_authority(call.caller.authority);
  if (const auto caller = runtime::CallerOf(call.caller, parts_.access.node())) {
    response.set_caller(std::string(runtime::NameOf(*caller)));
  }
  return response;
}

}  // namespace

std::unique_ptr<rpc::Service> MakeLedgerService(LedgerParts parts, runtime::Logger& log) {
  auto service =
      std::make_unique<rpc::Service>("selaras.ledger.v1.LedgerService", parts.access, log);
  const auto ledger = std::make_shared<const Ledger>(std::move(parts));
  service->Unary<v1::GetNodeRequest, v1::GetNodeResponse>(
      "GetNode", [ledger](const auto&, const auto& call) { return ledger->GetNode(call); });
  service->Unary<v1::GetCheckpointRequest, v1::GetCheckpointResponse>(
      "GetCheckpoint", [ledger](const auto& request, const auto& call) {
        return ledger->GetCheckpoint(request, call);
      });
  service->Unary<v1::ListEntriesRequest, v1::ListEntriesResponse>(
      "ListEntries", [ledger](const auto& request, const auto& call) {
        return ledger->ListEntries(request, call);
      });
  service->Unary<v1::ProveInclusionRequest, v1::ProveInclusionResponse>(
      "ProveInclusion", [ledger](const auto& request, const auto& call) {
        return ledger->ProveInclusion(request, call);
      });
  service->Unary<v1::ProveConsistencyRequest, v1::ProveConsistencyResponse>(
      "ProveConsistency", [ledger](const auto& request, const auto& call) {
        return ledger->ProveConsistency(request, call);
      });
  service->Unary<v1::GetReceiptRequest, v1::GetReceiptResponse>(
      "GetReceipt", [ledger](const auto& request, const auto& call) {
        return ledger->GetReceipt(request, call);
      });
  service->Unary<v1::ListPublishedRequest, v1::ListPublishedResponse>(
      "ListPublished", [ledger](const auto& request, const auto& call) {
        return ledger->ListPublished(request, call);
      });
  service->Unary<v1::GetCatalogueRequest, v1::GetCatalogueResponse>(
      "GetCatalogue",
      [ledger](const auto& request, const auto&) { return ledger->GetCatalogue(request); });
  service->Unary<v1::GetAccessRequest, v1::GetAccessResponse>(
      "GetAccess", [ledger](const auto&, const auto& call) { return ledger->GetAccess(call); });
  AddTail(*service, ledger->parts().tails,
          [ledger](const v1::TailEntriesRequest& request,
                   const rpc::CallInfo& call) -> absl::StatusOr<TailSource> {
            ASSIGN_OR_RETURN(const log::LogReader* log_read, ledger->Find(request.log(), call));
            return TailSource{[ledger, log_read] { return log_read->size().value; },
                              [ledger, log_read, viewer = ViewerOf(call), holds = call.grant.holds](
                                  std::uint64_t sequence) -> absl::StatusOr<v1::EntryRecord> {
                                if (holds) RETURN_IF_ERROR(holds());
                                return ledger->Record(*log_read, {sequence}, viewer);
                              }};
          });
  return service;
}

}  // namespace selaras::serve
