#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "selaras/cli/v1/output.pb.h"
#include "selaras/ledger/v1/ledger.pb.h"

#include "storage/merkle/prove.h"
#include "tools/selaras/table.h"

namespace selaras::cli {

// Why nothing can be shown of an entry: `not disclosed`, `not understood`, `lost`.
std::string AbsenceOf(const ledger::v1::EntryRecord& record);

// The event that an entry holds; nothing if it was not disclosed or is no event.
std::optional<event::v1::Event> EventOf(const ledger::v1::EntryRecord& record);

// The entry as --json shows it.
cli::v1::LogEntry ToOutput(const ledger::v1::EntryRecord& record);
// The same as a line of JSON, without its end; without the event if that has no form in JSON.
std::string EntryLine(const ledger::v1::EntryRecord& record);

// The entry as a row of a list, under these headings.
std::vector<std::string> EntryHeadings();
std::vector<Cell> EntryRow(const ledger::v1::EntryRecord& record);

// The entry as `log get` shows it to people.
std::string EntryText(const ledger::v1::EntryRecord& record, const Output& output);

// Where an entry stands: `bawaslu-13@7`, or `7` in the log that `log` names (empty: the shared
// one). IsUsage() otherwise.
absl::StatusOr<event::v1::Position> ParsePosition(const std::string& text, const std::string& log);

// The value of an option that takes `bawaslu-13@7` and nothing shorter. IsUsage() otherwise.
absl::StatusOr<event::v1::Position> ParseFullPosition(const std::string& option,
                                                      const std::string& text);

// The hashes of a proof as a ledger gives them.
absl::StatusOr<merkle::Proof> ParseProof(
    const google::protobuf::RepeatedPtrField<std::string>& hashes);

}  // namespace selaras::cli
