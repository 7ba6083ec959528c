#include "services/runtime/directory_in_force.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/runtime/errors.h"
#include "services/runtime/files.h"
#include "services/runtime/text.h"
#include "storage/base/status.h"

namespace selaras::runtime {
namespace {

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace

std::string DirectoryBeside(absl::string_view store) {
  return absl::StrCat(absl::StripSuffix(store, "/"), ".directory");
}

absl::StatusOr<std::unique_ptr<DirectoryInForce>> DirectoryInForce::Load(
    const config::v1::SignedDirectory& setting, const std::string& store) {
  auto keeper = log::NoteVerifier::Parse(setting.verifier_key());
  if (!keeper.ok()) {
    return BadSetting("directory.verifier_key", OneLine(keeper.status().message()),
                      "copy the key that selaras directory create printed");
  }
  ASSIGN_OR_RETURN(const std::string note, ReadFile(setting.file(), kDirectoryBytesMax));
  auto version = DirectoryVersion::Open(note, *keeper);
  if (!version.ok()) {
    return BadSetting(absl::StrCat("directory.file ", setting.file()),
                      OneLine(version.status().message()), "ask its keeper for the newest one");
  }
  std::string file = DirectoryBeside(store);
  std::string kept;
  if (Exists(file)) {
    ASSIGN_OR_RETURN(kept, ReadFile(file, kDirectoryBytesMax));
    auto newest = DirectoryVersion::Open(kept, *keeper);
    if (absl::IsInvalidArgument(newest.status())) {
      return BadSetting(absl::StrCat("directory ", file), OneLine(newest.status().message()),
                        "it is what this node has seen last: put the newest directory there");
    }
    if (newest.ok() && newest->serial() >= version->serial()) version = std::move(newest);
  }
  return std::unique_ptr<DirectoryInForce>(new DirectoryInForce(
      *std::move(version), *std::move(keeper), std::move(file), std::move(kept)));
}

DirectoryInForce::DirectoryInForce(DirectoryVersion first, log::NoteVerifier keeper,
                                   std::string file, std::string kept)
    : keeper_(std::move(keeper)),
      file_(std::move(file)),
      kept_(std::move(kept)),
      version_(std::make_shared<const DirectoryVersion>(std::move(first))) {}

std::shared_ptr<const DirectoryVersion> DirectoryInForce::get() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

absl::Status DirectoryInForce::Keep() {
  const std::lock_guard taking(taking_);
  const auto held = get();
  if (kept_ == held->note()) return absl::OkStatus();
  RETURN_IF_ERROR(WriteFileAtomically(file_, held->note()));
  kept_ = held->note();
  return absl::OkStatus();
}

absl::StatusOr<DirectoryInForce::Taken> DirectoryInForce::Take(absl::string_view note) {
  const std::lock_guard taking(taking_);  // the file must not be overtaken by an older one
  const auto held = get();
  if (note == held->note()) return Taken{held->serial(), false};
  ASSIGN_OR_RETURN(DirectoryVersion version, DirectoryVersion::Open(note, keeper_));
  const std::uint64_t serial = version.serial();
  if (serial < held->serial()) return Taken{serial, false};
  if (serial == held->serial()) {
    if (version.note() != held->note()) return DirectoryContradicts(serial);
    return Taken{serial, false};
  }
  RETURN_IF_ERROR(WriteFileAtomically(file_, version.note()));
  kept_ = version.note();
  auto next = std::make_shared<const DirectoryVersion>(std::move(version));
  const std::lock_guard lock(mutex_);
  version_ = std::move(next);
  return Taken{serial, true};
}

void DirectoryReload::Look() {
  const auto take = [this]() -> absl::StatusOr<DirectoryInForce::Taken> {
    ASSIGN_OR_RETURN(const std::string note, ReadFile(file_, kDirectoryBytesMax));
    return directory_.Take(note);
  };
  const absl::StatusOr<DirectoryInForce::Taken> taken = take();
  if (!taken.ok()) {
    std::string why = OneLine(taken.status().message());
    if (why == told_) return;
    log_.Warning("directory of nodes not taken over; the one in force stays",
                 {{"file", file_}, {"reason", why}});
    told_ = std::move(why);
    return;
  }
  told_.clear();
  if (!taken->newer) return;
  log_.Info("directory of nodes taken over", {{"file", file_}, {"serial", taken->serial}});
}

}  // namespace selaras::runtime
