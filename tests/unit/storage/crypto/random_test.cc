#include "storage/crypto/random.h"

#include <gtest/gtest.h>

namespace selaras::crypto {
namespace {

TEST(SystemRandom, FillsExactlyTheBytesAskedForAndNeverTheSameTwice) {
  SystemRandom random;
  EXPECT_EQ(random.Fill(0), "");
  EXPECT_EQ(random.Fill(1).size(), 1u);
  EXPECT_EQ(random.Fill(1000).size(), 1000u);
  EXPECT_NE(random.Fill(32), random.Fill(32));
}

}  // namespace
}  // namespace selaras::crypto
