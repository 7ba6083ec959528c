#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/config/v1/config.pb.h"

#include "services/reference/catalogue.h"
#include "services/runtime/access.h"

namespace selaras::runtime {

inline constexpr std::size_t kConfigBytesMax = 1u << 20;
inline constexpr int kPeersMax = 1'024;

// Reads the configuration of a node. On return every path is absolute (relative ones start at the
// file's folder), what must be there is, and unset limits have their defaults; whether the rest
// makes sense is CheckConfig's question.
//
//   NOT_FOUND         the file is missing, a folder, or unreadable
//   INVALID_ARGUMENT  larger than kConfigBytesMax, not text, malformed, an unknown field, a
//                     required path missing: `<file>:<line>:<column>: <reason>` where there is one
absl::StatusOr<config::v1::NodeConfig> LoadConfig(const std::string& path);

// The same for a text; `file` names it in errors, `folder` is where relative paths start.
absl::StatusOr<config::v1::NodeConfig> ParseConfig(absl::string_view text, absl::string_view file,
                                                   absl::string_view folder);

// Whether a node of this role may run with it. INVALID_ARGUMENT names the field, the reason and
// the cure. Pure.
absl::Status CheckConfig(const config::v1::NodeConfig& config, reference::AuthorityRole role,
                         const reference::Catalogue& catalogue);

// 1 to 48 of a-z, 0-9, - and ., beginning with a letter or digit.
bool IsNodeName(absl::string_view name);

// What the access table needs of a configuration that was checked.
NodeAuthorities AuthoritiesOf(const config::v1::NodeConfig& config);

// Sets what is zero to its default, as ParseConfig does.
void SetDefaults(config::v1::Limits* limits);

}  // namespace selaras::runtime
