#include "storage/rocks/status.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

#include "storage/base/check.h"

namespace selaras::rocks {
namespace {

constexpr int kExitIoError = 74;  // EX_IOERR: supervisors start the program again

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, absl::string_view what) {
  SELARAS_CHECK(!status.IsNotFound()) << "a row that is absent is no error: " << what;
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(what, ": ", status.ToString());
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(absl::StrCat(text, "; free some space and start again"));
  }
  if (status.IsCorruption() || status.IsPathNotFound()) {
    return absl::DataLossError(
        absl::StrCat(text, "; audit the store and restore it from a backup or from peers"));
  }
  if (status.IsIOError() || status.IsBusy() || status.IsTimedOut() ||
      status.IsShutdownInProgress() || status.IsIncomplete()) {
    return absl::UnavailableError(absl::StrCat(text, "; check the disk and its permissions"));
  }
  return absl::InternalError(absl::StrCat(text, "; report this message"));
}

void EndProcess(absl::string_view what, const absl::Status& why) {
  const std::string line =
      absl::StrCat("fatal: ", what, ": ", why.ToString(),
                   ". Whether it is stored is unknown until the next start.\n");
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
  std::_Exit(kExitIoError);  // no destructor may touch the store any more
}

}  // namespace selaras::rocks
