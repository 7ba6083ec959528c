#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/ledger/v1/exchange.pb.h"
#include "selaras/ledger/v1/link.pb.h"

#include "storage/base/bytes.h"
#include "storage/crypto/sha256.h"
#include "storage/log/note.h"

// One direction of a link in a file: a header, the frames, and a note by which the sender signs all
// bytes before it, because no TLS stands for them. FORMAT.md section 8 has the bytes.
namespace selaras::link {

inline constexpr std::uint32_t kExchangeVersion = 1;

// Writes one file from its beginning to its end.
class ExchangeWriter {
 public:
  using Sink = std::function<absl::Status(absl::string_view bytes)>;

  // Bytes go to `sink` in order; its first error ends the writing.
  explicit ExchangeWriter(Sink sink) : sink_(std::move(sink)) {}

  // Once each, in this order; Add any number of times.
  absl::Status Begin(const ledger::v1::ExchangeHeader& header);
  absl::Status Add(const ledger::v1::Frame& frame);
  absl::Status End(const log::NoteSigner& signer);

 private:
  absl::Status Put(absl::string_view bytes);
  absl::Status PutRecord(absl::string_view bytes);

  const Sink sink_;
  crypto::Sha256Hasher hasher_;
};

// Reads one file from its beginning to its end. Until CheckEnd() has answered nothing of it is
// known to be the sender's: whoever acts upon frames reads the file twice.
//
// Errors: INVALID_ARGUMENT for what is no such file, DATA_LOSS for one that was cut off or changed,
// and those of `source`.
class ExchangeReader {
 public:
  // Gives the next `bytes` bytes, fewer only at the end of the file.
  using Source = std::function<absl::StatusOr<std::string>(std::size_t bytes)>;

  explicit ExchangeReader(Source source) : source_(std::move(source)) {}

  // First.
  absl::StatusOr<ledger::v1::ExchangeHeader> Header();
  // The next frame; nothing after the last one. It parses, and that is all that is known of it.
  absl::StatusOr<std::optional<ledger::v1::Frame>> Next();
  // After the last frame: whether the file ends here and all of it is what the sender signed, with
  // one of these keys. There is at least one.
  absl::Status CheckEnd(const std::vector<log::NoteVerifier>& sender);

 private:
  absl::StatusOr<std::string> Take(std::size_t bytes);
  // A length and as many bytes; nothing for the length 0.
  absl::StatusOr<std::string> TakeRecord(std::size_t most);

  const Source source_;
  crypto::Sha256Hasher hasher_;
};

}  // namespace selaras::link
