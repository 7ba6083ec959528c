#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/load/modes.h"
#include "tools/load/options.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"

namespace selaras::load {
namespace {

// Each look costs the node that is measured half a millisecond.
constexpr absl::Duration kLook = absl::Milliseconds(20);

struct FollowOptions {
  std::string peer;
  int patience = 60;
};

struct Lengths {
  std::uint64_t leaves = 0;
  std::uint64_t disclosed = 0;  // entries that the peer may see

  bool Covers(const Lengths& other) const {
    return leaves >= other.leaves && disclosed >= other.disclosed;
  }
};

// How far the peer is, as the node knows it: by what the peer has acknowledged.
struct Seen {
  bool connected = false;
  Lengths own;
  Lengths arrived;
};

absl::StatusOr<Seen> Look(cli::Node& node, const std::string& peer) {
  ASSIGN_OR_RETURN(const auto state, node.GetNode());
  Seen seen;
  for (const auto& log : state.logs()) {
    if (log.log() == state.node()) seen.own.leaves = log.size();
  }
  for (const auto& link : state.links()) {
    if (link.peer() != peer) continue;
    if (link.stopped()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the link to ", peer, " stands still: ", link.fault()));
    }
    seen.connected = link.connected();
    seen.own.disclosed = link.disclosed();
    seen.arrived = {.leaves = link.arrived_size(), .disclosed = link.disclosed_arrived()};
    return seen;
  }
  return absl::NotFoundError(
      absl::StrCat("the node has no link to ", peer, "; selaras status lists its links"));
}

absl::StatusOr<Figures> Measure(cli::Context& context, const FollowOptions& options) {
  if (options.patience < 1) {
    return cli::BadValue("--patience", absl::StrCat(options.patience), "give seconds from 1 on");
  }
  ASSIGN_OR_RETURN(const auto node, context.OpenNode());
  ASSIGN_OR_RETURN(Seen seen, Look(*node, options.peer));
  const Lengths goal = seen.own;
  const Lengths before = seen.arrived;
  if (before.Covers(goal)) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.peer,
                     " has caught up already; stop it, write something, begin to "
                     "measure, and start it again"));
  }
  const absl::Time give_up = context.clock().Now() + absl::Seconds(options.patience);
  // From the last look at which it had not begun.
  auto began = std::chrono::steady_clock::now();
  while (!seen.arrived.Covers(goal)) {
    if (context.clock().Now() > give_up) {
      return absl::DeadlineExceededError(
          absl::StrCat(options.peer, " has ", seen.arrived.leaves, " of ", goal.leaves,
                       " leaves and ", seen.arrived.disclosed, " of ", goal.disclosed,
                       " entries after ", options.patience, " seconds"));
    }
    if (!seen.connected && before.Covers(seen.arrived)) began = std::chrono::steady_clock::now();
    context.clock().Sleep(kLook);
    ASSIGN_OR_RETURN(seen, Look(*node, options.peer));
  }
  const absl::Duration elapsed = absl::FromChrono(std::chrono::steady_clock::now() - began);
  return Figures{.name = "follow",
                 .operations = goal.leaves - before.leaves,
                 .elapsed = elapsed,
                 .latencies = {static_cast<std::uint64_t>(absl::ToInt64Microseconds(elapsed))}};
}

}  // namespace

cli::Command FollowMode() {
  auto options = std::make_shared<FollowOptions>();
  return {.name = "follow",
          .summary = "how fast a follower that lags behind catches up with a node's log",
          .details =
              "Asks the node how much of its log the peer has acknowledged: what it holds durably, "
              "each leaf verified against signed checkpoints, and each entry that it may see "
              "against its leaf. The peer must lag behind when this begins; the time runs from "
              "when its link is up until it has all that there was. A leaf is an operation, with "
              "its entry if that is disclosed; the whole is one call.",
          .examples = "selaras-load follow --client intake/client.textproto --peer bkn",
          .source = cli::Source::kNode,
          .options = {{"--peer", "NODE", &options->peer, "name of the follower", true},
                      {"--patience", "S", &options->patience,
                       "seconds until it must have caught up; default: 60"}},
          .run = [options](cli::Context& context) {
            return Report(context.output(), Measure(context, *options));
          }};
}

}  // namespace selaras::load
