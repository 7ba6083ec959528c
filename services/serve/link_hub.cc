#include "services/serve/link_hub.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/link/fork.h"
#include "services/link/key_change.h"
#include "services/link/mirror_witness.h"
#include "services/node/link_attachments.h"
#include "services/node/link_keys.h"
#include "services/node/link_rows.h"
#include "services/serve/errors.h"
#include "services/serve/push_pace.h"
#include "services/serve/split_views.h"
#include "services/serve/wire.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/thread_name.h"
#include "storage/log/checkpoint.h"

namespace selaras::serve {
namespace {

constexpr absl::Duration kTick = absl::Seconds(1);
// Between two steps in which a peer is told of leaves alone: so long at least, and so long for each
// of the peers, that all of them together take some hundredths of the time.
constexpr absl::Duration kGatherMin = absl::Milliseconds(20);
constexpr absl::Duration kGatherForEach = absl::Milliseconds(1);
constexpr absl::Duration kRedialFirst = absl::Milliseconds(200);
constexpr absl::Duration kRedialMax = absl::Seconds(30);
// Frames handled before it is looked whether the hub stops.
constexpr int kFramesPerTurn = 64;
// A stream that never opens is given up.
constexpr absl::Duration kOpenMax = absl::Seconds(10);

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(absl::ToUnixSeconds(time));
  return stamp;
}

// As the operator reads it; what to do about it is told by the command line.
std::string SplitViewInWords(const log::SplitView& view) {
  return absl::StrCat(view.log, " showed ", view.given.by, " another history than ", view.held.by,
                      ": ", view.reason);
}

// What an earlier run found of the peer's log. NOT_FOUND if nothing.
absl::StatusOr<log::SplitView> StoredSplitView(const log::Store& store, const std::string& folder,
                                               const std::string& peer) {
  ASSIGN_OR_RETURN(const storage::v1::StoredLink stored, node::LoadLink(store, peer));
  if (stored.evidence_file().empty()) return absl::NotFoundError("no evidence");
  return LoadSplitView(folder, stored.evidence_file());
}

std::chrono::milliseconds ToChrono(absl::Duration duration) {
  return std::chrono::milliseconds(absl::ToInt64Milliseconds(duration));
}

}  // namespace

// One peer: its stored cursor, its session while there is a stream, and the thread between them.
class LinkHub::Runner {
 public:
  Runner(log::Store& store, log::Mirror& mirror, runtime::Clock& clock,
         crypto::RandomSource& random, runtime::Logger& log, const Options& options,
         const LinkPeer& peer, link::HearsayBook& book, std::vector<std::string> key_changes)
      : options_(options),
        store_(store),
        mirror_(mirror),
        clock_(clock),
        random_(random),
        log_(log),
        signer_(*options.signer),
        own_{options.node, options.signer->verifier()},
        key_changes_(std::move(key_changes)),
        peer_(peer),
        disclosures_(store, peer.node),
        cursor_(store, peer.node),
        keys_(store, *options.subject_keys, *options.directory, peer.node, random),
        attachments_(store, *options.subject_keys, *options.opener, peer.node, random,
                     [&clock] { return clock.Monotonic(); }),
        checkpoints_(store.shared(), *options.signer),
        witness_(store, *options.rows, peer.node, options.cosigner, options.now),
        book_(book),
        gossip_(book, peer.node),
        gather_(std::clamp(kGatherForEach * static_cast<std::int64_t>(options.peers.size()),
                           kGatherMin, kTick)),
        pace_(gather_) {
    if (const auto stored = node::LoadLink(store, peer.node); stored.ok()) saved_ = *stored;
  }

  ~Runner() { Stop(); }

  const std::string& peer() const { return peer_.node; }

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  // Stands still for good. From any thread.
  void Contradict(const log::SplitView& view) {
    {
      const std::lock_guard lock(mutex_);
      if (!contradicted_) contradicted_ = view;
    }
    wake_.notify_all();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    if (const auto unused = std::exchange(offered_, nullptr)) unused->Close();
    RunErrands();
  }

  void Pack(bool everything, std::shared_ptr<Spool> spool, Packed done) {
    Do([this, everything, spool = std::move(spool), done = std::move(done)](bool stopping) {
      if (stopping) return done(NodeStops());
      if (saved_.stopped()) return done(LinkStopped(peer_.node, saved_.fault()));
      if (absl::Status listed = Listed(mirror_.keys()); !listed.ok()) return done(listed);
      const link::PeerHolds holds{
          {saved_.arrived_size()}, saved_.arrived_epoch(), saved_.arrived_disclosed()};
      done(link::Pack(Parts(), everything ? link::PeerHolds() : holds,
                      static_cast<std::uint64_t>(absl::ToUnixMicros(clock_.Now())), signer_,
                      [&spool](absl::string_view bytes) { return spool->Append(bytes); }));
    });
  }

  void Unpack(std::shared_ptr<const Spool> spool, Unpacked done) {
    Do([this, spool = std::move(spool), done = std::move(done)](bool stopping) {
      if (stopping) return done(NodeStops());
      if (saved_.stopped()) return done(LinkStopped(peer_.node, saved_.fault()));
      if (absl::Status listed = Listed(std::nullopt); !listed.ok()) return done(listed);
      const auto open = [spool] {
        return [spool, at = std::uint64_t{0}](std::size_t bytes) mutable {
          absl::StatusOr<std::string> part = spool->Read(at, bytes);
          if (part.ok()) at += part->size();
          return part;
        };
      };
      const link::Heard heard{saved_.heard_packed_at(), {saved_.heard_size()}};
      absl::Status listed;
      const auto going = [this, &listed, asked = 0]() mutable {
        // Behind the Hello it is known which keys the log has, and nothing was taken yet.
        if (++asked == 2) listed = Listed(mirror_.keys());
        return listed.ok() && Going();
      };
      auto unpacked = link::Unpack(Parts(), heard, open, clock_.Now(), going);
      options_.received();
      if (!listed.ok()) return done(listed);
      if (!unpacked.ok()) return done(ExchangeRefused(unpacked.status()));
      Took(*unpacked);
      done(std::move(unpacked));
    });
  }

  void Accept(std::shared_ptr<Wire> wire) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        std::swap(offered_, wire);
      }
    }
    // Of two streams offered at once the newer one is taken.
    if (wire) wire->Close();
    wake_.notify_all();
  }

  void Resume(std::function<void(absl::Status)> done) {
    Do([this, done = std::move(done)](bool stopping) {
      if (stopping) return done(NodeStops());
      if (!saved_.stopped()) return done(LinkNotStopped(peer_.node));
      if (Forked(saved_)) return done(LinkForked(peer_.node));
      storage::v1::StoredLink progress = saved_;
      progress.clear_stopped();
      progress.clear_fault();
      progress.clear_given();
      progress.clear_given_by();
      progress.clear_held();
      progress.clear_evidence_file();
      // A shorter log was shown and accepted: the next file may lead to as little.
      progress.clear_heard_size();
      Save(progress);
      options_.standing(peer_.node, false);
      told_ = false;
      done(absl::OkStatus());
    });
  }

  void Look(bool at_once) {
    {
      const std::lock_guard lock(mutex_);
      // Without a session nobody waits for it, and a session begins with all that there is. Of
      // hundreds of links many are down: their threads sleep on.
      if (!serving_ || !pace_.Grew(at_once, clock_.Monotonic())) return;
    }
    wake_.notify_all();
  }

  LinkStatus status() const {
    const std::lock_guard lock(mutex_);
    LinkStatus status{.peer = peer_.node,
                      .session = shown_,
                      .fault = saved_.stopped() || unlisted_.empty() ? saved_.fault() : unlisted_,
                      .stopped = saved_.stopped(),
                      .given = {saved_.given_by(), saved_.given()},
                      .held = saved_.held(),
                      .forked = saved_.stopped() && Forked(saved_),
                      .evidence_file = saved_.evidence_file()};
    // The session learns of a longer list a moment later: until then all would seem to have
    // arrived.
    status.session.disclosed = disclosures_.Current().length;
    if (!status.session.connected) {
      status.session.received_size = mirror_.size();
      status.session.arrived_size = {saved_.arrived_size()};
      status.session.disclosed_arrived = saved_.arrived_disclosed();
      if (saved_.has_verified_at()) {
        status.session.verified_at = absl::FromUnixSeconds(saved_.verified_at().seconds());
      }
    }
    return status;
  }

 private:
  void Run() {
    base::NameThread("link");
    absl::Duration redial = kRedialFirst;
    options_.standing(peer_.node, saved_.stopped());
    if (const auto given = store_.shared().keys()->Open(saved_.given()); given.ok()) {
      HearAtLeast(given->checkpoint.size);  // for which it stopped before the start
    }
    while (true) {
      RunErrands();
      KeepContradiction();
      if (!Going()) return;
      if (saved_.stopped()) {
        StandStill();
        continue;
      }
      if (!MayLink()) {
        WaitUnlisted();
        continue;
      }
      std::shared_ptr<Wire> wire = NextWire();
      if (!wire) continue;
      const bool progress = Serve(*wire);
      if (progress) redial = kRedialFirst;
      if (!Pause(redial * (1.0 + 0.5 * Jitter()))) return;
      redial = std::min(redial * 2, kRedialMax);
    }
  }

  // What was found by hearsay ends the link as what its own session finds does.
  void KeepContradiction() {
    std::optional<log::SplitView> found;
    {
      const std::lock_guard lock(mutex_);
      found = std::exchange(contradicted_, std::nullopt);
    }
    if (!found || saved_.stopped()) return;
    storage::v1::StoredLink stopped = saved_;
    stopped.set_fault(SplitViewInWords(*found));
    SetContradiction(*found, stopped);
    Save(stopped);
    options_.standing(peer_.node, true);
  }

  void SetContradiction(const log::SplitView& view, storage::v1::StoredLink& stopped) {
    book_.Remember(view);  // so that others are told
    stopped.set_stopped(true);
    stopped.set_given(view.given.note);
    stopped.set_given_by(view.given.by);
    stopped.set_held(view.held.note);
    if (options_.folder.empty()) return;
    const absl::StatusOr<std::string> file = KeepSplitView(options_.folder, view);
    if (file.ok()) {
      stopped.set_evidence_file(*file);
    } else {
      log_.Error("evidence not written", {{"reason", file.status().message()}});
    }
  }

  absl::Status Listed(const std::optional<log::LogKeys>& keys) const {
    return options_.listed ? options_.listed(peer_.node, keys) : absl::OkStatus();
  }

  // The same of a session: when the peer has introduced itself, before anything else is taken or
  // given, and then once a second.
  bool StillListed(const link::Session& session) {
    const absl::Duration now = clock_.Monotonic();
    const bool introduced = !looked_ && session.state().connected;
    if (!introduced && (!looked_ || now - *looked_ < kTick)) return true;
    looked_ = now;
    const absl::Status listed = Listed(mirror_.keys());
    if (listed.ok()) {
      told_unlisted_.clear();
      return true;
    }
    NoteListing(listed);
    refused_until_ = now + kRedialMax;
    return false;
  }

  // Whether the peer is still a node of the network. Status says so while it is not. One that
  // showed another key than the listed one is not asked again at once.
  bool MayLink() {
    if (clock_.Monotonic() < refused_until_) return false;
    NoteListing(Listed(std::nullopt));
    return unlisted_.empty();
  }

  void NoteListing(const absl::Status& listed) {
    const std::string why(listed.message());
    if (!listed.ok() && why != std::exchange(told_unlisted_, why)) {
      log_.Error("link not allowed", {{"peer", peer_.node}, {"reason", why}});
    }
    const std::lock_guard lock(mutex_);
    unlisted_ = why;
  }

  void WaitUnlisted() {
    std::unique_lock lock(mutex_);
    const std::shared_ptr<Wire> wire = std::exchange(offered_, nullptr);
    wake_.wait_for(lock, ToChrono(kTick), [this] { return Interrupted(); });
    lock.unlock();
    if (wire) wire->Close();
  }

  // After a contradiction: history would be rewritten by going on. The operator decides.
  void StandStill() {
    if (!std::exchange(told_, true)) {
      log_.Error("link stands still", {{"peer", peer_.node}, {"reason", saved_.fault()}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return Interrupted(); });
    const std::shared_ptr<Wire> wire = std::exchange(offered_, nullptr);
    lock.unlock();
    if (wire) wire->Close();
  }

  // What is done on this thread, between two sessions.
  using Errand = std::function<void(bool stopping)>;

  void Do(Errand errand) {
    {
      const std::lock_guard lock(mutex_);
      if (!ended_) errands_.push_back(std::exchange(errand, nullptr));
    }
    if (errand) return errand(true);
    wake_.notify_all();
  }

  void RunErrands() {
    while (true) {
      Errand errand;
      bool stopping = false;
      {
        const std::lock_guard lock(mutex_);
        stopping = stopping_;
        if (errands_.empty()) {
          ended_ = stopping;
          return;
        }
        errand = std::move(errands_.front());
        errands_.pop_front();
      }
      errand(stopping);
    }
  }

  bool Going() const {
    const std::lock_guard lock(mutex_);
    return !stopping_;
  }

  // Whether something waits for which a session ends. Under mutex_.
  bool Interrupted() const {
    return stopping_ || offered_ != nullptr || contradicted_ || !errands_.empty();
  }

  link::SessionParts Parts() {
    return {own_,
            {peer_.node, peer_.verifier},
            store_.shared(),
            mirror_,
            disclosures_,
            cursor_,
            checkpoints_,
            key_changes_,
            &keys_,
            &attachments_};
  }

  // Whether what the link stands still for, or anything that was ever kept as evidence, proves a
  // fork by now: the tree may have grown since.
  bool Forked(const storage::v1::StoredLink& link) const {
    if (!link.evidence_file().empty()) return true;  // it is written of what is proven
    if (link::ProvesFork(store_.shared(), link.given())) return true;
    if (link::ProvesFork(mirror_, link.given())) return true;
    const auto evidence = store_.evidence();
    if (!evidence.ok()) return true;  // until it can be read
    return std::any_of(evidence->begin(), evidence->end(), [this](const log::Evidence& kept) {
      return kept.log == peer_.node && link::ProvesFork(mirror_, kept.given);
    });
  }

  // Tells what the peer has shown of the own log in this session.
  void Hear(const link::SessionState& state) {
    if (state.followed) options_.held(peer_.node, state.shown_size);
    HearAtLeast(state.shown_size);
  }

  // The same of something that may be old, as a file: it never shows that the peer holds no more.
  void HearAtLeast(base::TreeSize size) {
    if (size > store_.shared().size()) options_.held(peer_.node, size);
  }

  // Remembers what a file said.
  void Took(const link::Unpacked& unpacked) {
    HearAtLeast(unpacked.state.shown_size);
    storage::v1::StoredLink progress = saved_;
    if (unpacked.fault) {
      NoteFault(*unpacked.fault, progress);
    } else if (!unpacked.older) {
      progress.set_heard_packed_at(unpacked.header.packed_at());
      progress.set_heard_size(unpacked.header.size());
      progress.set_arrived_size(unpacked.state.arrived_size.value);
      progress.set_arrived_epoch(unpacked.state.epoch);
      progress.set_arrived_disclosed(unpacked.state.disclosed_arrived);
      *progress.mutable_verified_at() = ToTimestamp(unpacked.state.verified_at);
      progress.clear_fault();
    }
    Save(progress);
  }

  void NoteFault(const link::Fault& fault, storage::v1::StoredLink& progress) {
    progress.set_fault(std::string(fault.status.message()));
    if (absl::IsDataLoss(fault.status)) {
      progress.set_stopped(true);
      progress.set_given(fault.given);
      progress.set_given_by(peer_.node);
      progress.set_held(fault.held);
      const auto view = SplitViewOf(fault);
      if (view.ok()) SetContradiction(*view, progress);
      options_.standing(peer_.node, true);
    }
    log_.Error("link stopped", {{"peer", peer_.node},
                                {"code", absl::StatusCodeToString(fault.status.code())},
                                {"reason", fault.status.message()}});
  }

  // A stream that the peer opened, or a new one dialled; nothing when the hub stops or an errand
  // waits.
  std::shared_ptr<Wire> NextWire() {
    std::unique_lock lock(mutex_);
    // Meanwhile the peer may be listed no more, and cannot come to hear of it.
    if (!peer_.dial) {
      wake_.wait_for(lock, ToChrono(kRedialMax), [this] { return Interrupted(); });
    }
    if (stopping_ || contradicted_ || !errands_.empty()) return nullptr;
    if (offered_) return std::exchange(offered_, nullptr);
    if (!peer_.dial) return nullptr;
    lock.unlock();
    return peer_.dial();
  }

  // Sleeps, unless the peer opens a stream or the hub stops. False if it stops.
  bool Pause(absl::Duration pause) {
    std::unique_lock lock(mutex_);
    if (peer_.dial) {
      wake_.wait_for(lock, ToChrono(pause), [this] { return Interrupted(); });
    }
    return !stopping_;
  }

  // The stream must be over before it is let go.
  void Wait(Wire& wire) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, ToChrono(kOpenMax), [&] { return wire.ended(); });
    lock.unlock();
    wire.SetPulse(nullptr);
  }

  // Drives a session until the stream or the hub ends. True if the peer introduced itself.
  bool Serve(Wire& wire) {
    wire.SetPulse([this] {
      {
        const std::lock_guard lock(mutex_);
        ready_ = true;
      }
      wake_.notify_all();
    });
    {
      const std::lock_guard lock(mutex_);
      serving_ = true;  // before the session looks for the first time
      ready_ = true;    // the Hello
    }
    link::SessionConfig config{own_,         {peer_.node, peer_.verifier, peer_.witness},
                               {},           Jitter(),
                               std::nullopt, key_changes_};
    for (const LinkPeer& other : options_.peers) config.follows.push_back(other.node);
    config.keys = &keys_;
    config.attachments = &attachments_;
    config.directories = options_.directories;
    link::Session session(std::move(config), store_.shared(), mirror_, disclosures_, cursor_,
                          checkpoints_, {options_.published, &witness_, &gossip_});
    session.Start();
    const absl::Duration began = clock_.Monotonic();
    looked_.reset();
    bool connected = false;
    while (!wire.broken()) {
      if (!Turn(wire, session)) break;
      const link::SessionState state = session.state();
      if (state.connected && !connected) {
        connected = true;
        log_.Info("link is up", {{"peer", peer_.node}});
      }
      Show(state);
      if (!wire.open() && clock_.Monotonic() - began > kOpenMax) break;
      if (session.failed() && SayFarewell(wire, session)) break;
    }
    wire.Close();
    Wait(wire);
    Finish(wire, session, connected);
    return connected;
  }

  // Waits until there is something to do and does it. False when the hub stops.
  bool Turn(Wire& wire, link::Session& session) {
    bool grew = false;
    {
      std::unique_lock lock(mutex_);
      // To the nanosecond: whoever wakes before it is time turns again and again until it is.
      const absl::Duration longest = pace_.Wait(clock_.Monotonic(), kTick);
      wake_.wait_for(lock, absl::ToChronoNanoseconds(longest), [&] {
        return Interrupted() || ready_ || wire.broken() || pace_.Due(clock_.Monotonic());
      });
      if (Interrupted()) return false;
      grew = pace_.Take(clock_.Monotonic());
      ready_ = false;
    }
    if (grew) session.OwnLogGrew();
    for (int i = 0; i < kFramesPerTurn; ++i) {
      auto frame = wire.Take();
      if (!frame) break;
      session.Receive(*frame, clock_.Now());
      options_.received();
      // What others said of this log may be within reach now.
      if (frame->has_leaves()) book_.Grew();
      if (!StillListed(session)) return false;
    }
    if (!StillListed(session)) return false;
    // Not in each turn: with it the session looks how far the log has grown.
    if (const absl::Duration now = clock_.Monotonic(); now >= tick_at_) {
      session.Tick(clock_.Now());
      tick_at_ = now + std::max(kTick / 2, gather_);
    }
    while (wire.CanSend()) {
      auto frame = session.Next();
      if (!frame) break;
      wire.Send(*std::move(frame));
    }
    return true;
  }

  // After a fault: true once the last frame is on its way.
  static bool SayFarewell(Wire& wire, link::Session& session) {
    if (!wire.CanSend()) return false;
    auto frame = session.Next();
    if (frame) wire.Send(*std::move(frame));
    return !frame;
  }

  void Show(const link::SessionState& state) {
    Hear(state);
    storage::v1::StoredLink progress = saved_;
    progress.set_arrived_size(std::max(progress.arrived_size(), state.arrived_size.value));
    // Unknown until the peer's first Follow of this session, which acknowledges leaves as well.
    if (state.arrived_size.value > 0) {
      progress.set_arrived_disclosed(state.disclosed_arrived);
      progress.set_arrived_epoch(state.epoch);
    }
    if (state.verified_at > absl::UnixEpoch()) {
      *progress.mutable_verified_at() = ToTimestamp(state.verified_at);
    }
    if (state.connected && state.fault.ok()) progress.clear_fault();
    Save(progress);
    const std::lock_guard lock(mutex_);
    shown_ = state;
  }

  void Save(const storage::v1::StoredLink& progress) {
    if (progress.SerializeAsString() == saved_.SerializeAsString()) return;
    const absl::Status written = node::SaveLinkProgress(store_, peer_.node, progress);
    if (!written.ok()) log_.Warning("link progress not kept", {{"reason", written.message()}});
    const std::lock_guard lock(mutex_);
    saved_ = progress;
  }

  void Finish(const Wire& wire, const link::Session& session, bool connected) {
    storage::v1::StoredLink progress = saved_;
    if (session.failed()) {
      NoteFault(*session.fault(), progress);
    } else if (connected) {
      log_.Info("link is down", {{"peer", peer_.node}, {"reason", wire.why()}});
    } else {
      log_.Debug("link not opened", {{"peer", peer_.node}, {"reason", wire.why()}});
    }
    Save(progress);
    const std::lock_guard lock(mutex_);
    serving_ = false;
    shown_ = link::SessionState();
  }

  // What the peer itself gave, if it proves that its log was rewritten.
  absl::StatusOr<log::SplitView> SplitViewOf(const link::Fault& fault) const {
    ASSIGN_OR_RETURN(const log::SignedCheckpoint given, mirror_.keys()->Open(fault.given));
    return log::MakeSplitView(mirror_, options_.node, given, peer_.node, fault.status.message());
  }

  double Jitter() {
    const std::string byte = random_.Fill(1);
    return static_cast<unsigned char>(byte[0]) / 255.0;
  }

  const Options& options_;
  log::Store& store_;
  log::Mirror& mirror_;
  runtime::Clock& clock_;
  crypto::RandomSource& random_;
  runtime::Logger& log_;
  const log::NoteSigner& signer_;
  const link::Party own_;
  const std::vector<std::string> key_changes_;
  const LinkPeer peer_;
  const node::StoredDisclosures disclosures_;
  node::StoredFollowCursor cursor_;
  node::LinkKeys keys_;
  node::LinkAttachments attachments_;
  const link::LogCheckpoints checkpoints_;
  link::MirrorWitness witness_;
  link::HearsayBook& book_;
  link::PeerGossip gossip_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;                       // under mutex_
  bool serving_ = false;                        // under mutex_: there is a session
  const absl::Duration gather_;                 // see PushPace
  PushPace pace_;                               // under mutex_
  bool ready_ = false;                          // under mutex_: the wire has something
  std::shared_ptr<Wire> offered_;               // under mutex_
  std::optional<log::SplitView> contradicted_;  // under mutex_: found, and not kept yet
  std::deque<Errand> errands_;                  // under mutex_
  bool ended_ = false;                          // under mutex_: no more errands are taken
  bool told_ = false;                           // that the link stands still
  std::string told_unlisted_;                   // why it may not be linked, as it was logged
  std::string unlisted_;                  // written by the thread, under mutex_: why it may not
  std::optional<absl::Duration> looked_;  // when it was last asked, of a session
  absl::Duration refused_until_;          // not before the clock's first moment
  absl::Duration tick_at_;                // when the session is told again that time passes
  link::SessionState shown_;              // under mutex_
  storage::v1::StoredLink saved_;         // written by the thread, under mutex_
  std::thread thread_;
};

LinkHub::LinkHub(Options options) : options_(std::move(options)) {}

LinkHub::~LinkHub() { Stop(); }

absl::StatusOr<std::unique_ptr<LinkHub>> LinkHub::Make(log::Store& store, runtime::Clock& clock,
                                                       crypto::RandomSource& random,
                                                       runtime::Logger& log, Options options) {
  ASSIGN_OR_RETURN(const std::vector<std::string> key_changes,
                   link::KeyChangeReceipts(store.shared()));
  std::unique_ptr<LinkHub> hub(new LinkHub(std::move(options)));
  std::vector<log::Mirror*> followed;
  for (const LinkPeer& peer : hub->options_.peers) {
    ASSIGN_OR_RETURN(log::Mirror* const mirror, store.OpenMirror(peer.node, peer.verifier));
    followed.push_back(mirror);
  }
  hub->book_ = std::make_unique<link::HearsayBook>(
      hub->options_.node, store, followed,
      [hub = hub.get()](const log::SplitView& view) { hub->Contradicted(view); });
  for (const LinkPeer& peer : hub->options_.peers) {
    const auto view = StoredSplitView(store, hub->options_.folder, peer.node);
    if (view.ok()) hub->book_->Remember(*view);
  }
  for (std::size_t i = 0; i < followed.size(); ++i) {
    hub->runners_.push_back(std::make_unique<Runner>(store, *followed[i], clock, random, log,
                                                     hub->options_, hub->options_.peers[i],
                                                     *hub->book_, key_changes));
  }
  return hub;
}

void LinkHub::Contradicted(const log::SplitView& view) {
  for (const auto& runner : runners_) {
    if (runner->peer() == view.log) runner->Contradict(view);
  }
}

void LinkHub::Start() {
  for (const auto& runner : runners_) runner->Start();
}

LinkHub::Runner* LinkHub::Find(const std::string& peer) const {
  for (const auto& runner : runners_) {
    if (runner->peer() == peer) return runner.get();
  }
  return nullptr;
}

bool LinkHub::Accept(const std::string& peer, std::shared_ptr<Wire> wire) {
  Runner* const runner = Find(peer);
  if (runner != nullptr) runner->Accept(std::move(wire));
  return runner != nullptr;
}

void LinkHub::Pack(const std::string& peer, bool everything, std::shared_ptr<Spool> spool,
                   Packed done) {
  Runner* const runner = Find(peer);
  if (runner == nullptr) return done(PeerNotFound(peer));
  runner->Pack(everything, std::move(spool), std::move(done));
}

void LinkHub::Unpack(const std::string& peer, std::shared_ptr<const Spool> spool, Unpacked done) {
  Runner* const runner = Find(peer);
  if (runner == nullptr) return done(PeerNotFound(peer));
  runner->Unpack(std::move(spool), std::move(done));
}

void LinkHub::Resume(const std::string& peer, std::function<void(absl::Status)> done) {
  Runner* const runner = Find(peer);
  if (runner == nullptr) return done(PeerNotFound(peer));
  runner->Resume(std::move(done));
}

void LinkHub::OwnLogGrew() {
  for (const auto& runner : runners_) runner->Look(/*at_once=*/false);
}

void LinkHub::LookAtOnce(const std::set<std::string>& peers) {
  for (const std::string& peer : peers) {
    if (Runner* const runner = Find(peer); runner != nullptr) runner->Look(/*at_once=*/true);
  }
}

void LinkHub::Stop() {
  for (const auto& runner : runners_) runner->Stop();
}

std::vector<LinkStatus> LinkHub::status() const {
  std::vector<LinkStatus> all;
  for (const auto& runner : runners_) all.push_back(runner->status());
  return all;
}

}  // namespace selaras::serve
