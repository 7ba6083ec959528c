#include "services/runtime/refusal.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

#include "google/rpc/error_details.pb.h"
#include "services/runtime/text.h"

namespace selaras::runtime {
namespace {

// What others said may be in it, and must still fit into an answer.
constexpr std::size_t kTextBytesMax = 512;

void Attach(absl::Status& status, absl::string_view name, const google::protobuf::Message& detail) {
  // Not from a temporary: clang 19 names that constructor otherwise than the packaged library.
  const std::string bytes = detail.SerializeAsString();
  status.SetPayload(absl::StrCat("type.googleapis.com/google.rpc.", name), absl::Cord(bytes));
}

}  // namespace

absl::Status Refusal(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                     const std::vector<std::pair<std::string, std::string>>& metadata) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("selaras");
  for (const auto& [key, value] : metadata)
    (*info.mutable_metadata())[key] = CleanUtf8(value, kTextBytesMax);
  Attach(status, "ErrorInfo", info);
  return status;
}

absl::Status BadField(absl::string_view field, absl::string_view description) {
  absl::Status status =
      Refusal(absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
              absl::StrCat(field, ": ", description), {{"field", std::string(field)}});
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field(CleanUtf8(field, kTextBytesMax));
  violation->set_description(CleanUtf8(description, kTextBytesMax));
  Attach(status, "BadRequest", bad);
  return status;
}

absl::Status RetryAfter(absl::Status status, absl::Duration wait) {
  google::rpc::RetryInfo retry;
  const std::int64_t seconds = absl::ToInt64Seconds(wait);
  retry.mutable_retry_delay()->set_seconds(seconds);
  retry.mutable_retry_delay()->set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(wait - absl::Seconds(seconds))));
  Attach(status, "RetryInfo", retry);
  return status;
}

}  // namespace selaras::runtime
