#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/link/directories.h"
#include "services/link/exchange.h"
#include "services/link/hearsay_book.h"
#include "services/link/published_log.h"
#include "services/link/session.h"
#include "services/node/directory.h"
#include "services/node/opener.h"
#include "services/node/subject_keys.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/serve/spool.h"
#include "services/serve/wire.h"
#include "storage/crypto/random.h"
#include "storage/log/cosignature.h"
#include "storage/log/log_keys.h"
#include "storage/log/note.h"
#include "storage/log/published.h"
#include "storage/log/split_view.h"
#include "storage/log/store.h"

namespace selaras::serve {

// How a link is reached: what the configuration says of one peer.
struct LinkPeer {
  std::string node;
  log::NoteVerifier verifier;
  // What verifies its cosignatures of the own log; nothing: they are not taken.
  std::optional<log::CosignatureVerifier> witness;
  // Opens a stream to the peer; nothing if the peer is the one that dials.
  std::function<std::shared_ptr<Wire>()> dial;
};

// What is shown of a link.
struct LinkStatus {
  std::string peer;
  link::SessionState session;  // of the running session, or as last known
  std::string fault;
  bool stopped = false;       // until an operator lets it go on
  log::Statement given = {};  // the statement for which it stopped; empty if it is about none
  std::string held = {};      // the one that is held here, likewise
  bool forked = false;        // the statements prove that a log took two courses
  std::string evidence_file = {};
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
    // Called when a peer has shown how much of the own log it holds: leaves of a checkpoint under
    // this node's signature, 0 if it holds none. Quick, from any thread.
    std::function<void(const std::string& peer, base::TreeSize size)> held;
    // Called for every link when it starts, when it stops for a contradiction and when it goes on
    // again. Quick, from any thread.
    std::function<void(const std::string& peer, bool stopped)> standing;
    // What the node publishes, and the rows of what was published.
    link::PublishedLog* published;
    log::PublishedCheckpoints* rows;
    // Cosigns what peers publish; nothing: the node does not.
    const log::Cosigner* cosigner;
    // What time it is; fails while the clock is in doubt.
    std::function<absl::StatusOr<absl::Time>()> now;
    // What opens what is sealed, and who speaks for whom.
    const node::SubjectKeys* subject_keys;
    const node::Directory* directory;
    const node::Opener* opener;
    // The store's folder, for evidence. Empty: none is written.
    std::string folder;
    // Whether a peer may be linked now, whose log has these keys; without them: as far as can be
    // told before it has introduced itself. Nothing: always. While it may not, no session runs, and
    // the link's fault says why. Quick, from any thread.
    std::function<absl::Status(const std::string& peer, const std::optional<log::LogKeys>& keys)>
        listed = {};
    // The directory of nodes; nothing: there is none.
    link::Directories* directories = nullptr;
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

  // Packs a file for `peer` into `spool` (services/link/exchange.h), from the beginning if
  // `everything`. `done` is called once: on the thread of that link, or at once. Not while a
  // session runs: it is ended, and another one begins afterwards. FAILED_PRECONDITION,
  // LINK_STOPPED, if the link stands still.
  using Packed = std::function<void(absl::StatusOr<ledger::v1::ExchangeHeader>)>;
  void Pack(const std::string& peer, bool everything, std::shared_ptr<Spool> spool, Packed done);

  // Takes the file in `spool`, which `peer` packed. Calls back likewise.
  using Unpacked = std::function<void(absl::StatusOr<link::Unpacked>)>;
  void Unpack(const std::string& peer, std::shared_ptr<const Spool> spool, Unpacked done);

  // Lets the link to `peer` go on after a contradiction. Calls back likewise, with
  // FAILED_PRECONDITION if it does not stand still (LINK_NOT_STOPPED), or if what was signed proves
  // that a log took two courses (LINK_FORKED). What was kept as evidence stays.
  void Resume(const std::string& peer, std::function<void(absl::Status)> done);

  // The own log grew, something was derived or published. Links look a moment later, the more of
  // them there are. Thread-safe, quick.
  void OwnLogGrew();
  // The links to these peers look at once: something was disclosed to them, or is wanted of them.
  // Thread-safe, quick.
  void LookAtOnce(const std::set<std::string>& peers);

  // Ends all streams and threads. Idempotent.
  void Stop();

  std::vector<LinkStatus> status() const;

 private:
  class Runner;

  // Nothing if there is no such peer.
  Runner* Find(const std::string& peer) const;

  explicit LinkHub(Options options);
  // Others were told another history of a log than the mirror here.
  void Contradicted(const log::SplitView& view);

  const Options options_;
  std::unique_ptr<link::HearsayBook> book_;
  std::vector<std::unique_ptr<Runner>> runners_;
};

}  // namespace selaras::serve
