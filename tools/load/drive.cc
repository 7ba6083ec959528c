#include "tools/load/drive.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace selaras::load {
namespace {

using Moment = std::chrono::steady_clock::time_point;

Moment Now() { return std::chrono::steady_clock::now(); }

class Driving {
 public:
  Driving(const Pace& pace, const Send& send)
      : send_(send),
        callers_(static_cast<std::size_t>(pace.in_flight)),
        under_way_(pace.in_flight),
        began_(Now()),
        end_(began_ + absl::ToChronoNanoseconds(pace.time)) {}

  absl::StatusOr<Figures> Run() {
    const int callers = under_way_;
    for (int caller = 0; caller < callers; ++caller) Next(caller);
    Figures figures{.in_flight = callers};
    std::unique_lock lock(mutex_);
    all_left_.wait(lock, [this] { return under_way_ == 0; });
    if (!failure_.ok()) return failure_;
    figures.elapsed = absl::FromChrono(Now() - began_);
    for (const Caller& caller : callers_) {
      figures.operations += caller.operations;
      figures.latencies.insert(figures.latencies.end(), caller.latencies.begin(),
                               caller.latencies.end());
    }
    std::sort(figures.latencies.begin(), figures.latencies.end());
    return figures;
  }

 private:
  // One call at a time, so that nobody else touches it.
  struct Caller {
    std::uint64_t operations = 0;
    std::vector<std::uint64_t> latencies;
  };

  void Next(int caller) {
    const Moment sent = Now();
    if (sent >= end_ || !Go()) return Leave(absl::OkStatus());
    send_(caller, [this, caller, sent](const absl::StatusOr<std::uint64_t>& operations) {
      if (!operations.ok()) return Leave(operations.status());
      Caller& each = callers_[static_cast<std::size_t>(caller)];
      each.operations += *operations;
      each.latencies.push_back(static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(Now() - sent).count()));
      Next(caller);
    });
  }

  bool Go() {
    const std::lock_guard lock(mutex_);
    return failure_.ok();
  }

  void Leave(const absl::Status& why) {
    const std::lock_guard lock(mutex_);
    failure_.Update(why);
    // While the mutex is held: with the last one this object goes.
    if (--under_way_ == 0) all_left_.notify_one();
  }

  const Send& send_;
  std::vector<Caller> callers_;
  std::mutex mutex_;
  std::condition_variable all_left_;
  int under_way_;         // under mutex_
  absl::Status failure_;  // under mutex_
  const Moment began_;
  const Moment end_;
};

}  // namespace

absl::StatusOr<Figures> Drive(const Pace& pace, const Send& send) {
  return Driving(pace, send).Run();
}

}  // namespace selaras::load
