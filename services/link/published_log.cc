#include "services/link/published_log.h"

#include <utility>

#include "storage/base/status.h"

namespace selaras::link {

absl::Status PublishedLog::Open(absl::Duration now) {
  const log::LogReader& log = store_.shared();
  ASSIGN_OR_RETURN(const auto row, log::NewestPublished(store_, log.name()));
  const std::lock_guard lock(mutex_);
  published_at_ = now;
  newest_.reset();
  if (!row) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string note, log::WithoutCosignatures(row->note));
  ASSIGN_OR_RETURN(log::Checkpoint checkpoint, log::ReadUnverified(note));
  newest_ = Publication{{std::move(checkpoint), std::move(note)}, 1};
  return absl::OkStatus();
}

absl::StatusOr<bool> PublishedLog::Look(absl::Duration now) {
  const log::LogReader& log = store_.shared();
  log::SignedCheckpoint checkpoint = log.checkpoint();
  const std::lock_guard lock(mutex_);
  const base::TreeSize before = newest_ ? newest_->checkpoint.checkpoint.size : base::TreeSize{};
  const bool grew = checkpoint.checkpoint.size > before;
  if (!grew && (!newest_ || now - published_at_ < kAgain)) return false;
  if (grew) RETURN_IF_ERROR(rows_.Publish(log.name(), checkpoint));
  const std::uint64_t round = newest_ ? newest_->round + 1 : 1;
  newest_ = Publication{grew ? std::move(checkpoint) : newest_->checkpoint, round};
  published_at_ = now;
  return true;
}

std::optional<Publication> PublishedLog::Newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

absl::Status PublishedLog::Keep(base::TreeSize size, const log::CosignatureVerifier& witness,
                                absl::string_view signature) {
  return rows_.Cosign(store_.shared().name(), size, witness, signature, log::Durability::kUnsynced);
}

}  // namespace selaras::link
