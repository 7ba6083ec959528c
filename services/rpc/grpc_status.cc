#include "services/rpc/grpc_status.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/runtime/text.h"

namespace selaras::rpc {
namespace {

// Status travels in trailers, for which clients allow 8 KiB by default: the message once in
// percent-encoding (at worst three bytes for one), once in the details, these in base64.
constexpr std::size_t kMessageBytesMax = 1'024;
constexpr std::size_t kDetailsBytesMax = 3'072;
constexpr int kRetrySeconds = 1;
constexpr absl::string_view kPrefix = "type.googleapis.com/google.rpc.";
constexpr absl::string_view kErrorInfoUrl = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr absl::string_view kRetryInfoUrl = "type.googleapis.com/google.rpc.RetryInfo";

// One detail of an error.
struct Detail {
  std::string url;
  std::string bytes;
};

Detail Made(absl::string_view url, const google::protobuf::Message& message) {
  return {std::string(url), message.SerializeAsString()};
}

Detail MakeErrorInfo(absl::string_view reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("selaras");
  return Made(kErrorInfoUrl, info);
}

Detail MakeRetryInfo() {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(kRetrySeconds);
  return Made(kRetryInfoUrl, retry);
}

// The reason alone, of an ErrorInfo that does not fit whole.
Detail ShortErrorInfo(const Detail& whole, absl::StatusCode code) {
  google::rpc::ErrorInfo info;
  const bool fits = info.ParseFromString(whole.bytes) && info.reason().size() <= 64;
  return MakeErrorInfo(fits ? info.reason() : absl::StatusCodeToString(code));
}

// ErrorInfo and RetryInfo first: they are what fits in any case.
std::vector<Detail> DetailsOf(const absl::Status& status) {
  std::vector<Detail> details(1);
  std::vector<Detail> others;
  bool has_retry = false;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& bytes) {
    if (!absl::StartsWith(url, kPrefix)) return;
    if (url == kErrorInfoUrl) {
      details[0] = {std::string(url), std::string(bytes)};
      return;
    }
    has_retry |= url == kRetryInfoUrl;
    others.push_back({std::string(url), std::string(bytes)});
  });
  if (details[0].url.empty()) details[0] = MakeErrorInfo(absl::StatusCodeToString(status.code()));
  const bool may_retry = status.code() == absl::StatusCode::kResourceExhausted ||
                         status.code() == absl::StatusCode::kUnavailable;
  if (may_retry && !has_retry) details.push_back(MakeRetryInfo());
  details.insert(details.end(), others.begin(), others.end());
  return details;
}

// Adds the detail unless the whole becomes too large.
bool Add(const Detail& detail, google::rpc::Status* status) {
  google::protobuf::Any* added = status->add_details();
  added->set_type_url(detail.url);
  added->set_value(detail.bytes);
  if (status->ByteSizeLong() <= kDetailsBytesMax) return true;
  status->mutable_details()->RemoveLast();
  return false;
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(runtime::CleanUtf8(status.message(), kMessageBytesMax));
  const std::vector<Detail> details = DetailsOf(status);
  if (!Add(details[0], &wire)) Add(ShortErrorInfo(details[0], status.code()), &wire);
  for (std::size_t i = 1; i < details.size(); ++i) Add(details[i], &wire);
  return {static_cast<grpc::StatusCode>(status.code()), wire.message(), wire.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status ours(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) return ours;
  for (const google::protobuf::Any& detail : wire.details()) {
    if (absl::StartsWith(detail.type_url(), kPrefix)) {
      ours.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return ours;
}

}  // namespace selaras::rpc
