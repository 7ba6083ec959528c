#include "services/runtime/access.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "services/runtime/days.h"
#include "services/runtime/errors.h"
#include "services/runtime/refusal.h"
#include "storage/base/status.h"

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

// A delegate acts as the back office of those who gave him the right, and of nobody else; who
// reported to them he does not see (rule 8).
absl::StatusOr<Grant> GrantOfDelegate(const Identity& caller, Reach reach,
                                      const NodeAuthorities& node,
                                      const std::function<absl::Time()>& clock) {
  const absl::Time now = clock();
  Grant grant;
  const Mandate* other = nullptr;
  for (const Mandate& mandate : node.mandates) {
    if (mandate.to != caller.authority) continue;
    if (mandate.HoldsAt(now)) {
      grant.mandates.emplace(mandate.on_behalf_of, mandate);
    } else if (other == nullptr || other->last < mandate.last) {
      other = &mandate;
    }
  }
  if (grant.mandates.empty()) {
    return MandateNotInForce(caller, other->on_behalf_of, other->first.ToIso(),
                             other->last.ToIso());
  }
  grant.holds = [caller, clock, mandates = grant.mandates]() -> absl::Status {
    for (const auto& [authority, mandate] : mandates) {
      if (mandate.HoldsAt(clock())) continue;
      return MandateNotInForce(caller, authority, mandate.first.ToIso(), mandate.last.ToIso());
    }
    return absl::OkStatus();
  };
  if (reach == Reach::kYes) return grant;
  for (const auto& [authority, mandate] : grant.mandates) grant.looks_for.insert(authority);
  grant.commands = reach != Reach::kReads;
  return grant;
}

bool HasMandate(const Identity& caller, const NodeAuthorities& node) {
  return caller.role == Role::kBackoffice &&
         std::any_of(node.mandates.begin(), node.mandates.end(),
                     [&](const Mandate& mandate) { return mandate.to == caller.authority; });
}

}  // namespace

bool Mandate::HoldsAt(absl::Time moment) const {
  const reference::LocalDate day = WibDay(moment);
  return first <= day && day <= last;
}

std::optional<Caller> CallerOf(const Identity& caller, const NodeAuthorities& node) {
  const Caller column = ColumnOf(caller.role);
  if (column == Caller::kWitness) {
    return node.witnesses.contains(caller.authority) ? std::optional(column) : std::nullopt;
  }
  if (node.own.contains(caller.authority)) return column;
  if (PeerOf(caller, node)) return Caller::kPeer;
  if (HasMandate(caller, node)) return column;
  return std::nullopt;
}

std::optional<std::string> PeerOf(const Identity& caller, const NodeAuthorities& node) {
  if (caller.role != Role::kNode) return std::nullopt;
  const auto peer = node.peers.find(caller.authority);
  if (peer == node.peers.end()) return std::nullopt;
  return peer->second;
}

Access::Access(NodeAuthorities node, AccessTable table, AccessNow now)
    : node_(std::move(node)), table_(std::move(table)), now_(std::move(now)) {
  if (!now_.now) now_.now = [] { return absl::Now(); };
}

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
  if (*column == Caller::kBackoffice && !node_.own.contains(caller.authority)) {
    return GrantOfDelegate(caller, row->of(*column), node_, now_.now);
  }
  Grant grant = GrantOf(caller, row->of(*column), node_);
  grant.peer = PeerOf(caller, node_).value_or("");
  if (!grant.peer.empty() && now_.listed) RETURN_IF_ERROR(now_.listed(grant.peer));
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
