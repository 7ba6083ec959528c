#pragma once

#include "absl/strings/string_view.h"

#include "services/reference/catalogue.h"

namespace selaras::reference {

// The smallest catalogue in which every rule can be broken: two provinces with one
// kabupaten or kota each, and a row or two per table.
Catalogue::Files MinimalFiles();

// The same with the first occurrence of `from` in `file` replaced, which must exist.
Catalogue::Files MinimalFilesWith(absl::string_view file, absl::string_view from,
                                  absl::string_view to);

}  // namespace selaras::reference
