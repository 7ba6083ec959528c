#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace selaras::cli {

// The bytes of a file; `-` is the standard input.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// When it was written last; `-` is the standard input.
absl::StatusOr<absl::Time> WrittenAt(const std::string& path);

// Reads a file bit by bit.
class FileReader {
 public:
  // From that byte on.
  static absl::StatusOr<FileReader> Open(const std::string& path, std::uint64_t offset = 0);

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

// Writes a whole AtomicFile: on return it is durable.
absl::Status WriteFileAtomically(const std::string& path, absl::string_view bytes);

// Writes a file bit by bit under its name with `.OF.part`, which stays behind if it was not
// committed: who comes later goes on with it. Only its owner may read it.
class PartFile {
 public:
  // `of` is what the file will hold: parts of something else are left alone. FAILED_PRECONDITION
  // while another process writes the part, and if it is no regular file of this user alone.
  static absl::StatusOr<PartFile> Open(const std::string& path, absl::string_view of);

  PartFile(PartFile&& other) noexcept;
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  PartFile& operator=(PartFile&&) = delete;
  // Leaves nothing behind if it is empty.
  ~PartFile();

  enum class Existing { kKeep, kReplace };

  const std::string& part() const { return part_; }
  std::uint64_t size() const { return size_; }
  // The last bytes of what is there, at most so many.
  absl::StatusOr<std::string> Tail(std::size_t bytes_max) const;
  absl::Status Append(absl::string_view bytes);
  // On return it has its name, and is durable. ALREADY_EXISTS if a file of that name is there and
  // to be kept; FAILED_PRECONDITION if the part has not the size that was written.
  absl::Status Commit(Existing existing);

 private:
  PartFile(std::string path, std::string part, int descriptor, std::uint64_t size)
      : path_(std::move(path)), part_(std::move(part)), descriptor_(descriptor), size_(size) {}

  std::string path_;
  std::string part_;
  int descriptor_;  // locked; negative: committed, or moved away
  std::uint64_t size_;
};

// Holds a folder for one process at a time.
class FolderLock {
 public:
  // FAILED_PRECONDITION while another process holds it, NOT_FOUND if it is not there.
  static absl::StatusOr<FolderLock> Take(const std::string& folder);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;  // negative: moved away
};

// A folder, closed to others, that takes its name only when all its files are there.
class NewFolder {
 public:
  // ALREADY_EXISTS if there is something of that name, unless it is an empty folder, and not `.`.
  static absl::StatusOr<NewFolder> Make(const std::string& path);

  NewFolder(NewFolder&& other) noexcept;
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  NewFolder& operator=(NewFolder&&) = delete;
  // Leaves nothing behind if it was not committed.
  ~NewFolder();

  // Where its files are written until then.
  const std::string& draft() const { return draft_; }
  // On return it has its name, and is durable with what it holds.
  absl::Status Commit();

 private:
  NewFolder(std::string path, std::string draft)
      : path_(std::move(path)), draft_(std::move(draft)) {}

  std::string path_;
  std::string draft_;  // empty: committed, or moved away
};

// Writes a file that only its owner may read. ALREADY_EXISTS if it is there.
absl::Status WriteSecretFile(const std::string& path, absl::string_view bytes);

}  // namespace selaras::cli
