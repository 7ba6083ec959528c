#pragma once

#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "services/runtime/clock.h"

namespace selaras::runtime {

enum class Level { kDebug, kInfo, kWarning, kError };

// `debug`, `info`, `warning`, `error`; nothing else.
std::optional<Level> ParseLevel(absl::string_view word);

// One `key=value`. Values are codes, counts, names of nodes, addresses and reasons of faults:
// never a person's data, a secret, or a text that somebody typed, but the reason that an operator
// gives for what he does to the node.
struct LogField {
  LogField(absl::string_view k, const absl::AlphaNum& v) : key(k), value(v.Piece()) {}

  absl::string_view key;
  std::string value;
};

// Writes one line per event in logfmt:
//
//   time=2024-09-06T03:04:05.678Z level=info msg="link is up" peer=bkn size=42
//
// Values that hold a space, a quote, `=` or anything that is no printable ASCII or UTF-8 text
// are quoted, and control characters escaped: a value never ends the line. Values longer than
// 1,024 bytes are cut. Any thread; lines never mix.
class Logger {
 public:
  // Receives whole lines, each with its newline.
  using Sink = std::function<void(absl::string_view line)>;

  // Lines below `level` are dropped. The clock must outlive the logger.
  Logger(Clock& clock, Level level, Sink sink);

  // The clock's, for whoever counts lines.
  absl::Duration Monotonic() { return clock_.Monotonic(); }

  bool Shows(Level level) const { return level >= level_; }

  // `message` is a constant text, so that lines of one kind can be found.
  void Write(Level level, absl::string_view message, std::initializer_list<LogField> fields = {});

  void Debug(absl::string_view message, std::initializer_list<LogField> fields = {}) {
    Write(Level::kDebug, message, fields);
  }
  void Info(absl::string_view message, std::initializer_list<LogField> fields = {}) {
    Write(Level::kInfo, message, fields);
  }
  void Warning(absl::string_view message, std::initializer_list<LogField> fields = {}) {
    Write(Level::kWarning, message, fields);
  }
  void Error(absl::string_view message, std::initializer_list<LogField> fields = {}) {
    Write(Level::kError, message, fields);
  }

 private:
  Clock& clock_;
  const Level level_;
  std::mutex mutex_;
  const Sink sink_;
};

// The sink of programs. A line is one write(2), so lines of several processes do not mix either.
void WriteToStderr(absl::string_view line);

// What the environment variable SELARAS_LOG asks for; kInfo if it is unset or no level.
Level LevelFromEnvironment();

}  // namespace selaras::runtime
