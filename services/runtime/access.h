#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "services/runtime/identity.h"

// Who may call what: the one table, default deny. Pure.
namespace selaras::runtime {

// Which node this is, for whom it acts, and whom it knows.
struct NodeAuthorities {
  std::string node;
  std::set<std::string, std::less<>> own;
  std::map<std::string, std::string, std::less<>> peers;  // authority -> name of the peer
  std::set<std::string, std::less<>> witnesses = {};      // outside, by authority
};

// Whether the caller may call the method at all.
//
//   PERMISSION_DENIED  NOT_YOUR_NODE    the certificate's authority is neither this node's nor,
//                                       for LinkService and RecoveryService, a peer's; or it is
//                                       that of a witness that the configuration does not name
//                      NOT_YOUR_METHOD  the role may not, or the method is not in the table
//
// `full_method` is `/package.Service/Method`. The texts name only what the caller brought.
absl::Status MayCall(const Identity& caller, absl::string_view full_method,
                     const NodeAuthorities& node);

// Whether the caller may send a command for the authority: its own, or with a data-entry
// certificate any of the node's.
//
//   INVALID_ARGUMENT   INVALID_FIELD       none is named
//   PERMISSION_DENIED  NOT_YOUR_AUTHORITY  another one, whether it exists or not
absl::Status MayCommandFor(const Identity& caller, absl::string_view authority,
                           const NodeAuthorities& node);

// Both: the second only if the method is a command.
absl::Status Authorize(const Identity& caller, absl::string_view full_method,
                       absl::string_view command_authority, const NodeAuthorities& node);

// Whether the method changes something, and therefore is sent for an authority.
bool IsCommand(absl::string_view full_method);

// Whether the caller may see who reported to `author`: never operations, never another
// authority (rule 8).
bool MaySeeReporter(const Identity& caller, absl::string_view author, const NodeAuthorities& node);

// Whether the caller may read the node's private log, which holds what is said of reporters to all
// of its authorities.
bool MayReadPrivateLog(const Identity& caller, const NodeAuthorities& node);

// The peer that the certificate belongs to; nullopt if it is of another role or no peer's.
std::optional<std::string> PeerOf(const Identity& caller, const NodeAuthorities& node);

}  // namespace selaras::runtime
