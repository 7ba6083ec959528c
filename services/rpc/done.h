#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"

namespace selaras::rpc {

// Answers one call. Call it exactly once, from any thread, now or later; copies answer the same
// call. If all copies go without an answer, the caller gets UNAVAILABLE: nobody waits for ever.
class Done {
 public:
  explicit Done(std::function<void(const absl::Status&)> answer);

  void operator()(const absl::Status& status) const;

 private:
  class Answer;
  std::shared_ptr<Answer> answer_;
};

}  // namespace selaras::rpc
