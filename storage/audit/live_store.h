#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/store.h"

namespace selaras::audit {

// A store that is written meanwhile, as of moments that follow one another: whoever audits it for
// hours holds back nothing that the disk could give free, because every moment is left for the next
// one. What was written to a log never changes, so it does not matter at which moment it is read.
//
// What the readers below give stays valid; what they show changes with Renew() and Slide(), which
// must not be called while anything of the store is being read. One thread.
class LiveStore final : public log::StoreReader {
 public:
  // Everything as of now; see rocks::RocksStore::AsOfNow().
  using AsOfNow = std::function<absl::StatusOr<std::unique_ptr<log::StoreReader>>()>;

  // Errors are those of `as_of_now`.
  static absl::StatusOr<std::unique_ptr<LiveStore>> Open(AsOfNow as_of_now);
  ~LiveStore() override;

  // Goes on to what there is now. After an error the moment before is still shown.
  absl::Status Renew();
  // The same, but sizes, checkpoints and keys of the logs stay as they are: between two parts of
  // the same log.
  absl::Status Slide();

  const log::LogReader& shared() const override;
  const log::LogReader& private_log() const override;
  // Those of the first moment.
  std::vector<const log::Mirror*> mirrors() const override;
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override {
    return now_->Get(table, key);
  }
  absl::Status Scan(log::Table table, absl::string_view prefix, absl::string_view from,
                    const std::function<bool(absl::string_view key, absl::string_view value)>& row)
      const override {
    return now_->Scan(table, prefix, from, row);
  }
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before) const override {
    return now_->Last(table, prefix, before);
  }
  absl::StatusOr<std::vector<log::Evidence>> evidence() const override { return now_->evidence(); }

 private:
  class Log;

  explicit LiveStore(AsOfNow as_of_now);
  absl::Status Show(bool pinned);

  const AsOfNow as_of_now_;
  std::unique_ptr<log::StoreReader> now_;
  std::vector<std::unique_ptr<Log>> logs_;  // shared, private, mirrors
};

}  // namespace selaras::audit
