#include "tests/integration/storage/disk.h"

#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/base/check.h"

namespace selaras::test {
namespace {

void Run(const std::string& command) {
  const std::string quiet = absl::StrCat(command, " >/dev/null");
  const int status = std::system(quiet.c_str());
  SELARAS_CHECK(status == 0) << command << " gave " << status;
}

}  // namespace

std::optional<std::string> NoDisksHere() {
  if (::geteuid() != 0) return "only root can mount file systems";
  if (::access("/dev/loop-control", F_OK) != 0) return "this machine has no loop devices";
  return std::nullopt;
}

Disk::Disk(const std::string& directory, const std::string& type, unsigned mebibytes)
    : type_(type), image_(directory + "/" + type + ".img"), path_(directory + "/" + type) {
  SELARAS_CHECK(::mkdir(path_.c_str(), 0700) == 0) << path_;
  if (type_ == "tmpfs") {
    Run(absl::StrCat("mount -t tmpfs -o size=", mebibytes, "m none ", path_));
    return;
  }
  Run(absl::StrCat("truncate -s ", mebibytes, "M ", image_));
  Run(absl::StrCat("mkfs.", type_, type_ == "xfs" ? " -q -f " : " -q -F ", image_));
  Mount();
}

Disk::~Disk() { Run("umount " + path_); }

void Disk::CutPower() {
  // What `xfs_io -x -c shutdown` does, without the time that starting it takes. ext4 and xfs share
  // the number; the headers of neither can be included beside the C library's.
  constexpr unsigned long kShutdown = _IOR('X', 125, std::uint32_t);
  std::uint32_t without_flushing_the_journal = 2;
  const int directory = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  SELARAS_CHECK(directory >= 0) << path_;
  const int failed = ::ioctl(directory, kShutdown, &without_flushing_the_journal);
  ::close(directory);
  SELARAS_CHECK(failed == 0) << type_ << " cannot be shut down: " << errno;
}

void Disk::MountAgain() {
  Run("umount " + path_);
  Mount();
}

void Disk::Mount() { Run(absl::StrCat("mount -t ", type_, " -o loop ", image_, " ", path_)); }

}  // namespace selaras::test
