#pragma once

#include "storage/log/scratch.h"
#include "storage/log/store.h"

namespace selaras::verify {

// The logs and rows of a store that is only read, with views of its own on the side: on it the
// projector and the watcher derive anew what the store should hold. Writes nothing but views. One
// thread at a time.
class DerivedStore final : public log::Store {
 public:
  // Both must outlive it.
  DerivedStore(const log::StoreReader& store, log::Scratch& views) : store_(store), views_(views) {}

  const log::LogReader& shared() const override { return store_.shared(); }
  const log::LogReader& private_log() const override { return store_.private_log(); }
  std::vector<const log::Mirror*> mirrors() const override { return store_.mirrors(); }
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override;
  absl::Status Scan(
      log::Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override;
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before) const override {
    return store_.Last(table, prefix, before);
  }
  absl::StatusOr<std::vector<log::Evidence>> evidence() const override { return store_.evidence(); }

  absl::StatusOr<log::Appended> Append(const log::AppendBatch& batch) override;
  absl::StatusOr<log::Appended> Recover(const log::RecoveryBatch& batch) override;
  absl::Status ReplaceKey(const crypto::SigningKey& next) override;
  absl::Status Write(const std::vector<log::RowWrite>& rows, log::Durability durability) override;
  absl::Status Reclaim(log::Table table) override;
  absl::StatusOr<log::Mirror*> OpenMirror(absl::string_view name,
                                          const log::NoteVerifier& verifier) override;
  absl::Status Succeed(absl::string_view name, const log::Succession& succession,
                       const std::vector<log::RowWrite>& rows) override;

 private:
  const log::StoreReader& store_;
  log::Scratch& views_;
};

}  // namespace selaras::verify
