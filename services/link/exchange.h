#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/ledger/v1/exchange.pb.h"

#include "services/link/exchange_file.h"
#include "services/link/session.h"

// A link without a line: each side packs files for the other, carried by whoever travels. The
// frames, and what becomes of them, are those of a session, and behind them the documents that
// their entries add. What is asked for, single entries and chunks of documents, does not travel so:
// nobody answers a file.
namespace selaras::link {

// What a session is made of.
struct SessionParts {
  Party own;
  Party peer;
  const log::LogReader& log;
  log::Mirror& mirror;
  const Disclosures& disclosures;
  FollowCursor& cursor;
  const CheckpointSource& checkpoints;
  // Receipts of all changes of the own log's key, oldest first (key_change.h).
  std::vector<std::string> key_changes = {};
  EntryKeys* keys = nullptr;           // as in SessionConfig
  Attachments* attachments = nullptr;  // likewise
};

// What a peer was last heard to hold of the own log. Empty: nothing is known.
struct PeerHolds {
  base::TreeSize size;
  std::string epoch;
  std::uint64_t disclosed = 0;
};

// Writes a file of everything that the peer may see and does not hold yet, and of what is held of
// its log. Gives the header. Errors are those of the own store and of `sink`.
absl::StatusOr<ledger::v1::ExchangeHeader> Pack(const SessionParts& parts, const PeerHolds& holds,
                                                std::uint64_t packed_at,
                                                const log::NoteSigner& signer,
                                                ExchangeWriter::Sink sink);

// The newest file of the peer that was taken.
struct Heard {
  std::uint64_t packed_at = 0;
  base::TreeSize size;  // to which it led
};

// What came of a file.
struct Unpacked {
  ledger::v1::ExchangeHeader header;
  bool older = false;  // than one that was taken before
  SessionState state;  // with what the peer acknowledged
  Verdict fault;       // why the link stops, if it does
  std::uint64_t new_leaves = 0;
  std::uint64_t new_entries = 0;
};

// Takes a file that the peer packed. `open` gives its bytes from the beginning, each time that it
// is called: the first time all are read, and nothing is kept before they bear the peer's
// signature. `going` is asked now and then; once it answers false the rest is left (ABORTED).
//
// Taking a file again, or an older one, changes nothing. Errors are those of ExchangeReader and of
// the own store, besides:
//
//   FAILED_PRECONDITION  it is for another node, or of another.
//   OUT_OF_RANGE         it goes on from more than is held: files before it are missing.
absl::StatusOr<Unpacked> Unpack(const SessionParts& parts, const Heard& heard,
                                const std::function<ExchangeReader::Source()>& open, absl::Time now,
                                const std::function<bool()>& going);

}  // namespace selaras::link
