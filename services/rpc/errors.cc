#include "services/rpc/errors.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/runtime/refusal.h"

namespace selaras::rpc {
namespace {

absl::Status ComeBack(absl::Status status, absl::Duration wait) {
  return runtime::RetryAfter(std::move(status), absl::Ceil(wait, absl::Milliseconds(1)));
}

}  // namespace

absl::Status AddressInUse(absl::string_view address) {
  return absl::FailedPreconditionError(
      absl::StrCat("listen ", address,
                   ": the address is in use; stop the other program, or choose another port"));
}

absl::Status CannotListen(absl::string_view address, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("listen ", address, ": cannot listen: ", why,
                   "; choose an address of this machine and a port that this user may open"));
}

absl::Status TooManyCalls(std::uint32_t most) {
  return ComeBack(
      runtime::Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
                       absl::StrCat("this client has ", most,
                                    " calls under way, as many as one may (limits.client_calls); "
                                    "wait for answers before you send more"),
                       {{"limit", absl::StrCat(most)}}),
      absl::Seconds(1));
}

absl::Status TooManyStreams(std::uint32_t most) {
  return ComeBack(
      runtime::Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS",
                       absl::StrCat("this client has ", most,
                                    " streams open, as many as one may (limits.client_streams); "
                                    "end one that is not needed"),
                       {{"limit", absl::StrCat(most)}}),
      absl::Seconds(1));
}

absl::Status TooManyRequests(std::uint32_t a_second, absl::Duration wait) {
  return ComeBack(
      runtime::Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_REQUESTS",
                       absl::StrCat("this client calls more than ", a_second,
                                    " times a second (limits.client_requests_per_second); come "
                                    "back when retry_delay is over"),
                       {{"limit", absl::StrCat(a_second)}}),
      wait);
}

}  // namespace selaras::rpc
