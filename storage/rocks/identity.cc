#include "storage/rocks/identity.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/checkpoint.h"
#include "storage/log/names.h"
#include "storage/rocks/errors.h"
#include "storage/rocks/files.h"
#include "storage/rocks/log_rows.h"

namespace selaras::rocks {
namespace {

absl::StatusOr<std::uint32_t> DecodeFormat(absl::string_view row) {
  base::ByteReader reader(row);
  const absl::StatusOr<std::uint32_t> format = reader.ReadU32();
  if (!format.ok() || !reader.rest().empty() || *format == 0) return RowMalformed(kFormatKey);
  return *format;
}

constexpr absl::string_view kMetaName = kFamilyNames[static_cast<std::size_t>(Family::kMeta)];

bool IsOurFamily(absl::string_view name) {
  return name == rocksdb::kDefaultColumnFamilyName ||
         std::find(kFamilyNames.begin(), kFamilyNames.end(), name) != kFamilyNames.end();
}

// Keys from the oldest to the one that the row of the log names.
absl::StatusOr<log::LogKeys> ReadKeys(const Database& database, const LogRow& log) {
  std::vector<PastKeyRow> past;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<std::string> row,
                     database.Get(Family::kMeta, MakePastKeyKey(log.slot, past.size()).view()));
    if (!row) break;
    ASSIGN_OR_RETURN(past.emplace_back(), DecodePastKeyRow(*row));
  }
  const auto verifier = [&](std::size_t i) {
    return log::NoteVerifier::Parse(i < past.size() ? past[i].verifier : log.verifier);
  };
  ASSIGN_OR_RETURN(log::NoteVerifier first, verifier(0));
  log::LogKeys keys(std::move(first));
  for (std::size_t i = 0; i < past.size(); ++i) {
    ASSIGN_OR_RETURN(log::NoteVerifier next, verifier(i + 1));
    if (log::IsSuccessionText(past[i].closing)) {
      ASSIGN_OR_RETURN(const log::Succession succession, log::ParseSuccession(past[i].closing));
      if (succession.next.VerifierText() != next.VerifierText())
        return RowMalformed(kPastKeyPrefix);
      ASSIGN_OR_RETURN(keys, keys.SucceededBy(succession));
      continue;
    }
    ASSIGN_OR_RETURN(keys, keys.FollowedBy(std::move(next), past[i].closing));
  }
  return keys;
}

// The first state of a log: nothing, and a checkpoint that says so.
void PutEmptyLog(Database& database, Database::Batch& batch, absl::string_view log, Slot slot,
                 const log::NoteSigner& signer) {
  PutLog(batch, log, slot, signer.verifier());
  const merkle::Frontier empty;
  const log::SignedCheckpoint checkpoint =
      log::SignCheckpoint(signer, {signer.name(), empty.size(), empty.Root()});
  LogRows(database, std::string(log), slot).PutHead(batch, empty, checkpoint.note);
}

}  // namespace

absl::StatusOr<std::optional<Identity>> PeekIdentity(absl::string_view directory) {
  const std::string path = DatabaseDirectory(directory);
  ASSIGN_OR_RETURN(const std::vector<std::string> families, Database::ListFamilies(path));
  if (std::find(families.begin(), families.end(), kMetaName) == families.end()) {
    const auto foreign = std::find_if_not(families.begin(), families.end(), IsOurFamily);
    if (foreign == families.end()) return std::nullopt;
    return NotAStore(directory, absl::StrCat("its database has a family ", *foreign));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> meta,
                   Database::OpenReadOnly(path, {Family::kMeta}));
  ASSIGN_OR_RETURN(const std::optional<std::string> row, meta->Get(Family::kMeta, kFormatKey));
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(const std::uint32_t format, DecodeFormat(*row));
  if (format > kFormatVersion) return NewerFormat(directory, format, kFormatVersion);
  ASSIGN_OR_RETURN(std::optional<std::string> node, meta->Get(Family::kMeta, kNodeKey));
  if (!node) return RowMalformed(kNodeKey);
  ASSIGN_OR_RETURN(const std::optional<std::string> log,
                   meta->Get(Family::kMeta, MakeLogKey(*node)));
  if (!log) return RowMalformed(*node);
  ASSIGN_OR_RETURN(LogRow shared, DecodeLogRow(*log));
  return Identity{*std::move(node), std::move(shared.verifier)};
}

absl::StatusOr<bool> IsBlank(const Database& database) {
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    const Database::Rows rows = database.Scan(static_cast<Family>(i), "", "");
    if (rows.Valid()) return false;
    RETURN_IF_ERROR(rows.status());
  }
  return true;
}

void PutIdentity(Database& database, Database::Batch& batch, absl::string_view node,
                 const log::NoteSigner& shared, const log::NoteSigner& private_log) {
  std::string format;
  base::AppendU32(&format, kFormatVersion);
  batch.Put(Family::kMeta, kFormatKey, format);
  batch.Put(Family::kMeta, kNodeKey, node);
  PutEmptyLog(database, batch, node, Slot::kShared, shared);
  PutEmptyLog(database, batch, log::PrivateLogName(node), Slot::kPrivate, private_log);
}

absl::StatusOr<std::map<std::string, KnownLog>> ReadLogs(const Database& database) {
  std::map<std::string, KnownLog> logs;
  Database::Rows rows = database.Scan(Family::kMeta, kLogPrefix, "");
  for (; rows.Valid() && absl::StartsWith(rows.key(), kLogPrefix); rows.Next()) {
    std::string name(rows.key().substr(kLogPrefix.size()));
    ASSIGN_OR_RETURN(const LogRow row, DecodeLogRow(rows.value()));
    absl::StatusOr<log::LogKeys> keys = ReadKeys(database, row);
    if (!keys.ok()) return RowMalformed(rows.key());
    logs.emplace(std::move(name), KnownLog{row.slot, *std::move(keys)});
  }
  RETURN_IF_ERROR(rows.status());
  return logs;
}

void PutLog(Database::Batch& batch, absl::string_view log, Slot slot,
            const log::NoteVerifier& verifier) {
  batch.Put(Family::kMeta, MakeLogKey(log), EncodeLogRow({slot, verifier.VerifierText()}));
}

void PutNewestKey(Database::Batch& batch, absl::string_view log, Slot slot,
                  const log::LogKeys& keys) {
  const log::LogKeys::Past& past = keys.past().back();
  batch.Put(Family::kMeta, MakePastKeyKey(slot, keys.past().size() - 1).view(),
            EncodePastKeyRow({past.verifier.VerifierText(),
                              past.succession.empty() ? past.closing.note : past.succession}));
  PutLog(batch, log, slot, keys.newest());
}

absl::Status PutSuccession(Database::Batch& batch, const LogRows& rows, base::TreeSize size,
                           const log::Cut& cut) {
  RETURN_IF_ERROR(rows.PutCut(batch, size, cut.edge.size()));
  rows.PutHead(batch, cut.edge, cut.checkpoint.note);
  PutNewestKey(batch, rows.log(), rows.slot(), cut.keys);
  return absl::OkStatus();
}

}  // namespace selaras::rocks
