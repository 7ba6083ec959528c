#include "tools/registers/csv.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

#include "storage/base/status.h"
#include "tools/registers/errors.h"

namespace selaras::registers {
namespace {

constexpr char kQuote = '"';
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Quoted delimiters do not count; a tie goes to the first.
char DetectDelimiter(absl::string_view text) {
  constexpr char kCandidates[] = {',', ';', '\t'};
  std::size_t counts[std::size(kCandidates)] = {};
  bool quoted = false;
  for (const char c : text) {
    if (c == kQuote) quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    const auto* found = std::find(std::begin(kCandidates), std::end(kCandidates), c);
    if (found != std::end(kCandidates)) ++counts[found - std::begin(kCandidates)];
  }
  return kCandidates[std::max_element(std::begin(counts), std::end(counts)) - std::begin(counts)];
}

bool HasText(const CsvRecord& record) {
  return std::any_of(record.fields.begin(), record.fields.end(), [](const std::string& field) {
    return field.find_first_not_of(" \t") != std::string::npos;
  });
}

}  // namespace

absl::StatusOr<CsvReader> CsvReader::Open(absl::string_view text) {
  if (text.size() > kFileBytesMax) return FileTooLarge(text.size());
  if (absl::StartsWith(text, "\xFF\xFE") || absl::StartsWith(text, "\xFE\xFF")) {
    return FileIsUtf16();
  }
  if (absl::StartsWith(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return CsvReader(text, DetectDelimiter(text));
}

absl::StatusOr<std::optional<CsvRecord>> CsvReader::Next() {
  while (!rest_.empty()) {
    ASSIGN_OR_RETURN(CsvRecord record, ReadRecord());
    if (HasText(record)) return std::optional(std::move(record));
  }
  return std::nullopt;
}

absl::StatusOr<CsvRecord> CsvReader::ReadRecord() {
  CsvRecord record;
  record.line = line_;
  for (;;) {
    if (record.fields.size() == kFieldsMax) return TooManyFields(record.line);
    const bool quoted = !rest_.empty() && rest_.front() == kQuote;
    ASSIGN_OR_RETURN(std::string field, quoted ? ReadQuotedField() : ReadField());
    record.fields.push_back(std::move(field));
    if (rest_.empty() || TakeLineEnd()) return record;
    rest_.remove_prefix(1);  // the delimiter
  }
}

absl::StatusOr<std::string> CsvReader::ReadField() {
  const char ends[] = {delimiter_, '\r', '\n'};
  const std::size_t size =
      std::min(rest_.find_first_of(absl::string_view(ends, std::size(ends))), rest_.size());
  if (size > kFieldBytesMax) return FieldTooLong(line_);
  std::string field(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return field;
}

absl::StatusOr<std::string> CsvReader::ReadQuotedField() {
  const int first_line = line_;
  std::string field;
  rest_.remove_prefix(1);
  for (;;) {
    if (rest_.empty()) return QuoteNotClosed(first_line);
    if (field.size() >= kFieldBytesMax && rest_.front() != kQuote) return FieldTooLong(first_line);
    if (AtLineEnd()) {
      field.push_back('\n');  // one form, so that a file saved elsewhere says the same
      TakeLineEnd();
      continue;
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c != kQuote) {
      field.push_back(c);
    } else if (!rest_.empty() && rest_.front() == kQuote) {
      if (field.size() >= kFieldBytesMax) return FieldTooLong(first_line);
      field.push_back(kQuote);
      rest_.remove_prefix(1);
    } else if (rest_.empty() || rest_.front() == delimiter_ || AtLineEnd()) {
      return field;
    } else {
      return TextAfterQuote(line_);
    }
  }
}

bool CsvReader::AtLineEnd() const {
  return !rest_.empty() && (rest_.front() == '\r' || rest_.front() == '\n');
}

bool CsvReader::TakeLineEnd() {
  if (!AtLineEnd()) return false;
  rest_.remove_prefix(absl::StartsWith(rest_, "\r\n") ? 2 : 1);
  ++line_;
  return true;
}

}  // namespace selaras::registers
