#include "services/link/fetcher.h"

#include "services/link/errors.h"
#include "storage/base/status.h"

namespace selaras::link {

Fetcher::Fetcher(const SessionConfig& config)
    : attachments_(config.attachments),
      patience_(Stretched(config.flow.silence, config.jitter),
                Stretched(config.flow.silence_max, config.jitter)) {}

void Fetcher::Refresh() {
  // With the answer to a question it is looked in any case.
  if (!asked_) look_due_ = true;
}

Verdict Fetcher::Apply(const ledger::v1::AttachmentPart& part) {
  const Chunk chunk{{part.sequence()}, part.chunk()};
  if (chunk != asked_) return std::nullopt;
  asked_.reset();
  look_due_ = true;
  patience_.Reset();
  if (part.data().empty()) {
    attachments_->NotGiven(chunk);
    return std::nullopt;
  }
  const absl::Status kept = attachments_->Keep(chunk, part.data());
  if (!kept.ok()) return Fault{OwnStoreFailed(kept), "", ""};
  return std::nullopt;
}

void Fetcher::Tick(absl::Time now) {
  if (!asked_) {
    patience_.Reset();
    look_due_ = true;
  } else if (patience_.Expired(now)) {
    // On a slow line the answer may still be on its way: until it is asked again it is taken.
    look_due_ = true;
  }
}

absl::StatusOr<std::optional<ledger::v1::Frame>> Fetcher::Next(base::TreeSize size) {
  if (attachments_ == nullptr || !begun_ || !look_due_) return std::nullopt;
  look_due_ = false;
  ASSIGN_OR_RETURN(asked_, attachments_->Wanted());
  if (asked_ && !base::Covers(size, asked_->entry)) asked_.reset();
  if (!asked_) return std::nullopt;
  ledger::v1::Frame frame;
  frame.mutable_get_attachment()->set_sequence(asked_->entry.value);
  frame.mutable_get_attachment()->set_chunk(asked_->index);
  return frame;
}

}  // namespace selaras::link
