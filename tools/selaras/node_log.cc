#include "tools/selaras/node_log.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/link/key_change.h"
#include "storage/audit/findings.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/merkle/verify.h"
#include "tools/selaras/log_entry.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 256;  // a range of the audit

void ReportProof(const NodeLog& log, std::optional<base::Sequence> sequence, std::string subject,
                 const absl::Status& why, audit::AuditReport* report) {
  if (why.ok()) return;
  audit::Findings(report).Add({audit::Part::kProof, log.name(), sequence, std::move(subject),
                               "the proof that the node gives proves nothing",
                               "a proof for its checkpoint", std::string(why.message())});
}

absl::Status CheckInclusion(const ledger::v1::ProveInclusionResponse& response,
                            base::Sequence sequence, const base::Digest& leaf) {
  ASSIGN_OR_RETURN(const auto proof, ParseProof(response.hashes()));
  // The log may have grown meanwhile: the proof is for the checkpoint that comes with it.
  ASSIGN_OR_RETURN(const log::Checkpoint head, log::ReadUnverified(response.checkpoint()));
  return merkle::VerifyInclusion(leaf, sequence, head.size, proof, head.root);
}

absl::Status CheckConsistency(const ledger::v1::ProveConsistencyResponse& response,
                              base::TreeSize from, const base::Digest& from_root) {
  ASSIGN_OR_RETURN(const auto proof, ParseProof(response.hashes()));
  ASSIGN_OR_RETURN(const log::Checkpoint head, log::ReadUnverified(response.checkpoint()));
  return merkle::VerifyConsistency(from, from_root, head.size, head.root, proof);
}

}  // namespace

absl::StatusOr<std::unique_ptr<NodeLog>> NodeLog::Open(Ledger& ledger, const std::string& log) {
  ledger::v1::GetCheckpointRequest request;
  request.set_log(log);
  ASSIGN_OR_RETURN(const auto response, ledger.GetCheckpoint(request));
  if (response.checkpoint().empty()) return absl::NotFoundError("it has no checkpoint yet");
  const auto checkpoint = log::ReadUnverified(response.checkpoint());
  if (!checkpoint.ok()) return absl::DataLossError(checkpoint.status().message());
  return std::unique_ptr<NodeLog>(
      new NodeLog(ledger, log, log::SignedCheckpoint{*checkpoint, response.checkpoint()},
                  link::KeysIn(response.verifier_key(), response.past_keys())));
}

absl::Status NodeLog::Fetch(std::uint64_t first) const {
  ledger::v1::ListEntriesRequest request;
  request.set_log(name_);
  request.set_start(first);
  request.set_page_size(kPage);
  ASSIGN_OR_RETURN(const auto page, ledger_.ListEntries(request));
  leaves_.clear();
  first_ = first;
  for (const auto& record : page.entries()) {
    ASSIGN_OR_RETURN(const base::Digest hash, base::Digest::FromBytes(record.leaf_hash()));
    leaves_.push_back({hash, std::nullopt});
    if (!record.entry().empty()) leaves_.back().entry = record.entry();
  }
  if (!leaves_.empty()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the node shows no leaf ", first, ", which its checkpoint covers"));
}

absl::StatusOr<const NodeLog::Leaf*> NodeLog::At(std::uint64_t sequence) const {
  if (sequence < first_ || sequence >= first_ + leaves_.size()) {
    // Once a call failed, others would as well.
    if (status_.ok()) status_ = Fetch(sequence);
    RETURN_IF_ERROR(status_);
  }
  return &leaves_[sequence - first_];
}

absl::StatusOr<std::optional<std::string>> NodeLog::Entry(base::Sequence sequence) const {
  ASSIGN_OR_RETURN(const Leaf* leaf, At(sequence.value));
  return leaf->entry;
}

absl::StatusOr<std::vector<base::Digest>> NodeLog::Hashes(int tile_level, std::uint64_t first,
                                                          std::uint64_t count) const {
  if (tile_level > 0) return absl::UnimplementedError("a node shows no inner nodes");
  std::vector<base::Digest> hashes;
  for (std::uint64_t i = first; i < first + count; ++i) {
    ASSIGN_OR_RETURN(const Leaf* leaf, At(i));
    hashes.push_back(leaf->hash);
  }
  return hashes;
}

absl::Status AuditProofs(Ledger& ledger, const NodeLog& log,
                         const std::vector<audit::RememberedTree>& remembered,
                         audit::AuditReport* report) {
  const std::uint64_t size = log.size().value;
  if (size == 0) return absl::OkStatus();
  for (const std::uint64_t place : std::set<std::uint64_t>{0, size / 2, size - 1}) {
    ledger::v1::ProveInclusionRequest request;
    request.set_log(log.name());
    request.set_sequence(place);
    ASSIGN_OR_RETURN(const auto response, ledger.ProveInclusion(request));
    ASSIGN_OR_RETURN(const auto leaf, log.Hashes(0, place, 1));
    ReportProof(log, base::Sequence{place}, "inclusion",
                CheckInclusion(response, {place}, leaf.front()), report);
  }
  for (const audit::RememberedTree& tree : remembered) {
    if (tree.size > log.size()) continue;
    ledger::v1::ProveConsistencyRequest request;
    request.set_log(log.name());
    request.set_from_size(tree.size.value);
    ASSIGN_OR_RETURN(const auto response, ledger.ProveConsistency(request));
    ReportProof(log, std::nullopt, absl::StrCat("consistency with ", tree.size.value, " leaves"),
                CheckConsistency(response, tree.size, tree.root), report);
  }
  return absl::OkStatus();
}

}  // namespace selaras::cli
