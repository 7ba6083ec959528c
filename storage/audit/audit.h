#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

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
  kHead,        // the size of the log against that of its checkpoint
  kCheckpoint,  // the signed note
  kRequest,     // the row of a request id
  kState,       // the row of a subject
  kKept,        // the order in which a mirror kept its entries
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

// What was looked at in one log.
struct LogSummary {
  std::string log;
  std::string origin;
  bool mirror = false;
  base::TreeSize size;
  base::Digest root;          // over the stored hashes
  std::uint64_t entries = 0;  // hashed again; the others were not disclosed
  std::uint64_t tiles = 0;    // inner nodes made anew and compared
  // Leaves of an own log that its newest checkpoint does not cover yet: a kill between writing
  // and signing leaves them, and the next start signs them.
  std::uint64_t unsigned_leaves = 0;
  bool signature_checked = false;      // false: no verifier key was given
  std::optional<std::size_t> finding;  // its first finding, by index
};

struct AuditReport {
  std::vector<LogSummary> logs;    // shared, private, mirrors
  std::uint64_t request_rows = 0;  // compared with the tags of the entries
  std::uint64_t state_rows = 0;    // folded anew

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
  std::uint64_t of = 0;  // 0: not known before
};

// Told now and then; may be empty.
using Progress = std::function<void(const Step& step)>;

// Derives anew from the entries what a store keeps beside them and names what differs: leaf
// hashes, inner nodes, root, head, signed checkpoint, request rows, state rows; for mirrors what
// can be known without the entries that were not disclosed.
//
// A single fault gives a single finding where that is possible: what follows from a wrong byte is
// not listed again. Never fails: what cannot be read is a finding. Memory does not grow with the
// logs. Sees one state only if nobody writes meanwhile.
AuditReport Audit(const log::StoreReader& store, const Inspector& inspector,
                  const Progress& progress);

}  // namespace selaras::audit
