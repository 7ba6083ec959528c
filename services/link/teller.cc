#include "services/link/teller.h"

#include <utility>

namespace selaras::link {

Teller::Teller(const SessionConfig& config, Gossip* gossip)
    : gossip_(gossip),
      patience_(Stretched(config.flow.gossip, config.jitter),
                Stretched(config.flow.gossip, config.jitter)) {}

void Teller::Begin(const google::protobuf::RepeatedPtrField<std::string>& follows) {
  follows_.insert(follows.begin(), follows.end());
  Collect();
}

void Teller::Apply(const ledger::v1::Told& told) {
  if (gossip_ != nullptr) gossip_->Hear({told.log(), told.checkpoint(), told.split_view()});
}

void Teller::Tick(absl::Time now) {
  if (patience_.Expired(now)) Collect();
}

void Teller::Collect() {
  if (gossip_ == nullptr || follows_.empty() || !due_.empty()) return;
  for (Hearsay& newest : gossip_->Newest(follows_)) {
    std::string& told = told_[newest.log];
    const std::string& news = newest.split_view.empty() ? newest.note : newest.split_view;
    if (told == news) continue;
    told = news;
    due_.push_back(std::move(newest));
  }
}

std::optional<ledger::v1::Frame> Teller::Next() {
  if (due_.empty()) return std::nullopt;
  ledger::v1::Frame frame;
  frame.mutable_told()->set_log(due_.front().log);
  frame.mutable_told()->set_checkpoint(due_.front().note);
  frame.mutable_told()->set_split_view(due_.front().split_view);
  due_.pop_front();
  return frame;
}

}  // namespace selaras::link
