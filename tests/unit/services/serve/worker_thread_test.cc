#include "services/serve/worker_thread.h"

#include <atomic>
#include <future>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>
#include <pthread.h>

namespace selaras::serve {
namespace {

using Woken = WorkerThread::Woken;

constexpr absl::Duration kAtOnce = absl::ZeroDuration();
constexpr absl::Duration kLong = absl::Hours(1);

TEST(WorkerThread, WorkThatCameBeforeTheStartIsDone) {
  std::promise<Woken> woken;
  WorkerThread thread("test");
  thread.Wake();
  thread.Start([&] { woken.set_value(thread.Await()); });
  EXPECT_EQ(woken.get_future().get(), Woken::kByWork);
}

TEST(WorkerThread, WorkThatComesWhileOthersIsDoneWakesItOnceMore) {
  WorkerThread thread("test");
  thread.Wake();
  ASSERT_EQ(thread.Await(kLong), Woken::kByWork);
  thread.Wake();
  thread.Wake();
  EXPECT_EQ(thread.Await(kLong), Woken::kByWork);
  EXPECT_EQ(thread.Await(kAtOnce), Woken::kByTime) << "it was woken for both";
}

TEST(WorkerThread, WakesWhoWaits) {
  std::promise<void> once;
  std::promise<Woken> twice;
  WorkerThread thread("test");
  thread.Start([&] {
    thread.Await();
    once.set_value();
    twice.set_value(thread.Await(kLong));
  });
  thread.Wake();
  once.get_future().wait();
  thread.Wake();
  EXPECT_EQ(twice.get_future().get(), Woken::kByWork);
}

TEST(WorkerThread, TimeEndsAWaitAndWorkNoRest) {
  WorkerThread thread("test");
  EXPECT_EQ(thread.Await(kAtOnce), Woken::kByTime);
  EXPECT_EQ(thread.Await(-absl::Seconds(1)), Woken::kByTime);
  EXPECT_EQ(thread.Await(absl::Milliseconds(1)), Woken::kByTime);
  thread.Wake();
  EXPECT_TRUE(thread.Rest(absl::Milliseconds(1)));
  EXPECT_EQ(thread.Await(kAtOnce), Woken::kByWork) << "which a rest does not take";
}

TEST(WorkerThread, AStopEndsARestAndAWaitAndComesBeforeWork) {
  for (const bool rests : {true, false}) {
    std::promise<void> waiting;
    std::atomic<bool> rested = true;
    std::atomic<Woken> woken = Woken::kByTime;
    WorkerThread thread("test");
    thread.Start([&] {
      waiting.set_value();
      if (rests) rested = thread.Rest(kLong);
      woken = thread.Await();
    });
    waiting.get_future().wait();
    // It waits by then, or the stop comes before, which must do as well.
    absl::SleepFor(absl::Milliseconds(20));
    EXPECT_FALSE(thread.stopping());
    if (rests) thread.Wake();
    thread.Stop();
    EXPECT_TRUE(thread.stopping());
    EXPECT_EQ(rested, !rests);
    EXPECT_EQ(woken, Woken::kToEnd);
    thread.Stop();
  }
}

TEST(WorkerThread, MayBeStoppedWithoutAStart) {
  WorkerThread thread("test");
  thread.Stop();
  EXPECT_EQ(thread.Await(), Woken::kToEnd);
  EXPECT_FALSE(thread.Rest(kLong));
}

TEST(WorkerThread, HasTheNameThatAnOperatorSees) {
  std::promise<std::string> name;
  WorkerThread thread("fifteen letters");
  thread.Start([&] {
    char text[16] = {};
    ::pthread_getname_np(::pthread_self(), text, sizeof text);
    name.set_value(text);
  });
  EXPECT_EQ(name.get_future().get(), "fifteen letters");
}

}  // namespace
}  // namespace selaras::serve
