#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "storage/log/mirror.h"
#include "storage/log/note.h"
#include "storage/log/store.h"
#include "storage/rocks/evidence_rows.h"
#include "storage/rocks/rocks_log.h"
#include "storage/rocks/room.h"

namespace selaras::rocks {

// A mirror on disk.
class RocksMirror final : public log::Mirror {
 public:
  RocksMirror(LogRows rows, log::LogKeys keys, Recovered recovered, std::uint64_t held,
              Database& database, EvidenceRows& evidence, const Room& room)
      : database_(database),
        evidence_(evidence),
        room_(room),
        log_(std::move(rows), std::move(keys), std::move(recovered)),
        held_(held) {}

  const std::string& name() const override { return log_.name(); }
  const std::string& origin() const override { return log_.origin(); }
  std::optional<log::LogKeys> keys() const override { return log_.keys(); }
  base::TreeSize size() const override { return log_.size(); }
  log::SignedCheckpoint checkpoint() const override { return log_.checkpoint(); }
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override {
    return log_.Entry(sequence);
  }
  absl::Status Entries(
      base::Sequence first, std::uint64_t count,
      absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const override {
    return log_.Entries(first, count, entry);
  }
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override {
    return log_.Hashes(tile_level, first, count);
  }

  absl::Status Extend(base::TreeSize from, std::span<const base::Digest> leaf_hashes,
                      absl::string_view note) override;
  absl::Status AddKey(const log::NoteVerifier& next, absl::string_view closing) override;
  // For Store::Succeed: writes what the mirror becomes with `rows`.
  absl::Status Succeed(const log::Succession& succession, const std::vector<log::RowWrite>& rows);
  absl::StatusOr<std::size_t> Keep(std::span<const log::DisclosedEntry> entries,
                                   absl::Time now) override;
  std::uint64_t entries_held() const override { return held_; }
  absl::StatusOr<std::vector<base::Sequence>> Kept(std::uint64_t from,
                                                   std::size_t max) const override;
  absl::StatusOr<std::optional<absl::Time>> KeptAt(base::Sequence sequence) const override {
    return log_.rows().KeptAt(sequence);
  }

 private:
  Database& database_;
  EvidenceRows& evidence_;
  const Room& room_;
  RocksLog log_;
  std::atomic<std::uint64_t> held_;
};

}  // namespace selaras::rocks
