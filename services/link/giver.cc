#include "services/link/giver.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/link/errors.h"
#include "services/link/limits.h"
#include "storage/base/status.h"

namespace selaras::link {

Giver::Giver(const SessionConfig& config, const Disclosures& disclosures)
    : attachments_(config.attachments), disclosures_(disclosures) {}

void Giver::Apply(const ledger::v1::GetAttachment& question) {
  const Chunk chunk{{question.sequence()}, question.chunk()};
  if (!begun_ || asked_.size() >= kChunksAskedMax) return;
  // Asked again because it waited for long, or repeated by the carrier: one answer is enough.
  if (std::find(asked_.begin(), asked_.end(), chunk) == asked_.end()) asked_.push_back(chunk);
}

absl::StatusOr<std::optional<ledger::v1::Frame>> Giver::Next() {
  if (asked_.empty()) return std::nullopt;
  const Chunk chunk = asked_.front();
  ASSIGN_OR_RETURN(std::string data, DataOf(chunk));
  asked_.pop_front();
  ledger::v1::Frame frame;
  ledger::v1::AttachmentPart& part = *frame.mutable_attachment_part();
  part.set_sequence(chunk.entry.value);
  part.set_chunk(chunk.index);
  part.set_data(std::move(data));
  return frame;
}

absl::StatusOr<std::string> Giver::DataOf(const Chunk& chunk) const {
  if (attachments_ == nullptr || !disclosures_.MaySee(chunk.entry)) return std::string();
  ASSIGN_OR_RETURN(std::string data, attachments_->Read(chunk));
  if (data.size() > kChunkBytesMax) return OwnChunkTooLarge(chunk.entry, data.size());
  return data;
}

}  // namespace selaras::link
