#pragma once

#include <deque>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/attachments.h"
#include "services/link/config.h"
#include "services/link/disclosures.h"

namespace selaras::link {

// The part of a session that gives the peer chunks of own documents, if it may see their entries.
class Giver {
 public:
  Giver(const SessionConfig& config, const Disclosures& disclosures);

  // The peer understands it: until then nothing is answered.
  void Begin() { begun_ = true; }

  void Apply(const ledger::v1::GetAttachment& question);

  // The answer that is due, to the oldest question. An error is one of the own store.
  absl::StatusOr<std::optional<ledger::v1::Frame>> Next();

 private:
  absl::StatusOr<std::string> DataOf(const Chunk& chunk) const;

  const Attachments* const attachments_;
  const Disclosures& disclosures_;
  bool begun_ = false;
  std::deque<Chunk> asked_;
};

}  // namespace selaras::link
