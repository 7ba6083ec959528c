#include "services/link/attestor.h"

#include <string>
#include <utility>

#include "services/link/errors.h"

namespace selaras::link {

Attestor::Attestor(log::Mirror& mirror, Witness* witness) : mirror_(mirror), witness_(witness) {}

Verdict Attestor::Apply(const ledger::v1::Publish& publish) {
  absl::StatusOr<log::SignedCheckpoint> published = mirror_.keys()->Open(publish.checkpoint());
  if (!published.ok()) return Fault{NotThePeersCheckpoint(published.status().message()), "", ""};
  if (published->checkpoint.size <= mirror_.size()) return Compare(*published);
  // The one that is waited for goes first: on a slow line a newer one would come before it is met.
  if (!ahead_) ahead_ = *std::move(published);
  return std::nullopt;
}

Verdict Attestor::Advance() {
  if (!ahead_ || mirror_.size() < ahead_->checkpoint.size) return std::nullopt;
  const log::SignedCheckpoint published = *std::exchange(ahead_, std::nullopt);
  return Compare(published);
}

Verdict Attestor::Compare(const log::SignedCheckpoint& published) {
  const base::TreeSize size = published.checkpoint.size;
  // Also a checkpoint that is not cosigned must be true; what is not is kept as evidence.
  const absl::Status same = mirror_.Extend(size, {}, published.note);
  if (absl::IsDataLoss(same)) return Fault{same, published.note, mirror_.checkpoint().note};
  if (!same.ok()) return Fault{OwnStoreFailed(same), "", ""};
  if (size != mirror_.size() || witness_ == nullptr) return std::nullopt;
  absl::StatusOr<std::optional<std::string>> signature = witness_->Cosign(published);
  if (!signature.ok()) return Fault{OwnStoreFailed(signature.status()), "", ""};
  if (!*signature) return std::nullopt;
  due_.emplace();
  due_->set_size(size.value);
  due_->set_signature(**std::move(signature));
  return std::nullopt;
}

std::optional<ledger::v1::Frame> Attestor::Next() {
  if (!due_) return std::nullopt;
  ledger::v1::Frame frame;
  *frame.mutable_cosigned() = *std::exchange(due_, std::nullopt);
  return frame;
}

}  // namespace selaras::link
