#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"

namespace selaras::log {

// INVALID_ARGUMENT: names.
absl::Status BadLogName(absl::string_view name);
absl::Status BadKeyName(absl::string_view name);

// INVALID_ARGUMENT: a key or a note that cannot be read. Keys are never repeated in the text.
absl::Status NotAKey(absl::string_view reason);
absl::Status NotANote(absl::string_view reason);
absl::Status NotACheckpoint(absl::string_view reason);
absl::Status NotAReceipt(absl::string_view reason);
absl::Status NotAPolicy(absl::string_view reason);
absl::Status NotASplitView(absl::string_view reason);
absl::Status NotASuccession(absl::string_view reason);

// DATA_LOSS: a note that proves nothing.
absl::Status NotSignedBy(absl::string_view name, std::uint32_t key_id);
absl::Status WrongSignature(absl::string_view name, std::uint32_t key_id);
absl::Status NoLogSigned(absl::string_view why);
absl::Status ProvesNothing(absl::string_view why);
absl::Status QuorumMissed(absl::string_view quorum, absl::string_view missing);
absl::Status OriginMismatch(absl::string_view found, absl::string_view wanted);

// OUT_OF_RANGE: reading what a log does not have (yet).
absl::Status PastTheEnd(absl::string_view log, base::Sequence sequence, base::TreeSize size);
absl::Status NodesPastTheEnd(absl::string_view log, int tile_level, std::uint64_t end,
                             base::TreeSize size);

// NOT_FOUND: only the hash is held.
absl::Status EntryNotHere(absl::string_view log, base::Sequence sequence);

// INVALID_ARGUMENT: a batch that no store may write.
absl::Status EntryEmpty(absl::string_view log);
absl::Status EntryTooLong(absl::string_view log, std::size_t bytes);
absl::Status BatchTooLarge(std::size_t entries);
absl::Status OnlyWithAppend();
absl::Status EntryNotLost(absl::string_view log, base::Sequence sequence);

// INVALID_ARGUMENT: a frame whose parts do not fit each other.
absl::Status FrameTooLarge(absl::string_view log, std::size_t leaves);
absl::Status NoteTooLong(absl::string_view log, std::size_t bytes);
absl::Status FrameSizesDiffer(absl::string_view log, base::TreeSize from, std::size_t leaves,
                              base::TreeSize stated);
// OUT_OF_RANGE: leaves between what is held and the frame are missing.
absl::Status FrameGap(absl::string_view log, base::TreeSize held, base::TreeSize from);

// INVALID_ARGUMENT: no note may have more signatures.
absl::Status TooManyCosignatures(std::size_t most);
// NOT_FOUND: nothing of that size was published.
absl::Status NotPublished(absl::string_view log, base::TreeSize size);

// DATA_LOSS: the owner of a log contradicts itself, or an entry is not the one that was hashed.
absl::Status LeafChanged(absl::string_view log, base::Sequence sequence, const base::Digest& held,
                         const base::Digest& given);
absl::Status RootContradicts(absl::string_view log, base::TreeSize size, const base::Digest& held,
                             const base::Digest& stated);
absl::Status EntryMismatch(absl::string_view log, base::Sequence sequence);

// What others hold of a log that was restored. INVALID_ARGUMENT: it is another one.
absl::Status SourceOfAnotherLog(absl::string_view origin, absl::string_view wanted);
// FAILED_PRECONDITION: the log goes on under a key that the store does not know.
absl::Status KeyReplacedSince(absl::string_view verifier);
// DATA_LOSS: its hashes do not lead to the checkpoint; the store or two sources show two histories.
absl::Status RootUnproven(base::TreeSize size);
absl::Status StoreForked(absl::string_view source, base::TreeSize size);
absl::Status SourcesContradict(absl::string_view longer, absl::string_view other,
                               base::TreeSize size);

// INVALID_ARGUMENT: a key that cannot follow the others of a log.
absl::Status KeyOfAnotherLog(absl::string_view name, absl::string_view origin);
absl::Status KeyNotNew(absl::string_view verifier);
// DATA_LOSS: a change of keys that contradicts an earlier one, or a key that was replaced and signs
// on.
absl::Status ClosedBefore(absl::string_view origin, base::TreeSize size, base::TreeSize closed);
absl::Status SignedByReplacedKey(absl::string_view origin, std::uint32_t key_id,
                                 base::TreeSize size, base::TreeSize last);

// FAILED_PRECONDITION: the statement is about a log of other keys than the one here.
absl::Status SuccessionOfOtherKeys(absl::string_view origin, absl::string_view next);
// DATA_LOSS: the closing is not what is held, or not what the log's own key last said.
absl::Status ClosedElsewhere(absl::string_view log, base::TreeSize size, const base::Digest& held,
                             const base::Digest& stated);
absl::Status LastWordsDiffer(absl::string_view log);
// DATA_LOSS: a key of a log that was closed signs on.
absl::Status SignedAfterClosing(absl::string_view origin, std::uint32_t key_id, base::TreeSize size,
                                base::TreeSize last, absl::string_view successor);

// FAILED_PRECONDITION: a mirror was made with another key.
absl::Status MirrorOfAnotherKey(absl::string_view log, absl::string_view held,
                                absl::string_view given);
// NOT_FOUND: the log is not mirrored.
absl::Status NoMirror(absl::string_view log);
// INVALID_ARGUMENT: a node does not mirror itself.
absl::Status MirrorOfOwnLog(absl::string_view log);

}  // namespace selaras::log
