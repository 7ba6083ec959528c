#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "rocksdb/db.h"
#include "storage/rocks/keys.h"

namespace selaras::rocks {

// What recovery may have to replay, and so what a start may cost.
inline constexpr std::uint64_t kWalBytesMax = std::uint64_t{48} << 20;
inline constexpr std::uint64_t kMemtableBytesMax = std::uint64_t{32} << 20;
// Holds the filters of a store of ten million entries: one that is not there is read for a key.
inline constexpr std::uint64_t kBlockCacheBytes = std::uint64_t{64} << 20;
// Who reads a store on which no node runs does little else: log verify looks entries up in the
// order of their cases, and every one that is not here is a block to decompress.
inline constexpr std::uint64_t kOfflineCacheBytes = std::uint64_t{128} << 20;

// Receives RocksDB's warnings, one line each. Called by any thread.
using Diagnostics = std::function<void(absl::string_view line)>;

// How RocksDB is run. Every line that differs from its defaults says why.
rocksdb::DBOptions DatabaseOptions(Diagnostics diagnostics);

// Descriptors for these families, which share one block cache; of names that are not ours too, so
// that they can be opened.
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(
    const std::vector<std::string>& names, std::uint64_t cache_bytes);

}  // namespace selaras::rocks
