#pragma once

#include <memory>
#include <utility>

#include "services/node/subject_keys.h"
#include "storage/log/store.h"
#include "storage/vault/wrapping_keys.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// Answers from a store on disk what a node would answer from it. Knows no links and no role.
class StoredLedger : public Ledger {
 public:
  // With keys, records of entries carry what opens their sealed parts.
  explicit StoredLedger(std::shared_ptr<const log::StoreReader> store,
                        vault::WrappingKeys wrapping_keys = {})
      : store_(std::move(store)),
        wrapping_keys_(std::move(wrapping_keys)),
        subject_keys_(*store_, wrapping_keys_) {}

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
  const vault::WrappingKeys wrapping_keys_;
  const node::SubjectKeys subject_keys_;
};

}  // namespace selaras::cli
