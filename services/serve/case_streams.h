#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"

#include "services/node/case_reader.h"
#include "services/node/viewer.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/serve/worker_thread.h"

namespace selaras::serve {

class CaseStream;

// Those who watch cases. One thread reads for all of them, a page for each in turn, so that neither
// writing nor deriving waits for who watches. A stream has one message under way at a time: a slow
// reader costs nothing but its place. Thread-safe.
class CaseStreams {
 public:
  // So many may watch at the same time.
  static constexpr std::size_t kStreamsMax = 128;

  // The reader must outlive the streams, and this object those who call WatchCases.
  explicit CaseStreams(const node::CaseReader& reader, std::size_t streams_max = kStreamsMax);
  // Stops.
  ~CaseStreams();

  // Something may have changed.
  void Wake() { thread_.Wake(); }
  // Ends the streams with UNAVAILABLE, also those that come later. Idempotent.
  void Stop() { thread_.Stop(); }

  // How many watch.
  std::size_t size() const;

 private:
  friend class CaseStream;

  // RESOURCE_EXHAUSTED or UNAVAILABLE if it finds no place.
  absl::Status Add(std::shared_ptr<CaseStream> stream);
  void Remove(const CaseStream* stream);
  void Run();

  const node::CaseReader& reader_;
  const std::size_t streams_max_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<CaseStream>> streams_;  // under mutex_
  WorkerThread thread_{"case streams"};
};

// Adds WatchCases: tells what changed since a cursor, as ListChanges does, then that this is all
// for now, then each change as it comes, until the caller goes or the node drains.
void AddWatchCases(rpc::Service& service, CaseStreams& streams);

}  // namespace selaras::serve
