#include "tools/selaras/output.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "tools/selaras/error_text.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/json.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

absl::string_view Code(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kStrong:
      return "\033[1m";
    case Tone::kDim:
      return "\033[2m";
    case Tone::kGood:
      return "\033[32m";
    case Tone::kWarning:
      return "\033[33m";
    case Tone::kBad:
      return "\033[31m";
  }
  return "";
}

std::string Coloured(Tone tone, absl::string_view text) {
  if (tone == Tone::kPlain || text.empty()) return std::string(text);
  return absl::StrCat(Code(tone), text, "\033[0m");
}

}  // namespace

std::string Output::Paint(Tone tone, absl::string_view text) const {
  return style_.colour ? Coloured(tone, text) : std::string(text);
}

std::string Output::PaintValid(bool valid) const {
  return valid ? Paint(Tone::kGood, "valid") : Paint(Tone::kBad, "not valid");
}

void Output::Print(absl::string_view text) {
  EndLive();
  out_ << text;
}

void Output::Json(const google::protobuf::Message& message) {
  EndLive();
  const auto line = JsonLineOf(message);
  if (!line.ok() && unsaid_.ok()) unsaid_ = line.status();
  out_ << (line.ok() ? *line : ToJsonLine(message)) << '\n';
}

void Output::Note(absl::string_view text) {
  EndLive();
  const std::string line = PrintableLines(text);
  err_ << (style_.error_colour ? Coloured(Tone::kDim, line) : line) << std::endl;
}

ExitCode Output::Finish(ExitCode code) {
  EndLive();
  out_.flush();
  if (code != ExitCode::kOk) return code;
  if (!Takes()) return Fail(OutputBrokeOff());
  return unsaid_.ok() ? code : Fail(unsaid_);
}

ExitCode Output::Fail(const absl::Status& status) {
  EndLive();
  out_.flush();
  const std::string text = PrintableLines(ErrorText(status));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('\n', 1));
  const std::string who = absl::StrCat(program_, ":");
  err_ << (style_.error_colour ? Coloured(Tone::kBad, who) : who) << ' ' << parts.first << '\n';
  if (!parts.second.empty()) err_ << parts.second << '\n';
  err_.flush();
  return ExitCodeOf(status);
}

void Output::Live(absl::string_view text) {
  if (!style_.live) return;
  err_ << "\r\033[K" << Printable(text) << std::flush;
  live_shown_ = true;
}

void Output::EndLive() {
  if (!live_shown_) return;
  err_ << "\r\033[K" << std::flush;
  live_shown_ = false;
}

}  // namespace selaras::cli
