#include "storage/base/thread_name.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace selaras::base {
namespace {

TEST(ThreadName, IsThatOfTheThreadThatTookItAndOfNoOther) {
  std::string named;
  std::thread thread([&named] {
    NameThread("fifteen letters");
    char name[16];
    ASSERT_EQ(::pthread_getname_np(::pthread_self(), name, sizeof name), 0);
    named = name;
  });
  thread.join();
  EXPECT_EQ(named, "fifteen letters");
  char own[16];
  ASSERT_EQ(::pthread_getname_np(::pthread_self(), own, sizeof own), 0);
  EXPECT_STRNE(own, "fifteen letters");
}

}  // namespace
}  // namespace selaras::base
