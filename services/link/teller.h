#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/config.h"
#include "services/link/patience.h"
#include "services/link/witnessing.h"

namespace selaras::link {

// The part of a session that tells the peer what third nodes published, and hears it.
class Teller {
 public:
  Teller(const SessionConfig& config, Gossip* gossip);

  // The peer understands it, and follows these logs.
  void Begin(const google::protobuf::RepeatedPtrField<std::string>& follows);

  void Apply(const ledger::v1::Told& told);
  void Tick(absl::Time now);

  std::optional<ledger::v1::Frame> Next();

 private:
  void Collect();

  Gossip* const gossip_;
  std::set<std::string> follows_;
  std::map<std::string, std::string> told_;  // log -> note or evidence that the peer knows
  std::deque<Hearsay> due_;
  Patience patience_;
};

}  // namespace selaras::link
