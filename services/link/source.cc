#include "services/link/source.h"

#include <algorithm>
#include <utility>

#include "services/link/errors.h"
#include "storage/base/status.h"
#include "storage/merkle/prove.h"

namespace selaras::link {

Source::Source(const SessionConfig& config, const log::LogReader& own,
               const Disclosures& disclosures, const CheckpointSource& checkpoints)
    : flow_(config.flow),
      own_(own),
      disclosures_(disclosures),
      checkpoints_(checkpoints),
      keys_(config.keys),
      patience_(Stretched(flow_.silence, config.jitter),
                Stretched(flow_.silence_max, config.jitter)),
      heartbeat_(Stretched(flow_.heartbeat, config.jitter),
                 Stretched(flow_.heartbeat, config.jitter)) {
  Refresh();
}

void Source::Refresh() {
  // The list first: whatever it names is in the log that is measured afterwards.
  DisclosureList list = disclosures_.Current();
  const base::TreeSize size = own_.size();
  if (list.epoch != list_.epoch) {
    sent_index_ = 0;
    arrived_index_ = 0;
    for (InFlight& frame : in_flight_) frame.index = 0;
  }
  if (list != list_ || size != size_) caught_up_sent_ = false;
  list_ = std::move(list);
  size_ = size;
}

Verdict Source::Apply(const ledger::v1::Follow& follow) {
  const base::TreeSize size{follow.size()};
  // What grew meanwhile is not sent because something else arrived: it is told of when it is time.
  if (follow.rewind() || size > size_) Refresh();
  if (follow.rewind()) {
    if (Verdict verdict = CheckHeld(follow)) return verdict;
  } else if (size > size_) {
    return Fault{AcknowledgesTooMuch(size, size_), "", ""};
  }
  // Another list says nothing about this one: begin at 0. Of this one the peer may know more than
  // there is after a crash that lost its end.
  const std::uint64_t index =
      follow.epoch() == list_.epoch ? std::min(follow.disclosed(), list_.length) : 0;
  Acknowledge(size, index);
  if (follow.rewind()) BeginAt(size, index);
  return std::nullopt;
}

Verdict Source::CheckHeld(const ledger::v1::Follow& follow) {
  const base::TreeSize size{follow.size()};
  if (size.value == 0) return std::nullopt;
  const absl::StatusOr<log::SignedCheckpoint> shown = own_.keys()->Open(follow.checkpoint());
  if (!shown.ok() || shown->checkpoint.size != size) return Fault{NotMyCheckpoint(size), "", ""};
  shown_size_ = std::max(shown_size_, size);
  if (size > size_) {
    return Fault{OwnLogRolledBack(size_, size), follow.checkpoint(), own_.checkpoint().note};
  }
  const absl::StatusOr<log::SignedCheckpoint> own = checkpoints_.SignedAt(size);
  if (!own.ok()) return Fault{OwnStoreFailed(own.status()), "", ""};
  if (own->checkpoint.root != shown->checkpoint.root) {
    return Fault{OwnLogForked(size), follow.checkpoint(), own->note};
  }
  return std::nullopt;
}

void Source::Acknowledge(base::TreeSize size, std::uint64_t index) {
  if (size > arrived_size_ || index > arrived_index_) patience_.Reset();
  arrived_size_ = std::max(arrived_size_, size);
  arrived_index_ = std::max(arrived_index_, index);
  // Also what was sent before the last beginning may be acknowledged now: no need to repeat it.
  sent_size_ = std::max(sent_size_, size);
  while (!in_flight_.empty() && in_flight_.front().size <= arrived_size_ &&
         in_flight_.front().index <= arrived_index_) {
    in_flight_bytes_ -= in_flight_.front().bytes;
    in_flight_.pop_front();
  }
}

void Source::BeginAt(base::TreeSize size, std::uint64_t index) {
  followed_ = true;
  sent_size_ = size;
  sent_index_ = index;
  caught_up_sent_ = false;
  in_flight_.clear();
  in_flight_bytes_ = 0;
}

void Source::Apply(const ledger::v1::GetEntries& request) {
  for (const std::uint64_t place : request.sequences()) {
    if (asked_.size() >= kAskedMax) break;
    asked_.insert({place});
  }
}

void Source::Tick(absl::Time now) {
  Refresh();
  if (in_flight_.empty()) {
    patience_.Reset();
  } else if (patience_.Expired(now)) {
    BeginAt(arrived_size_, arrived_index_);
  }
  if (heartbeat_.Expired(now)) caught_up_sent_ = false;
}

absl::StatusOr<std::optional<ledger::v1::Frame>> Source::Next(std::optional<base::TreeSize> stop) {
  if (!followed_) return std::nullopt;
  if (!asked_.empty()) return NextAnswer();
  if (in_flight_bytes_ >= flow_.window_bytes) return std::nullopt;
  if (sent_size_ < size_) {
    return NextLeaves(stop && sent_size_ < *stop ? std::min(*stop, size_) : size_);
  }
  if (sent_index_ < list_.length) return NextDisclosed();
  if (!caught_up_sent_) return NextCaughtUp();
  return std::nullopt;
}

void Source::Sent(std::size_t bytes) {
  in_flight_.push_back({sent_size_, sent_index_, bytes});
  in_flight_bytes_ += bytes;
  caught_up_sent_ = false;
}

absl::StatusOr<std::optional<ledger::v1::Frame>> Source::NextLeaves(base::TreeSize stop) {
  const std::uint64_t count =
      std::min<std::uint64_t>(flow_.frame_leaves, stop.value - sent_size_.value);
  const base::TreeSize end{sent_size_.value + count};
  ASSIGN_OR_RETURN(const std::vector<base::Digest> hashes, own_.Hashes(0, sent_size_.value, count));
  ASSIGN_OR_RETURN(log::SignedCheckpoint checkpoint, checkpoints_.SignedAt(end));
  ledger::v1::Frame frame;
  ledger::v1::Leaves& leaves = *frame.mutable_leaves();
  leaves.set_from_size(sent_size_.value);
  for (const base::Digest& hash : hashes) {
    leaves.add_leaf_hashes(hash.view().data(), hash.view().size());
  }
  const std::size_t bytes = count * kLeafBytes + checkpoint.note.size();
  leaves.set_checkpoint(std::move(checkpoint.note));
  sent_size_ = end;
  Sent(bytes);
  return frame;
}

absl::StatusOr<std::optional<ledger::v1::Frame>> Source::NextDisclosed() {
  const auto most = static_cast<std::size_t>(
      std::min<std::uint64_t>(flow_.frame_entries, list_.length - sent_index_));
  ASSIGN_OR_RETURN(const std::vector<base::Sequence> places,
                   disclosures_.List(list_.epoch, sent_index_, most));
  ledger::v1::Frame frame;
  ledger::v1::Disclosed& disclosed = *frame.mutable_disclosed();
  disclosed.set_epoch(list_.epoch);
  disclosed.set_from_index(sent_index_);
  std::size_t bytes = 0;
  for (const base::Sequence place : places) {
    if (!base::Covers(sent_size_, place)) break;  // never before its leaf
    ASSIGN_OR_RETURN(const bool added, Add(place, bytes, *disclosed.mutable_entries()));
    if (!added) break;
  }
  // The list was built anew meanwhile: the wake-up that follows finds the new one.
  if (disclosed.entries().empty()) return std::nullopt;
  sent_index_ += static_cast<std::uint64_t>(disclosed.entries_size());
  Sent(bytes);
  return frame;
}

absl::StatusOr<std::optional<ledger::v1::Frame>> Source::NextCaughtUp() {
  ASSIGN_OR_RETURN(log::SignedCheckpoint checkpoint, checkpoints_.SignedAt(size_));
  ledger::v1::Frame frame;
  ledger::v1::CaughtUp& caught_up = *frame.mutable_caught_up();
  caught_up.set_size(size_.value);
  caught_up.set_disclosed(list_.length);
  caught_up.set_epoch(list_.epoch);
  caught_up.set_checkpoint(std::move(checkpoint.note));
  caught_up_sent_ = true;
  heartbeat_.Reset();
  return frame;
}

absl::StatusOr<std::optional<ledger::v1::Frame>> Source::NextAnswer() {
  // The peer holds no leaf beyond what it acknowledged or was sent, so it cannot ask for more.
  const base::TreeSize known = std::max(arrived_size_, sent_size_);
  ledger::v1::Frame frame;
  ledger::v1::Entries& entries = *frame.mutable_entries();
  std::size_t bytes = 0;
  while (!asked_.empty()) {
    const base::Sequence place = *asked_.begin();
    if (base::Covers(known, place) && disclosures_.MaySee(place)) {
      if (static_cast<std::size_t>(entries.entries_size()) == flow_.frame_entries) break;
      ASSIGN_OR_RETURN(const bool added, Add(place, bytes, *entries.mutable_entries()));
      if (!added) break;
    } else {
      if (static_cast<std::size_t>(entries.withheld_size()) == kFrameEntriesMax) break;
      entries.add_withheld(place.value);
    }
    asked_.erase(asked_.begin());
  }
  return frame;
}

absl::StatusOr<bool> Source::Add(
    base::Sequence place, std::size_t& bytes,
    google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& to) const {
  ASSIGN_OR_RETURN(std::optional<std::string> entry, own_.Entry(place));
  if (!entry) return OwnEntryMissing(place);
  // The first always fits: no entry is longer than a frame may be.
  if (!to.empty() && bytes + entry->size() > flow_.frame_entry_bytes) return false;
  bytes += entry->size();
  std::string key;
  if (keys_ != nullptr) {
    ASSIGN_OR_RETURN(key, keys_->KeyOf(*entry));
  }
  ledger::v1::LogEntry& added = *to.Add();
  added.set_key(std::move(key));
  added.set_sequence(place.value);
  added.set_entry(*std::move(entry));
  return true;
}

}  // namespace selaras::link
