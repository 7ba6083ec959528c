#include "services/link/mirror_witness.h"

#include <utility>

#include "storage/base/status.h"

namespace selaras::link {

MirrorWitness::MirrorWitness(const log::StoreReader& store, log::PublishedCheckpoints& rows,
                             std::string log, const log::Cosigner* cosigner,
                             std::function<absl::StatusOr<absl::Time>()> now)
    : store_(store), rows_(rows), log_(std::move(log)), cosigner_(cosigner), now_(std::move(now)) {}

absl::StatusOr<std::optional<std::string>> MirrorWitness::Cosign(
    const log::SignedCheckpoint& published) {
  const base::TreeSize size = published.checkpoint.size;
  ASSIGN_OR_RETURN(const auto newest, log::NewestPublished(store_, log_));
  if (newest && newest->size > size) return std::nullopt;
  RETURN_IF_ERROR(rows_.Publish(log_, published));
  if (cosigner_ == nullptr) return std::nullopt;
  const absl::StatusOr<absl::Time> now = now_();
  if (!now.ok()) return std::nullopt;
  if (last_ && last_->size == size && *now >= last_->time && *now - last_->time < kAgain) {
    return last_->signature;
  }
  ASSIGN_OR_RETURN(const std::string note, cosigner_->Cosign(published.note, *now));
  std::string signature = note.substr(published.note.size());
  RETURN_IF_ERROR(
      rows_.Cosign(log_, size, cosigner_->verifier(), signature, log::Durability::kSynced));
  last_ = Given{size, *now, signature};
  return signature;
}

}  // namespace selaras::link
