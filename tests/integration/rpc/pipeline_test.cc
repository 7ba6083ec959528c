#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include "selaras/intake/v1/intake.grpc.pb.h"

#include "services/rpc/call_counts.h"
#include "tests/integration/rpc/raw_client.h"
#include "tests/integration/rpc/serving.h"

namespace selaras::test {
namespace {

using command::v1::CommandResult;
using intake::v1::ExecuteStreamRequest;
using intake::v1::ExecuteStreamResponse;

constexpr auto kPatience = std::chrono::seconds(20);
constexpr char kExecuteStream[] = "/selaras.intake.v1.IntakeService/ExecuteStream";

ExecuteStreamRequest Batch(const std::string& id, const std::string& authority = "bawaslu/13") {
  ExecuteStreamRequest request;
  request.mutable_header()->set_request_id(id);
  request.mutable_header()->set_authority(authority);
  return request;
}

// A stream to the node, as a back office opens it.
class Stream {
 public:
  explicit Stream(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(intake::v1::IntakeService::NewStub(channel)) {
    context_.set_deadline(std::chrono::system_clock::now() + kPatience);
    stream_ = stub_->ExecuteStream(&context_);
  }

  bool Send(const ExecuteStreamRequest& request) { return stream_->Write(request); }
  void SendNoMore() { stream_->WritesDone(); }
  void Cancel() { context_.TryCancel(); }

  // Reads so many results, or those that come before the stream ends.
  std::vector<CommandResult> Read(std::size_t count) {
    while (read_.size() < count) {
      ExecuteStreamResponse response;
      if (!stream_->Read(&response)) break;
      read_.insert(read_.end(), response.results().begin(), response.results().end());
    }
    return std::exchange(read_, {});
  }

  grpc::Status End() {
    ExecuteStreamResponse ignored;
    while (stream_->Read(&ignored)) {
    }
    return stream_->Finish();
  }

 private:
  std::unique_ptr<intake::v1::IntakeService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<ExecuteStreamRequest, ExecuteStreamResponse>> stream_;
  std::vector<CommandResult> read_;
};

class Pipeline : public Serving {
 protected:
  using Held = std::pair<std::string, rpc::Done>;

  Pipeline() {
    answer_stream_ = [this](const ExecuteStreamRequest& request, ExecuteStreamResponse* response,
                            const rpc::Done& done) {
      const std::string& id = request.header().request_id();
      response->add_results()->set_request_id(id);
      response->mutable_results(0)->mutable_outcome()->set_report_id("report of " + id);
      {
        const std::lock_guard lock(mutex_);
        if (hold_) {
          held_.emplace_back(id, done);
          arrived_.notify_all();
          return;
        }
      }
      done(absl::OkStatus());
    };
  }
  ~Pipeline() override { server_.reset(); }

  // Requests of this process that were more than a client may have under way.
  static std::uint64_t Refused() {
    return rpc::CallCounts::OfProcess()
        .all()[{kExecuteStream, absl::StatusCode::kResourceExhausted}];
  }

  void Hold() {
    const std::lock_guard lock(mutex_);
    hold_ = true;
  }

  // Waits until so many requests have reached the handler; takes them.
  std::vector<Held> Await(std::size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, kPatience, [&] { return held_.size() >= count; });
    return std::exchange(held_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  bool hold_ = false;
  std::vector<Held> held_;
};

TEST_F(Pipeline, AnswersInTheOrderOfTheRequestsWhateverIsReadyFirst) {
  Hold();
  Stream stream(As("office"));
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(stream.Send(Batch(id)));
  std::vector<Held> held = Await(3);
  ASSERT_EQ(held.size(), 3U);
  std::reverse(held.begin(), held.end());
  for (const auto& [id, done] : held) done(absl::OkStatus());
  const auto results = stream.Read(3);
  ASSERT_EQ(results.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string id(1, static_cast<char>('a' + i));
    EXPECT_EQ(results[i].request_id(), id);
    EXPECT_EQ(results[i].outcome().report_id(), "report of " + id);
  }
  stream.SendNoMore();
  EXPECT_TRUE(stream.End().ok());
}

TEST_F(Pipeline, GoesOnAfterARequestThatIsRefused) {
  Stream stream(As("office"));
  ExecuteStreamRequest unknown = Batch("unknown");
  unknown.GetReflection()->MutableUnknownFields(&unknown)->AddVarint(4'711, 1);
  ASSERT_TRUE(stream.Send(unknown));
  ASSERT_TRUE(stream.Send(Batch("foreign", "bawaslu/12")));
  ASSERT_TRUE(stream.Send(Batch("good")));
  const auto results = stream.Read(3);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].request_id(), "unknown");
  EXPECT_EQ(results[0].error().code(), static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
  EXPECT_EQ(results[1].error().code(), static_cast<int>(grpc::StatusCode::PERMISSION_DENIED));
  ASSERT_GE(results[1].error().details_size(), 1);
  EXPECT_EQ(results[1].error().details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_EQ(results[2].outcome().report_id(), "report of good");
  stream.SendNoMore();
  EXPECT_TRUE(stream.End().ok());
}

TEST_F(Pipeline, CountsEachRequestAgainstWhatAClientMayHaveUnderWay) {
  config_.mutable_limits()->set_client_calls(1);
  Restart();
  Hold();
  Stream stream(As("office"));
  ASSERT_TRUE(stream.Send(Batch("first")));
  const std::vector<Held> held = Await(1);
  ASSERT_EQ(held.size(), 1U);
  const std::uint64_t refused = Refused();
  ASSERT_TRUE(stream.Send(Batch("second")));
  stream.SendNoMore();
  Stream other(As("entry"));
  ASSERT_TRUE(other.Send(Batch("other")));
  const std::vector<Held> others = Await(1);
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(others[0].first, "other");
  others[0].second(absl::OkStatus());
  EXPECT_EQ(other.Read(1).at(0).outcome().report_id(), "report of other");
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (Refused() == refused && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  held[0].second(absl::OkStatus());
  const auto results = stream.Read(2);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].outcome().report_id(), "report of first");
  EXPECT_EQ(results[1].request_id(), "second");
  EXPECT_EQ(results[1].error().code(), static_cast<int>(grpc::StatusCode::RESOURCE_EXHAUSTED));
  EXPECT_TRUE(stream.End().ok());
}

TEST_F(Pipeline, IsAStreamOfWhichAClientMayHaveSoMany) {
  config_.mutable_limits()->set_client_streams(1);
  Restart();
  Stream first(As("office"));
  ASSERT_TRUE(first.Send(Batch("a")));
  EXPECT_EQ(first.Read(1).size(), 1U);
  Stream second(As("office"));
  second.SendNoMore();
  EXPECT_EQ(second.End().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  Stream other(As("entry"));
  other.SendNoMore();
  EXPECT_TRUE(other.End().ok());
  first.SendNoMore();
  EXPECT_TRUE(first.End().ok());
}

TEST_F(Pipeline, AnswersBytesThatAreNoRequest) {
  const Answers answers = StreamBytes(As("office"), kExecuteStream, "\xFF\xFF\xFF\xFF");
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  ASSERT_EQ(answers.messages.size(), 1U);
  ExecuteStreamResponse response;
  ASSERT_TRUE(response.ParseFromString(answers.messages[0]));
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_EQ(response.results(0).request_id(), "");
  EXPECT_EQ(response.results(0).error().code(),
            static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
}

TEST_F(Pipeline, AnswersForAHandlerThatForgets) {
  Hold();
  Stream stream(As("office"));
  ASSERT_TRUE(stream.Send(Batch("forgotten")));
  EXPECT_EQ(Await(1).size(), 1U);  // and is dropped here
  const auto results = stream.Read(1);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].request_id(), "forgotten");
  EXPECT_EQ(results[0].error().code(), static_cast<int>(grpc::StatusCode::UNAVAILABLE));
}

TEST_F(Pipeline, ReadsNoMoreThanItsBoundUntilAnswersAreSent) {
  Hold();
  Stream stream(As("office"));
  constexpr std::size_t kRequests = 3 * kStreamRequests;
  for (std::size_t i = 0; i < kRequests; ++i) {
    ASSERT_TRUE(stream.Send(Batch(absl::StrCat(i))));
  }
  stream.SendNoMore();
  std::size_t seen = 0;
  while (seen < kRequests) {
    const std::vector<Held> held = Await(kStreamRequests);
    ASSERT_EQ(held.size(), kStreamRequests);
    // The others are on this machine already: more would come if more were read.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(Await(0).empty());
    for (const auto& [id, done] : held) {
      EXPECT_EQ(id, absl::StrCat(seen++));
      done(absl::OkStatus());
    }
    EXPECT_EQ(stream.Read(kStreamRequests).size(), kStreamRequests);
  }
  EXPECT_TRUE(stream.End().ok());
}

TEST_F(Pipeline, RefusesACallerWhoMayNot) {
  Stream stream(As("stranger"));
  const grpc::Status refused = stream.End();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_FALSE(refused.error_details().empty());
}

TEST_F(Pipeline, AnswersWhatItTookAndEndsWhenTheNodeStops) {
  Hold();
  Stream idle(As("office"));
  ASSERT_TRUE(idle.Send(Batch("first")));
  Await(1).front().second(absl::OkStatus());
  EXPECT_EQ(idle.Read(1).size(), 1U);
  Stream busy(As("office"));
  ASSERT_TRUE(busy.Send(Batch("taken")));
  const std::vector<Held> held = Await(1);
  ASSERT_EQ(held.size(), 1U);

  std::thread stopping([this] { server_->Stop(); });
  const grpc::Status ended = idle.End();
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE) << ended.error_message();
  EXPECT_NE(ended.error_message().find("repeat"), std::string::npos);
  held[0].second(absl::OkStatus());
  const auto results = busy.Read(1);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].outcome().report_id(), "report of taken");
  EXPECT_EQ(busy.End().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopping.join();
}

TEST_F(Pipeline, WorksOnForACallerThatWentAway) {
  Hold();
  auto stream = std::make_unique<Stream>(As("office"));
  ASSERT_TRUE(stream->Send(Batch("left")));
  ASSERT_TRUE(stream->Send(Batch("behind")));
  const std::vector<Held> held = Await(2);
  ASSERT_EQ(held.size(), 2U);
  stream->Cancel();
  EXPECT_EQ(stream->End().error_code(), grpc::StatusCode::CANCELLED);
  server_->Stop();  // waits until gRPC has dropped its side of the stream
  server_.reset();
  for (const auto& [id, done] : held) done(absl::OkStatus());
}

}  // namespace
}  // namespace selaras::test
