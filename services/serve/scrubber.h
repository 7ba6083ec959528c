#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/time/time.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/node/subject_keys.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/serve/scrub_plan.h"
#include "services/serve/worker_thread.h"
#include "storage/audit/audit.h"
#include "storage/audit/live_store.h"
#include "storage/log/scratch.h"
#include "storage/log/store.h"

namespace selaras::serve {

// What it takes to audit a store while it is written.
struct Scrubbing {
  audit::LiveStore::AsOfNow as_of_now;  // everything as of now
  log::ScratchMaker make_scratch;       // rows on the side
};

// What the scrubber says of itself.
struct ScrubShown {
  storage::v1::StoredScrub remembered;
  std::string stage;           // under way; empty: the next pass is waited for
  std::uint64_t findings = 0;  // of the pass under way
  bool good = true;            // nothing was found by the last pass, nor so far by this one
};

// Audits the store of a running node again and again, as slowly as it is told, on a thread of its
// own: all that `selaras log verify` derives anew, stage by stage. A moment of the store is left
// for a later one after a minute, but for the comparison of views, which takes as long as it takes
// to read them once. What differs is logged and told, and so is every full pass.
//
// Contradictions of others (evidence) are no matter of his: their links stand still.
class Scrubber {
 public:
  // Everything in it must outlive the scrubber.
  struct Parts {
    log::Store& store;
    Scrubbing scrubbing;
    const audit::Inspector& inspector;
    const node::SubjectKeys& subject_keys;
    runtime::Clock& clock;
    runtime::Logger& log;
    // Whether somebody waits for the node. Any thread.
    std::function<bool()> busy;
    // Called on the scrubber's thread, and once by Start(), with whether what is stored is good.
    std::function<void(bool good)> standing;
  };
  struct Options {
    std::uint64_t bytes_per_second;
    absl::Duration every;
    // Of a start, before the first pass: there is enough else to do.
    absl::Duration rest;
  };

  // Goes on from what the store remembers.
  Scrubber(Parts parts, Options options);
  // Stops.
  ~Scrubber();
  Scrubber(const Scrubber&) = delete;
  Scrubber& operator=(const Scrubber&) = delete;

  void Start();
  // Leaves a pass that is under way: the next start goes on with it. Idempotent.
  void Stop() { thread_.Stop(); }

  // Thread-safe.
  ScrubShown shown() const;

  // One pass, or the rest of one; false if it was stopped. For Start()'s thread, and for tests.
  bool Pass();

 private:
  void Run();
  // False if it was stopped, or the store cannot be read as of now.
  bool DoStage(audit::StoreAudit& audit, const std::string& stage, audit::AuditReport* report);
  void Step(const audit::Step& step);
  // Goes on to a later moment.
  void Renew(bool within_log);
  void TellFindings();
  void Remember();
  void Show();

  const Parts parts_;
  const absl::Duration rest_;
  ScrubPlan plan_;  // of the thread that makes the pass
  ScrubPace pace_;
  audit::AuditOptions audit_;
  std::unique_ptr<audit::LiveStore> live_;
  absl::Duration shown_since_;
  bool may_renew_ = false;
  std::string stage_;
  ScrubbedStage scrubbed_;
  audit::AuditReport* report_ = nullptr;
  std::size_t told_ = 0;               // findings of the report that were logged
  std::uint64_t findings_before_ = 0;  // of the report, before the stage under way

  mutable std::mutex mutex_;
  ScrubShown shown_;  // under mutex_
  WorkerThread thread_{"scrubber"};
};

}  // namespace selaras::serve
