#include "services/runtime/address.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace selaras::runtime {
namespace {

TEST(Address, IsAHostAndAPort) {
  for (const char* text : {"127.0.0.1:7413", "localhost:0", "node.bkn.example:65535", "[::1]:7413",
                           "[fe80::1]:1", "0.0.0.0:80"}) {
    const auto address = ParseAddress(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(address->ToString(), text);
  }
  EXPECT_EQ(ParseAddress("[::1]:7413")->host, "::1");
  EXPECT_EQ(ParseAddress("[::1]:7413")->port, 7413);
}

TEST(Address, IsNothingElse) {
  const std::string longer(254, 'a');
  const std::string with_zero("a\0b:1", 5);
  for (const std::string& text : std::vector<std::string>{"",
                                                          ":",
                                                          "localhost",
                                                          ":7413",
                                                          "localhost:",
                                                          "localhost:65536",
                                                          "localhost:-1",
                                                          "localhost:+1",
                                                          "localhost: 1",
                                                          "localhost:1x",
                                                          "local host:1",
                                                          "::1:7413",
                                                          "[::1]",
                                                          "[::1:7413",
                                                          "[localhost]:1",
                                                          "unix:/run/x:1",
                                                          "dns:///host:1",
                                                          "localhost:99999999999999999999",
                                                          longer + ":1",
                                                          with_zero}) {
    EXPECT_FALSE(ParseAddress(text).ok()) << text;
  }
}

}  // namespace
}  // namespace selaras::runtime
