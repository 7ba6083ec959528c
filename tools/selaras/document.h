#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"

namespace selaras::cli {

// A file that is to be sent as a document.
struct Document {
  std::string path;
  std::string name;  // of the file alone; as much of it as a node takes
  std::uint64_t bytes = 0;
  base::Digest sha256;
  std::string media_type;
};

// Reads the file once, bit by bit. `media_type` empty: what its bytes say. IsUsage() for what is no
// regular file, and if nothing tells what it is; INVALID_ARGUMENT for an empty one.
absl::StatusOr<Document> ReadDocument(const std::string& path, const std::string& media_type);

// The type of a document that begins like this; empty if it is none of those that show: it may be
// text.
std::string MediaTypeOf(absl::string_view first_bytes);

}  // namespace selaras::cli
