#include "services/serve/split_views.h"

#include <filesystem>

#include "services/runtime/files.h"
#include "storage/base/status.h"

namespace selaras::serve {

absl::StatusOr<std::string> KeepSplitView(absl::string_view folder, const log::SplitView& view) {
  std::string name = log::SplitViewFileName(view);
  const std::filesystem::path path = std::filesystem::path(std::string(folder)) / name;
  std::error_code error;
  if (std::filesystem::exists(path, error)) return name;
  RETURN_IF_ERROR(runtime::WriteFileAtomically(path.string(), log::SplitViewText(view)));
  return name;
}

absl::StatusOr<log::SplitView> LoadSplitView(absl::string_view folder, absl::string_view name) {
  constexpr std::size_t kBytesMax = 64 << 10;
  const std::filesystem::path path = std::filesystem::path(std::string(folder)) / std::string(name);
  ASSIGN_OR_RETURN(const std::string text, runtime::ReadFile(path.string(), kBytesMax));
  return log::ParseSplitView(text);
}

}  // namespace selaras::serve
