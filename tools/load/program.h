#pragma once

#include "tools/selaras/command.h"

// The program `selaras-load`: how much a node does, measured over the line and checked.
namespace selaras::load {

// All of its commands, for cli::RunCommands.
cli::Command Program();

}  // namespace selaras::load
