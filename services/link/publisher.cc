#include "services/link/publisher.h"

#include <utility>

#include "services/link/errors.h"

namespace selaras::link {

Publisher::Publisher(const SessionConfig& config, Publications* publications)
    : peer_(config.peer),
      publications_(publications),
      patience_(Stretched(config.flow.silence, config.jitter),
                Stretched(config.flow.silence_max, config.jitter)) {}

void Publisher::Refresh(base::TreeSize sent) {
  if (publications_ == nullptr || !begun_) return;
  // On a slow line the leaves would run after the newest for ever.
  if (due_ && sent <= publication_->checkpoint.checkpoint.size) return;
  std::optional<Publication> newest = publications_->Newest();
  if (!newest || (publication_ && newest->round == publication_->round)) return;
  publication_ = std::move(newest);
  due_ = true;
  awaited_ = false;
  patience_.Reset();
}

Verdict Publisher::Apply(const ledger::v1::Cosigned& cosigned) {
  if (publications_ == nullptr || !peer_.witness) return std::nullopt;
  const base::TreeSize size{cosigned.size()};
  const absl::Status kept = publications_->Keep(size, *peer_.witness, cosigned.signature());
  if (absl::IsNotFound(kept)) return Fault{CosignedUnpublished(peer_.node, size), "", ""};
  if (absl::IsInvalidArgument(kept) || absl::IsDataLoss(kept)) {
    return Fault{WrongCosignature(peer_.node, size, kept.message()), "", ""};
  }
  if (!kept.ok()) return Fault{OwnStoreFailed(kept), "", ""};
  if (publication_ && publication_->checkpoint.checkpoint.size == size) awaited_ = false;
  return std::nullopt;
}

void Publisher::Tick(absl::Time now) {
  if (!awaited_) {
    patience_.Reset();
  } else if (patience_.Expired(now)) {
    due_ = true;
  }
}

std::optional<base::TreeSize> Publisher::Stop() const {
  if (!due_) return std::nullopt;
  return publication_->checkpoint.checkpoint.size;
}

std::optional<ledger::v1::Frame> Publisher::Next(base::TreeSize sent) {
  if (!due_) return std::nullopt;
  const base::TreeSize size = publication_->checkpoint.checkpoint.size;
  if (sent < size) return std::nullopt;
  due_ = false;
  awaited_ = sent == size && peer_.witness.has_value();
  if (sent > size) return std::nullopt;
  ledger::v1::Frame frame;
  frame.mutable_publish()->set_checkpoint(publication_->checkpoint.note);
  return frame;
}

}  // namespace selaras::link
