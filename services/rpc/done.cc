#include "services/rpc/done.h"

#include <atomic>
#include <utility>

#include "storage/base/check.h"

namespace selaras::rpc {

class Done::Answer {
 public:
  explicit Answer(std::function<void(const absl::Status&)> answer) : answer_(std::move(answer)) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() {
    if (!given_) answer_(absl::UnavailableError("the node stopped before it answered; try again"));
  }

  void Give(const absl::Status& status) {
    SELARAS_CHECK(!given_.exchange(true)) << "a call is answered once";
    answer_(status);
  }

 private:
  std::atomic<bool> given_ = false;
  const std::function<void(const absl::Status&)> answer_;
};

Done::Done(std::function<void(const absl::Status&)> answer)
    : answer_(std::make_shared<Answer>(std::move(answer))) {}

void Done::operator()(const absl::Status& status) const { answer_->Give(status); }

}  // namespace selaras::rpc
