#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::cli {

// The bytes of a file; `-` is the standard input.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Reads a file bit by bit.
class FileReader {
 public:
  static absl::StatusOr<FileReader> Open(const std::string& path);

  FileReader(FileReader&& other) noexcept;
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader();

  // The next bytes, at most so many; nothing at the end.
  absl::StatusOr<std::string> Read(std::size_t bytes_max);

 private:
  FileReader(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;  // negative: moved away
};

// Writes a file anew, in place of an older one.
absl::Status WriteFile(const std::string& path, absl::string_view bytes);

// Writes a file bit by bit that takes its name only when it is complete: who reads it finds the
// older one, or all of it. Only its owner may read it.
class AtomicFile {
 public:
  static absl::StatusOr<AtomicFile> Create(const std::string& path);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  AtomicFile& operator=(AtomicFile&&) = delete;
  // Leaves nothing behind if it was not committed.
  ~AtomicFile();

  absl::Status Append(absl::string_view bytes);
  // On return it has its name, and is durable.
  absl::Status Commit();

 private:
  AtomicFile(std::string path, std::string draft, int descriptor);

  std::string path_;
  std::string draft_;
  int descriptor_;  // negative: committed, or moved away
};

// Writes a file that only its owner may read. ALREADY_EXISTS if it is there.
absl::Status WriteSecretFile(const std::string& path, absl::string_view bytes);

}  // namespace selaras::cli
