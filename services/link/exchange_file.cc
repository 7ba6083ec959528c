#include "services/link/exchange_file.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/link/errors.h"
#include "services/link/limits.h"
#include "storage/base/status.h"
#include "storage/log/limits.h"

namespace selaras::link {
namespace {

using ledger::v1::ExchangeHeader;
using ledger::v1::Frame;

constexpr absl::string_view kMagic = "selaras exchange";  // and the version, 4 bytes
constexpr std::size_t kHeaderBytesMax = 1'024;

// What is signed. Begins like no checkpoint: these begin with the origin.
std::string SignedText(absl::string_view origin, const base::Digest& digest) {
  return absl::StrCat("selaras exchange ", kExchangeVersion, "\n", origin, "\n",
                      base::Base64Encode(digest.view()), "\n");
}

std::string Numbered(std::uint32_t number) {
  std::string bytes;
  base::AppendU32(&bytes, number);
  return bytes;
}

}  // namespace

absl::Status ExchangeWriter::Put(absl::string_view bytes) {
  hasher_.Update(bytes);
  return sink_(bytes);
}

absl::Status ExchangeWriter::PutRecord(absl::string_view bytes) {
  RETURN_IF_ERROR(Put(Numbered(static_cast<std::uint32_t>(bytes.size()))));
  return Put(bytes);
}

absl::Status ExchangeWriter::Begin(const ExchangeHeader& header) {
  RETURN_IF_ERROR(Put(kMagic));
  RETURN_IF_ERROR(Put(Numbered(kExchangeVersion)));
  return PutRecord(header.SerializeAsString());
}

absl::Status ExchangeWriter::Add(const Frame& frame) {
  return PutRecord(frame.SerializeAsString());
}

absl::Status ExchangeWriter::End(const log::NoteSigner& signer) {
  RETURN_IF_ERROR(PutRecord(""));
  return sink_(signer.Sign(SignedText(signer.name(), hasher_.Finish())));
}

absl::StatusOr<std::string> ExchangeReader::Take(std::size_t bytes) {
  ASSIGN_OR_RETURN(std::string taken, source_(bytes));
  if (taken.size() != bytes) return ExchangeFileDamaged("its end is missing");
  hasher_.Update(taken);
  return taken;
}

absl::StatusOr<std::string> ExchangeReader::TakeRecord(std::size_t most) {
  ASSIGN_OR_RETURN(const std::string length, Take(sizeof(std::uint32_t)));
  ASSIGN_OR_RETURN(const std::uint32_t bytes, base::ByteReader(length).ReadU32());
  if (bytes > most) return ExchangeFileDamaged(absl::StrCat("a part of ", bytes, " bytes"));
  return Take(bytes);
}

absl::StatusOr<ExchangeHeader> ExchangeReader::Header() {
  ASSIGN_OR_RETURN(const std::string magic, source_(kMagic.size()));
  if (magic != kMagic) return NotAnExchangeFile("it begins like no such file");
  hasher_.Update(magic);
  ASSIGN_OR_RETURN(const std::string version, Take(sizeof(std::uint32_t)));
  ASSIGN_OR_RETURN(const std::uint32_t number, base::ByteReader(version).ReadU32());
  if (number != kExchangeVersion) {
    return NotAnExchangeFile(
        absl::StrCat("version ", number, ", this program reads ", kExchangeVersion));
  }
  ASSIGN_OR_RETURN(const std::string bytes, TakeRecord(kHeaderBytesMax));
  ExchangeHeader header;
  if (!header.ParseFromString(bytes)) return ExchangeFileDamaged("its header cannot be read");
  return header;
}

absl::StatusOr<std::optional<Frame>> ExchangeReader::Next() {
  ASSIGN_OR_RETURN(const std::string bytes, TakeRecord(kFrameBytesMax));
  if (bytes.empty()) return std::nullopt;
  Frame frame;
  if (!frame.ParseFromString(bytes)) return ExchangeFileDamaged("a frame cannot be read");
  return frame;
}

absl::Status ExchangeReader::CheckEnd(const std::vector<log::NoteVerifier>& sender) {
  const std::string text = SignedText(sender.front().name(), hasher_.Finish());
  ASSIGN_OR_RETURN(const std::string note, source_(log::kCheckpointBytesMax + 1));
  if (note.size() > log::kCheckpointBytesMax) return ExchangeFileDamaged("something follows it");
  absl::Status wrong;
  for (const log::NoteVerifier& key : sender) {
    const absl::StatusOr<std::string> stated = key.Open(note);
    if (stated.ok() && *stated == text) return absl::OkStatus();
    wrong.Update(stated.ok() ? ExchangeFileDamaged("its bytes are not those that were signed")
                             : ExchangeFileDamaged(stated.status().message()));
  }
  return wrong;
}

}  // namespace selaras::link
