#include "services/runtime/wrapping_key_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <map>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <sys/stat.h>

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

}  // namespace

std::string WrappingKeysBeside(absl::string_view store) {
  while (store.size() > 1 && store.back() == '/') store.remove_suffix(1);
  return absl::StrCat(store, ".wrapping-keys");
}

absl::StatusOr<vault::WrappingKeys> LoadWrappingKeys(const std::string& folder) {
  std::map<std::uint64_t, std::string> files;
  std::error_code error;
  for (fs::directory_iterator file(folder, error); !error && file != fs::directory_iterator();
       file.increment(error)) {
    const std::string name = file->path().filename();
    std::uint64_t number = 0;
    // Anything else, as what an interrupted start left, is not looked at.
    if (absl::EndsWith(name, kEnding) &&
        absl::SimpleAtoi(absl::StripSuffix(name, kEnding), &number)) {
      files[number] = file->path();
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return BadSetting(absl::StrCat("wrapping_keys ", folder),
                      absl::StrCat("cannot be read: ", error.message()),
                      "let the user who runs this read the folder");
  }
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
  const std::string key = random.Fill(vault::kKeyBytes);
  RETURN_IF_ERROR(WriteSecretFileAtomically(absl::StrCat(folder, "/1", kEnding),
                                            absl::StrCat(kMagic, base::HexEncode(key), "\n")));
  RETURN_IF_ERROR(SyncFolderOf(folder));
  return vault::WrappingKeys({key});
}

}  // namespace selaras::runtime
