#include "storage/rocks/own_log_writer.h"

#include <memory>
#include <utility>

#include "storage/base/status.h"
#include "storage/merkle/hash.h"
#include "storage/rocks/identity.h"
#include "storage/rocks/status.h"

namespace selaras::rocks {

merkle::Frontier OwnLogWriter::Stage(const std::vector<std::string>& entries,
                                     Database::Batch& batch) const {
  merkle::Frontier edge = log_.head()->edge;
  for (const std::string& entry : entries) {
    log_.rows().PutEntry(batch, base::NextAfter(edge.size()), entry);
    StageLeaf(merkle::HashLeaf(entry), edge, batch);
  }
  if (!entries.empty()) log_.rows().PutHead(batch, edge, log_.head()->checkpoint.note);
  return edge;
}

merkle::Frontier OwnLogWriter::StageRecovered(const std::vector<log::RecoveredLeaf>& leaves,
                                              const std::vector<log::DisclosedEntry>& found,
                                              Database::Batch& batch) const {
  const LogRows& rows = log_.rows();
  merkle::Frontier edge = log_.head()->edge;
  for (const log::RecoveredLeaf& leaf : leaves) {
    const base::Sequence next = base::NextAfter(edge.size());
    if (leaf.entry) {
      rows.PutEntry(batch, next, *leaf.entry);
    } else {
      rows.PutLost(batch, next);
    }
    StageLeaf(leaf.hash, edge, batch);
  }
  for (const log::DisclosedEntry& entry : found) {
    rows.PutEntry(batch, entry.sequence, entry.bytes);
    rows.DeleteLost(batch, entry.sequence);
  }
  if (!leaves.empty()) rows.PutHead(batch, edge, log_.head()->checkpoint.note);
  return edge;
}

void OwnLogWriter::StageLeaf(const base::Digest& hash, merkle::Frontier& edge,
                             Database::Batch& batch) const {
  edge.Append(hash, [&](int tile_level, std::uint64_t index, const base::Digest& node) {
    log_.rows().PutNode(batch, tile_level, index, node);
  });
}

void OwnLogWriter::VerifyFound(const std::vector<log::DisclosedEntry>& found) const {
  for (const log::DisclosedEntry& entry : found) {
    const auto read = log_.rows().Entry(entry.sequence);
    if (read.ok() && *read == entry.bytes) continue;
    EndProcess("what was written does not read back", read.status());
  }
}

Recovered OwnLogWriter::Seal(merkle::Frontier edge) const {
  const std::shared_ptr<const Recovered> head = log_.head();
  if (edge.size() == head->edge.size()) return *head;
  const absl::Status verified = VerifyRows(log_.rows(), head->edge, edge);
  if (!verified.ok()) EndProcess("what was written does not read back", verified);
  return Sign(std::move(edge));
}

Recovered OwnLogWriter::SignRecovered() const { return Sign(log_.head()->edge); }

absl::StatusOr<log::KeyChange> OwnLogWriter::StageKey(const crypto::SigningKey& next,
                                                      Database::Batch& batch) const {
  ASSIGN_OR_RETURN(log::KeyChange change, log::ChangeKey(log_, signer_, next));
  PutNewestKey(batch, log_.name(), log_.rows().slot(), change.keys);
  log_.rows().PutHead(batch, log_.head()->edge, change.closing.note);
  return change;
}

void OwnLogWriter::Apply(log::KeyChange change) {
  signer_ = std::move(change.signer);
  log_.Publish(std::move(change.keys));
  log_.Publish({log_.head()->edge, std::move(change.closing)});
}

Recovered OwnLogWriter::Sign(merkle::Frontier edge) const {
  log::SignedCheckpoint checkpoint =
      log::SignCheckpoint(signer_, {signer_.name(), edge.size(), edge.Root()});
  return {std::move(edge), std::move(checkpoint)};
}

void OwnLogWriter::PutCheckpoint(Database::Batch& batch) const {
  const std::shared_ptr<const Recovered> head = log_.head();
  log_.rows().PutHead(batch, head->edge, head->checkpoint.note);
}

}  // namespace selaras::rocks
