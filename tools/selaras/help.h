#pragma once

#include <string>
#include <vector>

#include "tools/selaras/command.h"

namespace selaras::cli {

// What `--help` prints for a command. `path` is how it is called, e.g. `selaras case list`.
std::string HelpText(const std::string& path, const Command& command);

// The name that is most like `word`; empty if none is.
std::string MostLike(const std::string& word, const std::vector<std::string>& names);

}  // namespace selaras::cli
