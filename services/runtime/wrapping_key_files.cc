#include "services/runtime/wrapping_key_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/runtime/errors.h"
#include "services/runtime/files.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/vault/sealed.h"

namespace selaras::runtime {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kMagic = "selaras-wrapping-key-v1 ";
constexpr absl::string_view kEnding = ".key";
constexpr absl::string_view kDestroyed = ".destroyed";  // after it, of one that is about to go

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadSecretFile(path));
  absl::string_view digits = absl::StripSuffix(text, "\n");
  absl::StatusOr<std::string> key = absl::NotFoundError("");
  if (absl::ConsumePrefix(&digits, kMagic)) key = base::HexDecode(digits);
  if (!key.ok() || key->size() != vault::kKeyBytes) {
    return BadSetting(absl::StrCat("wrapping_keys ", path), "is no wrapping key",
                      "put the file back as the node made it");
  }
  return *std::move(key);
}

using KeyFiles = std::map<std::uint64_t, std::string>;

// By number, of those whose name ends like this.
absl::StatusOr<KeyFiles> FilesIn(const std::string& folder, absl::string_view ending) {
  KeyFiles files;
  std::error_code error;
  for (fs::directory_iterator file(folder, error); !error && file != fs::directory_iterator();
       file.increment(error)) {
    const std::string name = file->path().filename();
    std::uint64_t number = 0;
    // Anything else, as what an interrupted start left, is not looked at.
    if (absl::EndsWith(name, ending) &&
        absl::SimpleAtoi(absl::StripSuffix(name, ending), &number)) {
      files[number] = file->path();
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return BadSetting(absl::StrCat("wrapping_keys ", folder),
                      absl::StrCat("cannot be read: ", error.message()),
                      "let the user who runs this read the folder");
  }
  return files;
}

absl::Status CannotDestroy(const std::string& path, int why) {
  return BadSetting(absl::StrCat("wrapping_keys ", path),
                    absl::StrCat("cannot be destroyed: ", std::generic_category().message(why)),
                    "let the user who runs this write the file and its folder");
}

// In place, so that the same blocks are written where the file system writes in place.
absl::Status WriteOver(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  const int file = error ? -1 : ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  const std::string zeros(error ? 0 : size, '\0');
  const bool written =
      file >= 0 &&
      ::pwrite(file, zeros.data(), zeros.size(), 0) == static_cast<ssize_t>(zeros.size()) &&
      ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) ::close(file);
  return written ? absl::OkStatus() : CannotDestroy(path, why);
}

}  // namespace

std::string WrappingKeysBeside(absl::string_view store) {
  while (store.size() > 1 && store.back() == '/') store.remove_suffix(1);
  return absl::StrCat(store, ".wrapping-keys");
}

absl::StatusOr<vault::WrappingKeys> LoadWrappingKeys(const std::string& folder) {
  ASSIGN_OR_RETURN(const KeyFiles files, FilesIn(folder, kEnding));
  std::vector<std::string> keys;
  for (const auto& [number, path] : files) {
    ASSIGN_OR_RETURN(keys.emplace_back(), ReadKey(path));
  }
  return vault::WrappingKeys(keys);
}

absl::StatusOr<vault::WrappingKeys> MakeWrappingKey(const std::string& folder,
                                                    crypto::RandomSource& random) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return BadSetting(absl::StrCat("wrapping_keys ", folder),
                      absl::StrCat("cannot be made: ", std::generic_category().message(errno)),
                      "name a folder that this user can make");
  }
  ASSIGN_OR_RETURN(const KeyFiles files, FilesIn(folder, kEnding));
  const std::uint64_t number = files.empty() ? 1 : files.rbegin()->first + 1;
  const std::string key = random.Fill(vault::kKeyBytes);
  RETURN_IF_ERROR(WriteSecretFileAtomically(absl::StrCat(folder, "/", number, kEnding),
                                            absl::StrCat(kMagic, base::HexEncode(key), "\n")));
  RETURN_IF_ERROR(SyncFolderOf(folder));
  return LoadWrappingKeys(folder);
}

absl::StatusOr<int> DestroyOlderWrappingKeys(const std::string& folder) {
  ASSIGN_OR_RETURN(KeyFiles files, FilesIn(folder, kEnding));
  if (!files.empty()) files.erase(std::prev(files.end()));
  // Under a name that nobody takes for a key's, so that it can be broken off.
  for (const auto& [number, path] : files) {
    if (std::rename(path.c_str(), absl::StrCat(path, kDestroyed).c_str()) != 0) {
      return CannotDestroy(path, errno);
    }
  }
  if (!files.empty()) RETURN_IF_ERROR(SyncFolderOf(absl::StrCat(folder, "/")));
  ASSIGN_OR_RETURN(const KeyFiles condemned, FilesIn(folder, absl::StrCat(kEnding, kDestroyed)));
  for (const auto& [number, path] : condemned) {
    RETURN_IF_ERROR(WriteOver(path));
    if (::unlink(path.c_str()) != 0) return CannotDestroy(path, errno);
  }
  if (!condemned.empty()) RETURN_IF_ERROR(SyncFolderOf(absl::StrCat(folder, "/")));
  return static_cast<int>(condemned.size());
}

}  // namespace selaras::runtime
