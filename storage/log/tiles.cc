#include "storage/log/tiles.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "storage/log/limits.h"
#include "storage/merkle/node_source.h"

namespace selaras::log {
namespace {

std::string Numbered(std::uint64_t index, std::uint64_t width) {
  std::string path = absl::StrFormat("%03d", index % 1'000);
  for (index /= 1'000; index > 0; index /= 1'000) {
    path = absl::StrCat("x", absl::StrFormat("%03d", index % 1'000), "/", path);
  }
  if (width < merkle::kTileWidth) absl::StrAppend(&path, ".p/", width);
  return path;
}

}  // namespace

std::string TilePath(int level, std::uint64_t index, std::uint64_t width) {
  return absl::StrCat("tile/", level, "/", Numbered(index, width));
}

std::string EntriesPath(std::uint64_t index, std::uint64_t width) {
  return absl::StrCat("tile/entries/", Numbered(index, width));
}

std::string EntryBundle(std::span<const std::string> entries) {
  std::string bundle;
  for (const std::string& entry : entries) {
    SELARAS_CHECK(entry.size() <= 0xffff) << "a log keeps no longer entry";
    base::AppendU16(&bundle, static_cast<std::uint16_t>(entry.size()));
    bundle += entry;
  }
  return bundle;
}

}  // namespace selaras::log
