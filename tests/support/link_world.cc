#include "tests/support/link_world.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/check.h"
#include "storage/merkle/prove.h"
#include "tests/support/random.h"

namespace selaras::test {

using ledger::v1::Frame;

void Pipe::Send(const Frame& frame, const Trouble& trouble, std::mt19937_64& random) {
  const std::string bytes = frame.SerializeAsString();
  const bool sure = frame.has_hello();
  if (!sure && Between(random, 1, 100) <= trouble.lost) return;
  frames_.push_back(bytes);
  if (!sure && Between(random, 1, 100) <= trouble.repeated) frames_.push_back(bytes);
}

std::optional<Frame> Pipe::Take(const Trouble& trouble, std::mt19937_64& random) {
  if (frames_.empty()) return std::nullopt;
  const auto parse = [](const std::string& bytes) {
    Frame frame;
    SELARAS_CHECK(frame.ParseFromString(bytes)) << "frames survive the way";
    return frame;
  };
  Frame first = parse(frames_.front());
  const std::size_t among = std::min(trouble.overtaken_by, frames_.size());
  const std::size_t taken = first.has_hello() ? 0 : Between(random, 0, among - 1);
  Frame frame = taken == 0 ? std::move(first) : parse(frames_[taken]);
  frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(taken));
  return frame;
}

LinkWorld::LinkWorld(LinkNode& a, LinkNode& b, const link::Flow& flow, std::mt19937_64& random)
    : flow_(flow), random_(random) {
  a.Meet(b);
  b.Meet(a);
  ends_[0].node = &a;
  ends_[1].node = &b;
  Connect();
}

void LinkWorld::Connect() {
  for (int end : {0, 1}) {
    LinkNode& node = *at(end).node;
    const link::SessionConfig config = {
        node.party(), at(1 - end).node->party(),
        flow_,        static_cast<double>(Between(random_, 0, 10)) / 10,
        std::nullopt, node.key_changes()};
    at(end).session =
        std::make_unique<link::Session>(config, node.log(), node.mirror(), node.disclosures(),
                                        node.cursor(), node.checkpoints(), node.witnessing());
    at(end).out.Clear();
    at(end).leaves_sent = {};
    at(end).session->Start();
  }
}

bool LinkWorld::SendNext(int end, const Trouble& trouble) {
  const std::optional<Frame> frame = session(end).Next();
  if (!frame) return false;
  CheckSent(end, *frame);
  if (watch_) watch_(end, *frame);
  at(end).out.Send(*frame, trouble, random_);
  return true;
}

bool LinkWorld::DeliverNext(int end, const Trouble& trouble) {
  const std::optional<Frame> frame = at(1 - end).out.Take(trouble, random_);
  if (!frame) return false;
  Deliver(end, *frame);
  return true;
}

void LinkWorld::Deliver(int end, const Frame& frame) {
  // A peer that claims to hold leaves harms only itself: it is not sent them again.
  if (frame.has_follow()) {
    at(end).leaves_sent = std::max(at(end).leaves_sent, base::TreeSize{frame.follow().size()});
  }
  session(end).Receive(frame, now_);
}

void LinkWorld::Advance(absl::Duration by) {
  now_ += by;
  for (int end : {0, 1}) session(end).Tick(now_);
}

void LinkWorld::Step(const Trouble& trouble) {
  const int end = static_cast<int>(Between(random_, 0, 1));
  switch (Between(random_, 0, 8)) {
    case 0:
      return Advance(absl::Milliseconds(Between(random_, 1, 1'500)));
    case 1:
    case 2:
    case 3:
    case 4:
      SendNext(end, trouble);
      return;
    default:
      DeliverNext(end, trouble);
      return;
  }
}

void LinkWorld::Drain() {
  const Trouble none;
  for (bool moved = true; moved;) {
    moved = false;
    for (int end : {0, 1}) {
      while (SendNext(end, none)) moved = true;
      while (DeliverNext(end, none)) moved = true;
    }
  }
}

bool LinkWorld::Settle() {
  for (int round = 0; round < 200; ++round) {
    Drain();
    if (Settled()) return true;
    Advance(flow_.silence);
  }
  return false;
}

bool LinkWorld::Settled() {
  for (int end : {0, 1}) {
    const link::SessionState state = session(end).state();
    if (!state.connected || !state.caught_up || state.wanted != 0 ||
        state.arrived_size != node(end).log().size() ||
        state.received_size != node(1 - end).log().size() ||
        state.disclosed_arrived != node(end).disclosures().list().size()) {
      return false;
    }
  }
  return true;
}

void LinkWorld::CheckSent(int end, const Frame& frame) {
  if (frame.ByteSizeLong() > link::kFrameBytesMax) Broken("a frame is too large");
  if (frame.has_follow()) CheckAcknowledgement(end, frame.follow());
  if (frame.has_leaves()) {
    const std::uint64_t from = frame.leaves().from_size();
    const auto count = static_cast<std::uint64_t>(frame.leaves().leaf_hashes_size());
    if (count > flow_.frame_leaves) Broken("too many leaves");
    at(end).leaves_sent = std::max(at(end).leaves_sent, {from + count});
  }
  if (frame.has_disclosed()) CheckEntries(end, frame.disclosed().entries());
  if (frame.has_entries()) CheckEntries(end, frame.entries().entries());
}

void LinkWorld::CheckAcknowledgement(int end, const ledger::v1::Follow& follow) {
  const log::Mirror& mirror = node(end).mirror();
  if (follow.size() > mirror.size().value) Broken("acknowledges leaves that it does not hold");
  const MemoryDisclosures& theirs = node(1 - end).disclosures();
  if (follow.epoch() != theirs.Current().epoch) return;
  // A fork may know of fewer than the follower holds.
  const std::uint64_t known = std::min<std::uint64_t>(follow.disclosed(), theirs.list().size());
  for (std::uint64_t i = 0; i < known; ++i) {
    const absl::StatusOr<std::optional<std::string>> held = mirror.Entry(theirs.list()[i]);
    if (!held.ok() || !held->has_value()) Broken("acknowledges an entry that it does not hold");
  }
}

void LinkWorld::CheckEntries(
    int end, const google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& entries) {
  std::size_t bytes = 0;
  for (const ledger::v1::LogEntry& entry : entries) {
    const base::Sequence place{entry.sequence()};
    bytes += entry.entry().size();
    if (!node(end).disclosures().MaySee(place)) Broken(absl::StrCat("sends secret ", place));
    if (!base::Covers(at(end).leaves_sent, place)) Broken("sends an entry before its leaf");
  }
  if (static_cast<std::size_t>(entries.size()) > flow_.frame_entries) Broken("too many entries");
  if (entries.size() > 1 && bytes > flow_.frame_entry_bytes) Broken("too many bytes");
}

void LinkWorld::CheckStores(bool complete) {
  CheckMirror(node(0), node(1), complete);
  CheckMirror(node(1), node(0), complete);
}

void LinkWorld::CheckArrived() {
  for (int end : {0, 1}) {
    const link::SessionState state = session(end).state();
    if (state.arrived_size > node(1 - end).mirror().size()) Broken("shows too much as arrived");
  }
}

void LinkWorld::CheckMirror(const LinkNode& follower, const LinkNode& source, bool complete) {
  const log::Mirror& mirror = follower.mirror();
  if (mirror.size() > source.log().size()) return Broken("the mirror is longer than the log");
  if (complete && mirror.size() != source.log().size()) Broken("leaves are missing");
  const absl::StatusOr<base::Digest> root = merkle::RootAt(source.log(), mirror.size());
  const absl::StatusOr<base::Digest> held = merkle::RootAt(mirror, mirror.size());
  if (!root.ok() || !held.ok() || *root != *held) Broken("the mirror is no prefix of the log");
  for (std::uint64_t i = 0; i < mirror.size().value; ++i) {
    const absl::StatusOr<std::optional<std::string>> entry = mirror.Entry({i});
    if (!entry.ok()) return Broken("the mirror cannot be read");
    const bool open = source.disclosures().MaySee({i});
    if (entry->has_value() && !open) Broken(absl::StrCat("entry ", i, " leaked"));
    if (complete && open && !entry->has_value()) Broken(absl::StrCat("entry ", i, " is missing"));
    if (entry->has_value() && *entry != *source.log().Entry({i})) Broken("entry changed");
  }
}

}  // namespace selaras::test
