#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "google/rpc/error_details.pb.h"
#include "tools/selaras/exit_code.h"

namespace selaras::cli {

// Under this name an absl::Status carries what a node sent in the trailer
// grpc-status-details-bin: a serialised google.rpc.Status.
inline constexpr absl::string_view kDetailsUrl = "grpc-status-details-bin";

// What a node says about a refusal besides its message.
struct ErrorDetails {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::PreconditionFailure precondition;
  std::optional<absl::Duration> retry_after;
};

// Reads the details; all empty if there are none.
ErrorDetails DetailsOf(const absl::Status& status);

// The error as a person reads it, without the name of the program: the message; what to do, on a
// line of its own; then reason, fields and rules as far as the node named them.
std::string ErrorText(const absl::Status& status);

// The refusal of a row in one line: message and, unless it is in there, the field.
std::string RefusalText(const absl::Status& status);

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace selaras::cli
