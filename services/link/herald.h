#pragma once

#include <cstdint>
#include <optional>

#include "selaras/ledger/v1/link.pb.h"

#include "services/link/directories.h"

namespace selaras::link {

// The part of a session that passes on the directory of nodes.
class Herald {
 public:
  // Nothing: this node has no directory, so it tells and hears none.
  explicit Herald(Directories* directories) : directories_(directories) {}

  // The peer understands it, and has the directory of this number; 0: it wants none.
  void Begin(std::uint64_t serial);

  // Who does not tell newer ones each time is not listened to any more.
  void Apply(const ledger::v1::ListedNodes& listed);

  // What is in force here, if it is newer than what the peer is known to have. Once.
  std::optional<ledger::v1::Frame> Next();

 private:
  Directories* const directories_;
  bool begun_ = false;
  std::uint64_t known_ = 0;  // the peer has at least this one
  std::uint64_t told_ = 0;   // the newest that it told and that is believed
  int useless_ = 0;          // what it told and was none newer than that
};

}  // namespace selaras::link
