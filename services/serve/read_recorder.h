#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "selaras/query/v1/query.pb.h"

#include "services/node/sequencer.h"
#include "services/reference/catalogue.h"
#include "services/rpc/service.h"
#include "services/runtime/clock.h"
#include "services/serve/shown.h"
#include "services/serve/worker_thread.h"

namespace selaras::serve {

// Records in the private log what callers are shown of persons, before they are shown it.
// Thread-safe.
class ReadRecorder {
 public:
  // Who reads the same again within the same such span of the clock is recorded once. Remembers
  // nothing across restarts.
  static constexpr absl::Duration kSpan = absl::Minutes(10);
  // What all answers that wait hold together at most.
  static constexpr std::size_t kWaitingBytesMax = std::size_t{256} << 20;

  // Hands a request to the sequencer.
  using Submit = std::function<void(node::Request, node::Sequencer::Done)>;

  // `catalogue` and `clock` must outlive the recorder.
  ReadRecorder(Submit submit, const reference::Catalogue& catalogue, runtime::Clock& clock,
               bool purpose_required);
  // Stops.
  ~ReadRecorder();

  // INVALID_ARGUMENT for a purpose or officer that cannot be recorded, by their paths in a request.
  absl::Status Check(const query::v1::Reading& reading) const;

  // Calls `done` once, at once or on a thread of the recorder's own. OK: that the caller was shown
  // this is durable, or he is shown nothing. Errors are those of the sequencer, and
  // RESOURCE_EXHAUSTED, ANSWERS_WAIT if the answers that wait have too many bytes with this one's.
  void Record(const rpc::CallInfo& call, const query::v1::Reading& reading, Shown shown,
              std::size_t answer_bytes, std::function<void(const absl::Status&)> done);

  // Calls those who wait and ends the thread, once the sequencer has drained. Idempotent.
  void Stop() { thread_.Stop(); }

 private:
  // Answers are large, and the sequencer's thread has others to serve.
  void Answer(std::function<void()> done);
  void Run();
  // Also what comes meanwhile.
  void AnswerAll();
  // Takes out what is recorded already; `reader` says who reads how and why.
  void DropRecorded(const std::string& reader, Shown* shown);
  void Remember(const std::string& reader, std::int64_t span, const Shown& shown);
  std::int64_t Span() const;

  const Submit submit_;
  const reference::Catalogue& catalogue_;
  runtime::Clock& clock_;
  const bool purpose_required_;
  std::mutex mutex_;
  std::int64_t span_ = 0;           // under mutex_: to which recorded_ belongs
  std::set<std::string> recorded_;  // under mutex_: readers with what they read
  std::atomic<std::size_t> waiting_bytes_ = 0;
  std::mutex answers_mutex_;
  std::vector<std::function<void()>> answers_;  // under answers_mutex_
  WorkerThread thread_{"reads"};
};

}  // namespace selaras::serve
