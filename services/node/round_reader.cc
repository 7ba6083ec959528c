#include "services/node/round_reader.h"

#include "services/node/subjects.h"
#include "storage/base/status.h"

namespace selaras::node {

absl::StatusOr<const storage::v1::StoredSubject*> RoundReader::Subject(
    absl::string_view row) const {
  auto known = subjects_.find(row);
  if (known == subjects_.end()) {
    auto* subject = google::protobuf::Arena::CreateMessage<storage::v1::StoredSubject>(&arena_);
    ASSIGN_OR_RETURN(const bool found, LoadSubject(store_, row, subject));
    known = subjects_.emplace(row, found ? subject : nullptr).first;
  }
  return known->second;
}

absl::Status RoundReader::Log::Keep(base::Sequence first, std::uint64_t count) {
  if (count == 0) return absl::OkStatus();
  return log_.Entries(first, count, [this](base::Sequence sequence, absl::string_view entry) {
    kept_.insert_or_assign(sequence.value, std::string(entry));
  });
}

absl::StatusOr<std::optional<std::string>> RoundReader::Log::Entry(base::Sequence sequence) const {
  const auto kept = kept_.find(sequence.value);
  if (kept != kept_.end()) return kept->second;
  return log_.Entry(sequence);
}

}  // namespace selaras::node
