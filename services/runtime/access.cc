#include "services/runtime/access.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/runtime/errors.h"
#include "services/runtime/refusal.h"
#include "storage/base/status.h"

namespace selaras::runtime {
namespace {

enum class Use {
  kCommand,  // writes, for an authority
  kRead,
  kLink,      // between nodes
  kWitness,   // for witnesses outside: hashes, and their cosignatures
  kOperate,   // changes how the node runs, and no log
  kReporter,  // for reporters, who show a code and nothing else
  kProbe,     // says that the node is there and what contract it speaks
};

// What the methods of a service are for. A service that is absent is refused.
struct ServiceRow {
  absl::string_view service;
  Use use;
};
constexpr std::array kServices = {
    ServiceRow{"selaras.intake.v1.IntakeService", Use::kCommand},
    ServiceRow{"selaras.intake.v1.ReporterService", Use::kReporter},
    ServiceRow{"selaras.referral.v1.ReferralService", Use::kCommand},
    ServiceRow{"selaras.sanction.v1.SanctionService", Use::kCommand},
    ServiceRow{"selaras.query.v1.QueryService", Use::kRead},
    ServiceRow{"selaras.query.v1.StatisticsService", Use::kRead},
    ServiceRow{"selaras.ledger.v1.LedgerService", Use::kRead},
    ServiceRow{"selaras.ledger.v1.OperationsService", Use::kOperate},
    ServiceRow{"selaras.ledger.v1.LinkService", Use::kLink},
    ServiceRow{"selaras.ledger.v1.RecoveryService", Use::kLink},
    ServiceRow{"selaras.ledger.v1.WitnessService", Use::kWitness},
    ServiceRow{"grpc.health.v1.Health", Use::kProbe},
    ServiceRow{"grpc.reflection.v1alpha.ServerReflection", Use::kProbe},
    // Not served: clients ask for it first, and on UNIMPLEMENTED for the older one.
    ServiceRow{"grpc.reflection.v1.ServerReflection", Use::kProbe},
};

enum class Relation { kOwn, kPeer, kOutside };

// Who may do what, by how its authority stands to the node. What is absent is refused.
struct AccessRow {
  Role role;
  Relation relation;
  Use use;

  friend bool operator==(const AccessRow&, const AccessRow&) = default;
};
constexpr std::array kAccess = {
    AccessRow{Role::kBackoffice, Relation::kOwn, Use::kCommand},
    AccessRow{Role::kBackoffice, Relation::kOwn, Use::kRead},
    AccessRow{Role::kBackoffice, Relation::kOwn, Use::kProbe},
    AccessRow{Role::kEntry, Relation::kOwn, Use::kCommand},
    AccessRow{Role::kEntry, Relation::kOwn, Use::kRead},
    AccessRow{Role::kEntry, Relation::kOwn, Use::kProbe},
    AccessRow{Role::kOps, Relation::kOwn, Use::kRead},
    AccessRow{Role::kOps, Relation::kOwn, Use::kOperate},
    AccessRow{Role::kOps, Relation::kOwn, Use::kProbe},
    AccessRow{Role::kPortal, Relation::kOwn, Use::kReporter},
    AccessRow{Role::kPortal, Relation::kOwn, Use::kProbe},
    AccessRow{Role::kNode, Relation::kOwn, Use::kProbe},
    AccessRow{Role::kNode, Relation::kPeer, Use::kLink},
    AccessRow{Role::kNode, Relation::kPeer, Use::kProbe},
    AccessRow{Role::kWitness, Relation::kOutside, Use::kWitness},
    AccessRow{Role::kWitness, Relation::kOutside, Use::kProbe},
};

std::optional<Use> UseOf(absl::string_view full_method) {
  if (!absl::ConsumePrefix(&full_method, "/")) return std::nullopt;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(full_method, absl::MaxSplits('/', 1));
  for (const ServiceRow& row : kServices) {
    if (row.service == parts.first && !parts.second.empty()) return row.use;
  }
  return std::nullopt;
}

std::optional<Relation> RelationOf(const Identity& caller, const NodeAuthorities& node) {
  if (caller.role == Role::kWitness) {
    if (!node.witnesses.contains(caller.authority)) return std::nullopt;
    return Relation::kOutside;
  }
  if (node.own.contains(caller.authority)) return Relation::kOwn;
  // Only the peer itself is known here, not the people of its agency.
  if (PeerOf(caller, node)) return Relation::kPeer;
  return std::nullopt;
}

}  // namespace

absl::Status MayCall(const Identity& caller, absl::string_view full_method,
                     const NodeAuthorities& node) {
  const std::optional<Relation> relation = RelationOf(caller, node);
  if (!relation) return NotYourNode(caller);
  const std::optional<Use> use = UseOf(full_method);
  if (!use || std::find(kAccess.begin(), kAccess.end(), AccessRow{caller.role, *relation, *use}) ==
                  kAccess.end()) {
    return NotYourMethod(caller, full_method);
  }
  return absl::OkStatus();
}

absl::Status MayCommandFor(const Identity& caller, absl::string_view authority,
                           const NodeAuthorities& node) {
  if (authority.empty()) {
    return BadField("header.authority", "missing; name the authority the command is sent for");
  }
  const bool may = node.own.contains(authority) &&
                   (caller.role == Role::kEntry ||
                    (caller.role == Role::kBackoffice && caller.authority == authority));
  return may ? absl::OkStatus() : NotYourAuthority(caller);
}

absl::Status Authorize(const Identity& caller, absl::string_view full_method,
                       absl::string_view command_authority, const NodeAuthorities& node) {
  RETURN_IF_ERROR(MayCall(caller, full_method, node));
  return IsCommand(full_method) ? MayCommandFor(caller, command_authority, node) : absl::OkStatus();
}

bool IsCommand(absl::string_view full_method) { return UseOf(full_method) == Use::kCommand; }

bool MaySeeReporter(const Identity& caller, absl::string_view author, const NodeAuthorities& node) {
  return MayCommandFor(caller, author, node).ok();
}

bool MayReadPrivateLog(const Identity& caller, const NodeAuthorities& node) {
  return std::all_of(node.own.begin(), node.own.end(), [&](const std::string& author) {
    return MaySeeReporter(caller, author, node);
  });
}

std::optional<std::string> PeerOf(const Identity& caller, const NodeAuthorities& node) {
  if (caller.role != Role::kNode) return std::nullopt;
  const auto peer = node.peers.find(caller.authority);
  if (peer == node.peers.end()) return std::nullopt;
  return peer->second;
}

}  // namespace selaras::runtime
