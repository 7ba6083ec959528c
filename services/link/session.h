#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/attestor.h"
#include "services/link/backfill.h"
#include "services/link/checkpoint_source.h"
#include "services/link/config.h"
#include "services/link/disclosures.h"
#include "services/link/fault.h"
#include "services/link/fetcher.h"
#include "services/link/follow_cursor.h"
#include "services/link/follower.h"
#include "services/link/giver.h"
#include "services/link/herald.h"
#include "services/link/publisher.h"
#include "services/link/source.h"
#include "services/link/teller.h"
#include "services/link/witnessing.h"
#include "storage/base/number.h"
#include "storage/log/log_reader.h"
#include "storage/log/mirror.h"

namespace selaras::link {

// How a link stands. The fault is OK while the session lives.
struct SessionState {
  bool connected = false;                // the peer has introduced itself
  base::TreeSize received_size;          // leaves of the peer's log that are held and verified here
  std::uint64_t received_disclosed = 0;  // how far the peer's disclosure list was handled
  base::TreeSize arrived_size;           // leaves of the own log that the peer acknowledged
  bool followed = false;                 // the peer has said what it holds of the own log
  base::TreeSize shown_size;             // the largest checkpoint of the own log that it showed
  base::TreeSize own_size;               // of the own log, as the session knows it
  std::string epoch;                     // of the disclosure list for the peer
  std::uint64_t disclosed = 0;           // length of the disclosure list for the peer
  std::uint64_t disclosed_arrived = 0;   // how many of them the peer acknowledged
  bool caught_up = false;                // the peer has sent everything, and nothing came since
  std::uint64_t wanted = 0;              // places asked for and not answered yet
  std::uint64_t withheld = 0;            // places asked for that the peer withheld
  absl::Time verified_at = absl::InfinitePast();  // the last good checkpoint of the peer
  absl::Status fault;
};

// One end of a link between two nodes: follows the peer's log and serves the own one. Both ends
// run this class. It is a pure state machine: frames and time go in, frames come out.
//
// The protocol. `A:` follows, `B:` is followed; at the same time it runs the other way round.
//
//   both  Hello        first frame of each side; nothing else is sent before the peer's came. It
//                      must be what the configuration says, but for a key that receipts in it show
//                      to have replaced the one that is known.
//   A:    Follow       rewind: what A holds durably, with B's newest checkpoint that A has.
//   B:    (checks)     its own signature and root at that size. A store that was restored from
//                      an old backup, or that took another course, learns of it here.
//   B:    Leaves …     up to 1,024 leaf hashes, closed by a checkpoint of exactly that size.
//   B:    Disclosed …  entries that A may see, from the index that A named; never one whose leaf
//                      was not sent. An epoch that B does not know begins at 0.
//   B:    CaughtUp     everything was sent; with the checkpoint of the whole log, so that also
//                      a fork of equal size is found. Repeated now and then: a heartbeat.
//   A:    Follow       no rewind: acknowledges what became durable, for any number of frames.
//   A:    GetEntries   any places of B's log.
//   B:    Entries      those of them that A may see; the others are named as withheld.
//   B:    Publish      a checkpoint that B published, when exactly its leaves were sent; again
//   until
//                      A has cosigned it, if B knows A's witness key.
//   A:    Cosigned     once A's mirror is, durably, that of the checkpoint.
//   A:    GetAttachment  a chunk of a document of B, when the leaf of the entry that adds it is
//                      here; one at a time, and again until it is answered.
//   B:    AttachmentPart  that chunk, when nothing else waits to be sent; empty if A may not see
//                      the entry or B does not have it.
//   both  Told         what a third node published, if the other side follows that node as well.
//   both  ListedNodes  the directory of nodes, if the other side's is older.
//   both  Contradiction  the last frame: why this side stops, with both signed statements.
//
// What makes it safe: leaves are kept only if a signed checkpoint agrees with the whole tree,
// entries only if they match their leaf; both are idempotent, so a repeated frame is harmless.
// What makes it live: a gap is answered by one Follow with rewind, silence on either side by
// beginning again at what was acknowledged. A checkpoint smaller than what A held when the
// session began is a rollback: B knew A's size and may not serve less.
// Publish, Cosigned and Told go only to a peer that says in its Hello that it understands them,
// and so do GetAttachment and AttachmentPart, and ListedNodes.
// A carrier must begin a session with both Hellos and never mix frames of two sessions; between
// them it may lose, repeat and reorder.
//
// Not thread-safe: one caller at a time. Everything handed in must outlive the session. The
// mirror must be that of the peer's log, and this session its only writer.
class Session {
 public:
  Session(SessionConfig config, const log::LogReader& own, log::Mirror& mirror,
          const Disclosures& disclosures, FollowCursor& cursor, const CheckpointSource& checkpoints,
          Witnessing witnessing = {});
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Once, before everything else: queues the Hello.
  void Start();

  // Applies a frame of the peer. What it brings is durable on return, acknowledged later. After
  // a fault frames are ignored. `now` is shown, in verified_at, and noted with the entries that
  // came.
  void Receive(const ledger::v1::Frame& frame, absl::Time now);

  // The own log or the disclosure list grew, the list was built anew, or something was published.
  void OwnLogGrew();

  // Time passed. Call it every few seconds; more often is harmless.
  void Tick(absl::Time now);

  // The next frame to send, or nothing until one of the other functions is called. One frame of
  // bounded size and work. Call it when the carrier can take a frame: what is queued here is
  // never more than what fits the window.
  std::optional<ledger::v1::Frame> Next();

  // Asks the peer for these entries of its log, now or when their leaves are here. What it
  // withholds is not asked for again; if it is disclosed later it comes by itself.
  void Want(const std::vector<base::Sequence>& places);

  // What `party` says first, but for changes of its key.
  static ledger::v1::Frame HelloOf(const Party& party);

  SessionState state() const;
  bool failed() const { return fault_.has_value(); }
  // The fault with its evidence, if there is one. Next() then gives at most one more frame.
  const Verdict& fault() const { return fault_; }

 private:
  Verdict Dispatch(const ledger::v1::Frame& frame, absl::Time now);
  Verdict Greet(const ledger::v1::Hello& hello);
  void Stop(Verdict verdict);
  // An error is one of the own store.
  absl::StatusOr<std::optional<ledger::v1::Frame>> NextDue();
  std::optional<ledger::v1::Frame> Farewell();
  ledger::v1::Frame OwnHello() const;

  const SessionConfig config_;
  const log::Mirror& mirror_;
  Follower follower_;
  Backfill backfill_;
  Fetcher fetcher_;
  Source source_;
  Publisher publisher_;
  Attestor attestor_;
  Teller teller_;
  Giver giver_;
  Herald herald_;
  bool hello_due_ = false;
  bool greeted_ = false;
  Verdict fault_;
  bool farewell_due_ = false;
};

}  // namespace selaras::link
