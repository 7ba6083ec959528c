#include "services/link/fork.h"

#include "storage/log/checkpoint.h"
#include "storage/merkle/prove.h"

namespace selaras::link {

bool ProvesFork(const log::LogReader& log, absl::string_view note) {
  const auto stated = log.keys()->Open(note);
  if (!stated.ok() || stated->checkpoint.size > log.size()) return false;
  const auto root = merkle::RootAt(log, stated->checkpoint.size);
  return root.ok() && *root != stated->checkpoint.root;
}

}  // namespace selaras::link
