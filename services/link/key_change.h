#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/ledger/v1/past_key.pb.h"

#include "storage/log/log_reader.h"
#include "storage/log/note.h"
#include "storage/log/succession.h"

// A log's key is replaced by an entry of the log that names the next one, covered by a checkpoint
// that both keys sign. The receipt of that entry by that checkpoint proves the change to whoever
// trusts the key before it, without a store and without a network. A log that was closed goes on in
// a successor by a statement instead (storage/log/succession.h), which proves nothing: an operator
// believes it, or does not.
namespace selaras::link {

// What such a receipt says.
struct KeyChange {
  log::NoteVerifier next;
  std::string closing;  // the note with both signatures
};

// Reads and verifies a receipt by the key `past`. INVALID_ARGUMENT if it is no receipt of such an
// entry; DATA_LOSS if one of the two keys did not sign it, if the entry is not the last one that
// the checkpoint covers, or not under it.
absl::StatusOr<KeyChange> ReadKeyChange(absl::string_view receipt, const log::NoteVerifier& past);

// The verifier keys that lead from `first` to the newest one of these receipts, oldest first, in
// whatever order they are given; those that lead elsewhere are left out.
std::vector<KeyChange> ChangesFrom(const log::NoteVerifier& first,
                                   const std::vector<std::string>& receipts);

// The keys and those that follow them by these texts: receipts, and statements of succession that
// whoever gives them believes. DATA_LOSS if a change contradicts an earlier one.
absl::StatusOr<log::LogKeys> FollowChanges(log::LogKeys keys,
                                           const std::vector<std::string>& texts);

// The statement among these texts by which a successor takes the place of the log with these keys.
// It proves nothing.
std::optional<log::Succession> SuccessionOf(const log::LogKeys& keys,
                                            const std::vector<std::string>& texts);

// The keys that signed a kept log before, oldest first, with the receipts whose entries are held.
// Errors are those of the store.
absl::StatusOr<std::vector<ledger::v1::PastKey>> PastKeysOf(const log::LogReader& log);

// The keys of a log as they prove to follow each other; nothing if they do not lead to `newest`.
std::optional<log::LogKeys> KeysIn(
    const std::string& newest,
    const google::protobuf::RepeatedPtrField<ledger::v1::PastKey>& past_keys);

// All that are held of a log, oldest first, and the statements of its successions.
absl::StatusOr<std::vector<std::string>> KeyChangeReceipts(const log::LogReader& log);

}  // namespace selaras::link
