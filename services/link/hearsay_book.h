#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/link/witnessing.h"
#include "storage/log/checkpoint.h"
#include "storage/log/mirror.h"
#include "storage/log/note.h"
#include "storage/log/split_view.h"
#include "storage/log/store.h"

namespace selaras::link {

// A mirror, and what verifies its log.
struct Followed {
  log::Mirror* mirror;
  log::NoteVerifier verifier;
};

// Compares what others say of a log with the mirror of it: at once, or when the mirror has come so
// far. If they differ, the owner of the log has signed two histories. Thread-safe.
class HearsayBook {
 public:
  // Called with what was found, once for each statement, from whichever thread.
  using Found = std::function<void(const log::SplitView& found)>;

  // `node` is the name of this node. The store and the mirrors must outlive it.
  HearsayBook(std::string node, const log::StoreReader& store, std::vector<Followed> followed,
              Found found);

  // What others published here, but for `except`, to whom it is told.
  std::vector<Hearsay> NewestBut(absl::string_view except) const;

  // `teller` said it. What the log did not sign, and logs that are not followed, are passed over.
  void Hear(const std::string& teller, const Hearsay& told);

  // Mirrors may have grown.
  void Grew();

 private:
  struct Waiting {
    log::SignedCheckpoint told;
    const Followed* followed;
  };

  void Compare(const std::string& teller, const Followed& followed,
               const log::SignedCheckpoint& told);

  const std::string node_;
  const log::StoreReader& store_;
  const std::vector<Followed> followed_;
  const Found found_;
  std::mutex mutex_;
  // By log and teller the first that the mirror had not reached; later ones are as good when it has.
  std::map<std::pair<std::string, std::string>, Waiting> waiting_;
};

// The book as one peer's session sees it.
class PeerGossip : public Gossip {
 public:
  PeerGossip(HearsayBook& book, std::string peer) : book_(book), peer_(std::move(peer)) {}

  std::vector<Hearsay> Newest() const override { return book_.NewestBut(peer_); }
  void Hear(const Hearsay& told) override { book_.Hear(peer_, told); }

 private:
  HearsayBook& book_;
  const std::string peer_;
};

}  // namespace selaras::link
