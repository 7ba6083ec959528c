#include "storage/rocks/successor.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <fcntl.h>
#include <unistd.h>

#include "storage/base/status.h"
#include "storage/log/rules.h"
#include "storage/rocks/errors.h"
#include "storage/rocks/files.h"
#include "storage/rocks/identity.h"
#include "storage/rocks/rocks_store.h"
#include "storage/rocks/store_core.h"
#include "storage/rocks/table_rows.h"

namespace selaras::rocks {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(absl::string_view doing, const fs::path& path, const std::error_code& error) {
  return FileFailed(doing, path.string(), error.value());
}

absl::Status SyncFile(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FileFailed("open", path.string(), errno);
  const bool synced = ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  return synced ? absl::OkStatus() : FileFailed("sync", path.string(), error);
}

// What the database made for the process that ran it, not for its data.
bool IsOfTheProcess(const std::string& name) {
  return name == "LOCK" || name == "LOG" || absl::StartsWith(name, "LOG.old");
}

absl::Status CopyDatabase(const std::string& from, const std::string& to) {
  const fs::path target = DatabaseDirectory(to);
  std::error_code error;
  fs::create_directory(target, error);
  if (error) return Failed("make directory", target, error);
  fs::directory_iterator files(DatabaseDirectory(from), error);
  if (error) return Failed("read directory", DatabaseDirectory(from), error);
  for (const fs::directory_entry& file : files) {
    const std::string name = file.path().filename().string();
    if (!file.is_regular_file() || IsOfTheProcess(name)) continue;
    // Whole copies: files that both shared would be lost together.
    fs::copy_file(file.path(), target / name, error);
    if (error) return Failed("copy", file.path(), error);
    RETURN_IF_ERROR(SyncFile(target / name));
  }
  return SyncDirectory(target.string());
}

absl::Status Cut(const std::string& directory, const log::Succession& shared,
                 const log::Succession& private_log, const std::vector<log::RowWrite>& rows) {
  ASSIGN_OR_RETURN(std::unique_ptr<Database> opened,
                   Database::Open(DatabaseDirectory(directory), /*exists=*/true, nullptr));
  ASSIGN_OR_RETURN(const std::unique_ptr<StoreCore> core,
                   StoreCore::Load(std::move(opened), shared.log, Room(directory, 0)));
  Database& database = core->database();
  Database::Batch batch(database);
  for (const auto& [log, succession] :
       {std::pair<OwnLog&, const log::Succession&>(core->shared(), shared),
        {core->private_log(), private_log}}) {
    ASSIGN_OR_RETURN(const log::Cut cut,
                     log::CheckOwnSuccession(log, log.head()->edge, succession));
    RETURN_IF_ERROR(PutSuccession(batch, log.rows(), log.size(), cut));
  }
  PutRows(rows, batch);
  RETURN_IF_ERROR(database.TryCommit(batch, /*sync=*/true));
  return database.Flush();
}

}  // namespace

absl::Status MakeSuccessor(const std::string& from, const std::string& to,
                           const log::Succession& shared, const log::Succession& private_log,
                           const std::vector<log::RowWrite>& rows) {
  const std::string made(absl::StripSuffix(to, "/"));
  std::error_code error;
  if (fs::exists(made, error)) return DirectoryExists(made);
  // Keeps a node from starting on it meanwhile, and says if it is no store.
  ASSIGN_OR_RETURN(const std::unique_ptr<log::StoreReader> source, OpenReadOnly(from));
  const std::string draft = absl::StrCat(made, ".partial");
  fs::remove_all(draft, error);
  if (error) return Failed("remove", draft, error);
  RETURN_IF_ERROR(MakeNewDirectory(draft));
  RETURN_IF_ERROR(CopyDatabase(from, draft));
  RETURN_IF_ERROR(Cut(draft, shared, private_log, rows));
  RETURN_IF_ERROR(SyncDirectory(draft));
  fs::rename(draft, made, error);
  if (error) return Failed("rename", draft, error);
  return SyncDirectory(fs::absolute(made).parent_path().string());
}

}  // namespace selaras::rocks
