#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/link/disclosures.h"
#include "services/link/follow_cursor.h"
#include "storage/log/store.h"

// What the links keep in the store.
namespace selaras::node {

// The disclosure list for one peer, as the projector writes it. Thread-safe.
class StoredDisclosures final : public link::Disclosures {
 public:
  StoredDisclosures(const log::StoreReader& store, std::string peer);

  link::DisclosureList Current() const override;
  absl::StatusOr<std::vector<base::Sequence>> List(absl::string_view epoch, std::uint64_t from,
                                                   std::size_t max) const override;
  bool MaySee(base::Sequence sequence) const override;
  // Index of an entry in the list; nothing if the peer may not see it.
  absl::StatusOr<std::optional<std::uint64_t>> IndexOf(base::Sequence sequence) const;

 private:
  const log::StoreReader& store_;
  const std::string peer_;
};

// The row of a link; empty if there is none yet.
absl::StatusOr<storage::v1::StoredLink> LoadLink(const log::StoreReader& store,
                                                 absl::string_view peer);

// Where following a peer goes on. Unsynced: what is repeated after a crash is harmless. One caller
// at a time.
class StoredFollowCursor final : public link::FollowCursor {
 public:
  StoredFollowCursor(log::Store& store, std::string peer);

  absl::StatusOr<link::FollowPosition> Load() const override;
  absl::Status Save(const link::FollowPosition& position) override;

 private:
  log::Store& store_;
  const std::string peer_;
};

// Notes what the peer acknowledged, when its log was last verified, and why the link stands still.
absl::Status SaveLinkProgress(log::Store& store, absl::string_view peer,
                              const storage::v1::StoredLink& progress);

// What the link stood still for is settled if it is about `log`, which was closed: a peer's or the
// own one.
void SettleClosed(absl::string_view log, storage::v1::StoredLink* link);

}  // namespace selaras::node
