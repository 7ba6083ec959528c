#include "storage/log/log_reader.h"

#include "storage/base/status.h"
#include "storage/log/errors.h"

namespace selaras::log {

absl::Status LogReader::Entries(
    base::Sequence first, std::uint64_t count,
    absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const {
  for (base::Sequence next = first; next.value < first.value + count; ++next.value) {
    ASSIGN_OR_RETURN(const std::optional<std::string> bytes, Entry(next));
    if (bytes) entry(next, *bytes);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<base::Sequence>> LogReader::Lost(base::Sequence, std::uint64_t) const {
  return std::vector<base::Sequence>();
}

absl::StatusOr<base::Digest> LeafHash(const LogReader& log, base::Sequence sequence) {
  const base::TreeSize size = log.size();
  if (!base::Covers(size, sequence)) return PastTheEnd(log.name(), sequence, size);
  ASSIGN_OR_RETURN(const std::vector<base::Digest> hashes, log.Hashes(0, sequence.value, 1));
  return hashes.front();
}

}  // namespace selaras::log
