#include "services/runtime/log.h"

#include <cerrno>
#include <cstdlib>
#include <utility>

#include <unistd.h>

#include "services/runtime/text.h"

namespace selaras::runtime {
namespace {

constexpr std::size_t kValueBytesMax = 1'024;
constexpr absl::string_view kLevelNames[] = {"debug", "info", "warning", "error"};

void AppendValue(std::string* line, absl::string_view raw) {
  const std::string value = OneLine(CleanUtf8(raw, kValueBytesMax));
  if (!value.empty() && value.find_first_of(" \"=\\") == std::string::npos) {
    line->append(value);
    return;
  }
  line->push_back('"');
  for (const char c : value) {
    if (c == '"') line->push_back('\\');
    line->push_back(c);
  }
  line->push_back('"');
}

}  // namespace

std::optional<Level> ParseLevel(absl::string_view word) {
  for (std::size_t i = 0; i < std::size(kLevelNames); ++i) {
    if (word == kLevelNames[i]) return static_cast<Level>(i);
  }
  return std::nullopt;
}

Logger::Logger(Clock& clock, Level level, Sink sink)
    : clock_(clock), level_(level), sink_(std::move(sink)) {}

void Logger::Write(Level level, absl::string_view message, std::initializer_list<LogField> fields) {
  if (!Shows(level)) return;
  std::string line = absl::StrCat(
      "time=", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", clock_.Now(), absl::UTCTimeZone()),
      " level=", kLevelNames[static_cast<std::size_t>(level)], " msg=");
  AppendValue(&line, message);
  for (const LogField& field : fields) {
    absl::StrAppend(&line, " ", field.key, "=");
    AppendValue(&line, field.value);
  }
  line.push_back('\n');
  const std::lock_guard lock(mutex_);
  sink_(line);
}

void WriteToStderr(absl::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody reads: a log must not stop the node
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

Level LevelFromEnvironment() {
  const char* word = std::getenv("SELARAS_LOG");
  return ParseLevel(word == nullptr ? "" : word).value_or(Level::kInfo);
}

}  // namespace selaras::runtime
