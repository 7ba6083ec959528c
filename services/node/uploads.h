#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/attachment/v1/attachment.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/attachment.h"
#include "services/node/held_documents.h"
#include "services/node/keys.h"
#include "services/node/opener.h"
#include "services/node/subject_keys.h"
#include "storage/crypto/random.h"
#include "storage/log/store.h"
#include "storage/vault/chunks.h"

// How bytes of documents come into a store: sealed piece by piece as they come, under a key of the
// document that stands wrapped beside them until an entry has it.
namespace selaras::node {

// Reads a row of Table::kAttachment or Table::kSecret as it is meanwhile.
using ReadRow = std::function<absl::StatusOr<std::optional<std::string>>(log::Table table,
                                                                         const std::string& key)>;

// A complete upload, for whoever adds it to something. FAILED_PRECONDITION: UPLOAD_NOT_FOUND if
// there is none, it was added before, or its time is over `now`; UPLOAD_INCOMPLETE.
absl::StatusOr<domain::Upload> FindUpload(const NodeKeys& keys, const SubjectKeys& subject_keys,
                                          const ReadRow& read, absl::string_view authority,
                                          absl::string_view upload_id, absl::Time now);

// What becomes of the rows of an upload when the entry at `position` adds it.
absl::StatusOr<std::vector<log::RowWrite>> TakeUpload(const NodeKeys& keys, const ReadRow& read,
                                                      absl::string_view authority,
                                                      absl::string_view upload_id,
                                                      const event::v1::Position& position);

// Thread-safe.
class Uploads {
 public:
  struct Options {
    std::uint64_t bytes_max;          // of one
    std::uint64_t waiting_bytes_max;  // of all of one authority
    absl::Duration keep;              // so long after it was begun
  };
  // Time between the end of an upload, after which none can be added, and its removal by whomever:
  // longer than any commit.
  static constexpr absl::Duration kGrace = absl::Hours(1);

  // Everything handed in must outlive the object. One object per store.
  Uploads(log::Store& store, const NodeKeys& keys, const SubjectKeys& subject_keys,
          crypto::RandomSource& random, Options options)
      : store_(store),
        keys_(keys),
        subject_keys_(subject_keys),
        random_(random),
        options_(options) {}

  // Brings the bytes of one upload. One thread at a time.
  class Writer {
   public:
    // Seals and keeps what comes next. INVALID_ARGUMENT for more than was announced, bytes that are
    // not what was announced, and a whole with another digest, which is forgotten; UNAVAILABLE on a
    // full disk.
    absl::Status Append(absl::string_view bytes);
    // Makes durable what was kept, and says how far it is. What is no whole chunk comes again.
    absl::StatusOr<attachment::v1::Upload> Finish();

   private:
    friend class Uploads;
    Writer(Uploads& uploads, attachment::v1::UploadHeader header, std::string tag, std::string key,
           storage::v1::StoredUpload stored)
        : uploads_(uploads),
          header_(std::move(header)),
          tag_(std::move(tag)),
          key_(std::move(key)),
          stored_(std::move(stored)),
          chunks_(vault::ChunksOf(stored_.bytes())) {}
    absl::Status KeepChunk(absl::string_view content);
    absl::Status Complete();
    absl::Status MakeDurable();

    Uploads& uploads_;
    const attachment::v1::UploadHeader header_;
    const std::string tag_;
    const std::string key_;
    storage::v1::StoredUpload stored_;
    const vault::Chunks chunks_;
    std::string rest_;  // less than a chunk
    std::shared_ptr<const void> turn_;
  };

  // Begins an upload, or goes on with one. Errors besides those of fields: ALREADY_EXISTS,
  // UPLOAD_DIFFERS; FAILED_PRECONDITION, UPLOAD_MOVED_ON; ABORTED, UPLOAD_BUSY;
  // RESOURCE_EXHAUSTED, UPLOADS_FULL.
  absl::StatusOr<std::unique_ptr<Writer>> Open(const attachment::v1::UploadHeader& header,
                                               absl::Time now);

  // NOT_FOUND, UPLOAD_NOT_FOUND.
  absl::StatusOr<attachment::v1::Upload> Get(absl::string_view authority,
                                             absl::string_view upload_id, absl::Time now) const;

  // Removes uploads whose time is over, and documents as TidyDocuments does; what was destroyed
  // since the last time goes from the disk, too. Slow.
  absl::Status Tidy(const Opener& opener, const Removed& removed, absl::Time now);

 private:
  // As long as somebody has it, nobody else works with the upload.
  using Turn = std::shared_ptr<const void>;
  // Nothing if another one has it.
  std::optional<Turn> TakeTurn(const std::string& tag);

  absl::Status CheckHeader(const attachment::v1::UploadHeader& header) const;
  absl::Status CheckRoom(const attachment::v1::UploadHeader& header) const;
  absl::StatusOr<std::unique_ptr<Writer>> Begin(const attachment::v1::UploadHeader& header,
                                                const std::string& tag, absl::Time now);
  absl::StatusOr<std::unique_ptr<Writer>> GoOn(const attachment::v1::UploadHeader& header,
                                               const std::string& tag,
                                               storage::v1::StoredUpload stored);
  absl::Status Forget(const std::string& tag_row, const storage::v1::StoredUpload& stored);
  absl::Status TidyUploads(absl::Time now);

  log::Store& store_;
  const NodeKeys& keys_;
  const SubjectKeys& subject_keys_;
  crypto::RandomSource& random_;
  const Options options_;
  std::mutex beginning_;  // held by whoever begins an upload
  std::mutex mutex_;
  std::set<std::string> busy_;  // under mutex_: tags of uploads with which somebody is at work
};

}  // namespace selaras::node
