#include "services/serve/link_service.h"

#include <utility>

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/server_callback.h>

#include "selaras/ledger/v1/link.grpc.pb.h"

#include "services/rpc/channel.h"
#include "services/rpc/peer.h"
#include "services/rpc/stream.h"

namespace selaras::serve {
namespace {

using ledger::v1::Frame;
using ledger::v1::LinkRequest;
using ledger::v1::LinkResponse;

// The accepting end of a stream.
class AcceptedStream final : public grpc::ServerBidiReactor<LinkRequest, LinkResponse> {
 public:
  AcceptedStream(std::shared_ptr<Wire> wire, std::shared_ptr<const void> lease)
      : wire_(std::move(wire)), lease_(std::move(lease)) {}

  void Open() {
    wire_->Opened({.read = [this] { StartRead(&request_); },
                   .write =
                       [this](const Frame& frame) {
                         *response_.mutable_frame() = frame;
                         StartWrite(&response_);
                       },
                   .close = [this] { Finish(grpc::Status::OK); }});
  }

  void OnReadDone(bool ok) override {
    if (!ok) return wire_->Broke("the peer closed the stream");
    wire_->Received(std::move(*request_.mutable_frame()));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return wire_->Broke("the peer does not take frames");
    wire_->Written();
  }

  void OnCancel() override { wire_->Broke("the stream was cancelled"); }

  void OnDone() override {
    wire_->Ended("the stream ended");
    delete this;
  }

 private:
  const std::shared_ptr<Wire> wire_;
  const std::shared_ptr<const void> lease_;
  LinkRequest request_;
  LinkResponse response_;
};

// The dialling end of a stream.
class DialledStream final : public grpc::ClientBidiReactor<LinkRequest, LinkResponse> {
 public:
  DialledStream(std::shared_ptr<grpc::Channel> channel, std::shared_ptr<Wire> wire,
                std::string peer, const runtime::NodeAuthorities& node, CertificateShown shown)
      : stub_(ledger::v1::LinkService::NewStub(std::move(channel))),
        wire_(std::move(wire)),
        peer_(std::move(peer)),
        node_(node),
        shown_(std::move(shown)) {}

  void Open() {
    stub_->async()->Link(&context_, this);
    // Reads and writes come from the runner's thread, outside of reactions, until it closes.
    AddHold();
    StartCall();
    wire_->Opened({.read = [this] { StartRead(&response_); },
                   .write =
                       [this](const Frame& frame) {
                         *request_.mutable_frame() = frame;
                         StartWrite(&request_);
                       },
                   .close =
                       [this] {
                         context_.TryCancel();
                         RemoveHold();
                       }});
  }

  void OnReadDone(bool ok) override {
    if (!ok) return wire_->Broke("");
    if (!greeted_ && !IsThePeer()) return wire_->Broke("the server is not the peer");
    greeted_ = true;
    wire_->Received(std::move(*response_.mutable_frame()));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return wire_->Broke("");
    wire_->Written();
  }

  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<Wire> wire = wire_;
    std::string why = status.error_message();
    // Lets go of the channel before anybody hears of the end: with the last channel of a process
    // gRPC joins its threads, and this is one of them.
    delete this;
    wire->Ended(std::move(why));
  }

 private:
  // The certificate must be the peer's: the CA vouches for many nodes.
  bool IsThePeer() {
    const auto context = context_.auth_context();
    const auto identity =
        context ? rpc::IdentityOf(*context)
                : absl::StatusOr<runtime::Identity>(absl::UnauthenticatedError("no certificate"));
    if (!identity.ok() || runtime::PeerOf(*identity, node_) != peer_) return false;
    if (const auto ends = rpc::CertificateEndOf(*context)) shown_(peer_, *ends);
    return true;
  }

  std::unique_ptr<ledger::v1::LinkService::Stub> stub_;
  const std::shared_ptr<Wire> wire_;
  const std::string peer_;
  const runtime::NodeAuthorities& node_;
  const CertificateShown shown_;
  grpc::ClientContext context_;
  LinkRequest request_;
  LinkResponse response_;
  bool greeted_ = false;
};

}  // namespace

std::unique_ptr<rpc::Service> MakeLinkService(LinkHub& hub, CertificateShown shown,
                                              const runtime::Access& access, runtime::Logger& log) {
  auto service = std::make_unique<rpc::Service>("selaras.ledger.v1.LinkService", access, log);
  rpc::AddBidiStream<LinkRequest, LinkResponse>(
      *service, "Link",
      [&hub, shown = std::move(shown)](
          const rpc::CallInfo& call) -> grpc::ServerBidiReactor<LinkRequest, LinkResponse>* {
        auto wire = std::make_shared<Wire>();
        auto* stream = new AcceptedStream(wire, call.lease);
        // The access table let only peers through.
        if (call.certificate_ends) shown(call.grant.peer, *call.certificate_ends);
        if (!hub.Accept(call.grant.peer, wire)) wire->Close();
        stream->Open();
        return stream;
      });
  return service;
}

std::function<std::shared_ptr<Wire>()> MakeDialler(std::string peer, std::string address,
                                                   std::shared_ptr<const runtime::TlsInForce> tls,
                                                   const runtime::NodeAuthorities& node,
                                                   std::uint32_t message_bytes_max,
                                                   CertificateShown shown) {
  // A channel keeps the certificates that it was made with.
  struct Line {
    std::shared_ptr<const runtime::Tls> tls;
    std::shared_ptr<grpc::Channel> channel;
  };
  return [peer = std::move(peer), address = std::move(address), tls = std::move(tls), &node,
          message_bytes_max, shown = std::move(shown), line = std::make_shared<Line>()] {
    if (auto in_force = tls->get(); line->tls != in_force) {
      line->channel = rpc::Dial(address, *in_force, message_bytes_max);
      line->tls = std::move(in_force);
    }
    auto wire = std::make_shared<Wire>();
    (new DialledStream(line->channel, wire, peer, node, shown))->Open();
    return wire;
  };
}

}  // namespace selaras::serve
