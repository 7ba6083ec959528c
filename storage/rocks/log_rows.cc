#include "storage/rocks/log_rows.h"

#include <algorithm>

#include "selaras/storage/v1/storage.pb.h"

#include "storage/base/status.h"
#include "storage/rocks/errors.h"

namespace selaras::rocks {
namespace {

constexpr int kTileLevels = 8;  // 256^8 leaves are more than any tree has

}  // namespace

absl::StatusOr<std::optional<std::string>> LogRows::Entry(base::Sequence sequence) const {
  return database_->Get(Family::kEntry, MakeEntryKey(slot_, sequence).view());
}

absl::Status LogRows::EntriesHeld(
    base::Sequence first, std::uint64_t count,
    absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const {
  const base::Sequence end{first.value + count};
  Database::Rows rows = database_->ScanOnce(Family::kEntry, MakeEntryKey(slot_, first).view(),
                                            MakeEntryKey(slot_, end).view());
  const std::size_t prefix = MakeHeadKey(slot_).view().size();
  for (; rows.Valid(); rows.Next()) {
    base::ByteReader key(rows.key().substr(prefix));
    ASSIGN_OR_RETURN(const std::uint64_t sequence, key.ReadU64());
    entry({sequence}, rows.value());
  }
  return rows.status();
}

absl::StatusOr<std::vector<base::Sequence>> LogRows::Lost(base::Sequence first,
                                                          std::uint64_t count) const {
  std::vector<base::Sequence> lost;
  Database::Rows rows =
      database_->Scan(Family::kMeta, MakeLostKey(slot_, first).view(),
                      MakeLostKey(slot_, base::Sequence{first.value + count}).view());
  const std::size_t prefix = kLostPrefix.size() + MakeHeadKey(slot_).view().size();
  for (; rows.Valid(); rows.Next()) {
    base::ByteReader key(rows.key().substr(std::min(prefix, rows.key().size())));
    const absl::StatusOr<std::uint64_t> sequence = key.ReadU64();
    if (!sequence.ok() || !key.rest().empty()) return RowMalformed("lost entries");
    lost.push_back({*sequence});
  }
  RETURN_IF_ERROR(rows.status());
  return lost;
}

absl::StatusOr<base::Digest> LogRows::Node(int tile_level, std::uint64_t index) const {
  ASSIGN_OR_RETURN(const std::optional<std::string> row,
                   database_->Get(Family::kHash, MakeNodeKey(slot_, tile_level, index).view()));
  if (!row || row->size() != base::Digest::kSize) return NodeMissing(log_, tile_level, index);
  return base::Digest::FromBytes(*row);
}

absl::StatusOr<std::vector<base::Digest>> LogRows::Hashes(int tile_level, std::uint64_t first,
                                                          std::uint64_t count) const {
  std::vector<base::Digest> hashes;
  hashes.reserve(count);
  if (count == 1) {  // a look-up is cheaper than an iterator
    ASSIGN_OR_RETURN(const base::Digest hash, Node(tile_level, first));
    hashes.push_back(hash);
  }
  if (count <= 1) return hashes;
  const std::uint64_t end = first + count;
  const auto first_key = MakeNodeKey(slot_, tile_level, first);
  const auto end_key = MakeNodeKey(slot_, tile_level, end);
  // A tile is read again soon, by the next proof; more than that is read through, as in a scan.
  Database::Rows rows = count > merkle::kTileWidth
                            ? database_->ScanOnce(Family::kHash, first_key.view(), end_key.view())
                            : database_->Scan(Family::kHash, first_key.view(), end_key.view());
  for (std::uint64_t index = first; index < end; ++index, rows.Next()) {
    if (!rows.Valid()) RETURN_IF_ERROR(rows.status());
    if (!rows.Valid() || rows.key() != MakeNodeKey(slot_, tile_level, index).view() ||
        rows.value().size() != base::Digest::kSize) {
      return NodeMissing(log_, tile_level, index);
    }
    ASSIGN_OR_RETURN(const base::Digest hash, base::Digest::FromBytes(rows.value()));
    hashes.push_back(hash);
  }
  return hashes;
}

absl::StatusOr<LogHead> LogRows::Head() const {
  ASSIGN_OR_RETURN(const std::optional<std::string> row,
                   database_->Get(Family::kHead, MakeHeadKey(slot_).view()));
  if (!row) return HeadMissing(log_);
  storage::v1::StoredHead stored;
  if (!stored.ParseFromString(*row)) return HeadMalformed(log_);
  std::vector<base::Digest> hashes;
  for (const std::string& bytes : stored.frontier()) {
    const absl::StatusOr<base::Digest> hash = base::Digest::FromBytes(bytes);
    if (!hash.ok()) return HeadMalformed(log_);
    hashes.push_back(*hash);
  }
  absl::StatusOr<merkle::Frontier> edge =
      merkle::Frontier::FromParts({stored.size()}, std::move(hashes));
  if (!edge.ok()) return HeadMalformed(log_);
  return LogHead{*std::move(edge), std::move(*stored.mutable_checkpoint())};
}

absl::Status LogRows::CheckNothingPast(base::TreeSize size) const {
  const Database::Rows entry =
      database_->Scan(Family::kEntry, MakeEntryKey(slot_, base::NextAfter(size)).view(),
                      MakeEntryKey(Next(slot_), {0}).view());
  if (entry.Valid()) return EntriesPastTheHead(log_, size);
  RETURN_IF_ERROR(entry.status());
  for (int level = 0; level < kTileLevels; ++level) {
    const std::uint64_t completed = merkle::CompletedNodes(level, size.value);
    const Database::Rows node =
        database_->Scan(Family::kHash, MakeNodeKey(slot_, level, completed).view(),
                        MakeNodeKey(slot_, level + 1, 0).view());
    if (node.Valid()) return NodesPastTheHead(log_, level, size);
    RETURN_IF_ERROR(node.status());
  }
  return absl::OkStatus();
}

void LogRows::PutEntry(Database::Batch& batch, base::Sequence sequence,
                       absl::string_view bytes) const {
  batch.Put(Family::kEntry, MakeEntryKey(slot_, sequence).view(), bytes);
}

void LogRows::PutLost(Database::Batch& batch, base::Sequence sequence) const {
  batch.Put(Family::kMeta, MakeLostKey(slot_, sequence).view(), "");
}

void LogRows::DeleteLost(Database::Batch& batch, base::Sequence sequence) const {
  batch.Delete(Family::kMeta, MakeLostKey(slot_, sequence).view());
}

void LogRows::PutNode(Database::Batch& batch, int tile_level, std::uint64_t index,
                      const base::Digest& hash) const {
  batch.Put(Family::kHash, MakeNodeKey(slot_, tile_level, index).view(), hash.view());
}

void LogRows::PutHead(Database::Batch& batch, const merkle::Frontier& edge,
                      absl::string_view checkpoint) const {
  storage::v1::StoredHead stored;
  stored.set_size(edge.size().value);
  for (const base::Digest& hash : edge.hashes()) {
    stored.add_frontier(hash.view().data(), hash.view().size());
  }
  stored.set_checkpoint(checkpoint.data(), checkpoint.size());
  batch.Put(Family::kHead, MakeHeadKey(slot_).view(), stored.SerializeAsString());
}

absl::Status LogRows::PutCut(Database::Batch& batch, base::TreeSize size,
                             base::TreeSize kept) const {
  const auto take_away = [&](Family family, absl::string_view from, absl::string_view end) {
    Database::Rows rows = database_->ScanOnce(family, from, end);
    for (; rows.Valid(); rows.Next()) batch.Delete(family, rows.key());
    return rows.status();
  };
  const base::Sequence first = base::NextAfter(kept);
  const base::Sequence end = base::NextAfter(size);
  RETURN_IF_ERROR(take_away(Family::kEntry, MakeEntryKey(slot_, first).view(),
                            MakeEntryKey(slot_, end).view()));
  RETURN_IF_ERROR(
      take_away(Family::kMeta, MakeLostKey(slot_, first).view(), MakeLostKey(slot_, end).view()));
  for (int level = 0; level < kTileLevels; ++level) {
    RETURN_IF_ERROR(take_away(
        Family::kHash, MakeNodeKey(slot_, level, merkle::CompletedNodes(level, kept.value)).view(),
        MakeNodeKey(slot_, level, merkle::CompletedNodes(level, size.value)).view()));
  }
  RETURN_IF_ERROR(take_away(Family::kKept, MakeKeptAtKey(slot_, first).view(),
                            MakeKeptAtKey(slot_, end).view()));
  ASSIGN_OR_RETURN(const std::uint64_t listed, KeptCount());
  ASSIGN_OR_RETURN(std::vector<base::Sequence> places, Kept(0, listed));
  std::erase_if(places, [&](base::Sequence place) { return !base::Covers(kept, place); });
  if (places.size() == listed) return absl::OkStatus();
  for (std::uint64_t i = 0; i < places.size(); ++i) PutKept(batch, i, places[i]);
  for (std::uint64_t i = places.size(); i < listed; ++i) {
    batch.Delete(Family::kKept, MakeKeptKey(slot_, i).view());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> LogRows::KeptCount() const {
  ASSIGN_OR_RETURN(const std::optional<std::string> last,
                   database_->LastKey(Family::kKept, MakeKeptKey(slot_, 0).view(),
                                      MakeKeptKey(Next(slot_), 0).view()));
  if (!last) return 0;
  base::ByteReader ordinal(absl::string_view(*last).substr(MakeHeadKey(slot_).view().size()));
  ASSIGN_OR_RETURN(const std::uint64_t index, ordinal.ReadU64());
  return index + 1;
}

absl::StatusOr<std::vector<base::Sequence>> LogRows::Kept(std::uint64_t from,
                                                          std::size_t max) const {
  std::vector<base::Sequence> places;
  Database::Rows rows = database_->Scan(Family::kKept, MakeKeptKey(slot_, from).view(),
                                        MakeKeptKey(Next(slot_), 0).view());
  for (; places.size() < max && rows.Valid(); rows.Next()) {
    base::ByteReader reader(rows.value());
    const absl::StatusOr<std::uint64_t> place = reader.ReadU64();
    if (!place.ok() || !reader.rest().empty()) return RowMalformed("kept entries");
    places.push_back({*place});
  }
  if (!rows.Valid()) RETURN_IF_ERROR(rows.status());
  return places;
}

void LogRows::PutKept(Database::Batch& batch, std::uint64_t ordinal,
                      base::Sequence sequence) const {
  std::string row;
  base::AppendU64(&row, sequence.value);
  batch.Put(Family::kKept, MakeKeptKey(slot_, ordinal).view(), row);
}

absl::StatusOr<std::optional<absl::Time>> LogRows::KeptAt(base::Sequence sequence) const {
  ASSIGN_OR_RETURN(const std::optional<std::string> row,
                   database_->Get(Family::kKept, MakeKeptAtKey(slot_, sequence).view()));
  if (!row) return std::nullopt;
  base::ByteReader reader(*row);
  const absl::StatusOr<std::uint64_t> micros = reader.ReadU64();
  if (!micros.ok() || !reader.rest().empty()) return RowMalformed("times of kept entries");
  return absl::FromUnixMicros(static_cast<std::int64_t>(*micros));
}

void LogRows::PutKeptAt(Database::Batch& batch, base::Sequence sequence, absl::Time time) const {
  std::string row;
  base::AppendU64(&row, static_cast<std::uint64_t>(absl::ToUnixMicros(time)));
  batch.Put(Family::kKept, MakeKeptAtKey(slot_, sequence).view(), row);
}

}  // namespace selaras::rocks
