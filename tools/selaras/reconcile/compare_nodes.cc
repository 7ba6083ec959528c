#include "tools/selaras/reconcile/compare_nodes.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/merkle/prove.h"
#include "storage/merkle/verify.h"
#include "tools/selaras/log_entry.h"

namespace selaras::cli {
namespace {

using cli::v1::ReconciledFinding;

const ledger::v1::LogState* LogOf(const ledger::v1::GetNodeResponse& node, const std::string& log) {
  for (const ledger::v1::LogState& state : node.logs()) {
    if (state.log() == log) return &state;
  }
  return nullptr;
}

ReconciledFinding Finding(absl::string_view result, const std::string& node,
                          const std::string& other, std::string why, std::string to_do) {
  ReconciledFinding finding;
  finding.set_kind("finding");
  finding.set_result(std::string(result));
  finding.set_node(node);
  finding.set_other(other);
  finding.set_why(std::move(why));
  finding.set_to_do(std::move(to_do));
  return finding;
}

// Whether the owner's log extends what the mirror holds. DATA_LOSS if not.
absl::Status Extends(Node& owner, const std::string& log, const ledger::v1::LogState& mirror) {
  if (mirror.size() == 0) return absl::OkStatus();
  ledger::v1::ProveConsistencyRequest request;
  request.set_log(log);
  request.set_from_size(mirror.size());
  ASSIGN_OR_RETURN(const auto proven, owner.ProveConsistency(request));
  ASSIGN_OR_RETURN(const log::Checkpoint head, log::ReadUnverified(proven.checkpoint()));
  ASSIGN_OR_RETURN(const base::Digest root, base::Digest::FromBytes(mirror.root()));
  ASSIGN_OR_RETURN(const merkle::Proof proof, ParseProof(proven.hashes()));
  if (mirror.size() > head.size.value) {
    return absl::DataLossError(
        absl::StrCat("it has ", head.size, " entries, and ", mirror.size(), " of it are held"));
  }
  return merkle::VerifyConsistency({mirror.size()}, root, head.size, head.root, proof);
}

absl::Status CompareMirror(Node& owner, const ledger::v1::GetNodeResponse& of,
                           const ledger::v1::GetNodeResponse& at,
                           std::vector<ReconciledFinding>* findings) {
  const ledger::v1::LogState* own = LogOf(of, of.node());
  const ledger::v1::LogState* mirror = LogOf(at, of.node());
  if (own == nullptr || mirror == nullptr) return absl::OkStatus();  // no link between them
  if (!mirror->verifier_key().empty() && !own->verifier_key().empty() &&
      mirror->verifier_key() != own->verifier_key()) {
    findings->push_back(Finding("evidence", at.node(), of.node(), "expects another key of that log",
                                "compare the keys of both configurations by telephone"));
  }
  const absl::Status extends = Extends(owner, of.node(), *mirror);
  if (absl::IsDataLoss(extends) || absl::IsInvalidArgument(extends) ||
      absl::IsOutOfRange(extends)) {
    findings->push_back(Finding(
        "evidence", of.node(), at.node(),
        absl::StrCat("its log does not extend what ", at.node(), " holds of it (",
                     extends.message().substr(0, extends.message().find('\n')), ")"),
        absl::StrCat(of.node(), " must explain it: selaras log diff shows where it forks")));
  } else {
    RETURN_IF_ERROR(extends);
  }
  if (mirror->size() < own->size()) {
    findings->push_back(
        Finding("behind", at.node(), of.node(),
                absl::StrCat("holds ", mirror->size(), " of ", own->size(), " leaves"),
                absl::StrCat(of.node(), " and ", at.node(),
                             " must bring their link up: selaras link list")));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ReconciledFinding>> CompareNodes(
    const std::vector<std::unique_ptr<Node>>& nodes,
    const std::vector<ledger::v1::GetNodeResponse>& earlier,
    const std::vector<ledger::v1::GetNodeResponse>& now) {
  std::vector<ReconciledFinding> findings;
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    for (const ledger::v1::LinkState& link : now[at].links()) {
      if (link.fault().empty()) continue;
      findings.push_back(Finding("evidence", now[at].node(), link.peer(), link.fault(),
                                 absl::StrCat(now[at].node(), " and ", link.peer(),
                                              " must look at what it keeps as evidence")));
    }
    for (std::size_t of = 0; of < nodes.size(); ++of) {
      if (at != of) RETURN_IF_ERROR(CompareMirror(*nodes[of], earlier[of], now[at], &findings));
    }
  }
  return findings;
}

}  // namespace selaras::cli
