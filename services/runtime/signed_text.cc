#include "services/runtime/signed_text.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "services/runtime/errors.h"
#include "services/runtime/text.h"
#include "storage/base/check.h"
#include "storage/base/status.h"

namespace selaras::runtime {
namespace {

constexpr int kDepthMax = 16;

// What the parser says is not for people: the text was written by a program.
class FirstLine final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int /*column*/, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat("line ", line + 1, ": ", OneLine(message));
  }
  void AddWarning(int /*line*/, int /*column*/, const std::string& /*message*/) override {}

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Where the string ends that begins at `at`; one that has no end is no text format.
std::size_t EndOfString(absl::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at;
}

// Before anything is known of who wrote it: a parser that skips unknown fields goes down as deep as
// they do.
absl::Status CheckDepth(absl::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = EndOfString(text, at);
    } else if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '{' || c == '<' || c == '[') {
      ++depth;
    } else if (c == '}' || c == '>' || c == ']') {
      --depth;
    }
    if (depth > kDepthMax) return NotSignedText("it is nested too deep");
  }
  return absl::OkStatus();
}

absl::Status ParseSigned(const std::string& text, google::protobuf::Message* message) {
  RETURN_IF_ERROR(CheckDepth(text));
  google::protobuf::TextFormat::Parser parser;
  FirstLine first;
  parser.RecordErrorsTo(&first);
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(kDepthMax);
  if (parser.ParseFromString(text, message)) return absl::OkStatus();
  return NotSignedText(first.text().empty() ? "it is not in protobuf text format" : first.text());
}

}  // namespace

std::string SignText(const google::protobuf::Message& message, const log::NoteSigner& signer) {
  std::string text;
  google::protobuf::TextFormat::Printer printer;
  const bool printed = printer.PrintToString(message, &text);
  SELARAS_CHECK(printed && !text.empty()) << "a message of nothing is not signed";
  return signer.Sign(text);
}

absl::Status OpenText(absl::string_view note, const log::NoteVerifier& signer,
                      google::protobuf::Message* message) {
  ASSIGN_OR_RETURN(const std::string text, signer.Open(note));
  return ParseSigned(text, message);
}

absl::StatusOr<std::string> OnlySignedBy(absl::string_view note, const log::NoteVerifier& signer) {
  ASSIGN_OR_RETURN(const std::string text, signer.Open(note));
  for (const absl::string_view line :
       absl::StrSplit(note.substr(text.size()), '\n', absl::SkipEmpty())) {
    std::string alone = absl::StrCat(text, "\n", line, "\n");
    if (signer.Open(alone).ok()) return alone;
  }
  return NotSignedText("its signature stands in no line");
}

absl::Status PeekText(absl::string_view note, google::protobuf::Message* message) {
  // A note ends in a blank line and its signatures.
  const std::size_t end = note.rfind("\n\n");
  if (end == absl::string_view::npos) return NotSignedText("it has no signatures");
  return ParseSigned(std::string(note.substr(0, end + 1)), message);
}

}  // namespace selaras::runtime
