#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/log/log_reader.h"
#include "storage/log/rules.h"
#include "storage/merkle/frontier.h"

namespace selaras::log {

// A log in memory. The caller holds `mutex` exclusively for what changes it; reading takes it
// shared.
class MemoryLog final : public LogReader {
 public:
  MemoryLog(std::string name, LogKeys keys, std::shared_mutex& mutex)
      : name_(std::move(name)), origin_(keys.origin()), mutex_(mutex), keys_(std::move(keys)) {}

  const std::string& name() const override { return name_; }
  const std::string& origin() const override { return origin_; }
  std::optional<LogKeys> keys() const override;
  base::TreeSize size() const override;
  SignedCheckpoint checkpoint() const override;
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override;
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override;

  absl::StatusOr<std::vector<base::Sequence>> Lost(base::Sequence first,
                                                   std::uint64_t count) const override;

  const merkle::Frontier& edge() const { return edge_; }
  void Append(const base::Digest& leaf_hash, std::optional<std::string> entry);
  // Of an own log: the entry is lost.
  void AppendLost(const base::Digest& leaf_hash);
  void SetEntry(base::Sequence sequence, std::string entry);
  void SetKeys(LogKeys keys) { keys_ = std::move(keys); }
  // Keeps what the cut leaves; nobody may read meanwhile.
  void Apply(Cut cut);
  void SetCheckpoint(SignedCheckpoint checkpoint) { checkpoint_ = std::move(checkpoint); }

 private:
  const std::string name_;
  std::string origin_;
  std::shared_mutex& mutex_;
  LogKeys keys_;
  std::vector<std::optional<std::string>> entries_;
  std::set<base::Sequence> lost_;
  std::vector<std::vector<base::Digest>> levels_;  // by tile level
  merkle::Frontier edge_;
  SignedCheckpoint checkpoint_;
};

}  // namespace selaras::log
