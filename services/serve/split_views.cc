#include "services/serve/split_views.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/runtime/files.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/checkpoint.h"

namespace selaras::serve {

std::string SplitViewFileName(const log::SplitView& view) {
  const auto given = log::ReadUnverified(view.given.note);
  const std::string digest = base::HexEncode(crypto::Sha256(view.given.note).view());
  return absl::StrCat("split-view-", absl::StrReplaceAll(view.log, {{"/", "-"}}), "-",
                      given.ok() ? given->size.value : 0, "-", digest.substr(0, 8), ".txt");
}

absl::StatusOr<std::string> KeepSplitView(absl::string_view folder, const log::SplitView& view) {
  std::string name = SplitViewFileName(view);
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
