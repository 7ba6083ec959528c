#include "storage/rocks/evidence_rows.h"

#include <string>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/limits.h"
#include "storage/rocks/errors.h"

namespace selaras::rocks {
namespace {

void AppendText(std::string* out, absl::string_view text) {
  base::AppendU32(out, static_cast<std::uint32_t>(text.size()));
  out->append(text.data(), text.size());
}

absl::StatusOr<std::string> ReadText(base::ByteReader& reader) {
  ASSIGN_OR_RETURN(const std::uint32_t length, reader.ReadU32());
  ASSIGN_OR_RETURN(const absl::string_view text, reader.ReadBytes(length));
  return std::string(text);
}

absl::StatusOr<log::Evidence> Decode(absl::string_view row) {
  base::ByteReader reader(row);
  log::Evidence evidence;
  for (std::string* field : {&evidence.log, &evidence.held, &evidence.given, &evidence.reason}) {
    absl::StatusOr<std::string> text = ReadText(reader);
    if (!text.ok()) return RowMalformed("evidence");
    *field = *std::move(text);
  }
  return evidence;
}

}  // namespace

absl::Status EvidenceRows::Add(const log::Evidence& evidence) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const std::vector<log::Evidence> all, All());
  std::size_t of_this_log = 0;
  for (const log::Evidence& known : all) {
    if (known.log != evidence.log) continue;
    if (known.given == evidence.given || ++of_this_log == log::kEvidencePerLogMax) {
      return absl::OkStatus();
    }
  }
  std::string row;
  for (const std::string* field :
       {&evidence.log, &evidence.held, &evidence.given, &evidence.reason}) {
    AppendText(&row, *field);
  }
  Database::Batch batch(database_);
  batch.Put(Family::kEvidence, MakeEvidenceKey(all.size()).view(), row);  // none is ever deleted
  database_.Commit(batch, /*sync=*/true);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<log::Evidence>> EvidenceRows::All() const {
  std::vector<log::Evidence> all;
  Database::Rows rows = database_.Scan(Family::kEvidence, "", "");
  for (; rows.Valid(); rows.Next()) {
    ASSIGN_OR_RETURN(log::Evidence evidence, Decode(rows.value()));
    all.push_back(std::move(evidence));
  }
  RETURN_IF_ERROR(rows.status());
  return all;
}

}  // namespace selaras::rocks
