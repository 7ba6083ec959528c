#include "tools/selaras/peer_ledger.h"

#include "services/node/link_keys.h"
#include "storage/base/status.h"

namespace selaras::cli {
namespace {

absl::Status NotOfAPeer() {
  return absl::UnimplementedError("a peer shows leaves and entries of the own log only");
}

}  // namespace

absl::StatusOr<ledger::v1::GetNodeResponse> PeerLedger::GetNode() { return NotOfAPeer(); }

absl::StatusOr<ledger::v1::GetCheckpointResponse> PeerLedger::GetCheckpoint(
    const ledger::v1::GetCheckpointRequest&) {
  ledger::v1::GetHeldRequest request;
  request.set_page_size(1);
  ASSIGN_OR_RETURN(ledger::v1::GetHeldResponse held, peer_->GetHeld(request));
  ledger::v1::GetCheckpointResponse response;
  response.set_checkpoint(held.checkpoint());
  response.set_verifier_key(held.verifier_key());
  response.mutable_past_keys()->Swap(held.mutable_past_keys());
  return response;
}

absl::StatusOr<ledger::v1::ListEntriesResponse> PeerLedger::ListEntries(
    const ledger::v1::ListEntriesRequest& request) {
  ledger::v1::GetHeldRequest asked;
  asked.set_start(request.start());
  asked.set_page_size(request.page_size());
  ASSIGN_OR_RETURN(ledger::v1::GetHeldResponse held, peer_->GetHeld(asked));
  for (const ledger::v1::EntryRecord& record : held.entries()) {
    if (!node::Opens(record.entry(), record.key())) continue;
    keys_[node::KeyRowOf(record.entry())] = record.key();
  }
  ledger::v1::ListEntriesResponse response;
  response.mutable_entries()->Swap(held.mutable_entries());
  response.set_next_start(held.next_start());
  response.set_size(held.size());
  return response;
}

absl::StatusOr<ledger::v1::GetReceiptResponse> PeerLedger::GetReceipt(
    const ledger::v1::GetReceiptRequest&) {
  return NotOfAPeer();
}

absl::StatusOr<ledger::v1::ProveInclusionResponse> PeerLedger::ProveInclusion(
    const ledger::v1::ProveInclusionRequest&) {
  return NotOfAPeer();
}

absl::StatusOr<ledger::v1::ProveConsistencyResponse> PeerLedger::ProveConsistency(
    const ledger::v1::ProveConsistencyRequest&) {
  return NotOfAPeer();
}

absl::StatusOr<ledger::v1::ListPublishedResponse> PeerLedger::ListPublished(
    const ledger::v1::ListPublishedRequest&) {
  return NotOfAPeer();
}

absl::StatusOr<ledger::v1::GetCatalogueResponse> PeerLedger::GetCatalogue(
    const ledger::v1::GetCatalogueRequest&) {
  return NotOfAPeer();
}

}  // namespace selaras::cli
