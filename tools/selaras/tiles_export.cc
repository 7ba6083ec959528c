#include "tools/selaras/tiles_export.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/log/tiles.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/node_source.h"
#include "storage/merkle/verify.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/log_entry.h"

namespace selaras::cli {
namespace {

using merkle::kTileWidth;

constexpr char kCheckpoint[] = "checkpoint";

// What one tile of leaves holds.
struct Leaves {
  std::vector<base::Digest> hashes;
  std::vector<std::string> entries;  // empty: may not be seen
};

class Exporter {
 public:
  Exporter(Ledger& ledger, std::string log, std::string folder)
      : ledger_(ledger), log_(std::move(log)), folder_(std::move(folder)) {}

  absl::StatusOr<cli::v1::ExportedTiles> Run(const ExportProgress& progress) {
    ASSIGN_OR_RETURN(const std::string note, Head());
    ASSIGN_OR_RETURN(const log::Checkpoint checkpoint, log::ReadUnverified(note));
    const std::uint64_t size = checkpoint.size.value;
    for (std::uint64_t first = 0; first < size; first += kTileWidth) {
      progress(first, size);
      RETURN_IF_ERROR(ExportLeaves(first / kTileWidth, std::min(kTileWidth, size - first)));
    }
    for (const auto& [level, hashes] : pending_) {
      if (!hashes.empty()) RETURN_IF_ERROR(WriteTile(level, hashes));
    }
    if (size > 0 && frontier_.Root() != checkpoint.root) {
      return absl::DataLossError(absl::StrCat(
          "the hashes do not lead to the root of the checkpoint\nif ", folder_,
          " holds tiles of another log, name another folder; else the log contradicts itself"));
    }
    // Last: who reads a checkpoint finds everything that it covers.
    RETURN_IF_ERROR(Write(kCheckpoint, note));
    done_.set_log(log_);
    done_.set_size(size);
    return done_;
  }

 private:
  // The checkpoint to export. What the folder has published already, it must extend: else nothing
  // there may be replaced.
  absl::StatusOr<std::string> Head() {
    ledger::v1::GetCheckpointRequest request;
    request.set_log(log_);
    ASSIGN_OR_RETURN(const auto head, ledger_.GetCheckpoint(request));
    std::error_code none;
    if (!std::filesystem::exists(Path(kCheckpoint), none)) return head.checkpoint();
    ASSIGN_OR_RETURN(const std::string published, ReadFile(Path(kCheckpoint)));
    const auto held = log::ReadUnverified(published);
    if (!held.ok()) return NotAnExport(folder_, held.status().message());
    ASSIGN_OR_RETURN(const log::Checkpoint newest, log::ReadUnverified(head.checkpoint()));
    if (held->origin != newest.origin) return OtherExport(folder_, held->origin, newest.origin);
    if (held->size > newest.size) {
      return ExportIsAhead(folder_, held->origin, held->size.value, newest.size.value);
    }
    return Extending(*held);
  }

  // The newest checkpoint, with the proof that it extends that one: of a mirror, a node can prove
  // nothing about any other, and the log may have grown meanwhile.
  absl::StatusOr<std::string> Extending(const log::Checkpoint& held) {
    ledger::v1::ProveConsistencyRequest request;
    request.set_log(log_);
    request.set_from_size(held.size.value);
    ASSIGN_OR_RETURN(const auto proven, ledger_.ProveConsistency(request));
    ASSIGN_OR_RETURN(const log::Checkpoint newest, log::ReadUnverified(proven.checkpoint()));
    ASSIGN_OR_RETURN(const merkle::Proof proof, ParseProof(proven.hashes()));
    const absl::Status extends =
        merkle::VerifyConsistency(held.size, held.root, newest.size, newest.root, proof);
    if (!extends.ok()) return ExportContradicted(folder_, held.origin, held.size.value);
    return proven.checkpoint();
  }

  absl::Status ExportLeaves(std::uint64_t tile, std::uint64_t width) {
    ASSIGN_OR_RETURN(Leaves leaves, KeptLeaves(tile, width));
    if (leaves.hashes.empty()) {
      ASSIGN_OR_RETURN(leaves, AskedLeaves(tile, width));
      RETURN_IF_ERROR(WriteEntries(tile, leaves.entries));
      RETURN_IF_ERROR(Write(log::TilePath(0, tile, width), Joined(leaves.hashes)));
    }
    absl::Status written;
    for (const base::Digest& hash : leaves.hashes) {
      frontier_.Append(hash, [&](int level, std::uint64_t, const base::Digest& node) {
        if (level == 0 || !written.ok()) return;
        std::vector<base::Digest>& nodes = pending_[level];
        nodes.push_back(node);
        if (nodes.size() < kTileWidth) return;
        written = WriteTile(level, nodes);
        nodes.clear();
      });
      RETURN_IF_ERROR(written);
    }
    return absl::OkStatus();
  }

  // A full tile that an earlier run wrote with all of its entries. What it left out may be visible
  // by now, so everything else is asked for.
  absl::StatusOr<Leaves> KeptLeaves(std::uint64_t tile, std::uint64_t width) {
    const std::string path = Path(log::TilePath(0, tile, width));
    const std::string bundle = Path(log::EntriesPath(tile, width));
    std::error_code none;
    if (width < kTileWidth || !std::filesystem::exists(path, none) ||
        !std::filesystem::exists(bundle, none)) {
      return Leaves();
    }
    ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
    base::ByteReader reader(bytes);
    Leaves leaves;
    for (std::uint64_t i = 0; i < width; ++i) {
      const auto hash = reader.ReadDigest();
      if (!hash.ok()) return Leaves();
      leaves.hashes.push_back(*hash);
    }
    if (!reader.rest().empty()) return Leaves();
    done_.set_kept(done_.kept() + 2);
    done_.set_entries(done_.entries() + width);
    return leaves;
  }

  absl::StatusOr<Leaves> AskedLeaves(std::uint64_t tile, std::uint64_t width) {
    Leaves leaves;
    ledger::v1::ListEntriesRequest request;
    request.set_log(log_);
    while (leaves.hashes.size() < width) {
      request.set_start(tile * kTileWidth + leaves.hashes.size());
      request.set_page_size(static_cast<int>(width - leaves.hashes.size()));
      ASSIGN_OR_RETURN(const auto page, ledger_.ListEntries(request));
      if (page.entries().empty()) {
        return absl::DataLossError(
            absl::StrCat("the log ends at ", request.start(), ", before its checkpoint"));
      }
      for (const auto& record : page.entries()) {
        ASSIGN_OR_RETURN(const base::Digest hash, base::Digest::FromBytes(record.leaf_hash()));
        leaves.hashes.push_back(hash);
        leaves.entries.push_back(record.entry());
        log_ = record.position().log();
      }
    }
    return leaves;
  }

  absl::Status WriteEntries(std::uint64_t tile, const std::vector<std::string>& entries) {
    std::uint64_t seen = 0;
    for (const std::string& entry : entries) seen += entry.empty() ? 0 : 1;
    done_.set_entries(done_.entries() + seen);
    if (seen == entries.size()) {
      return Write(log::EntriesPath(tile, entries.size()), log::EntryBundle(entries));
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].empty()) continue;
      RETURN_IF_ERROR(Write(absl::StrCat("entry/", tile * kTileWidth + i), entries[i]));
    }
    return absl::OkStatus();
  }

  absl::Status WriteTile(int level, const std::vector<base::Digest>& hashes) {
    // The tile's last node is the newest one of its level.
    const std::uint64_t nodes = merkle::CompletedNodes(level, frontier_.size().value);
    return Write(log::TilePath(level, (nodes - 1) / kTileWidth, hashes.size()), Joined(hashes));
  }

  static std::string Joined(const std::vector<base::Digest>& hashes) {
    std::string bytes;
    for (const base::Digest& hash : hashes) absl::StrAppend(&bytes, hash.view());
    return bytes;
  }

  std::string Path(const std::string& name) const { return absl::StrCat(folder_, "/", name); }

  absl::Status Write(const std::string& name, const std::string& bytes) {
    const std::string path = Path(name);
    std::error_code error;
    if (std::filesystem::file_size(path, error) == bytes.size() && !error) {
      const auto held = ReadFile(path);
      if (held.ok() && *held == bytes) {
        done_.set_kept(done_.kept() + 1);
        return absl::OkStatus();
      }
    }
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    if (error) return CannotWrite(path, error.value());
    ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
    RETURN_IF_ERROR(file.Append(bytes));
    done_.set_written(done_.written() + 1);
    return file.Commit();
  }

  Ledger& ledger_;
  std::string log_;
  const std::string folder_;
  merkle::Frontier frontier_;
  std::map<int, std::vector<base::Digest>> pending_;  // of tiles above the leaves, by level
  cli::v1::ExportedTiles done_;
};

}  // namespace

absl::StatusOr<cli::v1::ExportedTiles> ExportTiles(Ledger& ledger, const std::string& log,
                                                   const std::string& folder,
                                                   const ExportProgress& progress) {
  return Exporter(ledger, log, folder).Run(progress);
}

}  // namespace selaras::cli
