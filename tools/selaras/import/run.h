#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "absl/status/status.h"

#include "tools/selaras/import/importer.h"
#include "tools/selaras/import/patience.h"

namespace selaras::cli {

// One run of an importer: what its threads share.
class ImportRun {
 public:
  ImportRun(Node& node, Clock& clock, const ImportOptions& options,
            const Importer::Progress& progress, const registers::Register& source);

  Importer::Result Run();

 private:
  // Rows, by index, that must be sent one after another.
  using Group = std::vector<std::size_t>;

  std::vector<Group> FirstGroups();
  std::vector<Group> PendingRows() const;
  // Sends the groups, several at once; returns when all are done or the run was stopped.
  void SendAll(const std::vector<Group>& groups);
  void SendGroup(const Group& group);
  void SendRow(std::size_t row);
  void Record(std::size_t row, RowOutcome outcome);
  // Waits until the links have advanced; false if they do not.
  bool AwaitLinks();
  void Stop(const absl::Status& why);
  void Report(bool waiting);

  Node& node_;
  Clock& clock_;
  const ImportOptions& options_;
  const Importer::Progress& progress_;
  const registers::Register& source_;
  const RowSender sender_;
  Patience patience_;
  std::string links_;  // how far they had come when the pending rows were sent last

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Importer::Result result_;
  std::atomic<bool> stopped_ = false;
  std::atomic<int> waiting_ = 0;  // threads that pause because the node is away
};

}  // namespace selaras::cli
