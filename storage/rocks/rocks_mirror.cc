#include "storage/rocks/rocks_mirror.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "storage/base/status.h"
#include "storage/log/rules.h"
#include "storage/rocks/identity.h"
#include "storage/rocks/table_rows.h"

namespace selaras::rocks {
namespace {

constexpr std::size_t kNodeRowBytes = 64;  // key, hash and what RocksDB adds, rounded up

}  // namespace

absl::Status RocksMirror::Extend(base::TreeSize from, std::span<const base::Digest> leaf_hashes,
                                 absl::string_view note) {
  RETURN_IF_ERROR(room_.Check());
  const LogRows& rows = log_.rows();
  Database::Batch batch(database_, leaf_hashes.size() * kNodeRowBytes);
  std::optional<log::Evidence> contradiction;
  absl::StatusOr<std::optional<log::Extension>> extension = log::CheckExtension(
      log_, log_.head()->edge, *log_.shared_keys(), from, leaf_hashes, note,
      [&](int tile_level, std::uint64_t index, const base::Digest& hash) {
        rows.PutNode(batch, tile_level, index, hash);
      },
      &contradiction);
  if (contradiction) RETURN_IF_ERROR(evidence_.Add(*contradiction));
  RETURN_IF_ERROR(extension);
  if (!*extension) return absl::OkStatus();
  rows.PutHead(batch, (*extension)->edge, (*extension)->checkpoint.note);
  database_.Commit(batch, /*sync=*/true);
  log_.Publish({std::move((*extension)->edge), std::move((*extension)->checkpoint)});
  return absl::OkStatus();
}

absl::Status RocksMirror::AddKey(const log::NoteVerifier& next, absl::string_view closing) {
  RETURN_IF_ERROR(room_.Check());
  std::optional<log::Evidence> contradiction;
  absl::StatusOr<std::optional<log::LogKeys>> changed =
      log::CheckNextKey(log_, log_.head()->edge, next, closing, &contradiction);
  if (contradiction) RETURN_IF_ERROR(evidence_.Add(*contradiction));
  RETURN_IF_ERROR(changed);
  if (!*changed) return absl::OkStatus();
  Database::Batch batch(database_);
  PutNewestKey(batch, name(), log_.rows().slot(), **changed);
  database_.Commit(batch, /*sync=*/true);
  log_.Publish(**std::move(changed));
  return absl::OkStatus();
}

absl::Status RocksMirror::Succeed(const log::Succession& succession,
                                  const std::vector<log::RowWrite>& rows) {
  RETURN_IF_ERROR(room_.Check());
  ASSIGN_OR_RETURN(std::optional<log::Cut> cut,
                   log::CheckSuccession(log_, log_.head()->edge, succession));
  if (!cut) return absl::OkStatus();
  if (cut->edge.size().value == 0) cut->checkpoint = {};  // as of every empty mirror
  Database::Batch batch(database_);
  RETURN_IF_ERROR(PutSuccession(batch, log_.rows(), log_.size(), *cut));
  PutRows(rows, batch);
  database_.Commit(batch, /*sync=*/true);
  ASSIGN_OR_RETURN(const std::uint64_t held, log_.rows().KeptCount());
  held_ = held;
  log_.Succeed(*std::move(cut));
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> RocksMirror::Keep(std::span<const log::DisclosedEntry> entries,
                                              absl::Time now) {
  RETURN_IF_ERROR(room_.Check());
  ASSIGN_OR_RETURN(const std::vector<const log::DisclosedEntry*> fresh,
                   log::CheckDisclosed(log_, entries));
  if (fresh.empty()) return 0;
  Database::Batch batch(database_);
  std::uint64_t ordinal = held_;
  for (const log::DisclosedEntry* entry : fresh) {
    log_.rows().PutEntry(batch, entry->sequence, entry->bytes);
    log_.rows().PutKept(batch, ordinal++, entry->sequence);
    if (now != absl::InfinitePast()) log_.rows().PutKeptAt(batch, entry->sequence, now);
  }
  database_.Commit(batch, /*sync=*/true);
  held_ = ordinal;
  return fresh.size();
}

absl::StatusOr<std::vector<base::Sequence>> RocksMirror::Kept(std::uint64_t from,
                                                              std::size_t max) const {
  const std::uint64_t held = held_;  // what is committed later may not be durable yet
  if (from >= held) return std::vector<base::Sequence>();
  return log_.rows().Kept(from,
                          static_cast<std::size_t>(std::min<std::uint64_t>(max, held - from)));
}

}  // namespace selaras::rocks
