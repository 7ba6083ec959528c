#include "services/link/session.h"

#include <string>
#include <utility>

#include "services/link/errors.h"
#include "services/link/frames.h"
#include "storage/base/check.h"
#include "storage/base/status.h"

namespace selaras::link {

using ledger::v1::Frame;

namespace {

// What the peer would refuse must not be sent; a frame of nothing would be sent for ever.
SessionConfig Checked(SessionConfig config) {
  const Flow& flow = config.flow;
  SELARAS_CHECK(flow.frame_leaves >= 1 && flow.frame_leaves <= log::kFrameLeavesMax);
  SELARAS_CHECK(flow.frame_entries >= 1 && flow.frame_entries <= kFrameEntriesMax);
  SELARAS_CHECK(flow.frame_entry_bytes >= 1 && flow.frame_entry_bytes <= kFrameEntryBytesMax);
  SELARAS_CHECK(flow.asked_places >= 1 && flow.asked_places <= kFrameEntriesMax);
  SELARAS_CHECK(flow.window_bytes >= 1) << "nothing could ever be sent";
  return config;
}

}  // namespace

Session::Session(SessionConfig config, const log::LogReader& own, log::Mirror& mirror,
                 const Disclosures& disclosures, FollowCursor& cursor,
                 const CheckpointSource& checkpoints, Witnessing witnessing)
    : config_(Checked(std::move(config))),
      mirror_(mirror),
      follower_(config_, mirror, cursor),
      backfill_(config_),
      fetcher_(config_),
      source_(config_, own, disclosures, checkpoints),
      publisher_(config_, witnessing.publications),
      attestor_(mirror, witnessing.witness),
      teller_(config_, witnessing.gossip),
      giver_(config_, disclosures),
      herald_(config_.directories) {}

void Session::Start() { hello_due_ = true; }

void Session::Receive(const Frame& frame, absl::Time now) {
  if (fault_) return;
  const absl::Status malformed = CheckFrame(frame);
  Stop(malformed.ok() ? Dispatch(frame, now) : Fault{malformed, "", ""});
  if (!fault_) Stop(attestor_.Advance());
}

void Session::Stop(Verdict verdict) {
  if (!verdict) return;
  fault_ = std::move(verdict);
  farewell_due_ = fault_->concerns_peer();
}

Verdict Session::Dispatch(const Frame& frame, absl::Time now) {
  if (frame.has_hello()) return Greet(frame.hello());
  if (frame.has_contradiction()) {
    const ledger::v1::Contradiction& said = frame.contradiction();
    return Fault{PeerStopped(config_.peer.node, said.reason()), said.given(), said.held()};
  }
  if (!greeted_) return Fault{BeforeHello(), "", ""};
  switch (frame.kind_case()) {
    case Frame::kFollow:
      return source_.Apply(frame.follow());
    case Frame::kGetEntries:
      source_.Apply(frame.get_entries());
      return std::nullopt;
    case Frame::kLeaves:
      return follower_.Apply(frame.leaves(), now);
    case Frame::kDisclosed:
      fetcher_.Refresh();
      return follower_.Apply(frame.disclosed(), now);
    case Frame::kCaughtUp:
      return follower_.Apply(frame.caught_up(), now);
    case Frame::kEntries: {
      fetcher_.Refresh();
      bool kept = false;
      Verdict verdict = follower_.Apply(frame.entries(), kept, now);
      if (kept) backfill_.Answered(frame.entries());
      return verdict;
    }
    case Frame::kPublish:
      return attestor_.Apply(frame.publish());
    case Frame::kCosigned:
      return publisher_.Apply(frame.cosigned());
    case Frame::kTold:
      teller_.Apply(frame.told());
      return std::nullopt;
    case Frame::kGetAttachment:
      giver_.Apply(frame.get_attachment());
      return std::nullopt;
    case Frame::kAttachmentPart:
      return fetcher_.Apply(frame.attachment_part());
    case Frame::kListedNodes:
      herald_.Apply(frame.listed_nodes());
      return std::nullopt;
    default:
      return Fault{FrameWithoutKind(), "", ""};
  }
}

Verdict Session::Greet(const ledger::v1::Hello& hello) {
  const auto differs = [](absl::string_view field, absl::string_view given,
                          absl::string_view wanted) -> Verdict {
    if (given == wanted) return std::nullopt;
    return Fault{WrongHello(field, given, wanted), "", ""};
  };
  const Party& peer = config_.peer;
  if (Verdict verdict =
          differs("protocol", std::to_string(hello.protocol()), std::to_string(kProtocol))) {
    return verdict;
  }
  if (Verdict verdict = differs("node", hello.node(), peer.node)) return verdict;
  if (hello.origin() != mirror_.origin()) return follower_.OfAnotherOrigin(hello);
  if (Verdict verdict = follower_.Apply(hello)) return verdict;
  if (greeted_) return std::nullopt;  // a repeated frame
  greeted_ = true;
  if (hello.additions() >= kAdditionWitnessing) {
    publisher_.Begin();
    teller_.Begin(hello.follows());
  }
  if (hello.additions() >= kAdditionAttachments) {
    fetcher_.Begin();
    giver_.Begin();
  }
  if (hello.additions() >= kAdditionDirectory) herald_.Begin(hello.directory_serial());
  return follower_.Begin();
}

void Session::OwnLogGrew() {
  source_.Refresh();
  fetcher_.Refresh();  // what came may have been derived
}

void Session::Tick(absl::Time now) {
  if (fault_ || !greeted_) return;
  follower_.Tick(now);
  backfill_.Tick(now);
  fetcher_.Tick(now);
  source_.Tick(now);
  publisher_.Tick(now);
  teller_.Tick(now);
}

std::optional<Frame> Session::Next() {
  if (fault_) return Farewell();
  if (std::exchange(hello_due_, false)) return OwnHello();
  if (!greeted_) return std::nullopt;
  absl::StatusOr<std::optional<Frame>> due = NextDue();
  if (due.ok()) return *std::move(due);
  Stop(Fault{OwnStoreFailed(due.status()), "", ""});
  return std::nullopt;
}

absl::StatusOr<std::optional<Frame>> Session::NextDue() {
  if (std::optional<Frame> follow = follower_.Next()) return follow;
  if (std::optional<Frame> question = backfill_.Next(mirror_.size())) return question;
  ASSIGN_OR_RETURN(std::optional<Frame> document_question, fetcher_.Next(mirror_.size()));
  if (document_question) return document_question;
  if (std::optional<Frame> cosigned = attestor_.Next()) return cosigned;
  if (source_.followed()) {
    publisher_.Refresh(source_.sent_size());
    if (std::optional<Frame> published = publisher_.Next(source_.sent_size())) return published;
  }
  ASSIGN_OR_RETURN(std::optional<Frame> served, source_.Next(publisher_.Stop()));
  if (served) return served;
  // Hearsay and the directory wait while there is anything else to say, and documents even for what
  // waits for the window: what is long must not be on its way when the window opens.
  if (std::optional<Frame> told = teller_.Next()) return told;
  if (std::optional<Frame> listed = herald_.Next()) return listed;
  return source_.everything_sent() ? giver_.Next() : std::nullopt;
}

std::optional<Frame> Session::Farewell() {
  if (!std::exchange(farewell_due_, false)) return std::nullopt;
  Frame frame;
  ledger::v1::Contradiction& contradiction = *frame.mutable_contradiction();
  contradiction.set_reason(std::string(fault_->status.message().substr(0, kReasonBytesMax)));
  contradiction.set_given(fault_->given);
  contradiction.set_held(fault_->held);
  return frame;
}

Frame Session::HelloOf(const Party& party) {
  Frame frame;
  ledger::v1::Hello& hello = *frame.mutable_hello();
  hello.set_protocol(kProtocol);
  hello.set_node(party.node);
  hello.set_origin(party.verifier.name());
  hello.set_verifier_key(party.verifier.VerifierText());
  return frame;
}

Frame Session::OwnHello() const {
  Frame frame = HelloOf(config_.own);
  // Nobody answers a file, so no documents are asked for in one.
  frame.mutable_hello()->set_additions(config_.carried ? kAdditionWitnessing : kAdditions);
  if (config_.directories != nullptr) {
    frame.mutable_hello()->set_directory_serial(config_.directories->serial());
  }
  for (const std::string& log : config_.follows) frame.mutable_hello()->add_follows(log);
  for (const std::string& change : config_.key_changes) {
    frame.mutable_hello()->add_key_changes(change);
  }
  return frame;
}

void Session::Want(const std::vector<base::Sequence>& places) { backfill_.Want(places); }

SessionState Session::state() const {
  SessionState state;
  state.connected = greeted_ && !fault_;
  state.received_size = mirror_.size();
  state.received_disclosed = follower_.index();
  state.arrived_size = source_.arrived_size();
  state.followed = source_.followed();
  state.shown_size = source_.shown_size();
  state.own_size = source_.size();
  state.epoch = source_.epoch();
  state.disclosed = source_.disclosed();
  state.disclosed_arrived = source_.arrived_index();
  state.caught_up = follower_.caught_up();
  state.wanted = backfill_.wanted();
  state.withheld = backfill_.withheld();
  state.verified_at = follower_.verified_at();
  if (fault_) state.fault = fault_->status;
  return state;
}

}  // namespace selaras::link
