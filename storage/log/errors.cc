#include "storage/log/errors.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "storage/log/limits.h"
#include "storage/log/names.h"

namespace selaras::log {
namespace {

std::string Key(absl::string_view name, std::uint32_t key_id) {
  return absl::StrFormat("%s+%08x", name, key_id);
}

}  // namespace

absl::Status BadLogName(absl::string_view name) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", absl::CHexEscape(name.substr(0, kLogNameBytesMax)),
                   "' cannot name a log or node; use 1 to ", kLogNameBytesMax,
                   " of a-z A-Z 0-9 . _ -, e.g. bawaslu-13"));
}

absl::Status BadKeyName(absl::string_view name) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", absl::CHexEscape(name.substr(0, kLogNameBytesMax)),
                   "' cannot name a key; leave out spaces, plus signs and control characters"));
}

absl::Status NotAKey(absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is no key text: ", reason, "; copy the whole line from the key's file"));
}

absl::Status NotANote(absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is no signed note: ", reason, "; hand it over byte for byte"));
}

absl::Status NotACheckpoint(absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat("the note states no checkpoint: ", reason,
                                                 "; ask the log's node for its checkpoint"));
}

absl::Status NotAReceipt(absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is no receipt: ", reason, "; ask the log's node for one"));
}

absl::Status NotAPolicy(absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is no policy: ", reason, "; see c2sp.org/tlog-policy"));
}

absl::Status NoLogSigned(absl::string_view why) {
  return absl::DataLossError(absl::StrCat("no log of the policy signed the checkpoint: ",
                                          why.empty() ? "it names none" : why));
}

absl::Status QuorumMissed(absl::string_view quorum, absl::string_view missing) {
  return absl::DataLossError(absl::StrCat("too few witnesses cosigned for ", quorum, ": ", missing,
                                          "; ask for a receipt that they have cosigned"));
}

absl::Status NotSignedBy(absl::string_view name, std::uint32_t key_id) {
  return absl::DataLossError(absl::StrCat("the note carries no signature of ", Key(name, key_id),
                                          "; check which key the log's owner uses"));
}

absl::Status WrongSignature(absl::string_view name, std::uint32_t key_id) {
  return absl::DataLossError(absl::StrCat("the signature of ", Key(name, key_id),
                                          " does not fit the note; it was changed on the way, "
                                          "fetch it again"));
}

absl::Status OriginMismatch(absl::string_view found, absl::string_view wanted) {
  return absl::DataLossError(absl::StrCat("the checkpoint is of log ", found, ", not of ", wanted,
                                          "; check which logs the peer serves"));
}

absl::Status PastTheEnd(absl::string_view log, base::Sequence sequence, base::TreeSize size) {
  return absl::OutOfRangeError(absl::StrCat(log, "@", sequence, " is past the end: ", size,
                                            " entries are here; wait for it"));
}

absl::Status NodesPastTheEnd(absl::string_view log, int tile_level, std::uint64_t end,
                             base::TreeSize size) {
  return absl::OutOfRangeError(absl::StrCat("tile level ", tile_level, " of ", log,
                                            " is not complete up to ", end, " at ", size,
                                            " leaves; ask for an earlier size"));
}

absl::Status EntryNotHere(absl::string_view log, base::Sequence sequence) {
  return absl::NotFoundError(absl::StrCat("entry ", log, "@", sequence.value,
                                          " was not disclosed here; ask the node that wrote it"));
}

absl::Status EntryEmpty(absl::string_view log) {
  return absl::InvalidArgumentError(
      absl::StrCat("an empty entry for ", log, " records nothing; leave it out"));
}

absl::Status EntryTooLong(absl::string_view log, std::size_t bytes) {
  return absl::InvalidArgumentError(absl::StrCat("an entry for ", log, " has ", bytes,
                                                 " bytes, more than ", kEntryBytesMax,
                                                 "; move long texts to attachments"));
}

absl::Status BatchTooLarge(std::size_t entries) {
  return absl::InvalidArgumentError(absl::StrCat("the batch has ", entries, " entries, more than ",
                                                 kAppendEntriesMax, "; split it"));
}

absl::Status OnlyWithAppend() {
  return absl::InvalidArgumentError(
      "rows of requests and state are written only together with entries; use Append");
}

absl::Status FrameTooLarge(absl::string_view log, std::size_t leaves) {
  return absl::InvalidArgumentError(absl::StrCat("a frame of ", log, " has ", leaves,
                                                 " leaves, more than ", kFrameLeavesMax,
                                                 "; send several"));
}

absl::Status NoteTooLong(absl::string_view log, std::size_t bytes) {
  return absl::InvalidArgumentError(absl::StrCat("a checkpoint of ", log, " has ", bytes,
                                                 " bytes, more than ", kCheckpointBytesMax,
                                                 "; send it with fewer signatures"));
}

absl::Status FrameSizesDiffer(absl::string_view log, base::TreeSize from, std::size_t leaves,
                              base::TreeSize stated) {
  return absl::InvalidArgumentError(absl::StrCat("a frame of ", log, " has ", leaves,
                                                 " leaves from ", from, ", but a checkpoint of ",
                                                 stated, "; send the leaves that it covers"));
}

absl::Status EntryNotLost(absl::string_view log, base::Sequence sequence) {
  return absl::InvalidArgumentError(
      absl::StrCat(log, "@", sequence, " is not lost; give only entries of lost leaves"));
}

absl::Status FrameGap(absl::string_view log, base::TreeSize held, base::TreeSize from) {
  return absl::OutOfRangeError(absl::StrCat("the mirror of ", log, " holds ", held,
                                            " leaves, the frame begins at ", from,
                                            "; follow again from ", held));
}

absl::Status NotASplitView(absl::string_view reason) {
  return absl::InvalidArgumentError(absl::StrCat("no evidence of a split view: ", reason));
}

absl::Status NotASuccession(absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("no statement of a log's succession: ", reason,
                   "; take the file that selaras log succeed wrote, as it is"));
}

absl::Status SuccessionOfOtherKeys(absl::string_view origin, absl::string_view next) {
  return absl::FailedPreconditionError(
      absl::StrCat("no key that is known of ", origin, " is among those that ", next,
                   " succeeds; take the statement of the log that is followed here"));
}

absl::Status ClosedElsewhere(absl::string_view log, base::TreeSize size, const base::Digest& held,
                             const base::Digest& stated) {
  return absl::DataLossError(absl::StrCat(log, " is said to be closed at size ", size,
                                          " with root ", base::HexEncode(stated.view()),
                                          ", but here it has root ", base::HexEncode(held.view()),
                                          " there; do not accept that: it must be closed where all "
                                          "its followers agree, see selaras log "
                                          "diff"));
}

absl::Status LastWordsDiffer(absl::string_view log) {
  return absl::DataLossError(
      absl::StrCat("the key of ", log,
                   " closed it with other leaves than its successor has; ask "
                   "the log's owner for the right statement"));
}

absl::Status SignedAfterClosing(absl::string_view origin, std::uint32_t key_id, base::TreeSize size,
                                base::TreeSize last, absl::string_view successor) {
  return absl::DataLossError(
      absl::StrCat("the log ", origin, " was closed at size ", last, " and goes on as ", successor,
                   ": what ", Key(origin, key_id), " signed of size ", size,
                   " proves nothing; ask the log's owner for the successor's"));
}

absl::Status ProvesNothing(absl::string_view why) {
  return absl::DataLossError(absl::StrCat("this proves no split view: ", why));
}

absl::Status TooManyCosignatures(std::size_t most) {
  return absl::InvalidArgumentError(
      absl::StrCat("the checkpoint has the cosignatures of ", most,
                   " witnesses; no more are kept, because readers take notes of 100 signatures"));
}

absl::Status NotPublished(absl::string_view log, base::TreeSize size) {
  return absl::NotFoundError(
      absl::StrCat("no checkpoint of ", log, " of ", size, " leaves was published"));
}

absl::Status LeafChanged(absl::string_view log, base::Sequence sequence, const base::Digest& held,
                         const base::Digest& given) {
  return absl::DataLossError(absl::StrCat(log, "@", sequence, " was ", base::HexEncode(held.view()),
                                          " and is now stated as ", base::HexEncode(given.view()),
                                          "; stop the link and ask the log's owner"));
}

absl::Status RootContradicts(absl::string_view log, base::TreeSize size, const base::Digest& held,
                             const base::Digest& stated) {
  return absl::DataLossError(absl::StrCat(
      log, " at size ", size, " has root ", base::HexEncode(held.view()), ", its owner states ",
      base::HexEncode(stated.view()), "; stop the link and ask the log's owner"));
}

absl::Status EntryMismatch(absl::string_view log, base::Sequence sequence) {
  return absl::DataLossError(absl::StrCat("the entry given for ", log, "@", sequence,
                                          " is not the one that the log's owner hashed; ask for it "
                                          "again"));
}

absl::Status SourceOfAnotherLog(absl::string_view origin, absl::string_view wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat("it is of the log ", origin, "; give what is held of ", wanted));
}

absl::Status KeyReplacedSince(absl::string_view verifier) {
  return absl::FailedPreconditionError(
      absl::StrCat("the key of the log was replaced since this backup was made, by ", verifier,
                   "; restore a backup that was made after that"));
}

absl::Status RootUnproven(base::TreeSize size) {
  return absl::DataLossError(
      absl::StrCat("its hashes do not lead to the root of its checkpoint of ", size,
                   " leaves; it is damaged: leave it out"));
}

absl::Status StoreForked(absl::string_view source, base::TreeSize size) {
  return absl::DataLossError(absl::StrCat(
      "the log that ", source, " holds under this node's signature does not begin with the ", size,
      " leaves that are here: the log took two courses, which cannot be healed; keep both and "
      "continue in a successor log"));
}

absl::Status SourcesContradict(absl::string_view longer, absl::string_view other,
                               base::TreeSize size) {
  return absl::DataLossError(absl::StrCat(
      other, " holds another history of ", size, " leaves under this node's signature than ",
      longer,
      ": the log took two courses, which cannot be healed; keep both and continue in a successor "
      "log"));
}

absl::Status KeyOfAnotherLog(absl::string_view name, absl::string_view origin) {
  return absl::InvalidArgumentError(absl::StrCat("a key of ", name, " cannot sign the log ", origin,
                                                 "; make one under the log's own name"));
}

absl::Status KeyNotNew(absl::string_view verifier) {
  return absl::InvalidArgumentError(
      absl::StrCat(verifier, " has signed this log before; make a new key"));
}

absl::Status ClosedBefore(absl::string_view origin, base::TreeSize size, base::TreeSize closed) {
  return absl::DataLossError(absl::StrCat("a key of ", origin, " is closed at size ", size,
                                          ", the one before it at ", closed,
                                          "; stop the link and ask the log's owner"));
}

absl::Status SignedByReplacedKey(absl::string_view origin, std::uint32_t key_id,
                                 base::TreeSize size, base::TreeSize last) {
  return absl::DataLossError(absl::StrCat(
      Key(origin, key_id), " was replaced at size ", last, " and is not believed for size ", size,
      "; ask the log's owner whether somebody else has that key"));
}

absl::Status MirrorOfAnotherKey(absl::string_view log, absl::string_view held,
                                absl::string_view given) {
  return absl::FailedPreconditionError(
      absl::StrCat("the mirror of ", log, " knows the key ", held, ", not ", given,
                   "; configure that one: a key that replaces it is learned over the link, a "
                   "successor's from the statement that peers[].succession names"));
}

absl::Status NoMirror(absl::string_view log) {
  return absl::NotFoundError(
      absl::StrCat("there is no mirror of ", log, " here; name a log that is followed"));
}

absl::Status MirrorOfOwnLog(absl::string_view log) {
  return absl::InvalidArgumentError(
      absl::StrCat(log, " is this node's own log; name a peer's log in the link table"));
}

}  // namespace selaras::log
