#pragma once

#include <optional>

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/config.h"
#include "services/link/fault.h"
#include "services/link/witnessing.h"
#include "storage/log/checkpoint.h"
#include "storage/log/mirror.h"

namespace selaras::link {

// The part of a session that compares what the peer publishes with the mirror, and cosigns it.
class Attestor {
 public:
  Attestor(log::Mirror& mirror, Witness* witness);

  Verdict Apply(const ledger::v1::Publish& publish);
  // The mirror may have grown.
  Verdict Advance();

  // The cosignature that is due.
  std::optional<ledger::v1::Frame> Next();

 private:
  Verdict Compare(const log::SignedCheckpoint& published);

  log::Mirror& mirror_;
  Witness* const witness_;
  std::optional<log::SignedCheckpoint> ahead_;  // its leaves are not here yet
  std::optional<ledger::v1::Cosigned> due_;
};

}  // namespace selaras::link
