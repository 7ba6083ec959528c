#include "storage/rocks/options.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <utility>

#include "rocksdb/cache.h"
#include "rocksdb/convenience.h"
#include "rocksdb/env.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace selaras::rocks {
namespace {

// Hands warnings on. RocksDB's own logger writes a file beside the data and aborts the process
// when the disk is full.
class DiagnosticsLogger final : public rocksdb::Logger {
 public:
  explicit DiagnosticsLogger(Diagnostics diagnostics)
      : Logger(rocksdb::InfoLogLevel::WARN_LEVEL), diagnostics_(std::move(diagnostics)) {}

  using Logger::Logv;
  void Logv(const char* format, std::va_list arguments) override {
    if (!diagnostics_) return;
    char line[512];
    std::vsnprintf(line, sizeof line, format, arguments);
    diagnostics_(line);
  }

 private:
  const Diagnostics diagnostics_;
};

rocksdb::CompressionType FirstSupported(std::initializer_list<rocksdb::CompressionType> wanted) {
  const std::vector<rocksdb::CompressionType> have = rocksdb::GetSupportedCompressions();
  for (const rocksdb::CompressionType type : wanted) {
    if (std::find(have.begin(), have.end(), type) != have.end()) return type;
  }
  return rocksdb::kNoCompression;
}

bool Is(absl::string_view name, Family family) {
  return name == kFamilyNames[static_cast<std::size_t>(family)];
}

rocksdb::ColumnFamilyOptions FamilyOptions(absl::string_view name,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = kMemtableBytesMax / 2;  // no family takes all
  options.max_write_buffer_number = 4;                // one whose flush waits holds up no write
  options.arena_block_size = 64 << 10;                // a dozen families, most nearly empty
  // Each compaction of the first files writes much of the level below again: half as many of them.
  options.level0_file_num_compaction_trigger = 8;
  options.paranoid_file_checks = true;  // a new file is read back before its WAL is let go
  options.compression = FirstSupported({rocksdb::kLZ4Compression});
  // Entries stay for ever. At ZSTD's own level compressing took a quarter of a busy node's time, as
  // what is not in the order of its keys is compressed again and again.
  options.bottommost_compression = FirstSupported({rocksdb::kZSTD, rocksdb::kLZ4Compression});
  options.bottommost_compression_opts.enabled = true;
  options.bottommost_compression_opts.level = 1;
  // Each level a tenth of the next, from the last one up, whatever the store holds: less is written
  // again than with levels of fixed sizes, and less of it is there twice.
  options.level_compaction_dynamic_level_bytes = true;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;  // memory does not grow with the log
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // In pieces: a whole filter of a large file is larger than the cache, and would be read and
  // checked for each key that is looked up.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.metadata_block_size = 4 << 10;
  // A look-up asks each of the first files: their pieces are at hand, not found in the cache.
  table.metadata_cache_options.partition_pinning = rocksdb::PinningTier::kFlushedAndSimilar;
  table.block_size = 16 << 10;  // entries of a few hundred bytes compress better together
  table.format_version = 5;
  if (Is(name, Family::kHash)) {
    options.compression = rocksdb::kNoCompression;  // hashes do not compress
    options.bottommost_compression = rocksdb::kNoCompression;
  } else if (!Is(name, Family::kEntry)) {
    // Most look-ups of requests, subjects and views are of keys that are not there.
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.partition_filters = true;
  }
  if (Is(name, Family::kRequest) || Is(name, Family::kSecret)) {
    // Here a memtable is asked, more often than it is written, for what it does not have.
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  if (Is(name, Family::kAttachment)) {
    options.compression = rocksdb::kNoCompression;  // what is sealed does not compress
    options.bottommost_compression = rocksdb::kNoCompression;
    // Pieces of 64 KiB stay where they were written: compaction moves only the keys. What was
    // deleted goes when the family is rewritten (Database::Rewrite).
    options.enable_blob_files = true;
    options.min_blob_size = 4 << 10;
    options.enable_blob_garbage_collection = true;
  }
  return options;
}

}  // namespace

rocksdb::DBOptions DatabaseOptions(Diagnostics diagnostics) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.info_log = std::make_shared<DiagnosticsLogger>(std::move(diagnostics));

  // Recovery. A torn tail was never acknowledged; anything else that is wrong is an error, while
  // the default mode would silently drop what follows it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.avoid_flush_during_recovery = false;       // else what is replayed is served unsynced
  options.recycle_log_file_num = 0;                  // crashed with several families
  options.track_and_verify_wals_in_manifest = true;  // a missing or shortened WAL is noticed

  // What a start costs, whatever the length of the logs.
  options.max_total_wal_size = kWalBytesMax;
  options.db_write_buffer_size = kMemtableBytesMax;
  options.max_manifest_file_size = 4 << 20;     // it is replayed as well
  options.max_open_files = 512;                 // -1 would open every file
  options.skip_stats_update_on_db_open = true;  // reads every file's properties

  // Any changed byte of a file is found by whoever looks: blocks are checked when they are read,
  // whole files against this.
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();

  options.max_background_jobs = 2;
  options.stats_dump_period_sec = 0;  // nobody reads them
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(
    const std::vector<std::string>& names, std::uint64_t cache_bytes) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) descriptors.emplace_back(name, FamilyOptions(name, cache));
  return descriptors;
}

}  // namespace selaras::rocks
