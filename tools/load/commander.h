#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include <grpcpp/channel.h>

#include "selaras/command/v1/command.pb.h"
#include "selaras/intake/v1/intake.pb.h"

#include "tools/selaras/options.h"

namespace selaras::load {

// A way of handing requests to an intake node. Thread-safe.
class Commander {
 public:
  using Answer = std::function<void(absl::StatusOr<command::v1::CommandOutcome>)>;

  virtual ~Commander() = default;
  // Calls `answer` once, from any thread. All must be answered before the object goes.
  virtual void Execute(const intake::v1::ExecuteBatchRequest& request, Answer answer) = 0;
};

// A call of its own method for each request, which holds one command of a Course.
std::unique_ptr<Commander> CallSingly(const std::shared_ptr<grpc::Channel>& channel,
                                      const cli::NodeAddress& address);
// ExecuteBatch.
std::unique_ptr<Commander> CallBatches(const std::shared_ptr<grpc::Channel>& channel,
                                       const cli::NodeAddress& address);
// One ExecuteStream for all.
std::unique_ptr<Commander> OpenStream(const std::shared_ptr<grpc::Channel>& channel,
                                      const cli::NodeAddress& address);

}  // namespace selaras::load
