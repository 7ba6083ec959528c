#include "services/verify/row_stream.h"

namespace selaras::verify {
namespace {

constexpr std::size_t kRowsAtOnce = 256;

}  // namespace

RowStream::RowStream(const log::StoreReader& store, log::Table table, std::string prefix)
    : store_(store), table_(table), prefix_(std::move(prefix)), from_(prefix_) {}

bool RowStream::Valid() {
  if (next_ < rows_.size()) return true;
  if (end_) return false;
  if (!rows_.empty()) from_ = rows_.back().first + '\0';
  rows_.clear();
  next_ = 0;
  status_ =
      store_.Scan(table_, prefix_, from_, [this](absl::string_view key, absl::string_view value) {
        rows_.emplace_back(key, value);
        return rows_.size() < kRowsAtOnce;
      });
  if (!status_.ok()) rows_.clear();
  end_ = rows_.size() < kRowsAtOnce;
  return !rows_.empty();
}

}  // namespace selaras::verify
