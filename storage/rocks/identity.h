#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/log_keys.h"
#include "storage/log/note.h"
#include "storage/log/rules.h"
#include "storage/rocks/database.h"
#include "storage/rocks/keys.h"
#include "storage/rocks/log_rows.h"

// Whose store it is, and which logs it has: the rows of the family kMeta.
namespace selaras::rocks {

struct Identity {
  std::string node;
  std::string key;  // text of the key that verifies the shared log
};

// Looks into `directory` before anything is changed there. FAILED_PRECONDITION if it is no store
// or one of a newer format. Nothing if a store was begun there, but the start was killed.
absl::StatusOr<std::optional<Identity>> PeekIdentity(absl::string_view directory);

// Whether nothing was ever written.
absl::StatusOr<bool> IsBlank(const Database& database);

// Adds what makes the database a store of `node`, with empty own logs signed by these.
void PutIdentity(Database& database, Database::Batch& batch, absl::string_view node,
                 const log::NoteSigner& shared, const log::NoteSigner& private_log);

// The logs of the store by name. DATA_LOSS if a row is malformed or the keys of a log do not follow
// each other.
struct KnownLog {
  Slot slot;
  log::LogKeys keys;
};
absl::StatusOr<std::map<std::string, KnownLog>> ReadLogs(const Database& database);

void PutLog(Database::Batch& batch, absl::string_view log, Slot slot,
            const log::NoteVerifier& verifier);

// Notes what a log of `size` leaves becomes that goes on in its successor.
absl::Status PutSuccession(Database::Batch& batch, const LogRows& rows, base::TreeSize size,
                           const log::Cut& cut);

// Notes that the newest of these keys replaced the one before it.
void PutNewestKey(Database::Batch& batch, absl::string_view log, Slot slot,
                  const log::LogKeys& keys);

}  // namespace selaras::rocks
