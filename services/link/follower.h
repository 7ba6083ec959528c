#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/config.h"
#include "services/link/fault.h"
#include "services/link/follow_cursor.h"
#include "services/link/patience.h"
#include "storage/base/number.h"
#include "storage/log/mirror.h"

namespace selaras::link {

// The half of a session that copies the peer's log. Takes frames that passed CheckFrame().
class Follower {
 public:
  Follower(const SessionConfig& config, log::Mirror& mirror, FollowCursor& cursor);

  // The peer has introduced itself: ask for its log.
  Verdict Begin();

  // The peer's log is another one than the one that is followed here: says whether it succeeds it.
  Verdict OfAnotherOrigin(const ledger::v1::Hello& hello) const;

  // What the peer says of its keys, before anything else of it is believed.
  Verdict Apply(const ledger::v1::Hello& hello);

  Verdict Apply(const ledger::v1::Leaves& leaves, absl::Time now);
  Verdict Apply(const ledger::v1::Disclosed& disclosed, absl::Time now);
  Verdict Apply(const ledger::v1::CaughtUp& caught_up, absl::Time now);
  // Entries that were asked for. Sets `kept` to false if their leaves are not here yet.
  Verdict Apply(const ledger::v1::Entries& entries, bool& kept, absl::Time now);

  void Tick(absl::Time now);

  // The Follow that is due: to begin again, or to acknowledge.
  std::optional<ledger::v1::Frame> Next();

  std::uint64_t index() const { return position_.index; }
  bool caught_up() const { return caught_up_; }
  absl::Time verified_at() const { return verified_at_; }

 private:
  Verdict Verified(base::TreeSize size, const std::string& note, absl::Time now);
  Verdict Refused(const absl::Status& status, const std::string& note) const;
  Verdict Keep(const google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& entries, bool& kept,
               absl::Time now);
  Verdict MoveTo(FollowPosition position);
  void Progressed();
  Verdict Missed();

  const Party& peer_;
  log::Mirror& mirror_;
  FollowCursor& cursor_;
  EntryKeys* const keys_;
  const std::optional<Carried> carried_;
  base::TreeSize least_;  // what the peer may not show less than
  FollowPosition position_;
  bool caught_up_ = false;
  absl::Time verified_at_ = absl::InfinitePast();
  bool rewind_due_ = false;
  bool ack_due_ = false;
  bool rewind_asked_ = false;  // for this gap, and nothing came since
  Patience patience_;
};

}  // namespace selaras::link
