#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/log/memory_log.h"
#include "storage/log/memory_state.h"
#include "storage/log/mirror.h"
#include "storage/log/note.h"

namespace selaras::log {

// A mirror in memory.
class MemoryMirror final : public Mirror {
 public:
  MemoryMirror(std::string name, NoteVerifier verifier, MemoryState& state)
      : state_(state), log_(std::move(name), LogKeys(std::move(verifier)), state.mutex()) {}

  const std::string& name() const override { return log_.name(); }
  const std::string& origin() const override { return log_.origin(); }
  std::optional<LogKeys> keys() const override { return log_.keys(); }
  base::TreeSize size() const override { return log_.size(); }
  SignedCheckpoint checkpoint() const override { return log_.checkpoint(); }
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override {
    return log_.Entry(sequence);
  }
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override {
    return log_.Hashes(tile_level, first, count);
  }

  absl::Status Extend(base::TreeSize from, std::span<const base::Digest> leaf_hashes,
                      absl::string_view note) override;
  absl::Status AddKey(const NoteVerifier& next, absl::string_view closing) override;
  absl::StatusOr<std::size_t> Keep(std::span<const DisclosedEntry> entries,
                                   absl::Time now) override;
  // For Store::Succeed. The caller holds the state's mutex exclusively.
  const merkle::Frontier& edge() const { return log_.edge(); }
  void Apply(Cut cut);

  std::uint64_t entries_held() const override;
  absl::StatusOr<std::vector<base::Sequence>> Kept(std::uint64_t from,
                                                   std::size_t max) const override;
  absl::StatusOr<std::optional<absl::Time>> KeptAt(base::Sequence sequence) const override;

 private:
  MemoryState& state_;
  MemoryLog log_;
  std::vector<base::Sequence> kept_;  // in the order in which they were kept
  std::map<base::Sequence, absl::Time> kept_at_;
};

}  // namespace selaras::log
