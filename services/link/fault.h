#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"

namespace selaras::link {

// Why a session stands still, for good: a session never recovers, a new one may be tried.
//
//   DATA_LOSS            a contradiction: a fork, a rollback, a changed byte. For the operator.
//   INVALID_ARGUMENT     the peer broke the protocol; nothing of the frame was written.
//   FAILED_PRECONDITION  the peer is not who the configuration says.
//   ABORTED              the peer stopped, having found one of the above on its side.
//   INTERNAL             this node could not read or write its own store; a later try may do.
struct Fault {
  absl::Status status;
  std::string given;  // the statement that contradicts, if any, as the other side gave it
  std::string held;   // the statement that it contradicts, as it is held here

  // Whether the peer is told: not of what it said itself, nor of this node's own trouble.
  bool concerns_peer() const { return !absl::IsAborted(status) && !absl::IsInternal(status); }
};

// Nothing: all is well.
using Verdict = std::optional<Fault>;

}  // namespace selaras::link
