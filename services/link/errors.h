#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"
#include "storage/log/succession.h"

namespace selaras::link {

// INVALID_ARGUMENT: the peer broke the protocol. What it said is shown clipped and escaped.
absl::Status FrameWithoutKind();
absl::Status FrameTooLarge(std::size_t bytes);
absl::Status BeforeHello();
absl::Status TooMany(absl::string_view what, std::size_t found, std::size_t most);
absl::Status NoneGiven(absl::string_view what);
absl::Status WrongHash(std::size_t bytes);
absl::Status WrongText(absl::string_view what, std::size_t bytes, std::size_t most);
absl::Status WrongEntryLength(base::Sequence place, std::size_t bytes);
absl::Status NumberTooLarge(absl::string_view what, std::uint64_t number);
absl::Status NotMyCheckpoint(base::TreeSize size);
absl::Status NotThePeersCheckpoint(absl::string_view why);
absl::Status CosignedUnpublished(absl::string_view peer, base::TreeSize size);
absl::Status WrongCosignature(absl::string_view peer, base::TreeSize size, absl::string_view why);
absl::Status AcknowledgesTooMuch(base::TreeSize acknowledged, base::TreeSize held);

// INVALID_ARGUMENT: a receipt that does not prove that a key was replaced.
absl::Status NoKeyChange(absl::string_view why);

// FAILED_PRECONDITION: nobody here has accepted the successor of the peer's log.
absl::Status PeerSucceeded(const log::Succession& succession);
// FAILED_PRECONDITION: the Hello is not that of the configured peer.
absl::Status WrongHello(absl::string_view field, absl::string_view given, absl::string_view wanted);

// DATA_LOSS: histories that cannot both be true.
absl::Status PeerRolledBack(absl::string_view peer, base::TreeSize given, base::TreeSize held);
absl::Status OwnLogRolledBack(base::TreeSize held, base::TreeSize acknowledged);
absl::Status OwnLogForked(base::TreeSize size);

// ABORTED: the peer said why it stops.
absl::Status PeerStopped(absl::string_view peer, absl::string_view reason);

// INTERNAL: this node's own store answers no more.
absl::Status OwnStoreFailed(const absl::Status& why);
// DATA_LOSS: an entry of the own log is not there.
absl::Status OwnEntryMissing(base::Sequence place);
// DATA_LOSS: a chunk of an own document that no link could carry.
absl::Status OwnChunkTooLarge(base::Sequence entry, std::size_t bytes);

// INVALID_ARGUMENT: no file of this kind, or one that this version cannot read.
absl::Status NotAnExchangeFile(absl::string_view why);
// DATA_LOSS: not the bytes that its sender packed.
absl::Status ExchangeFileDamaged(absl::string_view why);

// FAILED_PRECONDITION: it goes from another node, or to another.
absl::Status ExchangeForOther(absl::string_view from, absl::string_view to);
// OUT_OF_RANGE: it goes on from more than is held.
absl::Status ExchangeGap(absl::string_view peer, absl::string_view what, std::uint64_t from,
                         std::uint64_t held);
// ABORTED: the node stops in the middle of it.
absl::Status ExchangeLeft(absl::string_view peer);

// OUT_OF_RANGE: asked to sign more than there is.
absl::Status BeyondLog(base::TreeSize asked, base::TreeSize size);

}  // namespace selaras::link
