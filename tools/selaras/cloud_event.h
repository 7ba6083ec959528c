#pragma once

#include <string>

#include "selaras/ledger/v1/ledger.pb.h"

// An entry as CloudEvents 1.0 shows it; FORMAT.md says what stands where.
namespace selaras::cli {

// In the JSON format, as a line. Empty for an entry that was not disclosed, or is not understood.
std::string CloudEventLine(const ledger::v1::EntryRecord& record);

// In the protobuf format: a CloudEventBatch of this one event. Such texts, one after another, are
// the batch of all. Empty as above.
std::string CloudEventBatch(const ledger::v1::EntryRecord& record);

}  // namespace selaras::cli
