#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"

#include "storage/base/status.h"
#include "storage/rocks/errors.h"
#include "storage/rocks/files.h"

namespace selaras::rocks {

// Refuses writes before the disk is full: a write that fails half-way ends the process, one that
// is refused ends nothing.
class Room {
 public:
  Room(std::string directory, std::uint64_t reserve_bytes)
      : directory_(std::move(directory)), reserve_bytes_(reserve_bytes) {}

  absl::Status Check() const {
    ASSIGN_OR_RETURN(const std::uint64_t free, FreeBytes(directory_));
    return free >= reserve_bytes_ ? absl::OkStatus()
                                  : NoRoomToWrite(directory_, free, reserve_bytes_);
  }

 private:
  const std::string directory_;
  const std::uint64_t reserve_bytes_;
};

}  // namespace selaras::rocks
