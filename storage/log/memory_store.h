#pragma once

#include <memory>
#include <string>

#include "storage/log/checkpoint.h"
#include "storage/log/store.h"

namespace selaras::log {

// A store in memory, under the same contract as the one on disk: for simulations and tests.
// What is on disk there is what survives Crash() here.
class MemoryStore : public Store {
 public:
  // `name` is the node's name; the shared log gets it, the private one `<name>/private`. The
  // signer must bear the shared log's origin (names.h); its key signs both.
  static std::unique_ptr<MemoryStore> Make(absl::string_view name, NoteSigner signer);

  // Closes both logs, which go on in their successors, signed by `next`; `rows` of any table are
  // written with it. As rocks::MakeSuccessor() makes one of a store on disk, but in place. Errors
  // as there. Nobody may use the store meanwhile.
  virtual absl::Status SucceedOwn(const Succession& shared, const Succession& private_log,
                                  const std::vector<RowWrite>& rows,
                                  const crypto::SigningKey& next) = 0;

  // As if the power went: unsynced rows since the last synced write are gone.
  virtual void Crash() = 0;
};

}  // namespace selaras::log
