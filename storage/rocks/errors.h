#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"

namespace selaras::rocks {

// UNAVAILABLE: another process has the store open.
absl::Status StoreLocked(absl::string_view directory, absl::string_view holder);

// FAILED_PRECONDITION: the directory is not what was configured.
absl::Status NotAStore(absl::string_view directory, absl::string_view reason);
absl::Status StoreOfAnotherNode(absl::string_view directory, absl::string_view found,
                                absl::string_view wanted);
absl::Status StoreOfAnotherKey(absl::string_view directory, absl::string_view found,
                               absl::string_view wanted);
absl::Status NewerFormat(absl::string_view directory, std::uint32_t found, std::uint32_t known);

// UNAVAILABLE: the disk is full, or nearly so.
// A folder for rows that are only compared.
absl::Status NoScratch(absl::string_view directory);
absl::Status NoRoomToOpen(absl::string_view directory, absl::string_view reason);
absl::Status NoRoomToWrite(absl::string_view directory, std::uint64_t free, std::uint64_t wanted);

// FAILED_PRECONDITION: only who may write can cut off what a power cut tore.
absl::Status TornByPowerCut(absl::string_view directory);

// DATA_LOSS: what is stored does not agree with itself. `log` names where.
absl::Status HeadMissing(absl::string_view log);
absl::Status HeadMalformed(absl::string_view log);
absl::Status EntryMissing(absl::string_view log, base::Sequence sequence);
absl::Status EntriesPastTheHead(absl::string_view log, base::TreeSize size);
absl::Status NodeMissing(absl::string_view log, int tile_level, std::uint64_t index);
absl::Status NodesPastTheHead(absl::string_view log, int tile_level, base::TreeSize size);
absl::Status FrontierDisagrees(absl::string_view log, base::TreeSize size);
absl::Status EntryDisagrees(absl::string_view log, base::Sequence sequence);
absl::Status NodeDisagrees(absl::string_view log, int tile_level, std::uint64_t index);
absl::Status CheckpointDamaged(absl::string_view log, absl::string_view reason);
absl::Status CheckpointDisagrees(absl::string_view log, base::TreeSize stated, base::TreeSize size);
absl::Status AcknowledgedMissing(absl::string_view directory, absl::string_view log,
                                 base::TreeSize acknowledged, base::TreeSize size);
absl::Status RowMalformed(absl::string_view what);

// RESOURCE_EXHAUSTED: no slot for another mirror.
absl::Status TooManyLogs();

// UNAVAILABLE: a file or directory that the store needs cannot be made or read; `error` is errno.
// ALREADY_EXISTS.
absl::Status DirectoryExists(absl::string_view path);
absl::Status FileFailed(absl::string_view what, absl::string_view path, int error);

}  // namespace selaras::rocks
