#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/link/session.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/serve/wire.h"
#include "storage/crypto/random.h"
#include "storage/log/note.h"
#include "storage/log/store.h"

namespace selaras::serve {

// How a link is reached: what the configuration says of one peer.
struct LinkPeer {
  std::string node;
  log::NoteVerifier verifier;
  // Opens a stream to the peer; nothing if the peer is the one that dials.
  std::function<std::shared_ptr<Wire>()> dial;
};

// What is shown of a link.
struct LinkStatus {
  std::string peer;
  link::SessionState session;  // of the running session, or as last known
  std::string fault;
};

// Runs the links of a node: one thread per peer drives its session over whatever stream there is,
// dials again with back-off, and remembers what the peer acknowledged.
class LinkHub {
 public:
  struct Options {
    std::string node;
    const log::NoteSigner* signer;
    std::vector<LinkPeer> peers;
    // Called after entries or acknowledgements came in. Quick, from any thread.
    std::function<void()> received;
  };

  // Opens the mirrors. Everything handed in must outlive the hub.
  static absl::StatusOr<std::unique_ptr<LinkHub>> Make(log::Store& store, runtime::Clock& clock,
                                                       crypto::RandomSource& random,
                                                       runtime::Logger& log, Options options);
  LinkHub(const LinkHub&) = delete;
  LinkHub& operator=(const LinkHub&) = delete;
  ~LinkHub();

  // Starts the threads, and with them dialling.
  void Start();

  // Hands over a stream that `peer` opened; it replaces the one before. False if the peer is none.
  bool Accept(const std::string& peer, std::shared_ptr<Wire> wire);

  // The own log or a disclosure list grew. Thread-safe, quick.
  void OwnLogGrew();

  // Ends all streams and threads. Idempotent.
  void Stop();

  std::vector<LinkStatus> status() const;

 private:
  class Runner;

  explicit LinkHub(std::vector<std::unique_ptr<Runner>> runners);

  std::vector<std::unique_ptr<Runner>> runners_;
};

}  // namespace selaras::serve
