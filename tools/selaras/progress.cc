#include "tools/selaras/progress.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace selaras::cli {
namespace {

constexpr std::uint64_t kBarWidth = 24;

}  // namespace

std::string ProgressText(absl::string_view what, std::uint64_t done, std::uint64_t of) {
  if (of == 0) return absl::StrCat(what, "  ", done);
  const std::uint64_t full = kBarWidth * std::min(done, of) / of;
  std::string bar;
  for (std::uint64_t i = 0; i < kBarWidth; ++i) bar += i < full ? "█" : "░";
  return absl::StrCat(what, "  ", bar, "  ", done, "/", of);
}

}  // namespace selaras::cli
