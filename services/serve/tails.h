#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

namespace selaras::serve {

// Wakes those who follow a log when there may be something new. Thread-safe.
class Tails {
 public:
  // Calls `wake` on every Wake() until the returned handle goes. `wake` must be quick and must not
  // call back.
  using Handle = std::shared_ptr<void>;
  Handle Add(std::function<void()> wake) {
    auto entry = std::make_shared<std::function<void()>>(std::move(wake));
    const std::lock_guard lock(mutex_);
    wakes_.push_back(entry);
    return entry;
  }

  void Wake() {
    std::list<std::shared_ptr<std::function<void()>>> live;
    {
      const std::lock_guard lock(mutex_);
      for (auto it = wakes_.begin(); it != wakes_.end();) {
        if (auto wake = it->lock()) {
          live.push_back(std::move(wake));
          ++it;
        } else {
          it = wakes_.erase(it);
        }
      }
    }
    for (const auto& wake : live) (*wake)();
  }

  // After this, followers end.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    Wake();
  }
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  mutable std::mutex mutex_;
  std::list<std::weak_ptr<std::function<void()>>> wakes_;
  bool stopped_ = false;
};

}  // namespace selaras::serve
