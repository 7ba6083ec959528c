#include "services/node/round_reader.h"

#include "storage/base/status.h"

namespace selaras::node {

absl::StatusOr<std::optional<std::string>> RoundReader::Get(log::Table table,
                                                            absl::string_view key) const {
  if (table != log::Table::kState) return store_.Get(table, key);
  auto state = states_.find(key);
  if (state == states_.end()) {
    ASSIGN_OR_RETURN(auto row, store_.Get(table, key));
    state = states_.emplace(key, std::move(row)).first;
  }
  return state->second;
}

absl::StatusOr<std::optional<std::string>> RoundReader::Log::Keep(base::Sequence sequence) {
  ASSIGN_OR_RETURN(auto entry, log_.Entry(sequence));
  if (entry) kept_.insert_or_assign(sequence.value, *entry);
  return entry;
}

absl::StatusOr<std::optional<std::string>> RoundReader::Log::Entry(base::Sequence sequence) const {
  const auto kept = kept_.find(sequence.value);
  if (kept != kept_.end()) return kept->second;
  return log_.Entry(sequence);
}

}  // namespace selaras::node
