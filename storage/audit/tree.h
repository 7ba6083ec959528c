#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

#include "storage/audit/findings.h"
#include "storage/base/bytes.h"
#include "storage/log/log_reader.h"
#include "storage/merkle/frontier.h"

namespace selaras::audit {

// Receives the entries that match their leaf hash, in order.
using SoundEntry = std::function<void(base::Sequence sequence, absl::string_view bytes)>;

// Derives one log anew. Two trees grow side by side: one from the entries, one from the stored
// leaf hashes. Where entry and hash differ, the tree that leads to the signed root tells which of
// them is wrong; an inner node is wrong only if it is in neither.
class TreeAudit {
 public:
  TreeAudit(const log::LogReader& log, LogSummary* summary, Findings* findings)
      : log_(log), summary_(*summary), findings_(*findings) {}

  void Run(const SoundEntry& sound, const Progress& progress);
  void CheckCheckpoint(const std::optional<log::NoteVerifier>& verifier);

 private:
  // A leaf, or a root over leaves, as the two trees have it.
  struct Leaf {
    base::Digest from_entry;
    base::Digest stored;
  };

  std::vector<std::optional<base::Digest>> StoredLeaves(std::uint64_t first, std::uint64_t count);
  std::optional<Leaf> ReadLeaf(base::Sequence sequence, const std::optional<base::Digest>& stored,
                               const SoundEntry& sound);
  void Grow(const Leaf& leaf);
  void CompareNode(int tile_level, std::uint64_t index, const base::Digest& from_entries,
                   const base::Digest& from_leaves);
  // Whether it is a mirror to which nothing has come: it has no checkpoint yet.
  bool NothingArrived() const;
  void CompareRoot();
  void Report(Part part, std::optional<base::Sequence> sequence, std::string subject,
              std::string problem, std::string expected, std::string actual);

  const log::LogReader& log_;
  LogSummary& summary_;
  Findings& findings_;

  merkle::Frontier entries_;
  merkle::Frontier leaves_;
  bool complete_ = true;                  // every leaf is known from somewhere
  std::vector<std::size_t> leaf_faults_;  // findings of this log that await the root; few
  std::optional<Leaf> roots_;             // of both trees, at the size of the checkpoint
};

}  // namespace selaras::audit
