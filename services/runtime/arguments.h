#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace selaras::runtime {

// What the command line of a node program asks for.
struct Arguments {
  enum class Wish { kServe, kCheck, kVersion, kHelp };
  Wish wish = Wish::kServe;
  std::string config;  // not empty for kServe and kCheck
};

// `arguments` without the program's name. INVALID_ARGUMENT if misunderstood.
absl::StatusOr<Arguments> ParseArguments(std::span<const char* const> arguments);

// What --help prints.
std::string HelpText(const std::string& program);

}  // namespace selaras::runtime
