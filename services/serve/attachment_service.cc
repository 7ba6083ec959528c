#include "services/serve/attachment_service.h"

#include <algorithm>
#include <utility>

#include <grpcpp/support/server_callback.h>

#include "selaras/attachment/v1/attachment.pb.h"

#include "services/domain/refusal.h"
#include "services/node/rows.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/stream.h"
#include "services/runtime/known_fields.h"
#include "services/runtime/refusal.h"
#include "services/serve/viewer_of.h"
#include "storage/base/status.h"
#include "storage/vault/chunks.h"

namespace selaras::serve {
namespace {

namespace v1 = attachment::v1;

constexpr std::size_t kDataBytesMax = 1 << 20;

// Takes a document in.
class UploadStream final : public grpc::ServerBidiReactor<v1::UploadRequest, v1::UploadResponse> {
 public:
  UploadStream(const AttachmentParts& parts, const rpc::CallInfo& call)
      : parts_(parts), caller_(call.caller), grant_(call.grant), lease_(call.lease) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    // Also a caller that went: what it brought is kept.
    if (!ok) return Answer();
    const absl::Status taken = Take();
    if (!taken.ok()) return Finish(rpc::ToGrpc(taken));
    StartRead(&request_);
  }

  void OnWriteDone(bool /*ok*/) override { Finish(grpc::Status::OK); }

  void OnDone() override { delete this; }

 private:
  absl::Status Take() {
    RETURN_IF_ERROR(runtime::CheckAllKnown(request_));
    if (!writer_) {
      if (!request_.has_header()) return runtime::BadField("header", "comes first");
      RETURN_IF_ERROR(runtime::MayCommandFor(caller_, grant_, request_.header().authority()));
      ASSIGN_OR_RETURN(const absl::Time now, parts_.now());
      ASSIGN_OR_RETURN(writer_, parts_.uploads.Open(request_.header(), now));
      return absl::OkStatus();
    }
    if (!request_.has_data()) return runtime::BadField("data", "follows the header");
    if (request_.data().size() > kDataBytesMax) {
      return runtime::BadField("data", "more than 1 MiB at once");
    }
    return writer_->Append(request_.data());
  }

  void Answer() {
    if (!writer_) return Finish(rpc::ToGrpc(runtime::BadField("header", "is required")));
    auto upload = writer_->Finish();
    writer_.reset();  // whoever reads the answer may go on with it
    if (!upload.ok()) return Finish(rpc::ToGrpc(upload.status()));
    *response_.mutable_upload() = *std::move(upload);
    StartWrite(&response_);
  }

  const AttachmentParts parts_;
  const runtime::Identity caller_;
  const runtime::Grant grant_;
  const std::shared_ptr<const void> lease_;
  std::unique_ptr<node::Uploads::Writer> writer_;
  v1::UploadRequest request_;
  v1::UploadResponse response_;
};

// Gives a part of a document: chunk by chunk, as the caller takes them.
class DownloadStream final : public grpc::ServerWriteReactor<v1::DownloadResponse> {
 public:
  DownloadStream(const AttachmentParts& parts, std::shared_ptr<const void> lease)
      : parts_(parts), lease_(std::move(lease)) {}

  void Open(const v1::DownloadRequest& request, const rpc::CallInfo& call) {
    const absl::Status found = Find(request, call);
    if (!found.ok()) return Finish(rpc::ToGrpc(found));
    Shown shown;
    if (!document_.case_id.empty()) shown.cases.insert(document_.case_id);
    if (!document_.report_id.empty()) shown.reports.insert(document_.report_id);
    parts_.recorder.Record(call, request.reading(), std::move(shown), 0,
                           [this](const absl::Status& recorded) {
                             if (!recorded.ok()) return Finish(rpc::ToGrpc(recorded));
                             Send();
                           });
  }

  void OnWriteDone(bool ok) override {
    response_.Clear();  // what stands in the first message only
    if (ok && next_ < end_) return Send();
    Finish(ok ? grpc::Status::OK : rpc::ToGrpc(absl::CancelledError("the caller went")));
  }

  void OnDone() override { delete this; }

 private:
  absl::Status Find(const v1::DownloadRequest& request, const rpc::CallInfo& call) {
    RETURN_IF_ERROR(parts_.recorder.Check(request.reading()));
    ASSIGN_OR_RETURN(document_, parts_.reader.FindDocument(request.position(), ViewerOf(call)));
    const std::uint64_t bytes = document_.chunks.bytes;
    if (request.offset() >= bytes) {
      return runtime::BadField("offset", "lies past the end: the document is smaller than that");
    }
    const std::uint64_t left = bytes - request.offset();
    next_ = request.offset();
    end_ = next_ + (request.length() == 0 ? left : std::min(left, request.length()));
    response_.set_bytes(bytes);
    response_.set_media_type(document_.media_type);
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> NextPiece() const {
    const auto index = static_cast<std::uint32_t>(next_ / vault::kChunkBytes);
    const std::uint64_t begin = std::uint64_t{index} * vault::kChunkBytes;
    ASSIGN_OR_RETURN(
        const auto sealed,
        parts_.store.Get(log::Table::kAttachment, node::rows::Chunk(document_.object, index)));
    // Taken back, or erased, since it was begun.
    if (!sealed) return absl::DataLossError("the document is not here any more");
    ASSIGN_OR_RETURN(
        const std::string content,
        vault::OpenChunk(document_.key, index, document_.chunks.IsLast(index), *sealed));
    return content.substr(next_ - begin, std::min<std::uint64_t>(end_ - next_, content.size()));
  }

  void Send() {
    absl::StatusOr<std::string> piece = NextPiece();
    if (!piece.ok()) return Finish(rpc::ToGrpc(piece.status()));
    next_ += piece->size();
    response_.set_data(*std::move(piece));
    StartWrite(&response_);
  }

  const AttachmentParts parts_;
  const std::shared_ptr<const void> lease_;
  node::CaseReader::Document document_;
  std::uint64_t next_ = 0;  // of the document
  std::uint64_t end_ = 0;
  v1::DownloadResponse response_;
};

}  // namespace

std::unique_ptr<rpc::Service> MakeAttachmentService(const AttachmentParts& parts,
                                                    runtime::Logger& log) {
  auto service =
      std::make_unique<rpc::Service>("selaras.attachment.v1.AttachmentService", parts.access, log);
  rpc::AddBidiStream<v1::UploadRequest, v1::UploadResponse>(
      *service, "Upload",
      [parts](const rpc::CallInfo& call)
          -> grpc::ServerBidiReactor<v1::UploadRequest, v1::UploadResponse>* {
        return new UploadStream(parts, call);
      });
  service->Unary<v1::GetUploadRequest, v1::GetUploadResponse>(
      "GetUpload",
      [parts](const v1::GetUploadRequest& request,
              const rpc::CallInfo& call) -> absl::StatusOr<v1::GetUploadResponse> {
        RETURN_IF_ERROR(runtime::MayCommandFor(call.caller, call.grant, request.authority()));
        ASSIGN_OR_RETURN(const absl::Time now, parts.now());
        v1::GetUploadResponse response;
        ASSIGN_OR_RETURN(*response.mutable_upload(),
                         parts.uploads.Get(request.authority(), request.upload_id(), now));
        return response;
      });
  rpc::AddServerStream<v1::DownloadRequest, v1::DownloadResponse>(
      *service, "Download",
      [parts](const v1::DownloadRequest& request,
              const rpc::CallInfo& call) -> grpc::ServerWriteReactor<v1::DownloadResponse>* {
        auto* stream = new DownloadStream(parts, call.lease);
        stream->Open(request, call);
        return stream;
      });
  return service;
}

}  // namespace selaras::serve
