#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "tools/selaras/command.h"
#include "tools/selaras/context.h"

namespace selaras::cli {

// Where the program prints.
struct Streams {
  std::ostream* out;
  std::ostream* err;
  bool out_is_terminal;
  bool err_is_terminal;
  std::size_t width = 0;  // columns of the terminal; 0: unknown
};

// A whole program with these commands, given the world: parses `arguments` (without the program's
// name), runs the command, and gives the exit code.
ExitCode RunCommands(const Command& root, const World& world, const Streams& streams,
                     std::vector<std::string> arguments);

// The program `selaras`.
ExitCode RunProgram(const World& world, const Streams& streams, std::vector<std::string> arguments);

}  // namespace selaras::cli
