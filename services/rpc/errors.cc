#include "services/rpc/errors.h"

#include "absl/strings/str_cat.h"

namespace selaras::rpc {

absl::Status AddressInUse(absl::string_view address) {
  return absl::FailedPreconditionError(
      absl::StrCat("listen ", address,
                   ": the address is in use; stop the other program, or choose another port"));
}

absl::Status CannotListen(absl::string_view address, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("listen ", address, ": cannot listen: ", why,
                   "; choose an address of this machine and a port that this user may open"));
}

}  // namespace selaras::rpc
