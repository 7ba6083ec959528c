#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/link/witnessing.h"
#include "storage/log/cosignature.h"
#include "storage/log/published.h"
#include "storage/log/store.h"

namespace selaras::link {

// Cosigns what one peer publishes, and remembers it: never a smaller checkpoint than before, also
// after a restart. One caller at a time.
class MirrorWitness : public Witness {
 public:
  // The same statement is not made anew so soon, however often it is asked for.
  static constexpr absl::Duration kAgain = absl::Minutes(1);

  // `now` fails while the clock is in doubt. Without a cosigner what is published is only kept.
  // Everything must outlive it.
  MirrorWitness(const log::StoreReader& store, log::PublishedCheckpoints& rows, std::string log,
                const log::Cosigner* cosigner, std::function<absl::StatusOr<absl::Time>()> now);

  absl::StatusOr<std::optional<std::string>> Cosign(
      const log::SignedCheckpoint& published) override;

 private:
  struct Given {
    base::TreeSize size;
    absl::Time time;
    std::string signature;
  };

  const log::StoreReader& store_;
  log::PublishedCheckpoints& rows_;
  const std::string log_;
  const log::Cosigner* const cosigner_;
  const std::function<absl::StatusOr<absl::Time>()> now_;
  std::optional<Given> last_;
};

}  // namespace selaras::link
