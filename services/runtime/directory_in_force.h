#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/config/v1/config.pb.h"

#include "services/runtime/directory_version.h"
#include "services/runtime/log.h"
#include "storage/log/note.h"

namespace selaras::runtime {

// Where a node keeps the newest directory that it has seen, whoever gave it: beside its store, so
// that it never believes an older one again.
std::string DirectoryBeside(absl::string_view store);

// The directory of nodes that a node goes by. It only ever gets newer. Any thread.
class DirectoryInForce {
 public:
  // The newer one of the file that is configured and of what is kept; of two texts with one serial
  // number the one that is kept. Writes nothing. Errors name the setting, the file and the cure.
  // What is kept and was signed by another keeper is passed over: the configuration names a new
  // one.
  static absl::StatusOr<std::unique_ptr<DirectoryInForce>> Load(
      const config::v1::SignedDirectory& setting, const std::string& store);

  // Never null.
  std::shared_ptr<const DirectoryVersion> get() const;

  // Keeps durably what is in force, unless it is kept. Whoever lets it decide anything calls this
  // first. UNAVAILABLE if it cannot be written.
  absl::Status Keep();

  // Takes over what is newer, and keeps it durably before it is in force. Errors: those of
  // DirectoryVersion::Open; FAILED_PRECONDITION, DIRECTORY_CONTRADICTS, if another text with the
  // serial number in force was signed; UNAVAILABLE if it cannot be kept.
  struct Taken {
    std::uint64_t serial;  // of what was given
    bool newer;            // whether it was taken over
  };
  absl::StatusOr<Taken> Take(absl::string_view note);

 private:
  DirectoryInForce(DirectoryVersion first, log::NoteVerifier keeper, std::string file,
                   std::string kept);

  const log::NoteVerifier keeper_;
  const std::string file_;  // where it is kept
  std::mutex taking_;
  std::string kept_;  // under taking_: what the file holds
  mutable std::mutex mutex_;
  std::shared_ptr<const DirectoryVersion> version_;  // under mutex_
};

// Takes over a directory that was replaced on disk, without a restart. One thread at a time.
class DirectoryReload {
 public:
  // `directory` and `log` must outlive it.
  DirectoryReload(std::string file, DirectoryInForce& directory, Logger& log)
      : file_(std::move(file)), directory_(directory), log_(log) {}

  // Reads the file. What it holds is in force from now on, if it is newer; otherwise what was in
  // force stays, and the log says why if it is wrong: once, until the reason is another one.
  void Look();

 private:
  const std::string file_;
  DirectoryInForce& directory_;
  Logger& log_;
  std::string told_;
};

}  // namespace selaras::runtime
