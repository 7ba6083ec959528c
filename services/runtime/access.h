#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/reference/local_date.h"
#include "services/runtime/access_table.h"
#include "services/runtime/identity.h"

// Who may call what on this node: the one table (access_table.h) and what the node knows of
// authorities. Pure.
namespace selaras::runtime {

// That somebody may act on behalf of an authority of the node (config::v1::Mandate), from the first
// to the last day of WIB.
struct Mandate {
  std::string to;
  std::string on_behalf_of;
  std::string type;
  std::string reference;
  reference::LocalDate first;
  reference::LocalDate last;

  bool HoldsAt(absl::Time moment) const;
};

// Which node this is, for whom it acts, and whom it knows.
struct NodeAuthorities {
  std::string node;
  std::set<std::string, std::less<>> own;
  std::map<std::string, std::string, std::less<>> peers;  // authority -> name of the peer
  std::set<std::string, std::less<>> witnesses = {};      // outside, by authority
  std::vector<Mandate> mandates = {};
};

// What changes while a node runs.
struct AccessNow {
  std::function<absl::Time()> now;
  // Whether the peer is still one, as the directory of nodes has it.
  std::function<absl::Status(const std::string& peer)> listed;
};

// What a caller may reach by the call that was let through. Of cases, those to which an authority
// of `looks_for` is a party (services/node/viewer.h), and nothing of others.
struct Grant {
  std::set<std::string> looks_for;
  bool whole_node = false;      // whether these are all authorities of this node
  bool commands = false;        // whether a command may be sent for them
  bool sees_reporters = false;  // whether it may see who reported to them (rule 8)
  std::string peer = {};        // the caller's name, if it is one
  // By what right it acts for each of `looks_for`, if these are not its own: by the authority.
  std::map<std::string, Mandate, std::less<>> mandates = {};
  // Whether it holds still: who goes on answering a call asks before each answer. Empty: it does.
  std::function<absl::Status()> holds = {};

  // The private log holds what is said of reporters to all authorities of the node.
  bool reads_private_log() const { return whole_node && sees_reporters; }
};

// How the caller stands to the node; nullopt if its authority is neither the node's nor, for a
// node, a peer's, or it is a witness that the configuration does not name. Of a peer only the node
// itself is known, not the people of its agency. A back office that has or had a mandate is one.
std::optional<Caller> CallerOf(const Identity& caller, const NodeAuthorities& node);

// The peer that the certificate belongs to; nullopt if it is of another role or no peer's.
std::optional<std::string> PeerOf(const Identity& caller, const NodeAuthorities& node);

// The one place in which it is decided who may call what. Thread-safe.
class Access {
 public:
  // Without `now` the system's clock holds, and without `now.listed` every peer is one.
  explicit Access(NodeAuthorities node, AccessTable table = AccessTable::BuiltIn(),
                  AccessNow now = {});

  const NodeAuthorities& node() const { return node_; }
  const AccessTable& table() const { return table_; }

  // What the caller may reach by the method, `/package.Service/Method`.
  //
  //   PERMISSION_DENIED  NOT_YOUR_NODE    CallerOf does not know the caller
  //                      NOT_YOUR_METHOD  the table says no, or does not name the method
  //                      MANDATE_NOT_IN_FORCE  the caller acts for others, but not today
  //                      NODE_NOT_LISTED  a peer that is none any more
  //
  // The texts name only what the caller brought, the table, and what was said about the caller.
  absl::StatusOr<Grant> Admit(const Identity& caller, absl::string_view full_method) const;

 private:
  const NodeAuthorities node_;
  const AccessTable table_;
  AccessNow now_;
};

// Whether the caller may send a command for the authority.
//
//   INVALID_ARGUMENT   INVALID_FIELD       none is named
//   PERMISSION_DENIED  NOT_YOUR_AUTHORITY  one for which it may not, whether it exists or not
absl::Status MayCommandFor(const Identity& caller, const Grant& grant, absl::string_view authority);

}  // namespace selaras::runtime
