#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "tools/selaras/node.h"

namespace selaras::cli {

// What a peer holds of the log of the node whose certificate asks, as a ledger of that one log:
// newest checkpoint and entries. Everything else is UNIMPLEMENTED.
class PeerLedger final : public Ledger {
 public:
  explicit PeerLedger(std::unique_ptr<Node> peer) : peer_(std::move(peer)) {}

  // The keys that came with entries that were listed so far, by row.
  const std::map<std::string, std::string>& keys() const { return keys_; }

  absl::StatusOr<ledger::v1::GetNodeResponse> GetNode() override;
  absl::StatusOr<ledger::v1::GetCheckpointResponse> GetCheckpoint(
      const ledger::v1::GetCheckpointRequest& request) override;
  absl::StatusOr<ledger::v1::ListEntriesResponse> ListEntries(
      const ledger::v1::ListEntriesRequest& request) override;
  absl::StatusOr<ledger::v1::GetReceiptResponse> GetReceipt(
      const ledger::v1::GetReceiptRequest& request) override;
  absl::StatusOr<ledger::v1::ProveInclusionResponse> ProveInclusion(
      const ledger::v1::ProveInclusionRequest& request) override;
  absl::StatusOr<ledger::v1::ProveConsistencyResponse> ProveConsistency(
      const ledger::v1::ProveConsistencyRequest& request) override;
  absl::StatusOr<ledger::v1::ListPublishedResponse> ListPublished(
      const ledger::v1::ListPublishedRequest& request) override;
  absl::StatusOr<ledger::v1::GetCatalogueResponse> GetCatalogue(
      const ledger::v1::GetCatalogueRequest& request) override;

 private:
  const std::unique_ptr<Node> peer_;
  std::map<std::string, std::string> keys_;
};

}  // namespace selaras::cli
