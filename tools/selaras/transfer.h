#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/attachment/v1/attachment.pb.h"

#include "tools/selaras/clock.h"
#include "tools/selaras/document.h"
#include "tools/selaras/node.h"

// Documents on their way to a node and from it. What breaks off goes on where it stood. An upload
// gives up when it has come no further for 90 seconds, which is longer than a node holds a stream
// that is dead; a download, when it has come no further for several times. Then the error is that
// of the last time.
namespace selaras::cli {

// Hears how far it is.
using Transferred = std::function<void(std::uint64_t bytes, std::uint64_t of)>;

// On return the node has the document whole. `header` says all but offset, size, digest, name and
// type; `from` is how much of it the node has.
absl::Status SendDocument(Node& node, Clock& clock, const Document& document,
                          attachment::v1::UploadHeader header, std::uint64_t from,
                          const Transferred& transferred);

// What came.
struct Received {
  std::uint64_t bytes = 0;  // of the whole document
  std::string media_type;
};

// Hands to `keep` what follows request.offset. `keep` must not fail as a node does that does not
// answer. DATA_LOSS if the document has not the size that the node said.
absl::StatusOr<Received> ReceiveDocument(
    Node& node, Clock& clock, attachment::v1::DownloadRequest request,
    const std::function<absl::Status(absl::string_view bytes)>& keep,
    const Transferred& transferred);

}  // namespace selaras::cli
