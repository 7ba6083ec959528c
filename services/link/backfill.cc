#include "services/link/backfill.h"

namespace selaras::link {

Backfill::Backfill(const SessionConfig& config)
    : places_(config.flow.asked_places),
      patience_(Stretched(config.flow.silence, config.jitter),
                Stretched(config.flow.silence_max, config.jitter)) {}

void Backfill::Want(const std::vector<base::Sequence>& places) {
  wanted_.insert(places.begin(), places.end());
}

void Backfill::Answered(const ledger::v1::Entries& entries) {
  for (const ledger::v1::LogEntry& entry : entries.entries()) Settle({entry.sequence()});
  for (const std::uint64_t place : entries.withheld()) {
    if (Settle({place})) ++withheld_;
  }
}

bool Backfill::Settle(base::Sequence place) {
  if (asked_.erase(place) > 0) patience_.Reset();
  return wanted_.erase(place) > 0;
}

void Backfill::Tick(absl::Time now) {
  // What was asked and not answered is forgotten, not given up: it is still wanted.
  if (asked_.empty()) {
    patience_.Reset();
  } else if (patience_.Expired(now)) {
    asked_.clear();
  }
}

std::optional<ledger::v1::Frame> Backfill::Next(base::TreeSize size) {
  if (!asked_.empty()) return std::nullopt;
  ledger::v1::Frame frame;
  for (const base::Sequence place : wanted_) {
    if (asked_.size() == places_ || !base::Covers(size, place)) break;
    asked_.insert(place);
    frame.mutable_get_entries()->add_sequences(place.value);
  }
  if (asked_.empty()) return std::nullopt;
  return frame;
}

}  // namespace selaras::link
