#include "services/verify/derived_store.h"

namespace selaras::verify {
namespace {

absl::Status OnlyRead() { return absl::FailedPreconditionError("the store is only read"); }

}  // namespace

absl::StatusOr<std::optional<std::string>> DerivedStore::Get(log::Table table,
                                                             absl::string_view key) const {
  return table == log::Table::kView ? views_.Get(key) : store_.Get(table, key);
}

absl::Status DerivedStore::Scan(
    log::Table table, absl::string_view prefix, absl::string_view from,
    const std::function<bool(absl::string_view, absl::string_view)>& row) const {
  return table == log::Table::kView ? views_.Scan(prefix, from, row)
                                    : store_.Scan(table, prefix, from, row);
}

absl::StatusOr<log::Appended> DerivedStore::Append(const log::AppendBatch&) { return OnlyRead(); }

absl::StatusOr<log::Appended> DerivedStore::Recover(const log::RecoveryBatch&) {
  return OnlyRead();
}

absl::Status DerivedStore::Reclaim(log::Table) { return OnlyRead(); }

absl::Status DerivedStore::ReplaceKey(const crypto::SigningKey&) { return OnlyRead(); }

absl::Status DerivedStore::Write(const std::vector<log::RowWrite>& rows, log::Durability) {
  for (const log::RowWrite& row : rows) {
    if (row.table != log::Table::kView) return OnlyRead();
  }
  return views_.Write(rows);
}

absl::StatusOr<log::Mirror*> DerivedStore::OpenMirror(absl::string_view, const log::NoteVerifier&) {
  return OnlyRead();
}

absl::Status DerivedStore::Succeed(absl::string_view, const log::Succession&,
                                   const std::vector<log::RowWrite>&) {
  return OnlyRead();
}

}  // namespace selaras::verify
