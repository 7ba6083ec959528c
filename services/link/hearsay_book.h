#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/link/witnessing.h"
#include "storage/log/checkpoint.h"
#include "storage/log/mirror.h"
#include "storage/log/split_view.h"
#include "storage/log/store.h"

namespace selaras::link {

// Compares what others say of a log with the mirror of it: at once, or when the mirror has come so
// far. If they differ, the owner of the log has signed two histories. Evidence of that is told on,
// and convinces also who holds too little of the log to compare. Thread-safe.
class HearsayBook {
 public:
  // Called with what was found, or shown by others and proven, from whichever thread.
  using Found = std::function<void(const log::SplitView& found)>;

  // `node` is the name of this node. The store and the mirrors must outlive it.
  HearsayBook(std::string node, const log::StoreReader& store,
              const std::vector<log::Mirror*>& followed, Found found);

  // What was published here of these logs, but for that of `except`, to whom it is told; with
  // evidence, if there is. Of logs that are not followed here nothing.
  std::vector<Hearsay> NewestOf(const std::set<std::string>& logs, absl::string_view except) const;

  // `teller` said it. What the log did not sign, and logs that are not followed, are passed over.
  void Hear(const std::string& teller, const Hearsay& told);

  // Evidence that is here already, of a run before or from a session with the log's owner.
  void Remember(const log::SplitView& proven);

  // Mirrors may have grown.
  void Grew();

 private:
  struct Waiting {
    log::SignedCheckpoint told;
    log::Mirror* followed;
  };

  void Compare(const std::string& teller, log::Mirror& followed, const log::SignedCheckpoint& told);

  const std::string node_;
  const log::StoreReader& store_;
  std::map<std::string, log::Mirror*, std::less<>> followed_;  // by log
  const Found found_;
  void Believe(log::Mirror& followed, const std::string& text);

  mutable std::mutex mutex_;
  // By log and teller the first that the mirror had not reached; later ones are as good when it
  // has.
  std::map<std::pair<std::string, std::string>, Waiting> waiting_;
  std::map<std::string, log::SplitView, std::less<>> proven_;  // by log; one is enough
};

// The book as one peer's session sees it.
class PeerGossip : public Gossip {
 public:
  PeerGossip(HearsayBook& book, std::string peer) : book_(book), peer_(std::move(peer)) {}

  std::vector<Hearsay> Newest(const std::set<std::string>& logs) const override {
    return book_.NewestOf(logs, peer_);
  }
  void Hear(const Hearsay& told) override { book_.Hear(peer_, told); }

 private:
  HearsayBook& book_;
  const std::string peer_;
};

}  // namespace selaras::link
