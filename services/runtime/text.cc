#include "services/runtime/text.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"

#include "storage/log/utf8.h"

namespace selaras::runtime {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";
constexpr absl::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::size_t kQuotedBytesMax = 128;

// The next character, or one byte that is none.
struct Piece {
  absl::string_view bytes;
  std::optional<std::uint32_t> code_point;
};

Piece TakePiece(absl::string_view* text) {
  const absl::string_view before = *text;
  const std::optional<std::uint32_t> code_point = log::TakeCodePoint(text);
  if (!code_point) text->remove_prefix(1);
  return {before.substr(0, before.size() - text->size()), code_point};
}

// Control characters of ASCII and of Latin-1, and the two line ends of Unicode.
bool IsControl(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
         code_point == 0x2029;
}

void AppendEscaped(std::string* out, char byte) {
  switch (byte) {
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default:
      absl::StrAppend(out, "\\x", absl::Hex(static_cast<std::uint8_t>(byte), absl::kZeroPad2));
  }
}

}  // namespace

std::size_t FindNoUtf8(absl::string_view text) {
  absl::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t at = text.size() - rest.size();
    if (!TakePiece(&rest).code_point) return at;
  }
  return absl::string_view::npos;
}

std::string CleanUtf8(absl::string_view text, std::size_t bytes_max) {
  std::string out;
  std::size_t end_if_cut = 0;  // the ellipsis fits behind it
  while (!text.empty()) {
    const Piece piece = TakePiece(&text);
    const absl::string_view clean = piece.code_point ? piece.bytes : kReplacement;
    if (out.size() + clean.size() > bytes_max) {
      out.resize(end_if_cut);
      return absl::StrCat(out, kEllipsis);
    }
    absl::StrAppend(&out, clean);
    if (out.size() + kEllipsis.size() <= bytes_max) end_if_cut = out.size();
  }
  return out;
}

std::string OneLine(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Piece piece = TakePiece(&text);
    if (piece.code_point && !IsControl(*piece.code_point)) {
      absl::StrAppend(&out, piece.bytes);
    } else {
      for (const char byte : piece.bytes) AppendEscaped(&out, byte);
    }
  }
  return out;
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", OneLine(CleanUtf8(text, kQuotedBytesMax)), "\"");
}

}  // namespace selaras::runtime
