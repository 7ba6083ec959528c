#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/ed25519.h"
#include "storage/log/log_reader.h"
#include "storage/log/mirror.h"

namespace selaras::log {

// Where a node keeps what is no log. Names are permanent; the storage layer knows nothing of
// the values.
enum class Table {
  kRequest,     // request tag                 -> effect of the request, for ever
  kState,       // subject                     -> own section as of the last commit
  kView,        // projector's and links' rows -> derived, may be built anew
  kCatalogue,   // digest                      -> reference data, kept for ever
  kSecret,      // name                        -> keys of this node that never leave it
  kPublished,   // log, size (published.h)     -> checkpoint with its cosignatures, kept for ever
  kAttachment,  // pieces of documents, and what is known of them; large, and no part of a log
};

// A change of one row.
struct RowWrite {
  Table table;
  std::string key;
  std::optional<std::string> value;  // nothing: the row is deleted
};

// What becomes durable together.
struct AppendBatch {
  std::vector<std::string> shared;    // entries for the shared log, in order
  std::vector<std::string> private_;  // entries for the private log, in order
  std::vector<RowWrite> rows;
};

// Sizes of both logs after a batch and the checkpoint of the shared one.
struct Appended {
  base::TreeSize shared_size;
  base::TreeSize private_size;
  SignedCheckpoint shared_checkpoint;
};

// A leaf of the shared log that comes back after a restore.
struct RecoveredLeaf {
  base::Digest hash;
  std::optional<std::string> entry;  // nothing: nobody holds it, it is lost
};

// What becomes durable together of what comes back.
struct RecoveryBatch {
  std::vector<RecoveredLeaf> leaves;  // the next ones of the shared log, in order
  std::vector<DisclosedEntry> found;  // entries of leaves that were lost until now
  std::vector<RowWrite> rows;
};

enum class Durability {
  kUnsynced,  // durable with the next synced write, and no later
  kSynced,    // durable on return
};

// Two statements about one log that cannot both be true.
struct Evidence {
  std::string log;
  std::string held;   // the statement that was held
  std::string given;  // the statement that contradicts it
  std::string reason;

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// Reads everything that a node keeps. Thread-safe.
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  virtual const LogReader& shared() const = 0;
  virtual const LogReader& private_log() const = 0;
  // Mirrors by name of the log; in the order of their names.
  virtual std::vector<const Mirror*> mirrors() const = 0;
  // The mirror of the log of that name; nullptr if there is none. As fast with hundreds of mirrors
  // as with few, where it is overridden.
  virtual const Mirror* FindMirror(absl::string_view name) const;

  // A row, or nothing. Rows of kRequest and kState appear when the entries of their batch do:
  // they are never ahead of the logs, and who has seen an entry sees its rows.
  virtual absl::StatusOr<std::optional<std::string>> Get(Table table,
                                                         absl::string_view key) const = 0;
  // Calls `row` for the rows whose key starts with `prefix`, from `from` on, in key order, until
  // it answers false. Sees one state of the table.
  virtual absl::Status Scan(
      Table table, absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view key, absl::string_view value)>& row) const = 0;

  // The last row in key order whose key starts with `prefix` and comes before `before` (empty:
  // wherever it comes), or nothing.
  virtual absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      Table table, absl::string_view prefix, absl::string_view before) const = 0;

  // Contradictions that mirrors found, oldest first.
  virtual absl::StatusOr<std::vector<Evidence>> evidence() const = 0;
};

// Everything that a node keeps, in one place with one write-ahead log, so that what a decision
// read is durable no later than what it decided.
class Store : public StoreReader {
 public:
  // Appends to both logs and writes the rows: all become durable, or none.
  //
  // On return they are on disk and under the trees, were read back through the read path and
  // hashed again from the last signed frontier, and the shared checkpoint is signed. A failed
  // write or sync, or a difference found, ends the process: its outcome is unknown, and only
  // a new start, which makes durable what it finds, may answer for it.
  //
  //   INVALID_ARGUMENT    an entry is empty or too long, or there are too many. Nothing is written.
  //   UNAVAILABLE         too little room is left on the disk. Nothing is written.
  //
  // One caller at a time: the sequencer.
  virtual absl::StatusOr<Appended> Append(const AppendBatch& batch) = 0;

  // Gives the shared log back what it had before its store was restored from a backup: all of it,
  // or none; on return as with Append. Signs the log at the size that it then has, which is
  // harmless only if it has signed a tree that begins with these leaves before: that is for the
  // caller to see to, of all leaves that will come, before the first call.
  //
  //   DATA_LOSS         an entry does not match its leaf hash. Nothing is written.
  //   INVALID_ARGUMENT  an entry is empty or too long, there are too many, or one that was found
  //                     is not of a lost leaf. Nothing is written.
  //   OUT_OF_RANGE      one that was found lies past the end. Nothing is written.
  //   UNAVAILABLE       too little room is left on the disk. Nothing is written.
  //
  // One caller at a time, and none of Append() meanwhile.
  virtual absl::StatusOr<Appended> Recover(const RecoveryBatch& batch) = 0;

  // Writes rows of kView, kCatalogue, kSecret, kPublished or kAttachment as one unit. Thread-safe.
  // Ends the process as Append does; INVALID_ARGUMENT for other tables, UNAVAILABLE as above unless
  // all rows are deleted.
  virtual absl::Status Write(const std::vector<RowWrite>& rows, Durability durability) = 0;

  // Rewrites what a table keeps, so that nothing is left on the disk of rows that were deleted.
  // Takes as long as it takes; reads and writes go on meanwhile. Thread-safe.
  virtual absl::Status Reclaim(Table table) = 0;

  // Replaces the key that signs both own logs. Their newest checkpoints are signed with both keys
  // and close the old one; from then on the new one signs. All or nothing, durable on return. That
  // the shared log says so is for the caller to see to, before.
  //
  //   INVALID_ARGUMENT  the key has signed these logs before.
  //   UNAVAILABLE       too little room is left on the disk. Nothing is written.
  //
  // One caller at a time, and none of Append() meanwhile.
  virtual absl::Status ReplaceKey(const crypto::SigningKey& next) = 0;

  // The mirror of the log `name`, made if absent. The verifier must be the one with which it
  // was made, or one that replaced it since (AddKey), else FAILED_PRECONDITION. INVALID_ARGUMENT
  // if the name is malformed or an own log's. The mirror lives as long as the store.
  virtual absl::StatusOr<Mirror*> OpenMirror(absl::string_view name,
                                             const NoteVerifier& verifier) = 0;

  // The log that the mirror `name` copies was closed, and an operator accepts its successor: the
  // mirror keeps what the closing covers, and what was kept of the rest with it goes; the
  // successor's key signs from now on, and `rows` (as for Write) are written. All or nothing,
  // durable on return; nothing happens if it was accepted before. Nobody may use the mirror
  // meanwhile.
  //
  //   NOT_FOUND            there is no such mirror.
  //   FAILED_PRECONDITION  the statement is of a log of other keys.
  //   DATA_LOSS            the closing is of other leaves than those that are held.
  //   INVALID_ARGUMENT     it is no later successor of this log; rows of other tables.
  //   UNAVAILABLE          too little room is left on the disk. Nothing is written.
  virtual absl::Status Succeed(absl::string_view name, const Succession& succession,
                               const std::vector<RowWrite>& rows) = 0;
};

}  // namespace selaras::log
