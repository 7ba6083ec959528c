#include "services/serve/restore_guard.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/serve/errors.h"
#include "storage/base/status.h"

namespace selaras::serve {

RestoreGuard::RestoreGuard(log::Backups& backups, const log::LogReader& own,
                           std::vector<std::string> peers, runtime::Logger& log,
                           std::function<void()> changed)
    : backups_(backups), own_(own), log_(log), changed_(std::move(changed)) {
  const std::optional<log::StoreDoubt> doubt = backups.doubt();
  if (!doubt) return;
  doubt_ = Doubt{doubt->made_at, {peers.begin(), peers.end()}, {}};
  log_.Warning("store in doubt", {{"waits_for", absl::StrJoin(peers, " ")}});
  const std::lock_guard lock(mutex_);
  Settle().IgnoreError();  // what cannot be removed now is removed later
}

absl::Status RestoreGuard::MayWrite() const {
  const std::lock_guard lock(mutex_);
  if (!doubt_) return absl::OkStatus();
  if (!doubt_->ahead.empty()) return Behind(*doubt_, absl::StatusCode::kUnavailable);
  return RestoredUnconfirmed(doubt_->made_at, absl::StrJoin(doubt_->unheard, ", "));
}

absl::Status RestoreGuard::Behind(const Doubt& doubt, absl::StatusCode code) const {
  const auto& [peer, size] = *doubt.ahead.begin();
  return LogBehindPeers(code, peer, size, own_.size());
}

void RestoreGuard::Heard(const std::string& peer, base::TreeSize size) {
  {
    const std::lock_guard lock(mutex_);
    const bool ahead = size > own_.size();
    if (!doubt_ && !ahead) return;
    if (!doubt_) doubt_ = Doubt{absl::InfinitePast(), {}, {}};
    // If all were heard, the mark could not be removed then.
    const bool all_heard = doubt_->unheard.empty() && doubt_->ahead.empty();
    if (doubt_->unheard.erase(peer) == 0 && !ahead && !all_heard) return;
    if (ahead) {
      const auto [held, added] = doubt_->ahead.emplace(peer, size);
      if (!added && held->second >= size) return;
      held->second = size;
      log_.Error("entries of the own log are missing",
                 {{"peer", peer}, {"holds", size.value}, {"here", own_.size().value}});
    }
    const absl::Status kept = ahead ? backups_.SetDoubt() : Settle();
    if (!kept.ok()) log_.Warning("doubt not kept", {{"reason", kept.message()}});
  }
  changed_();
}

absl::Status RestoreGuard::Settle() {
  if (!doubt_ || !doubt_->unheard.empty() || !doubt_->ahead.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(backups_.ClearDoubt());
  doubt_.reset();
  log_.Info("store is complete", {{"size", own_.size().value}});
  return absl::OkStatus();
}

absl::Status RestoreGuard::Confirm() {
  {
    const std::lock_guard lock(mutex_);
    if (!doubt_) return NotRestored();
    if (!doubt_->ahead.empty()) return Behind(*doubt_, absl::StatusCode::kFailedPrecondition);
    RETURN_IF_ERROR(backups_.ClearDoubt());
    doubt_.reset();
  }
  changed_();
  return absl::OkStatus();
}

std::optional<RestoreGuard::Doubt> RestoreGuard::doubt() const {
  const std::lock_guard lock(mutex_);
  return doubt_;
}

}  // namespace selaras::serve
