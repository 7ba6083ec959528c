#pragma once

#include <optional>

#include "absl/time/time.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/config.h"
#include "services/link/fault.h"
#include "services/link/patience.h"
#include "services/link/witnessing.h"
#include "storage/base/number.h"

namespace selaras::link {

// The part of a session that publishes the own log to the peer and takes its cosignatures.
//
// A mirror cosigns only what it holds exactly, so the leaves stop at a publication until that was
// sent. One that the leaves have passed is given up: the next one follows.
class Publisher {
 public:
  Publisher(const SessionConfig& config, Publications* publications);

  // The peer understands it.
  void Begin() { begun_ = true; }

  // Looks for a new publication; `sent` leaves are on their way.
  void Refresh(base::TreeSize sent);
  Verdict Apply(const ledger::v1::Cosigned& cosigned);
  void Tick(absl::Time now);

  // Where the leaves must stop, if not at the end of the log.
  std::optional<base::TreeSize> Stop() const;
  // The frame that is due once exactly the leaves that it covers were sent.
  std::optional<ledger::v1::Frame> Next(base::TreeSize sent);

 private:
  const Party& peer_;
  Publications* const publications_;
  bool begun_ = false;
  std::optional<Publication> publication_;
  bool due_ = false;
  bool awaited_ = false;  // sent, and the peer has not cosigned it yet
  Patience patience_;
};

}  // namespace selaras::link
