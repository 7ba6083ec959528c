#include "services/runtime/version.h"

namespace selaras::runtime {

absl::string_view Version() { return SELARAS_VERSION; }

}  // namespace selaras::runtime
