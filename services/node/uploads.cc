#include "services/node/uploads.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/domain/deadline_facts.h"
#include "services/domain/decide.h"
#include "services/domain/refusal.h"
#include "services/domain/values.h"
#include "services/node/held_documents.h"
#include "services/node/rows.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/vault/chunks.h"
#include "storage/vault/sealed.h"

namespace selaras::node {
namespace {

using storage::v1::StoredAttachment;
using storage::v1::StoredUpload;
using storage::v1::UploadDetails;

// No id of a caller begins like this.
constexpr absl::string_view kIds = "\nupload/";
constexpr absl::string_view kDetails = "selaras upload v1";

std::string TagOf(const NodeKeys& keys, absl::string_view authority, absl::string_view upload_id) {
  return std::string(keys.RequestTag(authority, absl::StrCat(kIds, upload_id)).view());
}

absl::StatusOr<std::optional<StoredUpload>> Parse(const std::optional<std::string>& row) {
  if (!row) return std::nullopt;
  StoredUpload stored;
  if (!stored.ParseFromString(*row)) return absl::DataLossError("the row of an upload is damaged");
  return stored;
}

bool IsOver(const StoredUpload& stored, absl::Time now) {
  return now >= domain::TimeOf(stored.expires_at());
}

// What an upload counts for: so there are not very many small ones either.
std::uint64_t Charged(std::uint64_t bytes) {
  return std::max<std::uint64_t>(bytes, vault::kChunkBytes);
}

std::uint64_t ReceivedBytes(const StoredUpload& stored) {
  return std::min(stored.bytes(), std::uint64_t{stored.chunks()} * vault::kChunkBytes);
}

attachment::v1::Upload Shown(absl::string_view upload_id, const StoredUpload& stored) {
  attachment::v1::Upload shown;
  shown.set_upload_id(std::string(upload_id));
  shown.set_authority(stored.authority());
  shown.set_bytes(stored.bytes());
  shown.set_received_bytes(ReceivedBytes(stored));
  shown.set_complete(!stored.sealed_sha256().empty());
  *shown.mutable_expires_at() = stored.expires_at();
  return shown;
}

absl::Status NotFound(absl::StatusCode code, absl::string_view upload_id) {
  return domain::Refusal(code, "UPLOAD_NOT_FOUND",
                         absl::StrCat("no upload \"", upload_id,
                                      "\" waits here: it was never begun, was added to something, "
                                      "or was forgotten; upload the document (again)"));
}

absl::Status TimeIsOver(absl::string_view upload_id) {
  return domain::Refusal(
      absl::StatusCode::kFailedPrecondition, "UPLOAD_NOT_FOUND",
      absl::StrCat("the time of the upload \"", upload_id, "\" is over; take another upload id"));
}

void SealDetails(const UploadDetails& details, absl::string_view key, StoredUpload* stored) {
  vault::Sealed sealed =
      vault::Seal(vault::EntryKey(key, stored->object()), kDetails, details.SerializeAsString());
  stored->set_commitment(std::move(sealed.commitment));
  stored->set_details(std::move(sealed.ciphertext));
}

absl::StatusOr<UploadDetails> OpenDetails(const StoredUpload& stored, absl::string_view key) {
  ASSIGN_OR_RETURN(const std::string opened,
                   vault::Open(vault::EntryKey(key, stored.object()), kDetails,
                               {stored.commitment(), stored.details()}));
  UploadDetails details;
  if (!details.ParseFromString(opened)) {
    return absl::DataLossError("the details of an upload are damaged");
  }
  return details;
}

// Whatever its file is called.
bool SameDocument(const attachment::v1::UploadHeader& header, const StoredUpload& stored,
                  const UploadDetails& details) {
  return header.bytes() == stored.bytes() && header.sha256() == details.sha256() &&
         header.media_type() == stored.media_type();
}

}  // namespace

absl::StatusOr<domain::Upload> FindUpload(const NodeKeys& keys, const SubjectKeys& subject_keys,
                                          const ReadRow& read, absl::string_view authority,
                                          absl::string_view upload_id, absl::Time now) {
  const std::string tag = TagOf(keys, authority, upload_id);
  ASSIGN_OR_RETURN(const auto row, read(log::Table::kAttachment, rows::Upload(tag)));
  ASSIGN_OR_RETURN(const auto stored, Parse(row));
  if (!stored || IsOver(*stored, now)) {
    return NotFound(absl::StatusCode::kFailedPrecondition, upload_id);
  }
  if (stored->sealed_sha256().empty()) {
    return domain::Refusal(
        absl::StatusCode::kFailedPrecondition, "UPLOAD_INCOMPLETE",
        absl::StrCat("of the upload \"", upload_id, "\" ", ReceivedBytes(*stored), " of ",
                     stored->bytes(), " bytes are here; go on with it"));
  }
  ASSIGN_OR_RETURN(const auto key, subject_keys.Find(rows::UploadKey(tag), nullptr));
  if (!key) return domain::KeyNotHere("the key of the upload was lost; upload it again");
  ASSIGN_OR_RETURN(const UploadDetails details, OpenDetails(*stored, *key));
  domain::Upload upload;
  upload.upload_id = std::string(upload_id);
  upload.bytes = stored->bytes();
  upload.sha256 = details.sha256();
  upload.media_type = stored->media_type();
  upload.file_name = details.file_name();
  upload.sealed_sha256 = stored->sealed_sha256();
  upload.sealed_bytes = vault::ChunksOf(stored->bytes()).sealed_bytes;
  upload.key = *key;
  return upload;
}

absl::StatusOr<std::vector<log::RowWrite>> TakeUpload(const NodeKeys& keys, const ReadRow& read,
                                                      absl::string_view authority,
                                                      absl::string_view upload_id,
                                                      const event::v1::Position& position) {
  const std::string tag = TagOf(keys, authority, upload_id);
  ASSIGN_OR_RETURN(const auto row, read(log::Table::kAttachment, rows::Upload(tag)));
  ASSIGN_OR_RETURN(const auto stored, Parse(row));
  if (!stored) return NotFound(absl::StatusCode::kFailedPrecondition, upload_id);
  StoredAttachment held;
  held.set_object(stored->object());
  held.set_chunks(stored->chunks());
  held.set_complete(true);
  held.set_sealed_sha256(stored->sealed_sha256());
  return std::vector<log::RowWrite>{
      {log::Table::kAttachment, rows::Upload(tag), std::nullopt},
      {log::Table::kSecret, rows::UploadKey(tag), std::nullopt},
      {log::Table::kAttachment, rows::Held(position.log(), {position.sequence()}),
       held.SerializeAsString()}};
}

std::optional<Uploads::Turn> Uploads::TakeTurn(const std::string& tag) {
  const std::lock_guard lock(mutex_);
  if (!busy_.insert(tag).second) return std::nullopt;
  return Turn(this, [this, tag](const void*) {
    const std::lock_guard unlock(mutex_);
    busy_.erase(tag);
  });
}

absl::Status Uploads::Writer::Append(absl::string_view bytes) {
  const std::uint64_t left = stored_.bytes() - ReceivedBytes(stored_) - rest_.size();
  if (bytes.size() > left) {
    return domain::BadField(
        "data", absl::StrCat("more than the ", stored_.bytes(), " bytes that were announced"));
  }
  absl::StrAppend(&rest_, bytes);
  std::size_t kept = 0;
  while (stored_.chunks() < chunks_.count &&
         rest_.size() - kept >= chunks_.SizeOf(stored_.chunks())) {
    const std::size_t size = chunks_.SizeOf(stored_.chunks());
    RETURN_IF_ERROR(KeepChunk(absl::string_view(rest_).substr(kept, size)));
    kept += size;
  }
  rest_.erase(0, kept);
  const bool whole = stored_.chunks() == chunks_.count && stored_.sealed_sha256().empty();
  return whole ? Complete() : absl::OkStatus();
}

absl::Status Uploads::Writer::KeepChunk(absl::string_view content) {
  const std::uint32_t index = stored_.chunks();
  if (index == 0 && !domain::BeginsLike(stored_.media_type(), content)) {
    RETURN_IF_ERROR(uploads_.Forget(tag_, stored_));
    return domain::BadField("header.media_type",
                            absl::StrCat("the document does not begin like ", stored_.media_type(),
                                         "; nothing of it was kept"));
  }
  std::string sealed = vault::SealChunk(key_, index, chunks_.IsLast(index), content);
  StoredUpload next = stored_;
  next.set_chunks(index + 1);
  RETURN_IF_ERROR(uploads_.store_.Write(
      {{log::Table::kAttachment, rows::Chunk(stored_.object(), index), std::move(sealed)},
       {log::Table::kAttachment, rows::Upload(tag_), next.SerializeAsString()}},
      log::Durability::kUnsynced));
  stored_ = std::move(next);
  return absl::OkStatus();
}

// Of what is read back: what is kept is what was announced.
absl::Status Uploads::Writer::Complete() {
  crypto::Sha256Hasher of_content;
  crypto::Sha256Hasher of_sealed;
  for (std::uint32_t i = 0; i < chunks_.count; ++i) {
    ASSIGN_OR_RETURN(const auto sealed, uploads_.store_.Get(log::Table::kAttachment,
                                                            rows::Chunk(stored_.object(), i)));
    if (!sealed) return absl::DataLossError("a chunk of the upload is missing");
    ASSIGN_OR_RETURN(const std::string content,
                     vault::OpenChunk(key_, i, chunks_.IsLast(i), *sealed));
    of_content.Update(content);
    of_sealed.Update(*sealed);
  }
  if (of_content.Finish().view() != header_.sha256()) {
    RETURN_IF_ERROR(uploads_.Forget(tag_, stored_));
    return domain::BadField("header.sha256",
                            "is not the digest of what came; nothing of it was kept");
  }
  stored_.set_sealed_sha256(std::string(of_sealed.Finish().view()));
  return uploads_.store_.Write(
      {{log::Table::kAttachment, rows::Upload(tag_), stored_.SerializeAsString()}},
      log::Durability::kSynced);
}

absl::StatusOr<attachment::v1::Upload> Uploads::Writer::Finish() {
  // Of a complete one the row is durable, and may be gone by now: it was added to something.
  if (stored_.sealed_sha256().empty()) RETURN_IF_ERROR(MakeDurable());
  return Shown(header_.upload_id(), stored_);
}

absl::Status Uploads::Writer::MakeDurable() {
  // The node stopped between the last chunk and this.
  if (stored_.chunks() == chunks_.count) return Complete();
  return uploads_.store_.Write(
      {{log::Table::kAttachment, rows::Upload(tag_), stored_.SerializeAsString()}},
      log::Durability::kSynced);
}

absl::Status Uploads::CheckHeader(const attachment::v1::UploadHeader& header) const {
  RETURN_IF_ERROR(domain::CheckRequestId("header.upload_id", header.upload_id()));
  if (header.bytes() == 0 || header.bytes() > options_.bytes_max) {
    return domain::BadField("header.bytes",
                            absl::StrCat("must be 1 to ", options_.bytes_max,
                                         ": what this node allows (NodeConfig.attachments)"));
  }
  if (header.sha256().size() != base::Digest().view().size()) {
    return domain::BadField("header.sha256", "must be a SHA-256, 32 bytes");
  }
  RETURN_IF_ERROR(domain::CheckMediaType("header.media_type", header.media_type()));
  return domain::CheckText("header.file_name", header.file_name(), domain::kFileNameBytesMax);
}

absl::Status Uploads::CheckRoom(const attachment::v1::UploadHeader& header) const {
  std::uint64_t waiting = 0;
  RETURN_IF_ERROR(store_.Scan(
      log::Table::kAttachment, rows::kUploads, rows::kUploads,
      [&](absl::string_view, absl::string_view value) {
        StoredUpload stored;
        const bool counts = stored.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
                            stored.authority() == header.authority();
        if (counts) waiting += Charged(stored.bytes());
        return true;
      }));
  if (waiting + Charged(header.bytes()) <= options_.waiting_bytes_max) return absl::OkStatus();
  return domain::Refusal(
      absl::StatusCode::kResourceExhausted, "UPLOADS_FULL",
      absl::StrCat("uploads of ", header.authority(), " that were not added to anything take ",
                   waiting, " bytes, and may take ", options_.waiting_bytes_max,
                   "; add them, or wait until they are forgotten"));
}

absl::StatusOr<std::unique_ptr<Uploads::Writer>> Uploads::Open(
    const attachment::v1::UploadHeader& header, absl::Time now) {
  RETURN_IF_ERROR(CheckHeader(header));
  const std::string tag = TagOf(keys_, header.authority(), header.upload_id());
  std::optional<Turn> turn = TakeTurn(tag);
  if (!turn) {
    return domain::Refusal(absl::StatusCode::kAborted, "UPLOAD_BUSY",
                           "another stream brings this upload; ask how far it is, and go on");
  }
  ASSIGN_OR_RETURN(const auto row, store_.Get(log::Table::kAttachment, rows::Upload(tag)));
  ASSIGN_OR_RETURN(auto stored, Parse(row));
  if (stored && IsOver(*stored, now)) {
    // A commit may be adding it just now.
    if (!IsOver(*stored, now - kGrace)) return TimeIsOver(header.upload_id());
    RETURN_IF_ERROR(Forget(tag, *stored));
    stored.reset();
  }
  auto writer = stored ? GoOn(header, tag, *std::move(stored)) : Begin(header, tag, now);
  if (writer.ok()) (*writer)->turn_ = *std::move(turn);
  return writer;
}

absl::StatusOr<std::unique_ptr<Uploads::Writer>> Uploads::Begin(
    const attachment::v1::UploadHeader& header, const std::string& tag, absl::Time now) {
  if (header.offset() != 0) {
    return NotFound(absl::StatusCode::kFailedPrecondition, header.upload_id());
  }
  // Together: two that begin at once take the room of two.
  const std::lock_guard lock(beginning_);
  RETURN_IF_ERROR(CheckRoom(header));
  StoredUpload stored;
  stored.set_object(NewObject(random_));
  stored.set_authority(header.authority());
  stored.set_bytes(header.bytes());
  stored.set_media_type(header.media_type());
  *stored.mutable_expires_at() = domain::ToTimestamp(now + options_.keep);
  std::string key = random_.Fill(vault::kKeyBytes);
  UploadDetails details;
  details.set_sha256(header.sha256());
  details.set_file_name(header.file_name());
  SealDetails(details, key, &stored);
  RETURN_IF_ERROR(
      store_.Write({{log::Table::kSecret, rows::UploadKey(tag),
                     subject_keys_.Wrap(rows::UploadKey(tag), key, random_)},
                    {log::Table::kAttachment, rows::Upload(tag), stored.SerializeAsString()}},
                   log::Durability::kUnsynced));
  return std::unique_ptr<Writer>(new Writer(*this, header, tag, std::move(key), std::move(stored)));
}

absl::StatusOr<std::unique_ptr<Uploads::Writer>> Uploads::GoOn(
    const attachment::v1::UploadHeader& header, const std::string& tag, StoredUpload stored) {
  ASSIGN_OR_RETURN(const auto key, subject_keys_.Find(rows::UploadKey(tag), nullptr));
  if (!key) return domain::KeyNotHere("the key of the upload was lost; take another upload id");
  ASSIGN_OR_RETURN(const UploadDetails details, OpenDetails(stored, *key));
  if (!SameDocument(header, stored, details)) {
    return domain::Refusal(absl::StatusCode::kAlreadyExists, "UPLOAD_DIFFERS",
                           "another document was announced under this upload id; take another id");
  }
  if (header.offset() != ReceivedBytes(stored)) {
    return domain::Refusal(absl::StatusCode::kFailedPrecondition, "UPLOAD_MOVED_ON",
                           absl::StrCat(ReceivedBytes(stored), " bytes are here; go on there"),
                           {{"received_bytes", absl::StrCat(ReceivedBytes(stored))}});
  }
  return std::unique_ptr<Writer>(new Writer(*this, header, tag, *key, std::move(stored)));
}

absl::StatusOr<attachment::v1::Upload> Uploads::Get(absl::string_view authority,
                                                    absl::string_view upload_id,
                                                    absl::Time now) const {
  ASSIGN_OR_RETURN(const auto row, store_.Get(log::Table::kAttachment,
                                              rows::Upload(TagOf(keys_, authority, upload_id))));
  ASSIGN_OR_RETURN(const auto stored, Parse(row));
  if (!stored || IsOver(*stored, now)) {
    return NotFound(absl::StatusCode::kNotFound, upload_id);
  }
  return Shown(upload_id, *stored);
}

absl::Status Uploads::Forget(const std::string& tag, const StoredUpload& stored) {
  std::vector<log::RowWrite> gone = {{log::Table::kAttachment, rows::Upload(tag), std::nullopt},
                                     {log::Table::kSecret, rows::UploadKey(tag), std::nullopt}};
  DropChunks(stored.object(), stored.chunks(), &gone);
  RETURN_IF_ERROR(store_.Write(gone, log::Durability::kUnsynced));
  if (stored.chunks() > 0) NoteReclaim(store_);
  return absl::OkStatus();
}

absl::Status Uploads::Tidy(const Opener& opener, const Removed& removed, absl::Time now) {
  RETURN_IF_ERROR(TidyUploads(now));
  RETURN_IF_ERROR(TidyDocuments(store_, subject_keys_, opener, removed));
  return Reclaim(store_);
}

absl::Status Uploads::TidyUploads(absl::Time now) {
  std::vector<std::string> tags;
  const auto over = [&](absl::string_view row) {
    StoredUpload stored;
    return stored.ParseFromArray(row.data(), static_cast<int>(row.size())) &&
           IsOver(stored, now - kGrace);
  };
  RETURN_IF_ERROR(store_.Scan(log::Table::kAttachment, rows::kUploads, rows::kUploads,
                              [&](absl::string_view key, absl::string_view value) {
                                const auto tag = base::HexDecode(key.substr(rows::kUploads.size()));
                                if (tag.ok() && over(value)) tags.push_back(*tag);
                                return true;
                              }));
  for (const std::string& tag : tags) {
    const std::optional<Turn> turn = TakeTurn(tag);
    if (!turn) continue;
    // Another one may have begun under its name since.
    ASSIGN_OR_RETURN(const auto row, store_.Get(log::Table::kAttachment, rows::Upload(tag)));
    if (!row || !over(*row)) continue;
    ASSIGN_OR_RETURN(const auto stored, Parse(row));
    if (stored) RETURN_IF_ERROR(Forget(tag, *stored));
  }
  return absl::OkStatus();
}

}  // namespace selaras::node
