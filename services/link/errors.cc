#include "services/link/errors.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "services/link/limits.h"

namespace selaras::link {
namespace {

// What a peer said goes into logs and back over the wire: printable and short.
std::string Shown(absl::string_view text) {
  constexpr std::size_t kShown = 200;
  return absl::StrCat(absl::CHexEscape(text.substr(0, kShown)), text.size() > kShown ? "..." : "");
}

absl::Status Broken(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("the peer broke the link protocol: ", what,
                                                 "; compare the versions of both nodes"));
}

}  // namespace

absl::Status FrameWithoutKind() { return Broken("a frame of no known kind"); }

absl::Status FrameTooLarge(std::size_t bytes) {
  return Broken(absl::StrCat("a frame of ", bytes, " bytes; at most ", kFrameBytesMax));
}

absl::Status BeforeHello() { return Broken("a frame before its Hello"); }

absl::Status TooMany(absl::string_view what, std::size_t found, std::size_t most) {
  return Broken(absl::StrCat(found, " ", what, " in a frame; at most ", most));
}

absl::Status NoneGiven(absl::string_view what) {
  return Broken(absl::StrCat("a frame without ", what));
}

absl::Status WrongHash(std::size_t bytes) {
  return Broken(absl::StrCat("a leaf hash of ", bytes, " bytes; a SHA-256 hash has 32"));
}

absl::Status WrongText(absl::string_view what, std::size_t bytes, std::size_t most) {
  return Broken(absl::StrCat(what, " of ", bytes, " bytes; it has 1 to ", most));
}

absl::Status WrongEntryLength(base::Sequence place, std::size_t bytes) {
  return Broken(absl::StrCat("entry ", place, " has ", bytes, " bytes; an entry has 1 to 65535"));
}

absl::Status NumberTooLarge(absl::string_view what, std::uint64_t number) {
  return Broken(absl::StrCat(what, " ", number, " is beyond every log"));
}

absl::Status NotMyCheckpoint(base::TreeSize size) {
  return Broken(absl::StrCat("it claims to hold ", size,
                             " leaves of this node's log but shows no checkpoint of exactly that "
                             "size under this node's signature"));
}

absl::Status NotThePeersCheckpoint(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("what the peer published is no checkpoint that it signed: ", why));
}

absl::Status CosignedUnpublished(absl::string_view peer, base::TreeSize size) {
  return absl::InvalidArgumentError(absl::StrCat(peer, " cosigned a checkpoint of ", size,
                                                 " leaves, which was never published to it"));
}

absl::Status WrongCosignature(absl::string_view peer, base::TreeSize size, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the cosignature of ", peer, " under the checkpoint of ", size,
                   " leaves is not one of the witness_key that the configuration gives it: ", why));
}

absl::Status AcknowledgesTooMuch(base::TreeSize acknowledged, base::TreeSize held) {
  return Broken(
      absl::StrCat("it acknowledges ", acknowledged, " leaves, of which only ", held, " exist"));
}

absl::Status NoKeyChange(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the receipt does not prove that a log's key was replaced: ", why,
                   "; ask the log's node for its key changes"));
}

absl::Status PeerSucceeded(const log::Succession& succession) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the log ", succession.log, " was closed at ", succession.closing.checkpoint.size,
      " leaves (", log::NameOf(succession.reason), ") and goes on as ", succession.next.name(),
      ", which was not accepted here; compare the fingerprint ", log::FingerprintOf(succession),
      " with the other office, name its file as the succession of this peer in the configuration "
      "and start this node again"));
}

absl::Status WrongHello(absl::string_view field, absl::string_view given,
                        absl::string_view wanted) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the peer introduces itself with ", field, " '", Shown(given), "', configured is '",
      Shown(wanted), "'; correct the configuration of the one that is wrong"));
}

absl::Status PeerRolledBack(absl::string_view peer, base::TreeSize given, base::TreeSize held) {
  return absl::DataLossError(absl::StrCat(
      "the log of ", peer, " was rolled back: it shows ", given, " leaves, ", held,
      " are held here under its signature; keep both checkpoints, its operator must restore it"));
}

absl::Status OwnLogRolledBack(base::TreeSize held, base::TreeSize acknowledged) {
  return absl::DataLossError(absl::StrCat(
      "this node's log was rolled back: it has ", held, " leaves, the peer holds ", acknowledged,
      " under this node's signature; do not append, restore what is missing from a newer backup "
      "or from the peers"));
}

absl::Status OwnLogForked(base::TreeSize size) {
  return absl::DataLossError(absl::StrCat(
      "this node's log took another course: the peer holds a checkpoint of ", size,
      " leaves under this node's signature with another root; keep both, do not append"));
}

absl::Status PeerStopped(absl::string_view peer, absl::string_view reason) {
  return absl::AbortedError(absl::StrCat(peer, " stopped the link: ", Shown(reason)));
}

absl::Status OwnStoreFailed(const absl::Status& why) {
  return absl::InternalError(
      absl::StrCat("this node's own store failed the link: ", why.ToString()));
}

absl::Status OwnEntryMissing(base::Sequence place) {
  return absl::DataLossError(
      absl::StrCat("entry ", place, " of this node's log is missing; audit the store"));
}

absl::Status OwnChunkTooLarge(base::Sequence entry, std::size_t bytes) {
  return absl::DataLossError(absl::StrCat("a chunk of the document of entry ", entry, " has ",
                                          bytes, " bytes, at most ", kChunkBytesMax,
                                          " can be; audit the store"));
}

absl::Status NotAnExchangeFile(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a file of selaras exchange pack: ", why, "; name the file that was sent"));
}

absl::Status ExchangeFileDamaged(absl::string_view why) {
  return absl::DataLossError(absl::StrCat("the file is not as it was packed: ", why,
                                          "; nothing of it was taken, have it sent again"));
}

absl::Status ExchangeForOther(absl::string_view from, absl::string_view to) {
  return absl::FailedPreconditionError(absl::StrCat("the file goes from '", Shown(from), "' to '",
                                                    Shown(to),
                                                    "'; give it to the node that it is for"));
}

absl::Status ExchangeGap(absl::string_view peer, absl::string_view what, std::uint64_t from,
                         std::uint64_t held) {
  return absl::OutOfRangeError(
      absl::StrCat("the file of ", peer, " goes on from ", what, " ", from, ", here are ", held,
                   "; unpack the files before it first, or send ", peer,
                   " a file of this node, whose next one then begins where this one needs it"));
}

absl::Status ExchangeLeft(absl::string_view peer) {
  return absl::AbortedError(
      absl::StrCat("the node stops before the end of the file of ", peer, "; unpack it again"));
}

absl::Status BeyondLog(base::TreeSize asked, base::TreeSize size) {
  return absl::OutOfRangeError(absl::StrCat("cannot sign a checkpoint of ", asked,
                                            " leaves of a log that has ", size,
                                            "; ask for at most its size"));
}

}  // namespace selaras::link
