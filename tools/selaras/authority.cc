#include "tools/selaras/authority.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "tools/selaras/errors.h"

namespace selaras::cli {

absl::StatusOr<std::string> OnlyAuthority(const ledger::v1::GetNodeResponse& about) {
  if (about.authorities_size() == 1) return about.authorities(0);
  return BadValue(
      "--authority", "",
      absl::StrCat("the node acts for several: ", absl::StrJoin(about.authorities(), ", ")));
}

}  // namespace selaras::cli
