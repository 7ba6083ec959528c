#include "services/runtime/access.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/runtime/errors.h"
#include "services/runtime/refusal.h"

namespace selaras::runtime {
namespace {

Caller ColumnOf(Role role) {
  switch (role) {
    case Role::kNode:
      return Caller::kNode;
    case Role::kEntry:
      return Caller::kEntry;
    case Role::kBackoffice:
      return Caller::kBackoffice;
    case Role::kOps:
      return Caller::kOps;
    case Role::kPortal:
      return Caller::kPortal;
    case Role::kWitness:
      return Caller::kWitness;
    case Role::kAuditor:
      break;
  }
  return Caller::kAuditor;
}

// Who may call it, as the table names them.
std::string WhoMay(const AccessRow& row) {
  std::vector<absl::string_view> may;
  for (std::size_t i = 0; i < kCallers; ++i) {
    const auto caller = static_cast<Caller>(i);
    if (row.of(caller) != Reach::kNo) may.push_back(NameOf(caller));
  }
  return absl::StrJoin(may, " or ");
}

Grant GrantOf(const Identity& caller, Reach reach, const NodeAuthorities& node) {
  Grant grant;
  switch (reach) {
    case Reach::kNo:
    case Reach::kYes:
      return grant;
    case Reach::kOwn:
    case Reach::kOwnReporters:
      grant.looks_for.insert(caller.authority);
      break;
    case Reach::kReads:
    case Reach::kNode:
    case Reach::kNodeReporters:
      grant.looks_for.insert(node.own.begin(), node.own.end());
      break;
  }
  grant.whole_node = grant.looks_for.size() == node.own.size();
  grant.commands = reach != Reach::kReads;
  grant.sees_reporters = reach == Reach::kOwnReporters || reach == Reach::kNodeReporters;
  return grant;
}

}  // namespace

std::optional<Caller> CallerOf(const Identity& caller, const NodeAuthorities& node) {
  const Caller column = ColumnOf(caller.role);
  if (column == Caller::kWitness) {
    return node.witnesses.contains(caller.authority) ? std::optional(column) : std::nullopt;
  }
  if (node.own.contains(caller.authority)) return column;
  if (PeerOf(caller, node)) return Caller::kPeer;
  return std::nullopt;
}

std::optional<std::string> PeerOf(const Identity& caller, const NodeAuthorities& node) {
  if (caller.role != Role::kNode) return std::nullopt;
  const auto peer = node.peers.find(caller.authority);
  if (peer == node.peers.end()) return std::nullopt;
  return peer->second;
}

Access::Access(NodeAuthorities node, AccessTable table)
    : node_(std::move(node)), table_(std::move(table)) {}

absl::StatusOr<Grant> Access::Admit(const Identity& caller, absl::string_view full_method) const {
  const std::optional<Caller> column = CallerOf(caller, node_);
  if (!column) return NotYourNode(caller);
  const AccessRow* row =
      absl::StartsWith(full_method, "/") ? table_.Find(full_method.substr(1)) : nullptr;
  if (row == nullptr) {
    return NotYourMethod(caller, full_method, "it does not name the method", "");
  }
  if (row->of(*column) == Reach::kNo) {
    return NotYourMethod(caller, full_method,
                         absl::StrCat("line ", row->line, ": ", NameOf(*column), " no"),
                         WhoMay(*row));
  }
  Grant grant = GrantOf(caller, row->of(*column), node_);
  grant.peer = PeerOf(caller, node_).value_or("");
  return grant;
}

absl::Status MayCommandFor(const Identity& caller, const Grant& grant,
                           absl::string_view authority) {
  if (authority.empty()) {
    return BadField("header.authority", "missing; name the authority the command is sent for");
  }
  const bool may = grant.commands && grant.looks_for.contains(std::string(authority));
  return may ? absl::OkStatus() : NotYourAuthority(caller);
}

}  // namespace selaras::runtime
