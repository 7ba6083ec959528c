#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "services/runtime/access.h"
#include "services/serve/link_service.h"
#include "services/serve/wire.h"
#include "tests/support/pki.h"

namespace selaras::serve {
namespace {

// Waits until a wire has ended, woken by its pulse as the hub is.
void AwaitEnd(Wire& wire) {
  std::mutex mutex;
  std::condition_variable wake;
  wire.SetPulse([&] {
    const std::lock_guard lock(mutex);
    wake.notify_all();
  });
  std::unique_lock lock(mutex);
  EXPECT_TRUE(wake.wait_for(lock, std::chrono::seconds(60), [&] { return wire.ended(); }));
  lock.unlock();
  wire.SetPulse(nullptr);
}

// gRPC's threads for callbacks end with the last channel of the process and are joined by whoever
// lets go of it. One of them must not be that one. Needs a process without a server.
TEST(DialledStream, WhenItHasEndedNoThreadOfGrpcHoldsItsChannel) {
  const test::Pki pki({"node:bkn:bkn"});
  const runtime::NodeAuthorities node{.node = "bkn", .own = {"bkn"}, .peers = {}};
  for (int i = 0; i < 500; ++i) {
    auto dial = MakeDialler("bawaslu-13", "127.0.0.1:1",
                            std::make_shared<runtime::TlsInForce>(pki.Read("bkn")), node, 1 << 20,
                            [](const std::string&, absl::Time) {});
    const std::shared_ptr<Wire> wire = dial();
    // Closed before or after it turns out that nobody listens there.
    while (i % 2 == 1 && !wire->broken()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    wire->Close();
    AwaitEnd(*wire);
  }
}

}  // namespace
}  // namespace selaras::serve
