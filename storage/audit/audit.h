#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/audit/inspector.h"
#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/log/store.h"

namespace selaras::audit {

// What a finding is about.
enum class Part {
  kEntry,       // the bytes of an entry
  kLeafHash,    // the stored hash of an entry
  kLeaf,        // entry and stored hash differ, and it cannot be told which of them is wrong
  kTile,        // a stored inner node of the tree
  kRoot,        // neither entries nor stored hashes lead to the root that was signed
  kRemembered,  // the tree that was verified earlier: the log is shorter, or took another course
  kHead,        // the size of the log against that of its checkpoint
  kCheckpoint,  // the signed note
  kProof,       // a proof that a node gave
  kFile,        // a file of an export
  kRequest,     // the row of a request id
  kState,       // the row of a subject
  kPublished,   // a checkpoint that was published, or a witness's signature on it
  kKept,        // the order in which a mirror kept its entries
  kView,        // a row that was derived from entries
  kLookUp,      // a row by which a number is found
  kCatalogue,   // reference data that were kept
  kSecret,      // a secret of the node
  kDocument,    // sealed bytes of a document
  kEvidence,    // a contradiction that a mirror met earlier
  kStore,       // a table that cannot be read through
};

// The word for it: `entry`, `leaf hash`, ….
absl::string_view NameOf(Part part);

// One difference.
struct Finding {
  Part part = Part::kEntry;
  std::string log = {};                         // name of the log; empty for rows without one
  std::optional<base::Sequence> sequence = {};  // place in that log; for a tile, its first leaf
  std::string subject = {};                     // which row or tile, e.g. `tile 1/0`; may be empty
  std::string problem = {};                     // one sentence
  std::string expected = {};                    // as derived anew
  std::string actual = {};                      // as stored
};

// Where a log that is audited comes from: what it may lack.
enum class Origin {
  kOwn,     // of a store: has all entries, and perhaps some that no checkpoint covers yet
  kMirror,  // of a store: has the entries that were disclosed
  kExport,  // tlog-tiles: has the entries that its reader may see
  kNode,    // asked of a node: has the entries that the caller may see, and no inner nodes
};

// What was looked at in one log.
struct LogSummary {
  std::string log;
  std::string origin;
  Origin kind = Origin::kOwn;
  base::TreeSize size;
  base::Digest root;          // over the stored hashes
  std::uint64_t entries = 0;  // hashed again; the others were not disclosed, or are lost
  // Leaves of an own log of which it is known that their entries were lost with a store and did not
  // come back: no findings, but nobody can read what they said.
  std::vector<base::Sequence> lost;
  std::uint64_t tiles = 0;  // inner nodes made anew and compared
  // Leaves of an own log that its newest checkpoint does not cover yet: a kill between writing
  // and signing leaves them, and the next start signs them.
  std::uint64_t unsigned_leaves = 0;
  log::SignedCheckpoint head;          // its newest checkpoint
  bool signature_checked = false;      // false: no verifier key was given
  std::uint64_t remembered = 0;        // trees verified earlier that it was found to extend
  base::TreeSize newest_remembered;    // the largest of them; 0: none
  std::optional<std::size_t> finding;  // its first finding, by index
};

// Rows of one kind beside the logs.
struct RowSummary {
  std::string kind;
  std::uint64_t rows = 0;
  std::string why_kept;  // why they cannot be derived; empty: they were derived anew and compared
};

struct AuditReport {
  std::vector<LogSummary> logs;              // shared, private, mirrors
  std::uint64_t request_rows = 0;            // compared with the tags of the entries
  std::uint64_t state_rows = 0;              // folded anew
  std::uint64_t published_rows = 0;          // published checkpoints, compared with the trees
  std::uint64_t cosignatures = 0;            // on them, verified
  std::uint64_t cosignatures_unchecked = 0;  // on them, of witnesses that the inspector knows not

  // Set by whoever knows what the rows mean, after Audit().
  std::vector<RowSummary> rows;
  std::string rows_skipped;  // why they were not compared; empty: they were

  // What an audit from here could not see, in words.
  std::vector<std::string> unseen;

  // The first kFindingsMax; logs in the order above and by place, then rows.
  std::vector<Finding> findings;
  std::uint64_t findings_total = 0;

  bool clean() const { return findings_total == 0; }
};

inline constexpr std::size_t kFindingsMax = 100;

// How far an audit has come.
struct Step {
  absl::string_view what;  // name of a log, `requests` or `states`
  std::uint64_t done = 0;
  std::uint64_t of = 0;     // 0: not known before
  std::uint64_t bytes = 0;  // read since the step before it, about
};

// Told now and then, on the thread of the caller; may be empty.
using Progress = std::function<void(const Step& step)>;

// A tree of a log that was verified earlier.
struct RememberedTree {
  std::string key;  // verifier key with which its checkpoint was verified
  base::TreeSize size;
  base::Digest root;
};

// Those of these trees that are of the log: verified with `verifier`, or with a key of the log that
// was replaced since. Not what was cut off when the log was closed, if `verifier` is the
// successor's.
std::vector<RememberedTree> TreesOf(const log::LogReader& log,
                                    const std::optional<log::NoteVerifier>& verifier,
                                    const std::vector<RememberedTree>& trees);

struct AuditOptions {
  // Entries, hashes, roots and checkpoints only: no rows.
  bool tree_only = false;
  // Threads that hash and compare. What is found does not depend on it.
  std::size_t threads = 1;
  // Every log must extend its trees among these.
  std::vector<RememberedTree> remembered = {};
  // A copy of earlier days: may be shorter than a remembered tree.
  bool may_be_older = false;
  // No witness can have cosigned later, but for what clocks differ.
  absl::Time now = absl::InfiniteFuture();
  // Asked now and then, on any thread; true: leave off, the report is not wanted any more.
  std::function<bool()> stopped = {};
};

inline bool IsStopped(const AuditOptions& options) { return options.stopped && options.stopped(); }

// Derives anew from the entries what a store keeps beside them and names what differs: leaf
// hashes, inner nodes, root, head, signed checkpoint, request rows, state rows; for mirrors what
// can be known without the entries that were not disclosed. Verifies the checkpoints that were
// published, of which it cannot know whether one is missing.
//
// A single fault gives a single finding where that is possible: what follows from a wrong byte is
// not listed again. Never fails: what cannot be read is a finding. Memory does not grow with the
// logs. Sees one state only if nobody writes meanwhile.
AuditReport Audit(const log::StoreReader& store, const Inspector& inspector,
                  const AuditOptions& options, const Progress& progress);

// The same in stages, for whoever does it over days: what has come in between is audited as well.
// Everything handed in must outlive it. One thread.
class StoreAudit {
 public:
  // Adds to `report`.
  StoreAudit(const log::StoreReader& store, const Inspector& inspector, const AuditOptions& options,
             const Progress& progress, AuditReport* report);
  ~StoreAudit();

  // In order: `log/<name>` of own logs and mirrors, then `requests`, `states`, `published`,
  // `evidence`; without rows if only the trees are wanted. To be taken in this order, but a stage
  // may be left out.
  std::vector<std::string> Stages() const;
  // Does one. A stage of a log that is not here any more does nothing.
  //
  // The store may show a later state after each call of `progress`, but for sizes, checkpoints and
  // keys of the logs during a stage of a log. Only with one thread.
  void Run(absl::string_view stage);

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

// The same of single logs that are in no store: kExport or kNode. `report` gets one summary more.
void AuditLog(const log::LogReader& log, Origin kind, const Inspector& inspector,
              const AuditOptions& options, const Progress& progress, AuditReport* report);

}  // namespace selaras::audit
