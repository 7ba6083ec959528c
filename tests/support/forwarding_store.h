#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/store.h"

namespace selaras::test {

// Another store under its own name, for tests that change or watch one of its functions.
class ForwardingStore : public log::Store {
 public:
  // `store` must outlive it.
  explicit ForwardingStore(log::Store& store) : store_(store) {}

  const log::LogReader& shared() const override { return store_.shared(); }
  const log::LogReader& private_log() const override { return store_.private_log(); }
  std::vector<const log::Mirror*> mirrors() const override { return store_.mirrors(); }
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override {
    return store_.Get(table, key);
  }
  absl::Status Scan(
      log::Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override {
    return store_.Scan(table, prefix, from, row);
  }
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before) const override {
    return store_.Last(table, prefix, before);
  }
  absl::StatusOr<std::vector<log::Evidence>> evidence() const override { return store_.evidence(); }
  absl::StatusOr<log::Appended> Append(const log::AppendBatch& batch) override {
    return store_.Append(batch);
  }
  absl::StatusOr<log::Appended> Recover(const log::RecoveryBatch& batch) override {
    return store_.Recover(batch);
  }
  absl::Status Write(const std::vector<log::RowWrite>& rows, log::Durability durability) override {
    return store_.Write(rows, durability);
  }
  absl::Status Reclaim(log::Table table) override { return store_.Reclaim(table); }
  absl::Status ReplaceKey(const crypto::SigningKey& next) override {
    return store_.ReplaceKey(next);
  }
  absl::StatusOr<log::Mirror*> OpenMirror(absl::string_view name,
                                          const log::NoteVerifier& verifier) override {
    return store_.OpenMirror(name, verifier);
  }
  absl::Status Succeed(absl::string_view name, const log::Succession& succession,
                       const std::vector<log::RowWrite>& rows) override {
    return store_.Succeed(name, succession, rows);
  }

 private:
  log::Store& store_;
};

}  // namespace selaras::test
