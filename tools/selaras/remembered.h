#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/verify/event_inspector.h"
#include "storage/audit/audit.h"

namespace selaras::cli {

// The trees that were verified on this machine, in a file: what was in them must stay in them,
// whoever has the key of the node. A log is known by its verifier key, so only logs whose
// signatures were checked are remembered.
//
// The file is text: a line `selaras verified 1`, the hexadecimal SHA-256 of all that follows, and
// for each tree a line of verifier key, size, root in hexadecimal digits, moment, and checkpoint
// in base64, with spaces between them.
class RememberedTrees {
 public:
  // Reads the file; one that is absent remembers nothing. INVALID_ARGUMENT if it is damaged.
  static absl::StatusOr<RememberedTrees> Read(const std::string& path);

  // Those of logs of which a key is trusted, also by keys that were replaced since.
  std::vector<audit::RememberedTree> TreesOf(const verify::EventInspector& inspector) const;

  // Adds the logs of a report that found nothing, and replaces the file: durable on return. Of a
  // log the newest 32 trees are kept.
  absl::Status Add(const audit::AuditReport& report, const verify::EventInspector& inspector,
                   absl::Time now);

 private:
  struct Line {
    std::string key;
    base::TreeSize size;
    base::Digest root;
    std::string rest;  // moment and checkpoint
  };

  static absl::StatusOr<Line> ParseLine(absl::string_view text);
  bool Knows(absl::string_view key, const log::Checkpoint& head) const;
  void DropOldest(absl::string_view key);
  absl::Status Write() const;

  std::string path_;
  std::vector<Line> lines_;  // as they were added
};

}  // namespace selaras::cli
