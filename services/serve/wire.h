#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "selaras/ledger/v1/link.pb.h"

namespace selaras::serve {

// One stream of a link, without gRPC: frames come in one at a time and go out one at a time, so a
// slow side holds the other back. The gRPC reactors sit on one side, the runner on the other.
class Wire {
 public:
  // What the stream's owner does. It stays able to until `close` was called, whatever happened to
  // the stream: then it ends the stream, calls Ended() and is called no more.
  struct Carrier {
    std::function<void()> read;                           // ask for the next frame
    std::function<void(const ledger::v1::Frame&)> write;  // send; then Written()
    std::function<void()> close;                          // end the stream; then Ended()
  };

  // For the reactors: the stream is there, a frame came, the last one went out, nothing more will
  // come or go, it is over. The first reason that is not empty is kept.
  void Opened(Carrier carrier);
  void Received(ledger::v1::Frame frame);
  void Written();
  void Broke(std::string why);
  void Ended(std::string why);

  // For the runner, one thread at a time. The pulse wakes it whenever anything happened. Whoever
  // has a wire must Close() it.
  void SetPulse(std::function<void()> pulse);
  bool open() const;
  bool broken() const;  // also when it ended
  bool ended() const;
  std::string why() const;
  // The frame that came in, if any; the next one is asked for.
  std::optional<ledger::v1::Frame> Take();
  // Whether a frame can be sent now.
  bool CanSend() const;
  void Send(ledger::v1::Frame frame);
  // Ends the stream. Idempotent.
  void Close();

 private:
  void Pulse();

  // Held while the pulse runs: after SetPulse(nullptr) nobody is in it.
  std::mutex pulse_mutex_;
  std::function<void()> pulse_;
  mutable std::mutex mutex_;
  Carrier carrier_;
  std::optional<ledger::v1::Frame> inbox_;
  bool open_ = false;
  bool sending_ = false;
  bool closing_ = false;
  bool broken_ = false;
  bool ended_ = false;
  std::string why_;
};

}  // namespace selaras::serve
