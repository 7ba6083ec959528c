#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::registers {

inline constexpr std::size_t kFileBytesMax = std::size_t{256} << 20;
inline constexpr std::size_t kFieldBytesMax = std::size_t{64} << 10;
inline constexpr std::size_t kFieldsMax = 256;

struct CsvRecord {
  int line = 0;  // of its first character, from 1
  std::vector<std::string> fields;
};

// Reads RFC 4180 text record by record, and the deviations that can be read in one way
// only: a byte order mark, line ends CR LF, LF or CR, quotes inside a field that does not
// begin with one. The delimiter is whichever of `,` `;` tab is most frequent in the first
// line. Lines without any text are skipped. The text must outlive the reader.
class CsvReader {
 public:
  // INVALID_ARGUMENT if the text is larger than kFileBytesMax or begins as UTF-16 does.
  static absl::StatusOr<CsvReader> Open(absl::string_view text);

  // The next record; nothing at the end. INVALID_ARGUMENT names the line: a quote that is
  // not closed, text after a closing quote, a field or record over the limits. What
  // follows such an error cannot be read.
  absl::StatusOr<std::optional<CsvRecord>> Next();

  char delimiter() const { return delimiter_; }

 private:
  CsvReader(absl::string_view text, char delimiter) : rest_(text), delimiter_(delimiter) {}

  absl::StatusOr<CsvRecord> ReadRecord();
  absl::StatusOr<std::string> ReadField();
  absl::StatusOr<std::string> ReadQuotedField();
  bool AtLineEnd() const;
  // Takes one line end, if there is one, and counts it.
  bool TakeLineEnd();

  absl::string_view rest_;
  char delimiter_;
  int line_ = 1;
};

}  // namespace selaras::registers
