#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "tools/registers/register.h"
#include "tools/selaras/clock.h"
#include "tools/selaras/import/outcome.h"
#include "tools/selaras/import/sender.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

struct ImportOptions {
  int in_flight = 16;                       // rows sent at once
  absl::Duration wait = absl::Seconds(30);  // without any progress, before giving up
  bool dry_run = false;
  ImportMode mode = ImportMode::kRecord;
  std::string reason = {};     // of kUndo: stands with what is taken back
  std::uint64_t log_size = 0;  // of the node's shared log before the first row
};

// How far an import has come.
struct ImportCounts {
  std::size_t rows = 0;
  std::size_t done = 0;
  std::size_t refused = 0;
  std::size_t pending = 0;
  bool waiting = false;  // nothing is sent: the node is away, or the links have to advance
};

// Sends the rows of a register: several at once, those of one report one after another.
//
// A node that is away or busy is asked again, with growing pauses; so may be restarted meanwhile.
// Rows whose case is not here yet are sent again as the node's links advance. Both end when
// nothing has happened for `wait`. As every row has its own request id, whatever was sent may be
// sent again: by this run or another.
class Importer {
 public:
  // Told about ten times a second, on the thread of Run().
  using Progress = std::function<void(const ImportCounts& counts)>;

  struct Result {
    std::vector<RowOutcome> rows;  // as Register::rows
    absl::Status stopped;          // why rows are unsent; OK if none is
  };

  // Everything handed in must outlive the object.
  Importer(Node& node, Clock& clock, ImportOptions options, Progress progress);

  Result Run(const registers::Register& source);

 private:
  Node& node_;
  Clock& clock_;
  const ImportOptions options_;
  const Progress progress_;
};

}  // namespace selaras::cli
