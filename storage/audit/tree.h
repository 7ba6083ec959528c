#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/audit/findings.h"
#include "storage/audit/tree_range.h"
#include "storage/log/note.h"
#include "storage/merkle/frontier.h"

namespace selaras::audit {

// Derives one log anew. Two trees grow side by side: one from the entries, one from the stored
// leaf hashes. Where entry and hash differ, the tree that leads to the signed root tells which of
// them is wrong; an inner node is wrong only if it is in neither.
//
// Ranges of whole tiles are hashed on several threads; what joins them is a 256th of the work.
class TreeAudit {
 public:
  // All must outlive it; summary->kind is set.
  TreeAudit(const log::LogReader& log, const AuditOptions& options, LogSummary* summary,
            Findings* findings);

  // `noted` gets what was noted of all entries together, but for findings.
  void Run(const SoundEntry& sound, const Progress& progress, Notes* noted);
  void CheckCheckpoint(const std::optional<log::NoteVerifier>& verifier);
  // Whether the log extends what was verified earlier. After Run().
  void CheckRemembered();

 private:
  std::optional<Range> NextRange();
  void Join(RangeHashes hashes);
  // `node` is the inner node that is stored for it, if it was read with its range.
  void JoinTile(const Leaf& tile, const base::Digest* node);
  // Roots of the sizes that someone wants and that lie in the next tile, before it is joined.
  void NoteRoots(std::span<const Leaf> leaves_of_tile, std::uint64_t width);
  Leaf RootWith(std::span<const Leaf> leaves) const;
  void CompareNode(int tile_level, std::uint64_t index, const base::Digest& from_entries,
                   const base::Digest& from_leaves, const base::Digest* read);
  // Whether it is a mirror to which nothing has come: it has no checkpoint yet.
  bool NothingArrived() const;
  void CompareRoot();
  // The checkpoints that closed the keys which were replaced.
  void CheckClosings(const log::LogKeys& keys);
  // Which of entry and hash is wrong, for those that differ.
  void SettleLeaves(bool entries_agree);
  void Report(Part part, std::optional<base::Sequence> sequence, std::string subject,
              std::string problem, std::string expected, std::string actual);

  const log::LogReader& log_;
  const AuditOptions& options_;
  LogSummary& summary_;
  Findings& findings_;
  const std::uint64_t size_;

  std::map<std::uint64_t, std::optional<Leaf>> roots_;  // wanted sizes; both trees
  std::uint64_t next_ = 0;                              // first leaf of the next range
  merkle::Frontier entries_;                            // over the roots of full tiles
  merkle::Frontier leaves_;                             // likewise
  bool complete_ = true;                                // every leaf is known from somewhere
  bool leaves_differ_ = false;                          // in some place entry and hash do
  std::vector<std::size_t> leaf_faults_;  // findings of this log that await the root; few
};

}  // namespace selaras::audit
