#include "services/node/link_keys.h"

#include <map>
#include <utility>
#include <vector>

#include "services/node/rows.h"
#include "services/node/seal.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"
#include "storage/vault/sealed.h"

namespace selaras::node {
namespace {

std::string RowOf(const event::v1::Event& event) {
  return event.has_sealed() ? rows::SharedKey(SubjectOf(event), event.author()) : std::string();
}

bool Opens(const event::v1::Event& event, absl::string_view key) {
  return key.size() == vault::kKeyBytes && OpenPart(event, key).ok();
}

}  // namespace

std::string KeyRowOf(absl::string_view entry) {
  const auto event = ParseEvent(entry);
  return event.ok() ? RowOf(*event) : std::string();
}

std::string KeptKeyRowOf(absl::string_view entry) {
  const auto event = ParseEvent(entry);
  if (!event.ok() || !event->has_sealed()) return std::string();
  return rows::KeptKey(SubjectOf(*event), event->author());
}

bool Opens(absl::string_view entry, absl::string_view key) {
  const auto event = ParseEvent(entry);
  return event.ok() && Opens(*event, key);
}

LinkKeys::LinkKeys(log::Store& store, const SubjectKeys& keys, const Directory& directory,
                   std::string peer, crypto::RandomSource& random)
    : store_(store), keys_(keys), directory_(directory), peer_(std::move(peer)), random_(random) {}

absl::StatusOr<std::string> LinkKeys::KeyOf(absl::string_view entry) const {
  return keys_.KeyOrNone(KeyRowOf(entry));
}

absl::StatusOr<std::optional<std::string>> LinkKeys::RowToKeep(const link::EntryWithKey& entry,
                                                               const UncommittedKeys& fresh) const {
  const auto event = ParseEvent(entry.entry);
  if (!event.ok() || !directory_.CheckWhoseFact(peer_, *event).ok()) return std::nullopt;
  std::string row = RowOf(*event);
  if (row.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const FoundKey held, keys_.Look(row, &fresh));
  // An author has one key for a case: a second one would shut what the first opens.
  if (held.key || held.erased || !Opens(*event, entry.key)) return std::nullopt;
  for (const std::string& own : directory_.own().authorities) {
    ASSIGN_OR_RETURN(const bool erased,
                     keys_.IsErased(rows::SharedKey(SubjectOf(*event), own), nullptr));
    if (erased) return std::nullopt;
  }
  return row;
}

absl::Status LinkKeys::Keep(std::span<const link::EntryWithKey> entries) {
  std::map<std::string, std::string> fresh;
  const UncommittedKeys uncommitted = {&fresh};
  const auto keeping = keys_.Hold();
  for (const link::EntryWithKey& entry : entries) {
    ASSIGN_OR_RETURN(const auto row, RowToKeep(entry, uncommitted));
    if (row) fresh[*row] = keys_.Wrap(*row, entry.key, random_);
  }
  if (fresh.empty()) return absl::OkStatus();
  std::vector<log::RowWrite> rows;
  for (const auto& [row, wrapped] : fresh) rows.push_back({log::Table::kSecret, row, wrapped});
  return store_.Write(rows, log::Durability::kUnsynced);
}

}  // namespace selaras::node
