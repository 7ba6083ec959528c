#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include "tools/selaras/exit_code.h"

namespace selaras::cli {

// What a piece of text means; the colour follows.
enum class Tone { kPlain, kStrong, kDim, kGood, kWarning, kBad };

struct OutputStyle {
  bool json = false;
  bool colour = false;        // on stdout
  bool error_colour = false;  // on stderr
  bool live = false;          // stderr is a terminal whose last line may be written anew
  bool terminal = false;      // stdout is one
  std::size_t width = 0;      // of stdout, in columns; 0: as wide as it takes
};

// The two streams of the program. Results go to stdout, everything else to stderr.
// One thread at a time.
class Output {
 public:
  // `program` stands before errors.
  Output(std::string program, std::ostream* out, std::ostream* err, OutputStyle style)
      : program_(std::move(program)), out_(*out), err_(*err), style_(style) {}

  bool json() const { return style_.json; }
  std::size_t width() const { return style_.width; }
  bool is_terminal() const { return style_.terminal; }

  // The text in the colour of its tone, for stdout; as it is where there are no colours.
  std::string Paint(Tone tone, absl::string_view text) const;
  // `valid` or `not valid`, painted: what every command that verifies a file begins with.
  std::string PaintValid(bool valid) const;

  // Text on stdout, as it is; a newline is not added.
  void Print(absl::string_view text);
  // One object on stdout, as a line; what has no form in JSON as an error, which Finish() repeats.
  void Json(const google::protobuf::Message& message);
  // A line on stderr: what a person should know and no program needs, also with --json.
  void Note(absl::string_view text);
  // The error on stderr; gives the exit code that belongs to it.
  ExitCode Fail(const absl::Status& status);

  // Shows a line on stderr in place of the one shown before, on terminals only.
  void Live(absl::string_view text);
  // Takes it away.
  void EndLive();

  // Makes what was printed visible, e.g. while following a log.
  void Flush() { out_.flush(); }
  // Whether stdout has taken all so far.
  bool Takes() const { return out_.good(); }
  // At the end: `code`, but an error if it is kOk and not all could be printed.
  ExitCode Finish(ExitCode code);

 private:
  const std::string program_;
  std::ostream& out_;
  std::ostream& err_;
  const OutputStyle style_;
  bool live_shown_ = false;
  absl::Status unsaid_;  // the first that had no form in JSON
};

}  // namespace selaras::cli
