#include "tests/integration/rpc/raw_client.h"

#include <chrono>
#include <future>

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include "services/rpc/grpc_status.h"
#include "services/rpc/peer.h"

namespace selaras::test {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::string bytes;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

class Stream final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Stream(const std::string& request) : request_(ToBuffer(request)) {}

  void Start() {
    StartWrite(&request_);
    StartRead(&answer_);
    StartCall();
  }
  void OnWriteDone(bool ok) override {
    if (ok) StartWritesDone();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    answers_.messages.push_back(ToString(answer_));
    StartRead(&answer_);
  }
  void OnDone(const grpc::Status& status) override {
    answers_.status = rpc::FromGrpc(status);
    done_.set_value();
  }

  Answers Await() {
    done_.get_future().wait();
    return answers_;
  }

 private:
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  Answers answers_;
  std::promise<void> done_;
};

grpc::Status CallWith(grpc::ClientContext* context, const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& path, const std::string& request,
                      grpc::ByteBuffer* answer) {
  context->set_deadline(std::chrono::system_clock::now() + kPatience);
  const grpc::ByteBuffer bytes = ToBuffer(request);
  std::promise<grpc::Status> result;
  grpc::GenericStub stub(channel);
  stub.UnaryCall(context, path, {}, &bytes, answer,
                 [&](grpc::Status status) { result.set_value(std::move(status)); });
  return result.get_future().get();
}

}  // namespace

absl::StatusOr<std::string> CallBytes(const std::shared_ptr<grpc::Channel>& channel,
                                      const std::string& path, const std::string& request) {
  grpc::ClientContext context;
  grpc::ByteBuffer answer;
  const grpc::Status status = CallWith(&context, channel, path, request, &answer);
  if (!status.ok()) return rpc::FromGrpc(status);
  return ToString(answer);
}

Answers StreamBytes(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                    const std::string& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  grpc::GenericStub stub(channel);
  Stream stream(request);
  stub.PrepareBidiStreamingCall(&context, path, {}, &stream);
  stream.Start();
  return stream.Await();
}

absl::StatusOr<runtime::Identity> ServerOf(const std::shared_ptr<grpc::Channel>& channel,
                                           const std::string& path) {
  grpc::ClientContext context;
  grpc::ByteBuffer answer;
  CallWith(&context, channel, path, "", &answer);
  return rpc::IdentityOf(*context.auth_context());
}

}  // namespace selaras::test
