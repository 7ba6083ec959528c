#include "storage/log/recovery.h"

#include <algorithm>
#include <shared_mutex>
#include <utility>

#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/memory_log.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"

namespace selaras::log {
namespace {

// Leaves that are read, and written, at once: bounds memory, with entries of any length.
constexpr std::uint64_t kAtOnce = 256;

// The error says of which source it is.
absl::Status In(const RecoverySource& source, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(source.name, ": ", status.message()));
}

// A tree of leaf hashes in memory, with its inner nodes: what a proof is made from.
struct Tree {
  explicit Tree(const LogReader& like) : log(like.name(), *like.keys(), mutex) {}

  std::shared_mutex mutex;
  MemoryLog log;
};

absl::Status AddLeaves(const LogReader& from, base::TreeSize size, MemoryLog& to) {
  while (to.size() < size) {
    const std::uint64_t first = to.size().value;
    ASSIGN_OR_RETURN(const std::vector<base::Digest> hashes,
                     from.Hashes(0, first, std::min(kAtOnce, size.value - first)));
    for (const base::Digest& hash : hashes) to.Append(hash, std::nullopt);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Recovery> Recovery::Plan(const LogReader& own, std::vector<RecoverySource> sources,
                                        const Progress& progress,
                                        std::optional<SplitView>* contradiction) {
  Recovery recovery(own, std::move(sources));
  recovery.from_ = own.size();
  RETURN_IF_ERROR(recovery.OpenHeads());
  RETURN_IF_ERROR(recovery.CompareTrees(contradiction));
  RETURN_IF_ERROR(recovery.CheckEntries(progress));
  return recovery;
}

absl::Status Recovery::OpenHeads() {
  const LogKeys keys = *own_->keys();
  for (const RecoverySource& source : sources_) {
    if (source.log->origin() != own_->origin()) {
      return In(source, SourceOfAnotherLog(source.log->origin(), own_->origin()));
    }
    auto head = keys.Open(source.log->checkpoint().note);
    if (!head.ok()) {
      const std::optional<LogKeys> theirs = source.log->keys();
      const bool replaced = theirs && theirs->Has(keys.newest()) && !keys.Has(theirs->newest());
      return In(source,
                replaced ? KeyReplacedSince(theirs->newest().VerifierText()) : head.status());
    }
    // The last batch of a node that was killed is not signed in its store: it gives entries only.
    if (head->checkpoint.size > source.log->size()) {
      return In(source, RootUnproven(head->checkpoint.size));
    }
    heads_.push_back(*std::move(head));
  }
  return absl::OkStatus();
}

absl::Status Recovery::CompareTrees(std::optional<SplitView>* contradiction) {
  head_ = own_->checkpoint();
  head_by_ = "here";
  const auto longest = std::max_element(heads_.begin(), heads_.end(), [](auto& a, auto& b) {
    return a.checkpoint.size < b.checkpoint.size;
  });
  if (longest != heads_.end() && longest->checkpoint.size > from_) {
    const auto index = static_cast<std::size_t>(longest - heads_.begin());
    head_ = *longest;
    head_by_ = sources_[index].name;
    RETURN_IF_ERROR(ReadLeaves(sources_[index], contradiction));
  }
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    RETURN_IF_ERROR(CheckBeginning(i, contradiction));
  }
  return absl::OkStatus();
}

absl::Status Recovery::ReadLeaves(const RecoverySource& longest,
                                  std::optional<SplitView>* contradiction) {
  const std::uint64_t size = head_.checkpoint.size.value;
  while (from_.value + leaves_.size() < size) {
    const std::uint64_t first = from_.value + leaves_.size();
    const auto hashes = longest.log->Hashes(0, first, std::min(kAtOnce, size - first));
    if (!hashes.ok()) return In(longest, hashes.status());
    leaves_.insert(leaves_.end(), hashes->begin(), hashes->end());
  }
  ASSIGN_OR_RETURN(const base::Digest root, RootAt(head_.checkpoint.size));
  if (root == head_.checkpoint.root) return absl::OkStatus();
  // Either its hashes are wrong, or what is here is another course of the log.
  Tree theirs(*own_);
  if (const absl::Status read = AddLeaves(*longest.log, head_.checkpoint.size, theirs.log);
      !read.ok()) {
    return In(longest, read);
  }
  if (theirs.log.edge().Root() != head_.checkpoint.root) {
    return In(longest, RootUnproven(head_.checkpoint.size));
  }
  theirs.log.SetCheckpoint(head_);
  absl::Status forked = StoreForked(longest.name, from_);
  ASSIGN_OR_RETURN(*contradiction, MakeSplitView(theirs.log, longest.name, own_->checkpoint(),
                                                 "here", forked.message()));
  return forked;
}

absl::Status Recovery::CheckBeginning(std::size_t source,
                                      std::optional<SplitView>* contradiction) const {
  const Checkpoint& stated = heads_[source].checkpoint;
  ASSIGN_OR_RETURN(const base::Digest root, RootAt(stated.size));
  if (root == stated.root) return absl::OkStatus();
  Tree known(*own_);
  RETURN_IF_ERROR(AddLeaves(*own_, from_, known.log));
  for (const base::Digest& leaf : leaves_) known.log.Append(leaf, std::nullopt);
  known.log.SetCheckpoint(head_);
  absl::Status forked = SourcesContradict(head_by_, sources_[source].name, stated.size);
  ASSIGN_OR_RETURN(*contradiction, MakeSplitView(known.log, head_by_, heads_[source],
                                                 sources_[source].name, forked.message()));
  return forked;
}

absl::StatusOr<base::Digest> Recovery::RootAt(base::TreeSize size) const {
  if (size <= from_) return merkle::RootAt(*own_, size);
  ASSIGN_OR_RETURN(merkle::Frontier edge, merkle::FrontierAt(*own_, from_));
  for (std::uint64_t i = 0; i < size.value - from_.value; ++i) edge.Append(leaves_[i]);
  return edge.Root();
}

absl::StatusOr<base::Digest> Recovery::LeafAt(base::Sequence sequence) const {
  if (base::Covers(from_, sequence)) return LeafHash(*own_, sequence);
  return leaves_[sequence.value - from_.value];
}

absl::Status Recovery::Entries(
    base::Sequence first, std::uint64_t count,
    absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const {
  std::vector<bool> given(count);
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const std::uint64_t end = std::min(first.value + count, sources_[i].log->size().value);
    if (end <= first.value) continue;
    absl::Status checked;
    absl::Status read = sources_[i].log->Entries(
        first, end - first.value, [&](base::Sequence sequence, absl::string_view bytes) {
          if (!checked.ok()) return;
          const auto leaf = LeafAt(sequence);
          if (!leaf.ok() || merkle::HashLeaf(bytes) != *leaf) {
            checked = leaf.ok() ? EntryMismatch(own_->name(), sequence) : leaf.status();
            return;
          }
          if (given[sequence.value - first.value]) return;
          given[sequence.value - first.value] = true;
          entry(sequence, bytes);
        });
    if (read.ok()) read = checked;
    if (!read.ok()) return In(sources_[i], read);
  }
  return absl::OkStatus();
}

absl::Status Recovery::CheckEntries(const Progress& progress) {
  ASSIGN_OR_RETURN(const std::vector<base::Sequence> lost, own_->Lost({0}, from_.value));
  for (const base::Sequence sequence : lost) {
    RETURN_IF_ERROR(Entries(
        sequence, 1, [&](base::Sequence place, absl::string_view) { found_.push_back(place); }));
  }
  lost_ = leaves_.size();
  for (std::uint64_t done = 0; done < leaves_.size();) {
    const std::uint64_t count = std::min<std::uint64_t>(kAtOnce, leaves_.size() - done);
    RETURN_IF_ERROR(
        Entries({from_.value + done}, count, [&](base::Sequence, absl::string_view) { --lost_; }));
    done += count;
    if (progress) progress(done, leaves_.size());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RecoveryBatch>> Recovery::Next() {
  RecoveryBatch batch;
  for (; found_given_ < found_.size() && batch.found.size() < kAtOnce; ++found_given_) {
    RETURN_IF_ERROR(
        Entries(found_[found_given_], 1, [&](base::Sequence place, absl::string_view bytes) {
          batch.found.push_back({place, std::string(bytes)});
        }));
  }
  if (!batch.found.empty()) return batch;

  const std::uint64_t done = own_->size().value - from_.value;
  const std::uint64_t count = std::min<std::uint64_t>(kAtOnce, leaves_.size() - done);
  if (count == 0) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i) {
    batch.leaves.push_back({leaves_[done + i], std::nullopt});
  }
  RETURN_IF_ERROR(Entries(base::NextAfter(own_->size()), count,
                          [&](base::Sequence sequence, absl::string_view bytes) {
                            batch.leaves[sequence.value - own_->size().value].entry.emplace(bytes);
                          }));
  return batch;
}

}  // namespace selaras::log
