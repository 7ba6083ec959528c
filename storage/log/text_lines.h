#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace selaras::log {

// Reads what stands behind the first line of a text of ours: line by line, then byte by byte.
class TextLines {
 public:
  using Fault = absl::Status (*)(absl::string_view reason);

  // `fault` makes the error of this kind of text.
  TextLines(absl::string_view text, Fault fault) : rest_(text), fault_(fault) {}

  bool NextIs(absl::string_view word) const { return absl::StartsWith(rest_, word); }
  bool done() const { return rest_.empty(); }

  // What follows `word` in the next line.
  absl::StatusOr<absl::string_view> Take(absl::string_view word) {
    ++line_;
    const std::size_t end = rest_.find('\n');
    absl::string_view line = rest_.substr(0, end);
    if (end == absl::string_view::npos || !absl::ConsumePrefix(&line, word)) {
      return Wrong(absl::StrCat("it does not begin with '", word, "'"));
    }
    rest_.remove_prefix(end + 1);
    return line;
  }

  // The next bytes, which are `what`.
  absl::StatusOr<std::string> TakeBytes(std::size_t length, absl::string_view what) {
    if (rest_.size() < length) return fault_(absl::StrCat(what, " is cut off"));
    std::string bytes(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return bytes;
  }

  // Of the line that was taken last.
  absl::Status Wrong(absl::string_view why) const {
    return fault_(absl::StrCat("line ", line_ + 1, ": ", why));
  }

 private:
  absl::string_view rest_;
  const Fault fault_;
  int line_ = 0;
};

}  // namespace selaras::log
