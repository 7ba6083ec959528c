#include "storage/log/utf8.h"

#include <cstddef>

namespace selaras::log {

std::optional<std::uint32_t> TakeCodePoint(absl::string_view* text) {
  if (text->empty()) return std::nullopt;
  const auto lead = static_cast<std::uint8_t>(text->front());
  std::size_t length = 0;
  std::uint32_t smallest = 0;  // below it, a shorter form exists
  if (lead < 0x80) {
    length = 1;
  } else if ((lead & 0xe0) == 0xc0) {
    length = 2;
    smallest = 0x80;
  } else if ((lead & 0xf0) == 0xe0) {
    length = 3;
    smallest = 0x800;
  } else if ((lead & 0xf8) == 0xf0) {
    length = 4;
    smallest = 0x10000;
  }
  if (length == 0 || text->size() < length) return std::nullopt;

  std::uint32_t code_point = length == 1 ? lead : lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>((*text)[i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    code_point = code_point << 6 | (byte & 0x3fu);
  }
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < smallest || surrogate || code_point > 0x10ffff) return std::nullopt;
  text->remove_prefix(length);
  return code_point;
}

bool IsSpace(std::uint32_t code_point) {
  return (code_point >= 0x09 && code_point <= 0x0d) || code_point == 0x20 || code_point == 0x85 ||
         code_point == 0xa0 || code_point == 0x1680 ||
         (code_point >= 0x2000 && code_point <= 0x200a) || code_point == 0x2028 ||
         code_point == 0x2029 || code_point == 0x202f || code_point == 0x205f ||
         code_point == 0x3000;
}

}  // namespace selaras::log
