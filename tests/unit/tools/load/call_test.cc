#include "tools/load/call.h"

#include <future>
#include <memory>
#include <string>
#include <utility>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include "selaras/intake/v1/intake.grpc.pb.h"

namespace selaras::load {
namespace {

using intake::v1::ExecuteBatchRequest;
using intake::v1::ExecuteBatchResponse;
using intake::v1::IntakeService;

// Whoever hears of the last answer may let go of the channel, and gRPC joins its threads with the
// last channel of a process: it must not happen on one of them.
TEST(StartCall, LetsGoOfTheChannelBeforeItSaysThatTheCallEnded) {
  const auto channel =
      grpc::CreateChannel("unix:/nobody/listens/here", grpc::InsecureChannelCredentials());
  const auto stub = IntakeService::NewStub(channel);
  const long held_without_calls = channel.use_count();
  cli::NodeAddress address;
  address.address = "nobody";
  address.timeout = absl::Seconds(60);
  ExecuteBatchRequest batch;
  batch.mutable_header()->set_request_id("sent");
  struct Heard {
    absl::Status status;
    std::string request_id;
    long held;
  };
  std::promise<Heard> heard;
  StartCall<ExecuteBatchResponse>(
      *stub, address, std::move(batch),
      [](auto* async, auto... call) { async->ExecuteBatch(std::move(call)...); },
      [&](const absl::Status& status, const ExecuteBatchRequest& request, ExecuteBatchResponse&) {
        heard.set_value({status, request.header().request_id(), channel.use_count()});
      });
  const Heard at_the_end = heard.get_future().get();
  EXPECT_TRUE(absl::IsUnavailable(at_the_end.status)) << at_the_end.status;
  EXPECT_EQ(at_the_end.request_id, "sent");
  EXPECT_EQ(at_the_end.held, held_without_calls);
}

}  // namespace
}  // namespace selaras::load
