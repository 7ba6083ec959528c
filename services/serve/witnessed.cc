#include "services/serve/witnessed.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"
#include "storage/log/published.h"

namespace selaras::serve {
namespace {

constexpr int kOldestTried = 1'000;
constexpr int kNewestTried = 64;

absl::Status NotWitnessed(absl::string_view why) {
  return domain::Refusal(absl::StatusCode::kFailedPrecondition, "NOT_WITNESSED", why);
}

absl::Status NoPolicy() {
  return NotWitnessed("this node has no policy; set policy in its configuration");
}

// The note with its cosignatures, if the policy accepts it.
absl::StatusOr<log::SignedCheckpoint> Accept(const log::Policy& policy,
                                             const log::PublishedCheckpoint& published) {
  absl::StatusOr<log::Accepted> accepted = policy.Open(published.note);
  if (accepted.ok()) return std::move(accepted->checkpoint);
  return NotWitnessed(absl::StrCat("the checkpoint of ", published.size,
                                   " entries: ", accepted.status().message()));
}

}  // namespace

absl::StatusOr<log::SignedCheckpoint> OldestWitnessed(const log::StoreReader& store,
                                                      const std::optional<log::Policy>& policy,
                                                      base::Sequence covered) {
  if (!policy) return NoPolicy();
  absl::StatusOr<log::SignedCheckpoint> found =
      NotWitnessed("no checkpoint that covers the entry was published yet; ask again in a second");
  int tried = 0;
  RETURN_IF_ERROR(log::ScanPublished(store, store.shared().name(), {covered.value + 1},
                                     [&](const log::PublishedCheckpoint& published) {
                                       found = Accept(*policy, published);
                                       return !found.ok() && ++tried < kOldestTried;
                                     }));
  if (found.ok() || tried < kOldestTried) return found;
  absl::StatusOr<log::SignedCheckpoint> newest = NewestWitnessed(store, policy);
  const bool covers = newest.ok() && base::Covers(newest->checkpoint.size, covered);
  return covers ? newest : found;
}

absl::StatusOr<log::SignedCheckpoint> NewestWitnessed(const log::StoreReader& store,
                                                      const std::optional<log::Policy>& policy) {
  if (!policy) return NoPolicy();
  const std::string& log = store.shared().name();
  ASSIGN_OR_RETURN(auto published, log::NewestPublished(store, log));
  if (!published) return NotWitnessed("nothing was published yet; ask again in a second");
  absl::StatusOr<log::SignedCheckpoint> newest = Accept(*policy, *published);
  absl::StatusOr<log::SignedCheckpoint> found = newest;
  for (int tried = 1; !found.ok() && tried < kNewestTried; ++tried) {
    ASSIGN_OR_RETURN(published, log::PublishedBefore(store, log, published->size));
    if (!published) break;
    found = Accept(*policy, *published);
  }
  return found.ok() ? found : newest;  // what the newest misses is what is to be mended
}

}  // namespace selaras::serve
