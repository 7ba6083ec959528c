#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/attachments.h"
#include "services/link/config.h"
#include "services/link/fault.h"
#include "services/link/patience.h"
#include "storage/base/number.h"

namespace selaras::link {

// Documents of the peer that this side wants, chunk by chunk. One question is under way at a time.
class Fetcher {
 public:
  explicit Fetcher(const SessionConfig& config);

  // The peer understands it.
  void Begin() { begun_ = true; }

  // Entries came: more may be wanted.
  void Refresh();
  // The peer's answer. What was not asked for changes nothing.
  Verdict Apply(const ledger::v1::AttachmentPart& part);
  void Tick(absl::Time now);

  // The question that is due: about an entry below `size`. An error is one of the own store.
  absl::StatusOr<std::optional<ledger::v1::Frame>> Next(base::TreeSize size);

 private:
  Attachments* const attachments_;
  bool begun_ = false;
  bool look_due_ = true;        // what is wanted is to be looked up, and asked for
  std::optional<Chunk> asked_;  // not answered yet
  Patience patience_;
};

}  // namespace selaras::link
