#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/cli/v1/evidence.pb.h"
#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "storage/base/bytes.h"
#include "tools/selaras/node.h"

// The party entries of a case, each with its proof, and what follows from them: for whoever holds
// them, without a node.
namespace selaras::cli {

struct ProvenEntry {
  event::v1::Position position;
  base::Digest leaf_hash;
  event::v1::Event event;
  std::string receipt;     // C2SP tlog-proof that carries the entry
  std::string entry_key;   // opens its personal part; empty: it seals none, or it stays sealed
  std::string held_since;  // of the node that was asked; RFC 3339. Empty: its own, or not noted
};

struct CaseFile {
  query::v1::Case as_shown;                 // what the node makes of it
  std::vector<ProvenEntry> entries;         // by log, then by place
  std::map<std::string, std::string> keys;  // verifier keys by log, as the node has them
};

// Everything that goes to the parties and that the source holds. All receipts of a log are by one
// checkpoint. UNAVAILABLE if a log grows faster than it can be read; else as the source says.
absl::StatusOr<CaseFile> ReadCaseFile(CaseSource& cases, Ledger& ledger,
                                      const std::string& id_or_prefix);

// The fold of entries that stand in log order, those of one author without gaps. What no author's
// own entries give a section is left out.
storage::v1::CaseFold FoldOf(const std::string& case_id, const std::vector<ProvenEntry>& entries);

// The entry as it is shown.
cli::v1::CaseEntry ToOutput(const ProvenEntry& entry);

// The chain of hand-overs, each with its acknowledgement. Deliveries are `answered` or `unknown`.
cli::v1::CustodyReport CustodyReportOf(const storage::v1::CaseFold& fold,
                                       const std::vector<ProvenEntry>& entries);

// Opens the personal part with the entry's key. DATA_LOSS if that is the key of another entry.
absl::Status Unseal(ProvenEntry* entry);

// The fields of the personal part that can be read, e.g. `respondent`.
std::vector<std::string> PersonalFields(const event::v1::Event& event);

}  // namespace selaras::cli
