#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/cord.h"

#include "fake_node.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tools/selaras/error_text.h"

namespace selaras::test {

// The refusal of a node, with its reason.
inline absl::Status Refused(absl::StatusCode code, const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  absl::Status status(code, reason);
  // Not from a temporary: clang 19 names that constructor otherwise than the packaged library.
  const std::string bytes = details.SerializeAsString();
  status.SetPayload(cli::kDetailsUrl, absl::Cord(bytes));
  return status;
}

// The upload that a node keeps: of one document, whole or in part.
class FakeUploads {
 public:
  // Must outlive what the node answers.
  void Serve(NodeAnswers& answers) {
    answers.upload = [this](const attachment::v1::UploadHeader& header,
                            const std::function<absl::StatusOr<std::string>()>& chunk) {
      return Take(header, chunk);
    };
    answers.get_upload = [this](const attachment::v1::GetUploadRequest&)
        -> absl::StatusOr<attachment::v1::GetUploadResponse> {
      if (!begun_) return Refused(absl::StatusCode::kNotFound, "UPLOAD_NOT_FOUND");
      attachment::v1::GetUploadResponse response;
      *response.mutable_upload() = Shown();
      return response;
    };
  }

  void Have(const std::string& bytes) {
    begun_ = true;
    kept_ = bytes;
  }
  // It was added to something.
  void Forget() {
    begun_ = false;
    kept_.clear();
  }
  // The next stream breaks when so many bytes came, of which `kept` are kept.
  void BreakAfter(std::uint64_t came, std::uint64_t kept) { breaks_ = {came, kept, false}; }
  void BreakAlwaysAfter(std::uint64_t came) { breaks_ = {came, came, true}; }
  void Refuse(const absl::Status& status) { refused_ = status; }
  // Until then another stream, which is dead, brings it.
  void BusyUntil(cli::Clock& clock, absl::Time until) {
    clock_ = &clock;
    busy_until_ = until;
  }

  const std::string& kept() const { return kept_; }
  const std::vector<attachment::v1::UploadHeader>& headers() const { return headers_; }
  // How many bytes came, over all streams.
  std::uint64_t sent() const { return sent_; }

 private:
  struct Breaks {
    std::uint64_t came = 0;
    std::uint64_t kept = 0;
    bool always = false;
  };

  absl::StatusOr<attachment::v1::Upload> Take(
      const attachment::v1::UploadHeader& header,
      const std::function<absl::StatusOr<std::string>()>& chunk) {
    headers_.push_back(header);
    if (!refused_.ok()) return refused_;
    if (clock_ != nullptr && clock_->Now() < busy_until_) {
      return Refused(absl::StatusCode::kAborted, "UPLOAD_BUSY");
    }
    begun_ = true;
    if (header.offset() != kept_.size()) {
      return Refused(absl::StatusCode::kFailedPrecondition, "UPLOAD_MOVED_ON");
    }
    std::string came;
    while (true) {
      const absl::StatusOr<std::string> part = chunk();
      if (!part.ok()) return part.status();
      if (part->empty()) break;
      sent_ += part->size();
      came += *part;
      if (breaks_ && came.size() >= breaks_->came) {
        kept_ += came.substr(0, breaks_->kept);
        if (!breaks_->always) breaks_.reset();
        if (kept_.size() < header.bytes()) return absl::UnavailableError("the line broke");
        return Shown();
      }
    }
    kept_ += came;
    return Shown();
  }

  attachment::v1::Upload Shown() const {
    attachment::v1::Upload upload;
    const std::uint64_t bytes = headers_.empty() ? 0 : headers_.back().bytes();
    upload.set_bytes(bytes);
    upload.set_received_bytes(kept_.size());
    upload.set_complete(kept_.size() == bytes);
    return upload;
  }

  bool begun_ = false;
  std::string kept_;
  std::optional<Breaks> breaks_;
  absl::Status refused_;
  cli::Clock* clock_ = nullptr;
  absl::Time busy_until_;
  std::vector<attachment::v1::UploadHeader> headers_;
  std::uint64_t sent_ = 0;
};

}  // namespace selaras::test
