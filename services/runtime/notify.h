#pragma once

#include "absl/strings/string_view.h"

namespace selaras::runtime {

// Tells systemd a state such as `READY=1` (sd_notify(3)) if the environment variable NOTIFY_SOCKET
// asks for it. What goes wrong is left alone: whoever waits for the word notices.
void NotifySystemd(absl::string_view state);

}  // namespace selaras::runtime
