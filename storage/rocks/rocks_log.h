#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/log/log_reader.h"
#include "storage/log/rules.h"
#include "storage/rocks/log_rows.h"
#include "storage/rocks/recover.h"

namespace selaras::rocks {

// A log as readers see it: the rows of the database up to what was published.
class RocksLog : public log::LogReader {
 public:
  RocksLog(LogRows rows, log::LogKeys keys, Recovered recovered)
      : rows_(std::move(rows)),
        origin_(keys.origin()),
        keys_(std::make_shared<const log::LogKeys>(std::move(keys))),
        head_(std::make_shared<const Recovered>(std::move(recovered))) {}

  const std::string& name() const override { return rows_.log(); }
  const std::string& origin() const override { return origin_; }
  std::optional<log::LogKeys> keys() const override { return *shared_keys(); }
  base::TreeSize size() const override { return head()->edge.size(); }
  log::SignedCheckpoint checkpoint() const override { return head()->checkpoint; }
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override;
  absl::Status Entries(
      base::Sequence first, std::uint64_t count,
      absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const override;
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override;

  const LogRows& rows() const { return rows_; }
  // Frontier and checkpoint of one moment.
  std::shared_ptr<const Recovered> head() const;
  std::shared_ptr<const log::LogKeys> shared_keys() const;
  // What a log became that goes on in its successor; nobody may read meanwhile.
  void Succeed(log::Cut cut);
  // Shows readers what is durable and verified by now.
  void Publish(Recovered head);
  void Publish(log::LogKeys keys);

 private:
  const LogRows rows_;
  std::string origin_;
  mutable std::mutex mutex_;  // held only to copy the pointers
  std::shared_ptr<const log::LogKeys> keys_;
  std::shared_ptr<const Recovered> head_;
};

// A log of this node. Its entries cannot be withheld: one that is absent without a row that says
// that it is lost is DATA_LOSS.
class OwnLog final : public RocksLog {
 public:
  using RocksLog::RocksLog;
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override;
  absl::StatusOr<std::vector<base::Sequence>> Lost(base::Sequence first,
                                                   std::uint64_t count) const override;
};

}  // namespace selaras::rocks
