#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/link/witnessing.h"
#include "storage/log/published.h"
#include "storage/log/store.h"

namespace selaras::link {

// Publishes the own shared log: its newest checkpoint when it has grown, the last one again when
// nothing was published for an hour, so that an idle log is cosigned anew. Thread-safe.
class PublishedLog : public Publications {
 public:
  static constexpr absl::Duration kAgain = absl::Hours(1);

  // Both must outlive it.
  PublishedLog(const log::StoreReader& store, log::PublishedCheckpoints& rows)
      : store_(store), rows_(rows) {}

  // Goes on with what was published last. Before everything else; `now` is monotonic.
  absl::Status Open(absl::Duration now);

  // Publishes if it is time to; tells whether it did. To be called about once a second.
  absl::StatusOr<bool> Look(absl::Duration now);

  std::optional<Publication> Newest() const override;
  absl::Status Keep(base::TreeSize size, const log::CosignatureVerifier& witness,
                    absl::string_view signature) override;

 private:
  const log::StoreReader& store_;
  log::PublishedCheckpoints& rows_;
  mutable std::mutex mutex_;
  std::optional<Publication> newest_;
  absl::Duration published_at_;
};

}  // namespace selaras::link
