#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/log/store.h"

// A store whose bytes were changed behind its back.
namespace selaras::test {

// One log, as the original shows it but for what was altered.
struct LogChanges {
  std::map<std::uint64_t, std::optional<std::string>> entries;  // nothing: it is missing
  std::map<std::uint64_t, absl::Status> unreadable;             // entries
  std::map<std::pair<int, std::uint64_t>, base::Digest> nodes;  // level and index
  std::set<std::pair<int, std::uint64_t>> unreadable_nodes;
  std::map<std::uint64_t, base::Sequence> kept;  // by index
  std::optional<base::TreeSize> size;
  std::optional<log::SignedCheckpoint> checkpoint;
};

class AlteredLog final : public log::Mirror {
 public:
  // `mirror` is the original if it is one, else nullptr.
  AlteredLog(const log::LogReader& original, const log::Mirror* mirror, const LogChanges& changes)
      : original_(original), mirror_(mirror), changes_(changes) {}

  const std::string& name() const override { return original_.name(); }
  const std::string& origin() const override { return original_.origin(); }
  std::optional<log::LogKeys> keys() const override { return original_.keys(); }
  base::TreeSize size() const override { return changes_.size.value_or(original_.size()); }
  log::SignedCheckpoint checkpoint() const override {
    return changes_.checkpoint.value_or(original_.checkpoint());
  }
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override;
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override;

  absl::StatusOr<std::vector<base::Sequence>> Lost(base::Sequence first,
                                                   std::uint64_t count) const override {
    return original_.Lost(first, count);
  }

  // Nobody writes to it.
  absl::Status Extend(base::TreeSize, std::span<const base::Digest>, absl::string_view) override {
    return absl::UnimplementedError("read-only");
  }
  absl::StatusOr<std::size_t> Keep(std::span<const log::DisclosedEntry>, absl::Time) override {
    return absl::UnimplementedError("read-only");
  }
  absl::Status AddKey(const log::NoteVerifier&, absl::string_view) override {
    return absl::UnimplementedError("read-only");
  }
  std::uint64_t entries_held() const override { return mirror_->entries_held(); }
  absl::StatusOr<std::vector<base::Sequence>> Kept(std::uint64_t from,
                                                   std::size_t max) const override;
  absl::StatusOr<std::optional<absl::Time>> KeptAt(base::Sequence sequence) const override {
    return mirror_->KeptAt(sequence);
  }

 private:
  const log::LogReader& original_;
  const log::Mirror* const mirror_;
  const LogChanges& changes_;
};

class AlteredStore final : public log::StoreReader {
 public:
  explicit AlteredStore(const log::StoreReader& original);

  // What to change, before anybody reads.
  LogChanges shared_changes;
  LogChanges private_changes;
  LogChanges mirror_changes;  // of the first mirror
  std::map<std::pair<log::Table, std::string>, std::optional<std::string>> rows;
  std::vector<log::Evidence> evidence_found;

  const log::LogReader& shared() const override { return shared_; }
  const log::LogReader& private_log() const override { return private_; }
  std::vector<const log::Mirror*> mirrors() const override;
  absl::StatusOr<std::optional<std::string>> Get(log::Table table,
                                                 absl::string_view key) const override;
  absl::Status Scan(
      log::Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override;
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      log::Table table, absl::string_view prefix, absl::string_view before) const override {
    return original_.Last(table, prefix, before);
  }
  absl::StatusOr<std::vector<log::Evidence>> evidence() const override { return evidence_found; }

 private:
  const log::StoreReader& original_;
  AlteredLog shared_;
  AlteredLog private_;
  std::unique_ptr<AlteredLog> mirror_;
};

}  // namespace selaras::test
