#pragma once

#include <optional>
#include <string>

namespace selaras::test {

// Why no file system can be mounted here, if so: only root with loop devices can.
std::optional<std::string> NoDisksHere();

// A small file system in a file, mounted at path(). Root only; whatever fails ends the test
// program with the reason.
class Disk {
 public:
  // `type` as mkfs and mount know it: ext4, xfs; or tmpfs, which has no power to lose.
  Disk(const std::string& directory, const std::string& type, unsigned mebibytes);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  const std::string& path() const { return path_; }

  // The power goes: from now on nothing reaches the disk, and what did not is lost. A sync that
  // is under way may still report success, which after a real cut nobody would hear: what a
  // process said counts only if it was heard before the call.
  void CutPower();
  // The power is back. Nobody may have files of it open.
  void MountAgain();

 private:
  void Mount();

  const std::string type_;
  const std::string image_;
  const std::string path_;
};

}  // namespace selaras::test
