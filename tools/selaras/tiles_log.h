#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/audit/audit.h"
#include "storage/log/log_reader.h"

namespace selaras::cli {

// A log as it lies in a folder of C2SP tlog-tiles, with what tiles_export.h puts beside them.
// Nothing is kept in memory. Thread-safe while nobody writes to the folder.
class TilesLog final : public log::LogReader {
 public:
  // NOT_FOUND if there is no checkpoint; DATA_LOSS if it is none.
  static absl::StatusOr<std::unique_ptr<TilesLog>> Open(const std::string& folder);

  const std::string& name() const override { return name_; }
  const std::string& origin() const override { return checkpoint_.checkpoint.origin; }
  base::TreeSize size() const override { return checkpoint_.checkpoint.size; }
  log::SignedCheckpoint checkpoint() const override { return checkpoint_; }
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override;
  absl::Status Entries(
      base::Sequence first, std::uint64_t count,
      absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const override;
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override;

  // Compares the files that are not needed to read the log, but are there: parts of tiles of
  // earlier exports, single entries. What is no part of an export is named, too.
  void CheckOtherFiles(audit::AuditReport* report) const;

 private:
  TilesLog(std::string folder, log::SignedCheckpoint checkpoint, std::string name)
      : folder_(std::move(folder)), checkpoint_(std::move(checkpoint)), name_(std::move(name)) {}

  // How many nodes the tile has by now.
  std::uint64_t WidthOf(int tile_level, std::uint64_t tile) const;
  absl::StatusOr<std::vector<base::Digest>> Tile(int tile_level, std::uint64_t tile) const;
  // The entries of one tile; nothing for those that are not there.
  absl::StatusOr<std::vector<std::optional<std::string>>> Bundle(std::uint64_t tile) const;
  std::string Path(const std::string& name) const;
  // Why the file is not what it should be; empty: it is.
  std::string FaultOf(const std::string& name) const;
  std::string FaultOfTile(const std::string& name, int level, std::uint64_t tile,
                          std::uint64_t width) const;
  std::string FaultOfBundle(const std::string& name, std::uint64_t tile, std::uint64_t width) const;
  std::string FaultOfEntry(const std::string& name, std::uint64_t sequence) const;

  const std::string folder_;
  const log::SignedCheckpoint checkpoint_;
  const std::string name_;
};

}  // namespace selaras::cli
