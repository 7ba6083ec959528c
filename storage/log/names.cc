#include "storage/log/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/log/errors.h"

namespace selaras::log {

std::string PrivateLogName(absl::string_view node) { return absl::StrCat(node, "/private"); }

std::string OriginOf(absl::string_view log) { return absl::StrCat("selaras/", log); }

std::string WitnessKeyNameOf(absl::string_view name) {
  return absl::StrCat("selaras/", name, "/witness");
}

absl::Status CheckLogName(absl::string_view name) {
  const bool ok = !name.empty() && name.size() <= kLogNameBytesMax && name.front() != '/' &&
                  name.back() != '/' && !absl::StrContains(name, "//") &&
                  std::all_of(name.begin(), name.end(), [](char c) {
                    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
                           c == '_' || c == '-' || c == '/';
                  });
  return ok ? absl::OkStatus() : BadLogName(name);
}

absl::Status CheckNodeName(absl::string_view name) {
  RETURN_IF_ERROR(CheckLogName(name));
  RETURN_IF_ERROR(CheckLogName(PrivateLogName(name)));
  return absl::StrContains(name, '/') ? BadLogName(name) : absl::OkStatus();
}

}  // namespace selaras::log
