#include "services/serve/wire.h"

#include <utility>

namespace selaras::serve {

void Wire::Pulse() {
  const std::lock_guard lock(pulse_mutex_);
  if (pulse_) pulse_();
}

void Wire::Opened(Carrier carrier) {
  // Before anybody can close the stream.
  carrier.read();
  bool close = false;
  {
    const std::lock_guard lock(mutex_);
    carrier_ = carrier;
    open_ = true;
    close = closing_;
  }
  if (close) carrier.close();
  Pulse();
}

void Wire::Received(ledger::v1::Frame frame) {
  {
    const std::lock_guard lock(mutex_);
    inbox_ = std::move(frame);
  }
  Pulse();
}

void Wire::Written() {
  {
    const std::lock_guard lock(mutex_);
    sending_ = false;
  }
  Pulse();
}

void Wire::Broke(std::string why) {
  {
    const std::lock_guard lock(mutex_);
    broken_ = true;
    if (why_.empty()) why_ = std::move(why);
  }
  Pulse();
}

void Wire::Ended(std::string why) {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (why_.empty()) why_ = std::move(why);
    carrier_ = Carrier();
  }
  Pulse();
}

void Wire::SetPulse(std::function<void()> pulse) {
  const std::lock_guard lock(pulse_mutex_);
  pulse_ = std::move(pulse);
}

bool Wire::open() const {
  const std::lock_guard lock(mutex_);
  return open_ && !ended_;
}

bool Wire::broken() const {
  const std::lock_guard lock(mutex_);
  return broken_ || ended_;
}

bool Wire::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

std::string Wire::why() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

std::optional<ledger::v1::Frame> Wire::Take() {
  std::optional<ledger::v1::Frame> frame;
  std::function<void()> read;
  {
    const std::lock_guard lock(mutex_);
    frame = std::exchange(inbox_, std::nullopt);
    if (frame && !broken_ && !closing_) read = carrier_.read;
  }
  if (read) read();
  return frame;
}

bool Wire::CanSend() const {
  const std::lock_guard lock(mutex_);
  return open_ && !broken_ && !ended_ && !sending_ && !closing_;
}

void Wire::Send(ledger::v1::Frame frame) {
  std::function<void(const ledger::v1::Frame&)> write;
  {
    const std::lock_guard lock(mutex_);
    if (!open_ || closing_) return;
    sending_ = true;
    write = carrier_.write;
  }
  write(frame);
}

void Wire::Close() {
  std::function<void()> close;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closing_, true) || !open_) return;
    close = carrier_.close;
  }
  close();
}

}  // namespace selaras::serve
