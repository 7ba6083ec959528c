#pragma once

#include <vector>

#include "absl/status/status.h"

#include "selaras/ledger/v1/link.pb.h"

#include "storage/base/bytes.h"
#include "storage/log/mirror.h"

namespace selaras::link {

// Whether everything in the frame has its length and is within its limits, so that what follows
// need not ask: sizes and indexes can be added, every hash is one, notes are not empty where they
// are needed. INVALID_ARGUMENT if not. Says nothing about truth.
absl::Status CheckFrame(const ledger::v1::Frame& frame);

// Parts of frames that passed.
std::vector<base::Digest> LeafHashes(const ledger::v1::Leaves& leaves);
std::vector<log::DisclosedEntry> EntriesOf(
    const google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& entries);

}  // namespace selaras::link
