#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "services/link/session.h"
#include "tests/support/link_node.h"

namespace selaras::test {

// What goes wrong on the way, in percent of the frames.
struct Trouble {
  std::uint64_t lost = 0;
  std::uint64_t repeated = 0;
  std::size_t overtaken_by = 1;  // a frame is taken from among so many
};

// One direction of a carrier. Frames travel as bytes. A Hello is never lost and nothing overtakes
// it, as the protocol demands of carriers.
class Pipe {
 public:
  void Send(const ledger::v1::Frame& frame, const Trouble& trouble, std::mt19937_64& random);
  std::optional<ledger::v1::Frame> Take(const Trouble& trouble, std::mt19937_64& random);
  void Clear() { frames_.clear(); }
  bool empty() const { return frames_.empty(); }

 private:
  std::deque<std::string> frames_;
};

// Two nodes, the link between them, and a watch on everything that they send. Whatever breaks a
// promise of the protocol is written down in broken().
class LinkWorld {
 public:
  LinkWorld(LinkNode& a, LinkNode& b, const link::Flow& flow, std::mt19937_64& random);

  // A new session over the same stores.
  void Connect();

  // Moves frames without trouble, and time, until both ends have everything of each other. False
  // if that does not come, or a session failed.
  bool Settle();
  // Moves frames without trouble while there are any; time stands still.
  void Drain();

  // One of: a frame is sent, a frame arrives, time passes.
  void Step(const Trouble& trouble);
  bool SendNext(int end, const Trouble& trouble);
  bool DeliverNext(int end, const Trouble& trouble);
  // The frame arrives at `end`, whoever sent it.
  void Deliver(int end, const ledger::v1::Frame& frame);
  void Advance(absl::Duration by);

  link::Session& session(int end) { return *ends_[static_cast<std::size_t>(end)].session; }
  LinkNode& node(int end) { return *ends_[static_cast<std::size_t>(end)].node; }
  absl::Time now() const { return now_; }
  // Called with every frame that an end sends.
  void OnFrame(std::function<void(int end, const ledger::v1::Frame&)> watch) {
    watch_ = std::move(watch);
  }

  // What both hold of each other is what it must be, no more and, if `complete`, no less.
  void CheckStores(bool complete);
  // What is shown as arrived is durable over there.
  void CheckArrived();
  const std::vector<std::string>& broken() const { return broken_; }

 private:
  struct End {
    LinkNode* node;
    std::unique_ptr<link::Session> session;
    Pipe out;
    base::TreeSize leaves_sent;  // in this session: sent, or held by the peer as it says
  };

  End& at(int end) { return ends_[static_cast<std::size_t>(end)]; }
  bool Settled();
  void CheckSent(int end, const ledger::v1::Frame& frame);
  void CheckAcknowledgement(int end, const ledger::v1::Follow& follow);
  void CheckEntries(int end,
                    const google::protobuf::RepeatedPtrField<ledger::v1::LogEntry>& entries);
  void CheckMirror(const LinkNode& follower, const LinkNode& source, bool complete);
  void Broken(const std::string& what) { broken_.push_back(what); }

  std::array<End, 2> ends_;
  const link::Flow flow_;
  std::mt19937_64& random_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  std::function<void(int, const ledger::v1::Frame&)> watch_;
  std::vector<std::string> broken_;
};

}  // namespace selaras::test
