#pragma once

#include "tools/selaras/command.h"

// One function a group of modes; each is defined in the file of its name.
namespace selaras::load {

cli::Command UnaryMode();
cli::Command BatchMode();
cli::Command StreamMode();
cli::Command QueryMode();
cli::Command FollowMode();
cli::Command PropagateMode();
cli::Command VerifyMode();
cli::Command EchoMode();
cli::Command EchoServer();

}  // namespace selaras::load
