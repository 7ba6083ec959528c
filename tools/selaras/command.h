#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "tools/selaras/exit_code.h"

namespace selaras::cli {

class Context;

// Where the value of an option goes. Must outlive the parsing.
using Target = std::variant<bool*, int*, std::uint64_t*, std::string*, std::vector<std::string>*>;

// One option, `--state STATE`, or one argument, `CASE`.
struct Option {
  std::string names;  // `-n,--lines`; without dashes: an argument
  std::string value;  // what stands for the value in help; empty for flags and arguments
  Target target;
  std::string help;
  bool required = false;
  std::uint64_t least = 0;  // of a number
};

// A number for which 0 stands for the default: whoever writes 0 means something else.
inline Option FromOne(Option option) {
  option.least = 1;
  return option;
}

inline Option LimitOption(int* limit) {
  return FromOne({"-n,--limit", "N", limit, "at most so many; default: all"});
}

// From where a command takes what it shows.
enum class Source {
  kNothing,
  kNode,         // --node
  kNodeOrStore,  // --node or --store
  kStore,        // --store
};

// One command, or a group of commands.
struct Command {
  std::string name = {};
  std::string summary = {};   // one line, no full stop
  std::string details = {};   // paragraphs; may be empty
  std::string examples = {};  // one a line
  Source source = Source::kNothing;
  std::vector<Option> options = {};
  std::function<ExitCode(Context&)> run = {};  // empty: a group
  std::vector<Command> commands = {};
};

}  // namespace selaras::cli
