#include "absl/strings/str_cat.h"

#include "selaras/cli/v1/output.pb.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"

namespace selaras::cli {
namespace {

ExitCode Version(Context& context) {
  Output& output = context.output();
  if (output.json()) {
    cli::v1::VersionInfo info;
    info.set_version(SELARAS_VERSION);
    output.Json(info);
  } else {
    output.Print("selaras " SELARAS_VERSION "\n");
  }
  return ExitCode::kOk;
}

}  // namespace

Command VersionCommand() {
  return {.name = "version", .summary = "the version of this program", .run = Version};
}

}  // namespace selaras::cli
