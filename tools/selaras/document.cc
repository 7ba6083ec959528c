#include "tools/selaras/document.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/domain/attachment.h"
#include "services/runtime/text.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "tools/registers/cells.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

constexpr std::size_t kPieceBytes = 256 << 10;
constexpr absl::string_view kMp4 = "video/mp4";

// HEIC, AVIF, QuickTime and M4A begin as MP4 does, and have another brand.
bool IsMp4(absl::string_view first_bytes) {
  constexpr absl::string_view kBrands[] = {"isom", "iso2", "iso3", "iso4", "iso5", "iso6",
                                           "iso7", "iso8", "iso9", "mp41", "mp42", "avc1",
                                           "M4V ", "M4VH", "M4VP", "MSNV", "mmp4", "dash"};
  constexpr std::size_t kBrandAt = 8;
  if (first_bytes.size() <= kBrandAt) return false;
  const absl::string_view brand = first_bytes.substr(kBrandAt, 4);
  return std::find(std::begin(kBrands), std::end(kBrands), brand) != std::end(kBrands);
}

// Whether bytes that come bit by bit are text in UTF-8.
class Utf8Check {
 public:
  void Update(absl::string_view bytes) {
    if (!fits_) return;
    absl::StrAppend(&rest_, bytes);
    // The last character may be incomplete.
    std::size_t end = rest_.size();
    for (std::size_t back = 1; back <= std::min(kCharacterBytesMax, rest_.size()); ++back) {
      const auto byte = static_cast<unsigned char>(rest_[rest_.size() - back]);
      if ((byte & 0xC0) == 0x80) continue;
      if (byte >= 0xC0) end = rest_.size() - back;
      break;
    }
    fits_ = registers::IsUtf8(absl::string_view(rest_).substr(0, end)) &&
            !absl::StrContains(bytes, '\0');
    rest_.erase(0, end);
  }
  bool Finish() const { return fits_ && registers::IsUtf8(rest_); }

 private:
  static constexpr std::size_t kCharacterBytesMax = 4;

  std::string rest_;
  bool fits_ = true;
};

}  // namespace

absl::StatusOr<Document> ReadDocument(const std::string& path, const std::string& media_type) {
  if (path == "-") return NotAFile(path);
  ASSIGN_OR_RETURN(FileReader file, FileReader::Open(path));
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return NotAFile(path);
  Document document{.path = path,
                    .name = runtime::CleanUtf8(std::filesystem::path(path).filename().string(),
                                               domain::kFileNameBytesMax),
                    .bytes = 0,
                    .sha256 = {},
                    .media_type = media_type};
  crypto::Sha256Hasher hasher;
  Utf8Check text;
  while (true) {
    ASSIGN_OR_RETURN(const std::string piece, file.Read(kPieceBytes));
    if (piece.empty()) break;
    if (document.media_type.empty() && document.bytes == 0) {
      document.media_type = MediaTypeOf(piece);
    }
    if (document.media_type.empty()) text.Update(piece);
    document.bytes += piece.size();
    hasher.Update(piece);
  }
  if (document.bytes == 0) return EmptyDocument(path);
  document.sha256 = hasher.Finish();
  if (document.media_type.empty()) {
    if (!text.Finish()) return UnknownMediaType(path);
    document.media_type = "text/plain";
  }
  return document;
}

std::string MediaTypeOf(absl::string_view first_bytes) {
  if (domain::BeginsLike(kMp4, first_bytes)) return IsMp4(first_bytes) ? std::string(kMp4) : "";
  for (const absl::string_view type : {"application/pdf", "image/jpeg", "image/png"}) {
    if (domain::BeginsLike(type, first_bytes)) return std::string(type);
  }
  // A node takes whatever could be a frame; that also fits text in UTF-16.
  const bool audio =
      absl::StartsWith(first_bytes, "ID3") || absl::StartsWith(first_bytes, "\xff\xfb");
  return audio ? "audio/mpeg" : "";
}

}  // namespace selaras::cli
