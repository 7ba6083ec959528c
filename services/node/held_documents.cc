#include "services/node/held_documents.h"

#include "services/node/personal.h"
#include "services/node/rows.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

using storage::v1::StoredAttachment;

constexpr std::size_t kObjectBytes = 16;

}  // namespace

std::string NewObject(crypto::RandomSource& random) { return random.Fill(kObjectBytes); }

void DropChunks(absl::string_view object, std::uint32_t chunks, std::vector<log::RowWrite>* rows) {
  for (std::uint32_t i = 0; i < chunks; ++i) {
    rows->push_back({log::Table::kAttachment, rows::Chunk(object, i), std::nullopt});
  }
}

absl::StatusOr<std::optional<StoredAttachment>> LoadHeld(const log::StoreReader& store,
                                                         absl::string_view log,
                                                         base::Sequence entry) {
  ASSIGN_OR_RETURN(const auto row, store.Get(log::Table::kAttachment, rows::Held(log, entry)));
  if (!row) return std::nullopt;
  StoredAttachment held;
  if (!held.ParseFromString(*row)) return absl::DataLossError("the row of a document is damaged");
  return held;
}

absl::Status DropDocument(const log::StoreReader& store, absl::string_view log,
                          base::Sequence entry, std::vector<log::RowWrite>* rows) {
  ASSIGN_OR_RETURN(const auto held, LoadHeld(store, log, entry));
  if (!held) return absl::OkStatus();
  rows->push_back({log::Table::kAttachment, rows::Held(log, entry), std::nullopt});
  DropChunks(held->object(), held->chunks(), rows);
  return absl::OkStatus();
}

void NoteReclaim(log::Store& store) {
  // On a disk that is full nothing could be rewritten either.
  store
      .Write({{log::Table::kAttachment, std::string(rows::kReclaim), std::string()}},
             log::Durability::kUnsynced)
      .IgnoreError();
}

absl::Status TidyDocuments(log::Store& store, const SubjectKeys& subject_keys, const Opener& opener,
                           const Removed& removed) {
  std::vector<std::string> keys;
  RETURN_IF_ERROR(store.Scan(log::Table::kAttachment, rows::kHeld, rows::kHeld,
                             [&](absl::string_view key, absl::string_view) {
                               keys.emplace_back(key);
                               return true;
                             }));
  for (const std::string& key : keys) {
    const auto [log, sequence] = rows::DecodeHeld(key);
    event::v1::Position position;
    position.set_log(log);
    position.set_sequence(sequence.value);
    const auto event = StoredEntries(store).Event(position);
    if (!event.ok()) continue;  // lost
    ASSIGN_OR_RETURN(const Opened opened, opener.Open(*event));
    if (!opened.erased) {
      ASSIGN_OR_RETURN(const bool taken_back, removed(position));
      if (!taken_back) continue;
    }
    const auto keeping = subject_keys.Hold();
    std::vector<log::RowWrite> gone = {
        {log::Table::kAttachment, rows::Wanted(log, sequence), std::nullopt}};
    RETURN_IF_ERROR(DropDocument(store, log, sequence, &gone));
    RETURN_IF_ERROR(store.Write(gone, log::Durability::kSynced));
    NoteReclaim(store);
  }
  return absl::OkStatus();
}

absl::Status Reclaim(log::Store& store) {
  const std::string row(rows::kReclaim);
  ASSIGN_OR_RETURN(const auto due, store.Get(log::Table::kAttachment, row));
  if (!due) return absl::OkStatus();
  // First: what is destroyed meanwhile is noted again.
  RETURN_IF_ERROR(
      store.Write({{log::Table::kAttachment, row, std::nullopt}}, log::Durability::kUnsynced));
  const absl::Status done = store.Reclaim(log::Table::kAttachment);
  if (!done.ok()) NoteReclaim(store);
  return done;
}

}  // namespace selaras::node
