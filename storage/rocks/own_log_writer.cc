#include "storage/rocks/own_log_writer.h"

#include <memory>
#include <utility>

#include "storage/merkle/hash.h"
#include "storage/rocks/status.h"

namespace selaras::rocks {

merkle::Frontier OwnLogWriter::Stage(const std::vector<std::string>& entries,
                                     Database::Batch& batch) const {
  const std::shared_ptr<const Recovered> head = log_.head();
  merkle::Frontier edge = head->edge;
  if (entries.empty()) return edge;
  const LogRows& rows = log_.rows();
  for (const std::string& entry : entries) {
    rows.PutEntry(batch, base::NextAfter(edge.size()), entry);
    edge.Append(merkle::HashLeaf(entry),
                [&](int tile_level, std::uint64_t index, const base::Digest& hash) {
                  rows.PutNode(batch, tile_level, index, hash);
                });
  }
  rows.PutHead(batch, edge, head->checkpoint.note);
  return edge;
}

Recovered OwnLogWriter::Seal(merkle::Frontier edge) const {
  const std::shared_ptr<const Recovered> head = log_.head();
  if (edge.size() == head->edge.size()) return *head;
  const absl::Status verified = VerifyRows(log_.rows(), head->edge, edge);
  if (!verified.ok()) EndProcess("what was written does not read back", verified);
  return Sign(std::move(edge));
}

Recovered OwnLogWriter::SignRecovered() const { return Sign(log_.head()->edge); }

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
