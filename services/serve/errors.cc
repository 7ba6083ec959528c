#include "services/serve/errors.h"

#include "absl/strings/str_cat.h"

#include "services/runtime/refusal.h"

namespace selaras::serve {

using runtime::Refusal;

absl::Status PeerNotFound(absl::string_view name) {
  return Refusal(absl::StatusCode::kNotFound, "PEER_NOT_FOUND",
                 absl::StrCat("no peer of this node is ", name,
                              " or acts for it; selaras link list names them"));
}

absl::Status LinkStopped(absl::string_view peer, absl::string_view fault) {
  return Refusal(absl::StatusCode::kFailedPrecondition, "LINK_STOPPED",
                 absl::StrCat("the link to ", peer, " stands still: ", fault));
}

absl::Status LinkNotStopped(absl::string_view peer) {
  return Refusal(absl::StatusCode::kFailedPrecondition, "LINK_NOT_STOPPED",
                 absl::StrCat("the link to ", peer,
                              " does not stand still; selaras link show says how it stands"));
}

absl::Status LinkForked(absl::string_view peer) {
  return Refusal(
      absl::StatusCode::kFailedPrecondition, "LINK_FORKED",
      absl::StrCat("two signed statements prove that one of the logs between here and ", peer,
                   " took two courses, which cannot be healed; keep the store and "
                   "settle with the other office whose log is closed"));
}

absl::Status RestoredUnconfirmed(absl::Time made_at, absl::string_view unheard) {
  const std::string when =
      made_at == absl::InfinitePast()
          ? std::string("may lack entries")
          : absl::StrCat("was restored from a backup of ",
                         absl::FormatTime(absl::RFC3339_sec, made_at, absl::UTCTimeZone()));
  return Refusal(
      absl::StatusCode::kUnavailable, "RESTORED_UNCONFIRMED",
      absl::StrCat(
          "the store of this node ", when,
          ", and these peers have not shown since how "
          "much of its log they hold: ",
          unheard,
          "; commands are taken once they have, "
          "or once an operator confirms that they hold no more (selaras backup confirm), as a "
          "file shows that a peer without a line packs now"));
}

absl::Status LogBehindPeers(absl::StatusCode code, absl::string_view peer, base::TreeSize held,
                            base::TreeSize here) {
  return Refusal(
      code, "LOG_BEHIND_PEERS",
      absl::StrCat(peer, " holds ", held,
                   " entries of this node's log under its signature, here "
                   "are ",
                   here, ": entries ", here, " to ", held.value - 1,
                   " are missing, and "
                   "to write now would fork the log; restore a newer backup, or stop the node and "
                   "get them back from whoever holds them (selaras backup recover). If nobody "
                   "does, close the log where this store ends, and go on in a successor log: "
                   "selaras log succeed --reason lost-tail"));
}

absl::Status NotRestored() {
  return Refusal(absl::StatusCode::kFailedPrecondition, "NOT_RESTORED",
                 "the store of this node is not in doubt; nothing is to be confirmed");
}

absl::Status EntryLost(absl::string_view log, base::Sequence sequence) {
  return Refusal(absl::StatusCode::kNotFound, "ENTRY_LOST",
                 absl::StrCat(log, "@", sequence,
                              " was lost in a restore: its hash is in the log, its bytes are held "
                              "by nobody who was asked; whoever has a receipt of it can show it"));
}

absl::Status BackupsNotConfigured() {
  return Refusal(absl::StatusCode::kFailedPrecondition, "BACKUPS_NOT_CONFIGURED",
                 "the node's configuration names no directory for backups; set backups there and "
                 "start the node again");
}

absl::Status BackupExists(absl::string_view name) {
  return Refusal(absl::StatusCode::kAlreadyExists, "BACKUP_EXISTS",
                 absl::StrCat("there is a ", name, " already; choose another name"));
}

absl::Status BackupRuns() {
  return Refusal(absl::StatusCode::kResourceExhausted, "BACKUP_RUNS",
                 "another backup is being made; try again when it is done");
}

absl::Status LogKeyOfAnotherOrigin(absl::string_view key, absl::string_view origin) {
  return absl::FailedPreconditionError(absl::StrCat(
      "log_key: it is a key of ", key, ", the log in the store is ", origin,
      "; name the key that selaras log succeed made, or make one with selaras key generate "
      "--successor"));
}

absl::Status ListedWithAnotherKey(absl::string_view listed, absl::string_view own) {
  return absl::FailedPreconditionError(
      absl::StrCat("directory: it lists this node with the log key ", listed,
                   ", which never signed its log; the log's key is ", own,
                   ": ask the keeper to list that, or name the right store and log_key"));
}

absl::Status WrappingKeysOfOtherStore(absl::string_view folder, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("wrapping_keys ", folder, ": does not fit the store: ", why,
                   "; put the folder back that belongs to this store"));
}

absl::Status CannotAnswerMetrics(absl::string_view address) {
  return absl::FailedPreconditionError(
      absl::StrCat("metrics ", address,
                   ": cannot listen there; choose an address of this machine and a free port that "
                   "this user may open"));
}

absl::Status NodeStops() {
  return Refusal(absl::StatusCode::kUnavailable, "DRAINING",
                 "the node is stopping; try again when it is back");
}

absl::Status ExchangeRefused(const absl::Status& why) {
  switch (why.code()) {
    case absl::StatusCode::kInvalidArgument:
      return Refusal(why.code(), "EXCHANGE_MALFORMED", why.message());
    case absl::StatusCode::kDataLoss:
      return Refusal(absl::StatusCode::kInvalidArgument, "EXCHANGE_DAMAGED", why.message());
    case absl::StatusCode::kFailedPrecondition:
      return Refusal(why.code(), "EXCHANGE_NOT_FOR_US", why.message());
    case absl::StatusCode::kOutOfRange:
      return Refusal(absl::StatusCode::kFailedPrecondition, "EXCHANGE_GAP", why.message());
    case absl::StatusCode::kAborted:
      return NodeStops();
    default:
      return why;
  }
}

absl::Status ExchangeContradicts(const absl::Status& why) {
  return Refusal(absl::StatusCode::kDataLoss, "EXCHANGE_CONTRADICTS",
                 absl::StrCat("the link stops: ", why.message()));
}

}  // namespace selaras::serve
