#pragma once

#include <memory>
#include <utility>

#include "storage/log/store.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// Answers from a store on disk what a node would answer from it. Knows no links and no role.
class StoredLedger : public Ledger {
 public:
  explicit StoredLedger(std::shared_ptr<const log::StoreReader> store) : store_(std::move(store)) {}

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
  // The log of that name; the shared one if it is empty.
  absl::StatusOr<const log::LogReader*> Find(const std::string& name) const;

  // Digest of the reference data that were used last; empty if there are none.
  absl::StatusOr<std::string> CatalogueInUse() const;

  const std::shared_ptr<const log::StoreReader> store_;
};

}  // namespace selaras::cli
