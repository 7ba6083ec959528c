#include "tests/support/temp_directory.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace selaras::test {

TempDirectory::TempDirectory()
    : path_((std::filesystem::temp_directory_path() / "selaras-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) std::abort();  // nothing can be tested then
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace selaras::test
