#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace selaras::audit {

// Works on items on several threads and takes the results in the order of the items, so that what
// comes out does not depend on the number of threads. A few results for each thread wait at most.
//
// `next` gives the items, one caller at a time, until it gives nothing; `work` is called on any
// thread; `take` on the thread of Run().
template <typename Item, typename Result>
class Pipeline {
 public:
  using Next = std::function<std::optional<Item>()>;
  using Work = std::function<Result(Item item)>;
  using Take = std::function<void(Result result)>;

  Pipeline(Next next, Work work, Take take)
      : next_(std::move(next)), work_(std::move(work)), take_(std::move(take)) {}

  void Run(std::size_t threads) {
    if (threads < 2) {
      for (std::optional<Item> item = next_(); item; item = next_()) {
        take_(work_(*std::move(item)));
      }
      return;
    }
    window_ = threads * kWaitingPerThread;
    running_ = threads;
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < threads; ++i) workers.emplace_back([this] { WorkOnItems(); });
    TakeResults();
    for (std::thread& worker : workers) worker.join();
  }

 private:
  static constexpr std::size_t kWaitingPerThread = 4;

  void WorkOnItems() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return end_ || given_ < taken_ + window_; });
      if (end_) break;
      std::optional<Item> item = next_();
      end_ = !item.has_value();
      if (end_) break;
      const std::uint64_t number = given_++;
      lock.unlock();
      Result result = work_(*std::move(item));
      lock.lock();
      results_.emplace(number, std::move(result));
      changed_.notify_all();
    }
    --running_;
    changed_.notify_all();
  }

  void TakeResults() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] {
        return results_.contains(taken_) || (running_ == 0 && results_.empty());
      });
      const auto first = results_.find(taken_);
      if (first == results_.end()) return;
      Result result = std::move(first->second);
      results_.erase(first);
      lock.unlock();
      take_(std::move(result));
      lock.lock();
      ++taken_;
      changed_.notify_all();
    }
  }

  const Next next_;
  const Work work_;
  const Take take_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Result> results_;  // by number of the item; those that wait
  std::size_t window_ = 0;
  std::size_t running_ = 0;
  std::uint64_t given_ = 0;
  std::uint64_t taken_ = 0;
  bool end_ = false;
};

}  // namespace selaras::audit
