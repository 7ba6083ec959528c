#include "storage/log/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/base/status.h"
#include "storage/log/errors.h"

namespace selaras::log {
namespace {

constexpr absl::string_view kOriginStart = "selaras/";
constexpr absl::string_view kSuccessor = "/successor-";

struct OriginParts {
  std::string log;
  std::uint32_t generation = 1;
};

OriginParts PartsOf(absl::string_view origin) {
  absl::string_view log = origin;
  if (!absl::ConsumePrefix(&log, kOriginStart)) return {std::string(origin)};
  const auto end = log.rfind(kSuccessor);
  OriginParts parts{std::string(log.substr(0, end))};
  if (end == absl::string_view::npos) return parts;
  // Only what OriginOf() writes: one origin, one text.
  if (!absl::SimpleAtoi(log.substr(end + kSuccessor.size()), &parts.generation) ||
      parts.generation < 2 || OriginOf(parts.log, parts.generation) != origin) {
    return {std::string(log)};
  }
  return parts;
}

}  // namespace

std::string PrivateLogName(absl::string_view node) { return absl::StrCat(node, "/private"); }

bool IsPrivateLog(absl::string_view log) { return absl::EndsWith(log, "/private"); }

std::string OriginOf(absl::string_view log) { return absl::StrCat(kOriginStart, log); }

std::string OriginOf(absl::string_view log, std::uint32_t generation) {
  if (generation <= 1) return OriginOf(log);
  return absl::StrCat(OriginOf(log), kSuccessor, generation);
}

std::string LogOfOrigin(absl::string_view origin) { return PartsOf(origin).log; }

std::uint32_t GenerationOf(absl::string_view origin) { return PartsOf(origin).generation; }

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
