#include "services/serve/exchange_streams.h"

#include <memory>
#include <utility>

#include <grpcpp/support/server_callback.h>

#include "selaras/ledger/v1/operations.pb.h"

#include "services/rpc/grpc_status.h"
#include "services/rpc/stream.h"
#include "services/runtime/known_fields.h"
#include "services/runtime/refusal.h"
#include "services/serve/errors.h"
#include "services/serve/spool.h"
#include "storage/base/status.h"

namespace selaras::serve {
namespace {

namespace v1 = ledger::v1;

constexpr std::size_t kChunkBytes = 256 << 10;
constexpr std::size_t kChunkBytesMax = 1 << 20;

v1::ExchangeSummary SummaryOf(const v1::ExchangeHeader& header) {
  v1::ExchangeSummary summary;
  summary.set_from(header.from());
  summary.set_to(header.to());
  summary.mutable_packed_at()->set_seconds(
      static_cast<std::int64_t>(header.packed_at() / 1'000'000));
  summary.set_from_size(header.from_size());
  summary.set_size(header.size());
  summary.set_from_disclosed(header.from_disclosed());
  summary.set_disclosed(header.disclosed());
  summary.set_acknowledged(header.acknowledged());
  return summary;
}

// The peer of that name, or that acts for that authority.
std::string PeerNamed(const std::string& name, const runtime::NodeAuthorities& node) {
  const auto peer = node.peers.find(name);
  return peer == node.peers.end() ? name : peer->second;
}

// Sends a file that the link has packed.
class PackStream final : public grpc::ServerWriteReactor<v1::PackExchangeResponse> {
 public:
  explicit PackStream(std::shared_ptr<const void> lease) : lease_(std::move(lease)) {}

  void Open(LinkHub& hub, const RestoreGuard& guard, const std::string& peer,
            const std::string& directory, bool everything) {
    // It would lead to less than an earlier file, which the peer would take for a rollback.
    const absl::Status complete = guard.MayWrite();
    if (!complete.ok()) return Finish(rpc::ToGrpc(complete));
    auto spool = Spool::Create(directory);
    if (!spool.ok()) return Finish(rpc::ToGrpc(spool.status()));
    spool_ = *std::move(spool);
    hub.Pack(peer, everything, spool_, [this](absl::StatusOr<v1::ExchangeHeader> header) {
      if (!header.ok()) return Finish(rpc::ToGrpc(header.status()));
      summary_ = SummaryOf(*header);
      Send();
    });
  }

  void OnWriteDone(bool ok) override {
    if (ok && sent_ < spool_->size()) return Send();
    Finish(ok ? grpc::Status::OK : rpc::ToGrpc(absl::CancelledError("the caller went")));
  }

  void OnDone() override { delete this; }

 private:
  void Send() {
    absl::StatusOr<std::string> chunk = spool_->Read(sent_, kChunkBytes);
    if (!chunk.ok()) return Finish(rpc::ToGrpc(chunk.status()));
    sent_ += chunk->size();
    response_.set_chunk(*std::move(chunk));
    if (sent_ == spool_->size()) *response_.mutable_summary() = summary_;
    StartWrite(&response_);
  }

  const std::shared_ptr<const void> lease_;
  std::shared_ptr<Spool> spool_;
  v1::ExchangeSummary summary_;
  v1::PackExchangeResponse response_;
  std::uint64_t sent_ = 0;
};

// Takes a file in, then lets the link take it.
class UnpackStream final
    : public grpc::ServerBidiReactor<v1::UnpackExchangeRequest, v1::UnpackExchangeResponse> {
 public:
  UnpackStream(LinkHub& hub, std::shared_ptr<const void> lease)
      : hub_(hub), lease_(std::move(lease)) {}

  void Open(const std::string& directory) {
    auto spool = Spool::Create(directory);
    if (!spool.ok()) return Finish(rpc::ToGrpc(spool.status()));
    spool_ = *std::move(spool);
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    // Also a caller that went: its file then lacks its end.
    if (!ok) return Apply();
    const absl::Status kept = Keep();
    if (!kept.ok()) return Finish(rpc::ToGrpc(kept));
    StartRead(&request_);
  }

  void OnWriteDone(bool /*ok*/) override { Finish(grpc::Status::OK); }

  void OnDone() override { delete this; }

 private:
  absl::Status Keep() {
    RETURN_IF_ERROR(runtime::CheckAllKnown(request_));
    if (request_.chunk().size() > kChunkBytesMax) {
      return runtime::BadField("chunk", "more than 1 MiB");
    }
    return spool_->Append(request_.chunk());
  }

  void Apply() {
    link::ExchangeReader reader([spool = spool_, at = std::uint64_t{0}](std::size_t bytes) mutable {
      absl::StatusOr<std::string> part = spool->Read(at, bytes);
      if (part.ok()) at += part->size();
      return part;
    });
    const absl::StatusOr<v1::ExchangeHeader> header = reader.Header();
    if (!header.ok()) return Finish(rpc::ToGrpc(ExchangeRefused(header.status())));
    hub_.Unpack(header->from(), spool_, [this](absl::StatusOr<link::Unpacked> unpacked) {
      if (!unpacked.ok()) return Finish(rpc::ToGrpc(unpacked.status()));
      if (unpacked->fault) return Finish(rpc::ToGrpc(ErrorOf(unpacked->fault->status)));
      Answer(*unpacked);
    });
  }

  static absl::Status ErrorOf(const absl::Status& fault) {
    return absl::IsDataLoss(fault) ? ExchangeContradicts(fault) : ExchangeRefused(fault);
  }

  void Answer(const link::Unpacked& unpacked) {
    *response_.mutable_summary() = SummaryOf(unpacked.header);
    response_.set_older(unpacked.older);
    response_.set_new_leaves(unpacked.new_leaves);
    response_.set_new_entries(unpacked.new_entries);
    response_.set_received_size(unpacked.state.received_size.value);
    response_.set_arrived_size(unpacked.state.arrived_size.value);
    StartWrite(&response_);
  }

  LinkHub& hub_;
  const std::shared_ptr<const void> lease_;
  std::shared_ptr<Spool> spool_;
  v1::UnpackExchangeRequest request_;
  v1::UnpackExchangeResponse response_;
};

}  // namespace

void AddExchange(rpc::Service& service, LinkHub& hub, const RestoreGuard& guard,
                 const runtime::NodeAuthorities& node, const std::string& directory) {
  rpc::AddServerStream<v1::PackExchangeRequest, v1::PackExchangeResponse>(
      service, "PackExchange",
      [&hub, &guard, &node, directory](
          const v1::PackExchangeRequest& request,
          const rpc::CallInfo& call) -> grpc::ServerWriteReactor<v1::PackExchangeResponse>* {
        auto* stream = new PackStream(call.lease);
        stream->Open(hub, guard, PeerNamed(request.to(), node), directory, request.everything());
        return stream;
      });
  rpc::AddBidiStream<v1::UnpackExchangeRequest, v1::UnpackExchangeResponse>(
      service, "UnpackExchange",
      [&hub, directory](const rpc::CallInfo& call)
          -> grpc::ServerBidiReactor<v1::UnpackExchangeRequest, v1::UnpackExchangeResponse>* {
        auto* stream = new UnpackStream(hub, call.lease);
        stream->Open(directory);
        return stream;
      });
}

}  // namespace selaras::serve
