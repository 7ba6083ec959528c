#include "services/link/exchange.h"

#include <limits>
#include <utility>

#include "services/link/errors.h"
#include "services/link/frames.h"
#include "services/link/key_change.h"
#include "storage/base/status.h"

namespace selaras::link {
namespace {

using ledger::v1::ExchangeHeader;
using ledger::v1::Frame;

// Nobody answers a file, so nothing is held back for an answer.
Flow FileFlow() {
  Flow flow;
  flow.window_bytes = std::numeric_limits<std::size_t>::max();
  return flow;
}

Session SessionOf(const SessionParts& parts, FollowCursor& cursor, Carried carried) {
  SessionConfig config{parts.own,    parts.peer, FileFlow(),
                       /*jitter=*/0, carried,    parts.key_changes};
  config.keys = parts.keys;
  return Session(std::move(config), parts.log, parts.mirror, parts.disclosures, cursor,
                 parts.checkpoints);
}

// Keeps nothing: an older file may be of an older disclosure list.
class StillCursor final : public FollowCursor {
 public:
  explicit StillCursor(const FollowCursor& cursor) : cursor_(cursor) {}

  absl::StatusOr<FollowPosition> Load() const override { return cursor_.Load(); }
  absl::Status Save(const FollowPosition& /*position*/) override { return absl::OkStatus(); }

 private:
  const FollowCursor& cursor_;
};

// What the peer would say on a line.
absl::StatusOr<Frame> FollowOf(const PeerHolds& holds, const SessionParts& parts) {
  Frame frame;
  ledger::v1::Follow& follow = *frame.mutable_follow();
  follow.set_rewind(true);
  // A store that lacks what was acknowledged knows no better than to begin anew.
  if (holds.size.value == 0 || holds.size > parts.log.size()) return frame;
  ASSIGN_OR_RETURN(const log::SignedCheckpoint checkpoint, parts.checkpoints.SignedAt(holds.size));
  follow.set_size(holds.size.value);
  follow.set_epoch(holds.epoch);
  follow.set_disclosed(holds.disclosed);
  follow.set_checkpoint(checkpoint.note);
  return frame;
}

ExchangeHeader HeaderOf(const SessionParts& parts, const SessionState& state,
                        std::uint64_t packed_at) {
  ExchangeHeader header;
  header.set_version(kExchangeVersion);
  header.set_from(parts.own.node);
  header.set_to(parts.peer.node);
  header.set_packed_at(packed_at);
  header.set_from_size(state.arrived_size.value);
  header.set_size(state.own_size.value);
  header.set_epoch(state.epoch);
  header.set_from_disclosed(state.disclosed_arrived);
  header.set_disclosed(state.disclosed);
  header.set_acknowledged(state.received_size.value);
  return header;
}

absl::Status StatusOf(const Session& session) {
  const Verdict& fault = session.fault();
  return fault ? fault->status : absl::OkStatus();
}

std::vector<std::string> TextsOf(const ledger::v1::Hello& hello) {
  return {hello.key_changes().begin(), hello.key_changes().end()};
}

// The keys by which the sender may have signed: those that are known, and those that the file
// itself proves to have followed them.
std::vector<log::NoteVerifier> SendersKeys(const log::LogKeys& known,
                                           const ledger::v1::Hello& hello) {
  std::vector<log::NoteVerifier> keys = {known.newest()};
  for (const log::LogKeys::Past& past : known.past()) keys.push_back(past.verifier);
  for (KeyChange& change : ChangesFrom(known.newest(), TextsOf(hello))) {
    keys.push_back(std::move(change.next));
  }
  return keys;
}

// Whether all of the file is what its sender signed.
absl::StatusOr<ExchangeHeader> Verify(const SessionParts& parts, ExchangeReader reader) {
  ASSIGN_OR_RETURN(ExchangeHeader header, reader.Header());
  if (header.from() != parts.peer.node || header.to() != parts.own.node) {
    return ExchangeForOther(header.from(), header.to());
  }
  Frame hello;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<Frame> frame, reader.Next());
    if (!frame) break;
    if (!hello.has_hello()) hello = *frame;
  }
  const log::LogKeys known = *parts.mirror.keys();
  const absl::Status sent = reader.CheckEnd(SendersKeys(known, hello.hello()));
  if (sent.ok()) return header;
  // A successor's key is none of the known ones. That it is one is unproven, but the operator must
  // know.
  const auto succession = SuccessionOf(known, TextsOf(hello.hello()));
  return succession ? PeerSucceeded(*succession) : sent;
}

absl::Status CheckGap(const SessionParts& parts, const ExchangeHeader& header) {
  const base::TreeSize held = parts.mirror.size();
  if (header.from_size() > held.value) {
    return ExchangeGap(parts.peer.node, "leaf", header.from_size(), held.value);
  }
  ASSIGN_OR_RETURN(const FollowPosition position, parts.cursor.Load());
  const bool knows_list = held.value > 0 && position.epoch == header.epoch();
  const std::uint64_t handled = knows_list ? position.index : 0;
  return header.from_disclosed() <= handled
             ? absl::OkStatus()
             : ExchangeGap(parts.peer.node, "disclosed entry", header.from_disclosed(), handled);
}

// The documents that the entries of the file add, whole.
absl::Status AddDocuments(const SessionParts& parts, const SessionState& state,
                          ExchangeWriter& writer) {
  std::uint64_t next = state.disclosed_arrived;
  while (parts.attachments != nullptr && next < state.disclosed) {
    ASSIGN_OR_RETURN(const auto places,
                     parts.disclosures.List(state.epoch, next, kFrameEntriesMax));
    if (places.empty()) break;  // another list by now: the next file has them
    for (const base::Sequence place : places) {
      for (Chunk chunk{place};; ++chunk.index) {
        ASSIGN_OR_RETURN(std::string data, parts.attachments->Read(chunk));
        if (data.empty()) break;
        Frame frame;
        frame.mutable_attachment_part()->set_sequence(chunk.entry.value);
        frame.mutable_attachment_part()->set_chunk(chunk.index);
        frame.mutable_attachment_part()->set_data(std::move(data));
        RETURN_IF_ERROR(writer.Add(frame));
      }
    }
    next += places.size();
  }
  return absl::OkStatus();
}

// A piece of a document, which no session asked for.
absl::Status TakePart(const SessionParts& parts, const Frame& frame) {
  RETURN_IF_ERROR(CheckFrame(frame));
  if (parts.attachments == nullptr) return absl::OkStatus();
  const ledger::v1::AttachmentPart& part = frame.attachment_part();
  return parts.attachments->Take({{part.sequence()}, part.chunk()}, part.data());
}

}  // namespace

absl::StatusOr<ExchangeHeader> Pack(const SessionParts& parts, const PeerHolds& holds,
                                    std::uint64_t packed_at, const log::NoteSigner& signer,
                                    ExchangeWriter::Sink sink) {
  Session session = SessionOf(parts, parts.cursor, {});
  session.Start();
  ASSIGN_OR_RETURN(const Frame follow, FollowOf(holds, parts));
  session.Receive(Session::HelloOf({parts.peer.node, parts.mirror.keys()->newest()}),
                  absl::InfinitePast());
  session.Receive(follow, absl::InfinitePast());
  RETURN_IF_ERROR(StatusOf(session));

  ExchangeHeader header = HeaderOf(parts, session.state(), packed_at);
  ExchangeWriter writer(std::move(sink));
  RETURN_IF_ERROR(writer.Begin(header));
  while (const std::optional<Frame> frame = session.Next()) {
    RETURN_IF_ERROR(writer.Add(*frame));
  }
  RETURN_IF_ERROR(StatusOf(session));
  RETURN_IF_ERROR(AddDocuments(parts, session.state(), writer));
  RETURN_IF_ERROR(writer.End(signer));
  return header;
}

absl::StatusOr<Unpacked> Unpack(const SessionParts& parts, const Heard& heard,
                                const std::function<ExchangeReader::Source()>& open, absl::Time now,
                                const std::function<bool()>& going) {
  Unpacked unpacked;
  ASSIGN_OR_RETURN(unpacked.header, Verify(parts, ExchangeReader(open())));
  RETURN_IF_ERROR(CheckGap(parts, unpacked.header));
  unpacked.older = unpacked.header.packed_at() < heard.packed_at;
  const bool newer = unpacked.header.packed_at() > heard.packed_at;
  const base::TreeSize size_before = parts.mirror.size();
  const std::uint64_t entries_before = parts.mirror.entries_held();

  StillCursor still(parts.cursor);
  FollowCursor& cursor = unpacked.older ? still : parts.cursor;
  Session session = SessionOf(parts, cursor, {newer ? heard.size : base::TreeSize()});
  session.Start();
  ExchangeReader reader(open());
  RETURN_IF_ERROR(reader.Header().status());
  while (!session.failed()) {
    if (!going()) return ExchangeLeft(parts.peer.node);
    ASSIGN_OR_RETURN(const std::optional<Frame> frame, reader.Next());
    if (!frame) break;
    if (frame->has_attachment_part()) {
      RETURN_IF_ERROR(TakePart(parts, *frame));
      continue;
    }
    session.Receive(*frame, now);
  }
  unpacked.state = session.state();
  unpacked.fault = session.fault();
  unpacked.new_leaves = parts.mirror.size().value - size_before.value;
  unpacked.new_entries = parts.mirror.entries_held() - entries_before;
  const bool complete = unpacked.state.followed && unpacked.state.verified_at == now &&
                        unpacked.state.received_size.value >= unpacked.header.size() &&
                        unpacked.state.received_disclosed >= unpacked.header.disclosed();
  if (!unpacked.fault && !complete) return NotAnExchangeFile("frames of the link are missing");
  return unpacked;
}

}  // namespace selaras::link
