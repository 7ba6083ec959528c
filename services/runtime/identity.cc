#include "services/runtime/identity.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/runtime/errors.h"

namespace selaras::runtime {
namespace {

constexpr absl::string_view kDomain = "spiffe://selaras/";
constexpr std::size_t kAuthorityBytesMax = 128;
constexpr std::array<absl::string_view, 7> kNames = {"node",   "entry",   "backoffice", "ops",
                                                     "portal", "witness", "auditor"};

std::optional<Role> ParseRole(absl::string_view word) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (word == kNames[i]) return static_cast<Role>(i);
  }
  return std::nullopt;
}

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsSegment(absl::string_view text) {
  return !text.empty() && IsLowerOrDigit(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLowerOrDigit(c) || c == '.' || c == '_' || c == '-'; });
}

bool IsAuthority(absl::string_view text) {
  if (text.empty() || text.size() > kAuthorityBytesMax) return false;
  for (const absl::string_view segment : absl::StrSplit(text, '/')) {
    if (!IsSegment(segment)) return false;
  }
  return true;
}

}  // namespace

absl::string_view NameOf(Role role) { return kNames[static_cast<std::size_t>(role)]; }

std::ostream& operator<<(std::ostream& out, const Identity& identity) {
  return out << NameOf(identity.role) << " of " << identity.authority;
}

std::string IdentityUri(absl::string_view role, absl::string_view authority) {
  return absl::StrCat(kDomain, role, "/", authority);
}

absl::StatusOr<Identity> ParseIdentity(absl::string_view uri) {
  absl::string_view rest = uri;
  if (!absl::ConsumePrefix(&rest, kDomain)) return NoIdentity();
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(rest, absl::MaxSplits('/', 1));
  return MakeIdentity(parts.first, parts.second);
}

absl::StatusOr<Identity> MakeIdentity(absl::string_view role, absl::string_view authority) {
  const std::optional<Role> known = ParseRole(role);
  if (!known || !IsAuthority(authority)) return NoIdentity();
  return Identity{*known, std::string(authority)};
}

}  // namespace selaras::runtime
