#include "services/link/herald.h"

#include <algorithm>

namespace selaras::link {
namespace {

// Of who keeps to the protocol there are none.
constexpr int kUselessMax = 4;

}  // namespace

void Herald::Begin(std::uint64_t serial) {
  begun_ = directories_ != nullptr && serial > 0;
  known_ = serial;
}

void Herald::Apply(const ledger::v1::ListedNodes& listed) {
  if (!begun_ || useless_ >= kUselessMax) return;
  const std::uint64_t told = directories_->Hear(listed.note());
  if (told <= told_) ++useless_;
  told_ = std::max(told_, told);
  known_ = std::max(known_, told);
}

std::optional<ledger::v1::Frame> Herald::Next() {
  if (!begun_ || directories_->serial() <= known_) return std::nullopt;
  ledger::v1::Frame frame;
  known_ = directories_->serial();
  frame.mutable_listed_nodes()->set_note(directories_->note());
  return frame;
}

}  // namespace selaras::link
