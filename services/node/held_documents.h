#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/types.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/node/opener.h"
#include "services/node/subject_keys.h"
#include "storage/base/number.h"
#include "storage/crypto/random.h"
#include "storage/log/store.h"

// Sealed bytes of documents that entries added, own ones and those of peers, and how they go. Each
// is an object of chunks under a random name; a row by the entry says which.
namespace selaras::node {

// The name of a new object.
std::string NewObject(crypto::RandomSource& random);

// Adds the removal of the chunks of an object. That there are so many stands in the same batch as
// the newest of them.
void DropChunks(absl::string_view object, std::uint32_t chunks, std::vector<log::RowWrite>* rows);

// How much is here of the document that the entry adds; nothing if nothing is.
absl::StatusOr<std::optional<storage::v1::StoredAttachment>> LoadHeld(const log::StoreReader& store,
                                                                      absl::string_view log,
                                                                      base::Sequence entry);

// Adds what destroys the sealed bytes of the document that the entry adds, if any are here. Between
// this and the write nobody may keep more of them (SubjectKeys::Hold).
absl::Status DropDocument(const log::StoreReader& store, absl::string_view log,
                          base::Sequence entry, std::vector<log::RowWrite>* rows);

// Notes that documents were destroyed, for Reclaim.
void NoteReclaim(log::Store& store);

// Removes documents of cases whose keys were destroyed, or that were taken back before they came:
// `removed` tells.
using Removed = std::function<absl::StatusOr<bool>(const event::v1::Position& position)>;
absl::Status TidyDocuments(log::Store& store, const SubjectKeys& subject_keys, const Opener& opener,
                           const Removed& removed);

// What was destroyed since the last time goes from the disk, too. Slow.
absl::Status Reclaim(log::Store& store);

}  // namespace selaras::node
