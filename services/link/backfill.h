#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "absl/time/time.h"

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/config.h"
#include "services/link/patience.h"
#include "storage/base/number.h"

namespace selaras::link {

// Entries that this side wants by place. One question is under way at a time.
class Backfill {
 public:
  explicit Backfill(const SessionConfig& config);

  void Want(const std::vector<base::Sequence>& places);
  // The peer's answer, whose entries are kept.
  void Answered(const ledger::v1::Entries& entries);
  void Tick(absl::Time now);
  // The question that is due: about places below `size`.
  std::optional<ledger::v1::Frame> Next(base::TreeSize size);

  std::uint64_t wanted() const { return wanted_.size(); }
  std::uint64_t withheld() const { return withheld_; }

 private:
  bool Settle(base::Sequence place);

  const std::size_t places_;
  std::set<base::Sequence> wanted_;  // includes those asked for
  std::set<base::Sequence> asked_;   // not answered yet
  std::uint64_t withheld_ = 0;
  Patience patience_;
};

}  // namespace selaras::link
