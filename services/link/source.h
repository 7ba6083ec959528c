#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/checkpoint_source.h"
#include "services/link/config.h"
#include "services/link/disclosures.h"
#include "services/link/fault.h"
#include "services/link/patience.h"
#include "storage/base/number.h"
#include "storage/log/log_reader.h"

namespace selaras::link {

// The half of a session that serves the own log. Takes frames that passed CheckFrame().
class Source {
 public:
  Source(const SessionConfig& config, const log::LogReader& own, const Disclosures& disclosures,
         const CheckpointSource& checkpoints);

  Verdict Apply(const ledger::v1::Follow& follow);
  void Apply(const ledger::v1::GetEntries& request);

  // Looks at the log and the list again.
  void Refresh();
  void Tick(absl::Time now);

  // The next frame, if one is due and fits the window; leaves go as far as `stop` first. An error
  // is one of the own store.
  absl::StatusOr<std::optional<ledger::v1::Frame>> Next(
      std::optional<base::TreeSize> stop = std::nullopt);

  base::TreeSize sent_size() const { return sent_size_; }
  bool followed() const { return followed_; }
  // Whether everything was sent: nothing waits, not even for the window.
  bool everything_sent() const { return followed_ && caught_up_sent_; }

  // Of the own log, as of the newest checkpoint that the peer has shown under the own signature:
  // more than there is if the store lacks entries.
  base::TreeSize shown_size() const { return shown_size_; }
  base::TreeSize size() const { return size_; }
  const std::string& epoch() const { return list_.epoch; }
  base::TreeSize arrived_size() const { return arrived_size_; }
  std::uint64_t disclosed() const { return list_.length; }
  std::uint64_t arrived_index() const { return arrived_index_; }

 private:
  // A frame that the peer has not acknowledged: it has as soon as it holds this much.
  struct InFlight {
    base::TreeSize size;
    std::uint64_t index;
    std::size_t bytes;
  };

  Verdict CheckHeld(const ledger::v1::Follow& follow);
  void BeginAt(base::TreeSize size, std::uint64_t index);
  void Acknowledge(base::TreeSize size, std::uint64_t index);
  void Sent(std::size_t bytes);
  // Appends the entry unless the frame would grow too large; tells whether it did.
  absl::StatusOr<bool> Add(base::Sequence place, std::size_t& bytes,
                           google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& to) const;

  absl::StatusOr<std::optional<ledger::v1::Frame>> NextAnswer();
  absl::StatusOr<std::optional<ledger::v1::Frame>> NextLeaves(base::TreeSize stop);
  absl::StatusOr<std::optional<ledger::v1::Frame>> NextDisclosed();
  absl::StatusOr<std::optional<ledger::v1::Frame>> NextCaughtUp();

  const Flow& flow_;
  const log::LogReader& own_;
  const Disclosures& disclosures_;
  const CheckpointSource& checkpoints_;
  const EntryKeys* const keys_;

  base::TreeSize size_;  // of the own log and of the list, when last looked at
  DisclosureList list_;

  bool followed_ = false;
  base::TreeSize shown_size_;
  base::TreeSize sent_size_;
  std::uint64_t sent_index_ = 0;
  bool caught_up_sent_ = false;
  base::TreeSize arrived_size_;
  std::uint64_t arrived_index_ = 0;
  std::deque<InFlight> in_flight_;
  std::size_t in_flight_bytes_ = 0;
  std::set<base::Sequence> asked_;
  Patience patience_;
  Patience heartbeat_;
};

}  // namespace selaras::link
