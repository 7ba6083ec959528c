#include "services/link/checkpoint_source.h"

#include "services/link/errors.h"
#include "storage/base/status.h"
#include "storage/merkle/prove.h"

namespace selaras::link {

absl::StatusOr<log::SignedCheckpoint> LogCheckpoints::SignedAt(base::TreeSize size) const {
  const base::TreeSize held = own_.size();
  if (size > held) return BeyondLog(size, held);
  // The newest may have moved on since, so it is asked for its own size.
  if (size == held) {
    log::SignedCheckpoint newest = own_.checkpoint();
    if (newest.checkpoint.size == size && !newest.note.empty()) return newest;
  }
  ASSIGN_OR_RETURN(const base::Digest root, merkle::RootAt(own_, size));
  return log::SignCheckpoint(signer_, {own_.origin(), size, root});
}

}  // namespace selaras::link
