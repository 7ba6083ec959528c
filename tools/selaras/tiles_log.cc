#include "tools/selaras/tiles_log.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/audit/findings.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/tiles.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/node_source.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

using merkle::kTileWidth;

bool Exists(const std::string& path) {
  std::error_code none;
  return std::filesystem::exists(path, none);
}

absl::StatusOr<std::vector<base::Digest>> ParseTile(const std::string& path, std::uint64_t width) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  if (bytes.size() != width * base::Digest::kSize) {
    return absl::DataLossError(absl::StrCat(path, " has ", bytes.size(), " bytes instead of ",
                                            width * base::Digest::kSize));
  }
  base::ByteReader reader(bytes);
  std::vector<base::Digest> hashes;
  for (std::uint64_t i = 0; i < width; ++i) {
    ASSIGN_OR_RETURN(const base::Digest hash, reader.ReadDigest());
    hashes.push_back(hash);
  }
  return hashes;
}

absl::StatusOr<std::vector<std::string>> ParseBundle(const std::string& path, std::uint64_t width) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  base::ByteReader reader(bytes);
  std::vector<std::string> entries;
  while (entries.size() < width) {
    const auto length = reader.ReadU16();
    const auto entry = length.ok() ? reader.ReadBytes(*length) : length.status();
    if (!entry.ok()) break;
    entries.emplace_back(*entry);
  }
  if (entries.size() == width && reader.rest().empty()) return entries;
  return absl::DataLossError(absl::StrCat(path, " does not hold ", width, " entries"));
}

// `<level or entries>/x001/x234/067[.p/<width>]`, as storage/log/tiles.h writes it.
struct TileName {
  std::string level;
  std::uint64_t tile = 0;
  std::uint64_t width = kTileWidth;
};

std::optional<TileName> ParseName(absl::string_view name) {
  TileName parsed;
  std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() < 2) return std::nullopt;
  parsed.level = std::string(parts.front());
  parts.erase(parts.begin());
  if (parts.size() > 1 && absl::EndsWith(parts[parts.size() - 2], ".p")) {
    if (!absl::SimpleAtoi(parts.back(), &parsed.width)) return std::nullopt;
    parts.pop_back();
    parts.back().remove_suffix(2);
  }
  for (absl::string_view part : parts) {
    absl::ConsumePrefix(&part, "x");
    std::uint64_t group = 0;
    if (!absl::SimpleAtoi(part, &group) || group > 999) return std::nullopt;
    parsed.tile = parsed.tile * 1'000 + group;
  }
  if (parsed.width == 0 || parsed.width > kTileWidth) return std::nullopt;
  return parsed;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TilesLog>> TilesLog::Open(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::string note, ReadFile(absl::StrCat(folder, "/checkpoint")));
  const auto checkpoint = log::ReadUnverified(note);
  if (!checkpoint.ok()) return absl::DataLossError(checkpoint.status().message());
  absl::string_view name = checkpoint->origin;
  absl::ConsumePrefix(&name, "selaras/");
  return std::unique_ptr<TilesLog>(
      new TilesLog(folder, log::SignedCheckpoint{*checkpoint, note}, std::string(name)));
}

std::string TilesLog::Path(const std::string& name) const {
  return absl::StrCat(folder_, "/", name);
}

std::uint64_t TilesLog::WidthOf(int tile_level, std::uint64_t tile) const {
  const std::uint64_t nodes = merkle::CompletedNodes(tile_level, size().value);
  return nodes < tile * kTileWidth ? 0 : std::min(kTileWidth, nodes - tile * kTileWidth);
}

absl::StatusOr<std::vector<base::Digest>> TilesLog::Tile(int tile_level, std::uint64_t tile) const {
  const std::uint64_t width = WidthOf(tile_level, tile);
  return ParseTile(Path(log::TilePath(tile_level, tile, width)), width);
}

absl::StatusOr<std::vector<base::Digest>> TilesLog::Hashes(int tile_level, std::uint64_t first,
                                                           std::uint64_t count) const {
  const std::uint64_t end = first + count;
  if (end < first || end > merkle::CompletedNodes(tile_level, size().value)) {
    return absl::OutOfRangeError("nodes past the end of the export");
  }
  std::vector<base::Digest> hashes;
  while (hashes.size() < count) {
    const std::uint64_t next = first + hashes.size();
    ASSIGN_OR_RETURN(const auto tile, Tile(tile_level, next / kTileWidth));
    const std::uint64_t from = next % kTileWidth;
    const std::uint64_t to = std::min<std::uint64_t>(tile.size(), from + end - next);
    hashes.insert(hashes.end(), tile.begin() + static_cast<std::ptrdiff_t>(from),
                  tile.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return hashes;
}

absl::StatusOr<std::vector<std::optional<std::string>>> TilesLog::Bundle(std::uint64_t tile) const {
  const std::uint64_t width = WidthOf(0, tile);
  const std::string path = Path(log::EntriesPath(tile, width));
  if (Exists(path)) {
    ASSIGN_OR_RETURN(std::vector<std::string> entries, ParseBundle(path, width));
    return std::vector<std::optional<std::string>>(entries.begin(), entries.end());
  }
  std::vector<std::optional<std::string>> entries(width);
  for (std::uint64_t i = 0; i < width; ++i) {
    const std::string single = Path(absl::StrCat("entry/", tile * kTileWidth + i));
    if (!Exists(single)) continue;
    ASSIGN_OR_RETURN(entries[i], ReadFile(single));
  }
  return entries;
}

absl::StatusOr<std::optional<std::string>> TilesLog::Entry(base::Sequence sequence) const {
  if (!base::Covers(size(), sequence)) return absl::OutOfRangeError("past the end of the export");
  ASSIGN_OR_RETURN(auto entries, Bundle(sequence.value / kTileWidth));
  return std::move(entries[sequence.value % kTileWidth]);
}

absl::Status TilesLog::Entries(
    base::Sequence first, std::uint64_t count,
    absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const {
  const std::uint64_t end = first.value + count;
  for (std::uint64_t next = first.value; next < end;) {
    ASSIGN_OR_RETURN(const auto entries, Bundle(next / kTileWidth));
    for (std::uint64_t i = next % kTileWidth; i < entries.size() && next < end; ++i, ++next) {
      if (entries[i]) entry({next}, *entries[i]);
    }
  }
  return absl::OkStatus();
}

void TilesLog::CheckOtherFiles(audit::AuditReport* report) const {
  audit::Findings findings(report);
  for (const absl::string_view part : {"tile", "entry"}) {
    std::error_code error;
    std::filesystem::recursive_directory_iterator files(Path(std::string(part)), error);
    for (; !error && files != std::filesystem::recursive_directory_iterator();
         files.increment(error)) {
      if (files->is_directory(error)) continue;
      const std::string name = files->path().lexically_relative(folder_).string();
      const std::string fault = FaultOf(name);
      if (fault.empty()) continue;
      findings.Add({audit::Part::kFile, name_, std::nullopt, name, fault, "what the tree says",
                    "another content"});
    }
  }
}

std::string TilesLog::FaultOf(const std::string& name) const {
  absl::string_view rest = name;
  if (absl::ConsumePrefix(&rest, "entry/")) {
    std::uint64_t sequence = 0;
    if (absl::SimpleAtoi(rest, &sequence) && base::Covers(size(), {sequence})) {
      return FaultOfEntry(name, sequence);
    }
  } else if (absl::ConsumePrefix(&rest, "tile/")) {
    const auto parsed = ParseName(rest);
    int level = 0;
    const bool entries = parsed && parsed->level == "entries";
    const bool known = parsed && (entries || absl::SimpleAtoi(parsed->level, &level)) &&
                       level >= 0 && level < 8 && parsed->width <= WidthOf(level, parsed->tile);
    if (known && entries) return FaultOfBundle(name, parsed->tile, parsed->width);
    if (known) return FaultOfTile(name, level, parsed->tile, parsed->width);
  }
  return "the file is no part of an export of this size";
}

std::string TilesLog::FaultOfTile(const std::string& name, int level, std::uint64_t tile,
                                  std::uint64_t width) const {
  const std::uint64_t whole = WidthOf(level, tile);
  if (width == whole) return "";  // read with the log
  const auto held = Tile(level, tile);
  if (!held.ok()) return "";  // was named
  const auto part = ParseTile(Path(name), width);
  const bool same = part.ok() && std::equal(part->begin(), part->end(), held->begin());
  return same ? "" : "a part of a tile of an earlier export differs from the tile";
}

std::string TilesLog::FaultOfBundle(const std::string& name, std::uint64_t tile,
                                    std::uint64_t width) const {
  if (width == WidthOf(0, tile)) return "";
  const auto entries = ParseBundle(Path(name), width);
  const auto held = Tile(0, tile);
  bool same = entries.ok();
  for (std::uint64_t i = 0; same && held.ok() && i < width; ++i) {
    same = merkle::HashLeaf((*entries)[i]) == (*held)[i];
  }
  return same ? "" : "a bundle of an earlier export differs from the tree";
}

std::string TilesLog::FaultOfEntry(const std::string& name, std::uint64_t sequence) const {
  const std::uint64_t tile = sequence / kTileWidth;
  if (!Exists(Path(log::EntriesPath(tile, WidthOf(0, tile))))) return "";  // read with the log
  const auto bytes = ReadFile(Path(name));
  const auto held = Tile(0, tile);
  if (!held.ok()) return "";
  const bool same = bytes.ok() && merkle::HashLeaf(*bytes) == (*held)[sequence % kTileWidth];
  return same ? "" : "a single entry differs from the tree";
}

}  // namespace selaras::cli
