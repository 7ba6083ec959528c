#pragma once

#include <string>

#include "tools/selaras/command.h"
#include "tools/selaras/options.h"

namespace selaras::cli {

// What a command line asks for.
struct CommandLine {
  const Command* command = nullptr;  // to run; nullptr: print `text` and end with `code`
  std::string path = {};             // how it is called, e.g. `selaras case list`
  std::string text = {};             // help for stdout, or for stderr if `code` is not kOk
  ExitCode code = ExitCode::kOk;
};

// Reads the command line into the options of the command and into `options`. `arguments` are
// without the name of the program. The only function that knows CLI11.
CommandLine ParseCommandLine(const Command& root, std::vector<std::string> arguments,
                             GlobalOptions* options);

}  // namespace selaras::cli
