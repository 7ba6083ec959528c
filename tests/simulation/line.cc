#include "line.h"

#include "storage/base/check.h"
#include "tests/support/random.h"

namespace selaras::test {

Line::Line(CaseNode& a, CaseNode& b, const link::Flow& flow, std::mt19937_64& random)
    : flow_(flow), random_(random) {
  ends_[0].node = &a;
  ends_[1].node = &b;
  Connect();
}

void Line::Connect() {
  for (std::size_t i : {0u, 1u}) {
    End& end = ends_[i];
    const link::Party peer = ends_[1 - i].node->party();
    link::SessionConfig config = {end.node->party(), peer, flow_,
                                  static_cast<double>(Between(random_, 0, 10)) / 10};
    end.session.reset();
    end.keys =
        std::make_unique<node::LinkKeys>(end.node->store(), end.node->subject_keys(),
                                         end.node->directory(), peer.node, end.node->random());
    config.keys = end.keys.get();
    end.disclosures = std::make_unique<node::StoredDisclosures>(end.node->store(), peer.node);
    end.cursor = std::make_unique<node::StoredFollowCursor>(end.node->store(), peer.node);
    end.session = std::make_unique<link::Session>(config, end.node->store().shared(),
                                                  end.node->MirrorOf(peer), *end.disclosures,
                                                  *end.cursor, end.node->checkpoints());
    end.out.Clear();
    end.session->Start();
  }
}

bool Line::SendNext(std::size_t end, const Trouble& trouble) {
  const auto frame = ends_[end].session->Next();
  if (!frame) return false;
  ends_[end].out.Send(*frame, trouble, random_);
  return true;
}

bool Line::DeliverNext(std::size_t end, const Trouble& trouble, absl::Time now) {
  const auto frame = ends_[1 - end].out.Take(trouble, random_);
  if (!frame) return false;
  ends_[end].session->Receive(*frame, now);
  return true;
}

void Line::Tick(absl::Time now) {
  for (End& end : ends_) end.session->Tick(now);
}

void Line::OwnLogGrew(const CaseNode& node) {
  for (End& end : ends_) {
    if (end.node == &node) end.session->OwnLogGrew();
  }
}

void Line::Drain(absl::Time now) {
  const Trouble none;
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t end : {0u, 1u}) {
      while (SendNext(end, none)) moved = true;
      while (DeliverNext(end, none, now)) moved = true;
    }
  }
}

bool Line::Settled() const {
  for (std::size_t i : {0u, 1u}) {
    const link::SessionState state = ends_[i].session->state();
    if (!state.connected || !state.caught_up ||
        state.arrived_size != ends_[i].node->store().shared().size() ||
        state.received_size != ends_[1 - i].node->store().shared().size() ||
        state.disclosed_arrived != ends_[i].disclosures->Current().length) {
      return false;
    }
  }
  return true;
}

void Line::SaveProgress() {
  for (std::size_t i : {0u, 1u}) {
    const link::SessionState state = ends_[i].session->state();
    storage::v1::StoredLink progress;
    progress.set_arrived_size(state.arrived_size.value);
    progress.set_arrived_disclosed(state.disclosed_arrived);
    const absl::Status saved =
        node::SaveLinkProgress(ends_[i].node->store(), ends_[1 - i].node->name(), progress);
    SELARAS_CHECK(saved.ok()) << saved;
  }
}

absl::Status Line::fault() const {
  for (const End& end : ends_) {
    if (end.session->failed()) return end.session->state().fault;
  }
  return absl::OkStatus();
}

}  // namespace selaras::test
