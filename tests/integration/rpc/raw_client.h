#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <google/protobuf/message.h>
#include <grpcpp/channel.h>

#include "services/runtime/identity.h"

// Calls by bytes, as a foreign client does that has no stubs of ours.
namespace selaras::test {

// What a call that may be answered with several messages came to.
struct Answers {
  absl::Status status;
  std::vector<std::string> messages;
};

// One message there, one back. Gives up after 20 s.
absl::StatusOr<std::string> CallBytes(const std::shared_ptr<grpc::Channel>& channel,
                                      const std::string& path, const std::string& request);

// One message there, any number back.
Answers StreamBytes(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                    const std::string& request);

// Who answers at the other end.
absl::StatusOr<runtime::Identity> ServerOf(const std::shared_ptr<grpc::Channel>& channel,
                                           const std::string& path);

template <typename Response>
absl::StatusOr<Response> Call(const std::shared_ptr<grpc::Channel>& channel,
                              const std::string& path, const google::protobuf::Message& request) {
  const absl::StatusOr<std::string> bytes = CallBytes(channel, path, request.SerializeAsString());
  if (!bytes.ok()) return bytes.status();
  Response response;
  if (!response.ParseFromString(*bytes)) return absl::DataLossError("no such message");
  return response;
}

}  // namespace selaras::test
