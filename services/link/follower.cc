#include "services/link/follower.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "services/link/errors.h"
#include "services/link/frames.h"
#include "services/link/key_change.h"

namespace selaras::link {

Follower::Follower(const SessionConfig& config, log::Mirror& mirror, FollowCursor& cursor)
    : peer_(config.peer),
      mirror_(mirror),
      cursor_(cursor),
      keys_(config.keys),
      carried_(config.carried),
      patience_(Stretched(config.flow.silence, config.jitter),
                Stretched(config.flow.silence_max, config.jitter)) {}

Verdict Follower::Begin() {
  absl::StatusOr<FollowPosition> loaded = cursor_.Load();
  if (!loaded.ok()) return Fault{OwnStoreFailed(loaded.status()), "", ""};
  least_ = carried_ ? carried_->least : mirror_.size();
  // An empty mirror holds no entry, whatever a cursor that outlived its mirror says.
  if (mirror_.size().value > 0) position_ = *std::move(loaded);
  rewind_due_ = true;
  return std::nullopt;
}

Verdict Follower::Apply(const ledger::v1::Hello& hello) {
  const std::vector<std::string> receipts(hello.key_changes().begin(), hello.key_changes().end());
  for (const KeyChange& change : ChangesFrom(mirror_.keys()->newest(), receipts)) {
    const absl::Status added = mirror_.AddKey(change.next, change.closing);
    if (!added.ok()) return Refused(added, change.closing);
  }
  const std::string known = mirror_.keys()->newest().VerifierText();
  if (hello.verifier_key() == known) return std::nullopt;
  return Fault{WrongHello("verifier key", hello.verifier_key(), known), "", ""};
}

Verdict Follower::OfAnotherOrigin(const ledger::v1::Hello& hello) const {
  const std::vector<std::string> texts(hello.key_changes().begin(), hello.key_changes().end());
  const auto succession = SuccessionOf(*mirror_.keys(), texts);
  if (succession && succession->next.name() == hello.origin()) {
    return Fault{PeerSucceeded(*succession), "", ""};
  }
  return Fault{WrongHello("origin", hello.origin(), mirror_.origin()), "", ""};
}

Verdict Follower::Apply(const ledger::v1::Leaves& leaves, absl::Time now) {
  const base::TreeSize before = mirror_.size();
  const base::TreeSize from{leaves.from_size()};
  const std::vector<base::Digest> hashes = LeafHashes(leaves);
  const absl::Status status = mirror_.Extend(from, hashes, leaves.checkpoint());
  if (absl::IsOutOfRange(status)) return Missed();
  if (!status.ok()) return Refused(status, leaves.checkpoint());
  ack_due_ = true;
  if (mirror_.size() > before) {
    caught_up_ = false;
    Progressed();
  }
  const base::TreeSize size{from.value + hashes.size()};
  // A file may begin below what is held: what matters is where it leads to.
  if (carried_) return std::nullopt;
  return Verified(size, leaves.checkpoint(), now);
}

Verdict Follower::Apply(const ledger::v1::Disclosed& disclosed, absl::Time now) {
  const std::uint64_t from = disclosed.from_index();
  const bool same_list = disclosed.epoch() == position_.epoch;
  if (from > (same_list ? position_.index : 0)) return Missed();

  bool kept = false;
  if (Verdict verdict = Keep(disclosed.entries(), kept, now)) return verdict;
  if (!kept) return Missed();
  ack_due_ = true;
  const std::uint64_t end = from + static_cast<std::uint64_t>(disclosed.entries_size());
  if (same_list && end <= position_.index) return std::nullopt;
  caught_up_ = false;
  Progressed();
  return MoveTo({disclosed.epoch(), end});
}

Verdict Follower::Apply(const ledger::v1::CaughtUp& caught_up, absl::Time now) {
  const base::TreeSize size{caught_up.size()};
  const absl::Status status = mirror_.Extend(size, {}, caught_up.checkpoint());
  if (absl::IsOutOfRange(status)) return Missed();
  if (!status.ok()) return Refused(status, caught_up.checkpoint());
  if (Verdict verdict = Verified(size, caught_up.checkpoint(), now)) return verdict;

  const bool same_list = caught_up.epoch() == position_.epoch;
  if (caught_up.disclosed() > (same_list ? position_.index : 0)) return Missed();
  ack_due_ = true;
  if (size < mirror_.size()) return std::nullopt;  // overtaken on its way
  caught_up_ = true;
  Progressed();
  return std::nullopt;
}

Verdict Follower::Apply(const ledger::v1::Entries& entries, bool& kept, absl::Time now) {
  if (Verdict verdict = Keep(entries.entries(), kept, now)) return verdict;
  return kept ? std::nullopt : Missed();
}

void Follower::Tick(absl::Time now) {
  if (caught_up_) {
    patience_.Reset();
  } else if (patience_.Expired(now)) {
    rewind_due_ = true;
  }
}

std::optional<ledger::v1::Frame> Follower::Next() {
  if (!rewind_due_ && !ack_due_) return std::nullopt;
  ledger::v1::Frame frame;
  ledger::v1::Follow& follow = *frame.mutable_follow();
  follow.set_size(mirror_.size().value);
  follow.set_epoch(position_.epoch);
  follow.set_disclosed(position_.index);
  if (rewind_due_) {
    follow.set_rewind(true);
    follow.set_checkpoint(mirror_.checkpoint().note);
  }
  rewind_due_ = false;
  ack_due_ = false;
  return frame;
}

Verdict Follower::Keep(const google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& entries,
                       bool& kept, absl::Time now) {
  if (keys_ != nullptr) {
    std::vector<EntryWithKey> with_keys;
    for (const ledger::v1::LogEntry& entry : entries) {
      if (!entry.key().empty()) with_keys.push_back({entry.entry(), entry.key()});
    }
    const absl::Status held = keys_->Keep(with_keys);
    if (!held.ok()) return Fault{OwnStoreFailed(held), "", ""};
  }
  const absl::StatusOr<std::size_t> fresh = mirror_.Keep(EntriesOf(entries), now);
  kept = fresh.ok();
  if (kept || absl::IsOutOfRange(fresh.status())) return std::nullopt;
  return Refused(fresh.status(), "");
}

Verdict Follower::Verified(base::TreeSize size, const std::string& note, absl::Time now) {
  if (size < least_) {
    return Fault{PeerRolledBack(peer_.node, size, least_), note, mirror_.checkpoint().note};
  }
  verified_at_ = std::max(verified_at_, now);
  return std::nullopt;
}

Verdict Follower::Refused(const absl::Status& status, const std::string& note) const {
  if (absl::IsDataLoss(status)) return Fault{status, note, mirror_.checkpoint().note};
  if (absl::IsInvalidArgument(status)) return Fault{status, "", ""};
  return Fault{OwnStoreFailed(status), "", ""};
}

Verdict Follower::MoveTo(FollowPosition position) {
  position_ = std::move(position);
  const absl::Status saved = cursor_.Save(position_);
  if (!saved.ok()) return Fault{OwnStoreFailed(saved), "", ""};
  return std::nullopt;
}

void Follower::Progressed() {
  rewind_asked_ = false;
  patience_.Reset();
}

Verdict Follower::Missed() {
  caught_up_ = false;
  // Whatever was on its way behind the gap meets it too: one request is enough.
  if (!rewind_asked_) rewind_due_ = true;
  rewind_asked_ = true;
  return std::nullopt;
}

}  // namespace selaras::link
