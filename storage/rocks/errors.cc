#include "storage/rocks/errors.h"

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"

namespace selaras::rocks {
namespace {

// Where one log disagrees with itself, the others may be whole: say what to do with this one.
absl::Status Damaged(absl::string_view log, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(
      "log ", log, ": ", what,
      "; do not write to this store: audit it offline and restore it from a backup or from peers"));
}

}  // namespace

absl::Status StoreLocked(absl::string_view directory, absl::string_view holder) {
  return absl::UnavailableError(absl::StrCat("store ", directory, " is in use by ",
                                             holder.empty() ? "another process" : holder,
                                             "; stop it first, or ask the running node"));
}

absl::Status NotAStore(absl::string_view directory, absl::string_view reason) {
  return absl::FailedPreconditionError(
      absl::StrCat(directory, " is not a store: ", reason,
                   "; name the directory of a store, or an empty one for a new store"));
}

absl::Status StoreOfAnotherNode(absl::string_view directory, absl::string_view found,
                                absl::string_view wanted) {
  return absl::FailedPreconditionError(absl::StrCat("store ", directory, " is of node ", found,
                                                    ", not of ", wanted,
                                                    "; configure the directory of this node"));
}

absl::Status StoreOfAnotherKey(absl::string_view directory, absl::string_view found,
                               absl::string_view wanted) {
  return absl::FailedPreconditionError(
      absl::StrCat("the log in store ", directory, " is signed with key ", found,
                   ", the configured key is ", wanted,
                   "; configure the key with which the store was made, or name it as "
                   "previous_log_key to replace it"));
}

absl::Status NewerFormat(absl::string_view directory, std::uint32_t found, std::uint32_t known) {
  return absl::FailedPreconditionError(absl::StrCat(
      "store ", directory, " has format ", found, ", this program knows formats up to ", known,
      "; use the program version that wrote it, or a newer one"));
}

absl::Status NoScratch(absl::string_view directory) {
  return absl::UnavailableError(
      absl::StrCat("no folder can be made in ", directory,
                   " for the rows to compare with; set TMPDIR to one with room"));
}

absl::Status NoRoomToOpen(absl::string_view directory, absl::string_view reason) {
  return absl::UnavailableError(absl::StrCat("no room on the disk to open store ", directory, " (",
                                             reason, "); free at least 64 MiB and start again"));
}

absl::Status NoRoomToWrite(absl::string_view directory, std::uint64_t free, std::uint64_t wanted) {
  return absl::UnavailableError(absl::StrCat(
      "the disk of store ", directory, " has ", free >> 20, " MiB left, less than the ",
      wanted >> 20, " MiB below which nothing is written; free some space and retry"));
}

absl::Status TornByPowerCut(absl::string_view directory) {
  return absl::FailedPreconditionError(absl::StrCat(
      "a power cut tore the last write to store ", directory,
      ", which nobody was told of; start its node once, which cuts it off, and try again"));
}

absl::Status HeadMissing(absl::string_view log) {
  return Damaged(log, "the row of its head is missing");
}

absl::Status HeadMalformed(absl::string_view log) {
  return Damaged(log, "the row of its head cannot be read");
}

absl::Status EntryMissing(absl::string_view log, base::Sequence sequence) {
  return Damaged(log, absl::StrCat("entry ", sequence, " is missing"));
}

absl::Status EntriesPastTheHead(absl::string_view log, base::TreeSize size) {
  return Damaged(log, absl::StrCat("entries exist past its head of ", size,
                                   ", so its sequences are not contiguous"));
}

absl::Status NodeMissing(absl::string_view log, int tile_level, std::uint64_t index) {
  return Damaged(log, absl::StrCat("node ", index, " of tile level ", tile_level, " is missing"));
}

absl::Status NodesPastTheHead(absl::string_view log, int tile_level, base::TreeSize size) {
  return Damaged(
      log, absl::StrCat("nodes of tile level ", tile_level, " exist past its head of ", size));
}

absl::Status FrontierDisagrees(absl::string_view log, base::TreeSize size) {
  return Damaged(log,
                 absl::StrCat("its nodes do not lead to the stored frontier of ", size, " leaves"));
}

absl::Status EntryDisagrees(absl::string_view log, base::Sequence sequence) {
  return Damaged(log, absl::StrCat("entry ", sequence, " does not have the stored leaf hash"));
}

absl::Status NodeDisagrees(absl::string_view log, int tile_level, std::uint64_t index) {
  return Damaged(log, absl::StrCat("node ", index, " of tile level ", tile_level,
                                   " is not what its entries hash to"));
}

absl::Status CheckpointDamaged(absl::string_view log, absl::string_view reason) {
  return absl::DataLossError(
      absl::StrCat("the stored checkpoint of ", log, " does not verify: ", reason));
}

absl::Status CheckpointDisagrees(absl::string_view log, base::TreeSize stated,
                                 base::TreeSize size) {
  return Damaged(log, absl::StrCat("the stored checkpoint of ", stated,
                                   " leaves does not fit the tree of ", size));
}

absl::Status AcknowledgedMissing(absl::string_view directory, absl::string_view log,
                                 base::TreeSize acknowledged, base::TreeSize size) {
  return Damaged(
      log, absl::StrCat(acknowledged, " entries were acknowledged, only ", size,
                        " are there. If a backup was restored, restore all files of it into an "
                        "empty ",
                        directory, ". If not"));
}

absl::Status RowMalformed(absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the stored row of ", what, " cannot be read; restore the store from a backup"));
}

absl::Status TooManyLogs() {
  return absl::ResourceExhaustedError(
      "the store has no number left for another mirror; start a new store for new links");
}

absl::Status DirectoryExists(absl::string_view path) {
  return absl::AlreadyExistsError(
      absl::StrCat(path, " is there already; name a directory that is not"));
}

absl::Status FileFailed(absl::string_view what, absl::string_view path, int error) {
  return absl::UnavailableError(absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(error),
                                             "; check the path and its permissions"));
}

}  // namespace selaras::rocks
