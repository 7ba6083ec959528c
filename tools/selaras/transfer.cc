#include "tools/selaras/transfer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "storage/base/status.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/import/patience.h"
#include "tools/selaras/import/sender.h"

namespace selaras::cli {
namespace {

constexpr std::size_t kPieceBytes = 256 << 10;
constexpr int kAttemptsMax = 8;
constexpr absl::Duration kVainMax = absl::Seconds(90);
constexpr absl::Duration kBusyPause = absl::Seconds(2);

// How long an upload may go on without coming further, which begins when it breaks off.
class Endurance {
 public:
  Endurance(Clock& clock, std::uint64_t from) : clock_(clock), come_(from) {}

  void Came(std::uint64_t to) {
    if (to <= come_) return;
    come_ = to;
    vain_ = 0;
    since_.reset();
  }

  // Whether to try again after that error; then it has paused.
  bool Pause(const absl::Status& broke) {
    if (!since_) since_ = clock_.Now();
    if (clock_.Now() - *since_ >= kVainMax) return false;
    const ErrorDetails details = DetailsOf(broke);
    const absl::Duration asked = details.info.reason() == "UPLOAD_BUSY"
                                     ? kBusyPause
                                     : details.retry_after.value_or(absl::ZeroDuration());
    clock_.Sleep(cli::Pause(vain_++, asked));
    return true;
  }

 private:
  Clock& clock_;
  std::uint64_t come_;
  int vain_ = 0;
  std::optional<absl::Time> since_;
};

// Counts the attempts of a download that came no further.
class Attempts {
 public:
  Attempts(Clock& clock, std::uint64_t from) : clock_(clock), come_(from) {}

  void Came(std::uint64_t to) {
    if (to <= come_) return;
    come_ = to;
    vain_ = 0;
  }

  // Whether to try again after that error; then it has paused.
  bool Pause(const absl::Status& broke) {
    if (++vain_ >= kAttemptsMax) return false;
    clock_.Sleep(
        cli::Pause(vain_ - 1, DetailsOf(broke).retry_after.value_or(absl::ZeroDuration())));
    return true;
  }

 private:
  Clock& clock_;
  std::uint64_t come_;
  int vain_ = 0;
};

// Whether an upload may go on where the node says that it stands.
bool MayGoOn(const absl::Status& broke) {
  const std::string reason = DetailsOf(broke).info.reason();
  return reason == "UPLOAD_MOVED_ON" || (IsTransient(broke) && reason != "UPLOADS_FULL");
}

absl::StatusOr<attachment::v1::Upload> SendOnce(Node& node, const Document& document,
                                                const attachment::v1::UploadHeader& header,
                                                const Transferred& transferred) {
  std::uint64_t sent = header.offset();
  ASSIGN_OR_RETURN(FileReader file, FileReader::Open(document.path, sent));
  return node.Upload(header, [&]() -> absl::StatusOr<std::string> {
    transferred(sent, document.bytes);
    if (sent >= document.bytes) return std::string();
    ASSIGN_OR_RETURN(std::string piece,
                     file.Read(std::min<std::uint64_t>(document.bytes - sent, kPieceBytes)));
    if (piece.empty()) return DocumentChanged(document.path);
    sent += piece.size();
    return piece;
  });
}

// How far the node says that the upload is; not begun, if there is none.
absl::StatusOr<attachment::v1::Upload> Ask(Node& node, const attachment::v1::UploadHeader& header) {
  attachment::v1::GetUploadRequest request;
  request.set_authority(header.authority());
  request.set_upload_id(header.upload_id());
  auto response = node.GetUpload(request);
  if (absl::IsNotFound(response.status())) return attachment::v1::Upload();
  RETURN_IF_ERROR(response);
  return std::move(*response->mutable_upload());
}

}  // namespace

absl::Status SendDocument(Node& node, Clock& clock, const Document& document,
                          attachment::v1::UploadHeader header, std::uint64_t from,
                          const Transferred& transferred) {
  header.set_bytes(document.bytes);
  header.set_sha256(std::string(document.sha256.view()));
  header.set_media_type(document.media_type);
  header.set_file_name(document.name);
  header.set_offset(from);
  Endurance endurance(clock, from);
  while (true) {
    const auto sent = SendOnce(node, document, header, transferred);
    if (sent.ok() && sent->complete()) return absl::OkStatus();
    absl::Status broke =
        sent.ok() ? UploadBrokeOff(sent->received_bytes(), document.bytes) : sent.status();
    if (!MayGoOn(broke) || !endurance.Pause(broke)) return broke;
    const auto stands = Ask(node, header);
    if (!stands.ok()) {
      if (!IsTransient(stands.status())) return stands.status();
      continue;  // if it is further by now, it will say so
    }
    if (stands->complete()) return absl::OkStatus();
    header.set_offset(stands->received_bytes());
    endurance.Came(header.offset());
  }
}

absl::StatusOr<Received> ReceiveDocument(
    Node& node, Clock& clock, attachment::v1::DownloadRequest request,
    const std::function<absl::Status(absl::string_view bytes)>& keep,
    const Transferred& transferred) {
  Received received;
  Attempts attempts(clock, request.offset());
  while (true) {
    std::uint64_t come = request.offset();
    absl::Status ended = node.Download(request, [&](const attachment::v1::DownloadResponse& piece) {
      if (piece.bytes() > 0) received = {piece.bytes(), piece.media_type()};
      RETURN_IF_ERROR(keep(piece.data()));
      come += piece.data().size();
      transferred(come, received.bytes);
      return absl::OkStatus();
    });
    const bool whole = received.bytes > 0 && come == received.bytes;
    if (whole && (ended.ok() || IsTransient(ended))) return received;
    if (ended.ok()) return WrongSize(come, received.bytes);
    attempts.Came(come);
    if (!IsTransient(ended) || !attempts.Pause(ended)) return ended;
    request.set_offset(come);
  }
}

}  // namespace selaras::cli
