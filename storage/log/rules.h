#pragma once

#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/log_keys.h"
#include "storage/log/mirror.h"
#include "storage/log/store.h"
#include "storage/merkle/frontier.h"

// What every store checks before it writes, in one place, so that all mean the same by the
// contracts in store.h and mirror.h. Nothing here writes.
namespace selaras::log {

// For Store::Append. `node` is the node's name, for the error.
absl::Status CheckBatch(absl::string_view node, const AppendBatch& batch);

// For Store::Recover, of the shared log.
absl::Status CheckRecovery(const LogReader& shared, const RecoveryBatch& batch);

// For Store::Write.
absl::Status CheckRows(const std::vector<RowWrite>& rows);

// For Store::OpenMirror.
absl::Status CheckMirrorName(absl::string_view node, absl::string_view name);

// What a mirror becomes by a frame.
struct Extension {
  merkle::Frontier edge;
  SignedCheckpoint checkpoint;
};

// For Mirror::Extend. `edge` is that of `held`. Hands the new tree's nodes to `sink` while it
// checks: throw them away unless an Extension is returned. Nothing is returned if all is well
// and known already. Sets `contradiction` if the log's owner contradicts itself.
absl::StatusOr<std::optional<Extension>> CheckExtension(
    const LogReader& held, const merkle::Frontier& edge, const LogKeys& keys, base::TreeSize from,
    std::span<const base::Digest> leaf_hashes, absl::string_view note, merkle::NodeSink sink,
    std::optional<Evidence>* contradiction);

// For Mirror::AddKey. `edge` is that of `held`. Nothing if the key is known already. Sets
// `contradiction` as above.
absl::StatusOr<std::optional<LogKeys>> CheckNextKey(const LogReader& held,
                                                    const merkle::Frontier& edge,
                                                    const NoteVerifier& next,
                                                    absl::string_view closing,
                                                    std::optional<Evidence>* contradiction);

// What a log becomes when it is closed and goes on in its successor.
struct Cut {
  LogKeys keys;
  merkle::Frontier edge;
  SignedCheckpoint checkpoint;  // of exactly that: the closing, unless the log was shorter
};

// For Store::Succeed, and for the own logs of a successor. `edge` is that of `held`. Nothing if the
// successor is known already.
absl::StatusOr<std::optional<Cut>> CheckSuccession(const LogReader& held,
                                                   const merkle::Frontier& edge,
                                                   const Succession& succession);
// For an own log: it must have what the closing covers.
absl::StatusOr<Cut> CheckOwnSuccession(const LogReader& own, const merkle::Frontier& edge,
                                       const Succession& succession);

// What an own log becomes by another key.
struct KeyChange {
  NoteSigner signer;
  LogKeys keys;
  SignedCheckpoint closing;
};

// For Store::ReplaceKey, of one of its logs, which `past` signs.
absl::StatusOr<KeyChange> ChangeKey(const LogReader& own, const NoteSigner& past,
                                    const crypto::SigningKey& next);

// For Mirror::Keep: those of `entries` that are new here, each once.
absl::StatusOr<std::vector<const DisclosedEntry*>> CheckDisclosed(
    const LogReader& held, std::span<const DisclosedEntry> entries);

}  // namespace selaras::log
