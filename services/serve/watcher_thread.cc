#include "services/serve/watcher_thread.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "services/domain/refusal.h"
#include "storage/base/check.h"

namespace selaras::serve {
namespace {

// At least this often it looks at the clock, which may have been set.
constexpr absl::Duration kLook = absl::Seconds(5);
constexpr absl::Duration kShortest = absl::Milliseconds(20);
constexpr absl::Duration kFullDiskPause = absl::Seconds(1);
// Between looks at what changed: a case that changes several times meanwhile is looked at once.
constexpr absl::Duration kGather = absl::Milliseconds(250);

// What the rules no longer want stated was met, or is not of this node, since it was looked up.
bool IsWorthALine(const absl::Status& status) {
  return !status.ok() && status.code() != absl::StatusCode::kFailedPrecondition;
}

}  // namespace

WatcherThread::WatcherThread(node::Watcher& watcher, node::Sequencer& sequencer,
                             runtime::Clock& clock, runtime::ClockGuard& guard,
                             runtime::Logger& log, std::function<void(bool)> trusted,
                             std::function<bool()> may_write)
    : watcher_(watcher),
      sequencer_(sequencer),
      clock_(clock),
      guard_(guard),
      log_(log),
      trusted_(std::move(trusted)),
      may_write_(std::move(may_write)) {}

WatcherThread::~WatcherThread() { Stop(); }

void WatcherThread::Start() {
  thread_.Wake();  // what a stop left over
  thread_.Start([this] { Run(); });
}

void WatcherThread::Run() {
  absl::Duration wait = absl::ZeroDuration();
  while (thread_.Await(wait) != WorkerThread::Woken::kToEnd) {
    if (!Learn()) return;
    wait = Speak();
    if (wait > absl::ZeroDuration() && !thread_.Rest(kGather)) return;
  }
}

bool WatcherThread::Learn() {
  while (true) {
    const auto learnt = watcher_.Learn();
    const bool full = absl::IsUnavailable(learnt.status());
    SELARAS_CHECK(learnt.ok() || full) << learnt.status().ToString();
    if (learnt.ok() && !*learnt) return true;
    if (!thread_.Rest(full ? kFullDiskPause : absl::ZeroDuration())) return false;
  }
}

absl::Duration WatcherThread::Speak() {
  if (!IsClockTrusted() || !may_write_()) return kLook;
  const absl::Time now = clock_.Now();
  auto due = watcher_.Due(now);
  if (absl::IsUnavailable(due.status())) return kFullDiskPause;
  SELARAS_CHECK(due.ok()) << due.status().ToString();
  if (!due->empty()) {
    State(*std::move(due));
    return absl::ZeroDuration();
  }
  const auto next = watcher_.Next();
  SELARAS_CHECK(next.ok()) << next.status().ToString();
  if (!*next) return kLook;
  return std::clamp(**next - now, kShortest, kLook);
}

bool WatcherThread::IsClockTrusted() {
  const bool doubted = !guard_.Trusted();
  if (doubted && !doubted_) {
    log_.Warning("clock in doubt",
                 {{"reason",
                   "the clock jumped by more than 10 minutes; commands are refused and time limits "
                   "are not watched until it is set right or confirmed (selaras clock confirm), or "
                   "the node is started again"}});
  }
  if (!doubted && doubted_) log_.Info("clock trusted again", {});
  if (doubted != doubted_) trusted_(!doubted);
  doubted_ = doubted;
  return !doubted;
}

void WatcherThread::State(std::vector<node::Request> requests) {
  std::mutex mutex;
  std::condition_variable answered;
  std::size_t left = requests.size();
  for (node::Request& request : requests) {
    sequencer_.Submit(std::move(request), [&](const node::Outcome& outcome) {
      if (IsWorthALine(outcome.status())) {
        log_.Warning("time limit not stated", {{"reason", outcome.status().message()}});
      }
      const std::lock_guard lock(mutex);
      if (--left == 0) answered.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  answered.wait(lock, [&] { return left == 0; });
}

}  // namespace selaras::serve
