#include "services/node/link_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/node/rows.h"
#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/log/names.h"

namespace selaras::node {
namespace {

absl::StatusOr<storage::v1::StoredLink> LoadRow(const log::StoreReader& store,
                                                const std::string& key) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kView, key));
  storage::v1::StoredLink stored;
  if (row && !stored.ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the row ", key, " is damaged"));
  }
  return stored;
}

}  // namespace

StoredDisclosures::StoredDisclosures(const log::StoreReader& store, std::string peer)
    : store_(store), peer_(std::move(peer)) {}

link::DisclosureList StoredDisclosures::Current() const {
  const auto epoch = store_.Get(log::Table::kView, rows::kDisclosureEpoch);
  const auto count = store_.Get(log::Table::kView, rows::DisclosureCount(peer_));
  link::DisclosureList list;
  if (epoch.ok() && *epoch) list.epoch = **epoch;
  if (count.ok() && *count) list.length = rows::DecodeNumber(**count);
  return list;
}

absl::StatusOr<std::vector<base::Sequence>> StoredDisclosures::List(absl::string_view epoch,
                                                                    std::uint64_t from,
                                                                    std::size_t max) const {
  std::vector<base::Sequence> places;
  if (epoch != Current().epoch || max == 0) return places;
  RETURN_IF_ERROR(store_.Scan(log::Table::kView, rows::DisclosurePrefix(peer_),
                              rows::Disclosure(peer_, from),
                              [&](absl::string_view, absl::string_view value) {
                                places.push_back({rows::DecodeNumber(value)});
                                return places.size() < max;
                              }));
  return places;
}

absl::StatusOr<std::optional<std::uint64_t>> StoredDisclosures::IndexOf(
    base::Sequence sequence) const {
  ASSIGN_OR_RETURN(const auto row, store_.Get(log::Table::kView, rows::MaySee(peer_, sequence)));
  if (!row) return std::nullopt;
  return rows::DecodeNumber(*row);
}

bool StoredDisclosures::MaySee(base::Sequence sequence) const {
  const auto index = IndexOf(sequence);
  return index.ok() && index->has_value();
}

absl::StatusOr<storage::v1::StoredLink> LoadLink(const log::StoreReader& store,
                                                 absl::string_view peer) {
  return LoadRow(store, rows::Link(peer));
}

StoredFollowCursor::StoredFollowCursor(log::Store& store, std::string peer)
    : store_(store), peer_(std::move(peer)) {}

absl::StatusOr<link::FollowPosition> StoredFollowCursor::Load() const {
  ASSIGN_OR_RETURN(const auto stored, LoadRow(store_, rows::Follow(peer_)));
  return link::FollowPosition{stored.epoch(), stored.followed()};
}

absl::Status StoredFollowCursor::Save(const link::FollowPosition& position) {
  storage::v1::StoredLink stored;
  stored.set_epoch(position.epoch);
  stored.set_followed(position.index);
  return store_.Write({{log::Table::kView, rows::Follow(peer_), stored.SerializeAsString()}},
                      log::Durability::kUnsynced);
}

absl::Status SaveLinkProgress(log::Store& store, absl::string_view peer,
                              const storage::v1::StoredLink& progress) {
  return store.Write({{log::Table::kView, rows::Link(peer), progress.SerializeAsString()}},
                     progress.stopped() ? log::Durability::kSynced : log::Durability::kUnsynced);
}

void SettleClosed(absl::string_view log, storage::v1::StoredLink* link) {
  const auto given = log::ReadUnverified(link->given());
  // The peer's log may be sound and the own one forked, or the other way round.
  if (given.ok() && log::LogOfOrigin(given->origin) != log) return;
  link->clear_fault();
  link->clear_stopped();
  link->clear_given();
  link->clear_given_by();
  link->clear_held();
  link->clear_evidence_file();
}

}  // namespace selaras::node
