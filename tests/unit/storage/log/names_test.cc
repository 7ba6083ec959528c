#include "storage/log/names.h"

#include <string>

#include "gtest/gtest.h"

namespace selaras::log {
namespace {

TEST(Names, ANodeHasASharedAndAPrivateLog) {
  EXPECT_EQ(PrivateLogName("bawaslu-13"), "bawaslu-13/private");
  EXPECT_EQ(OriginOf("bawaslu-13"), "selaras/bawaslu-13");
  EXPECT_EQ(OriginOf(PrivateLogName("bkn")), "selaras/bkn/private");
}

TEST(Names, OrdinaryNamesAreAccepted) {
  for (const char* name : {"bkn", "bawaslu-13", "ppk_13.04", "A", "0"}) {
    EXPECT_TRUE(CheckNodeName(name).ok()) << name;
    EXPECT_TRUE(CheckLogName(PrivateLogName(name)).ok()) << name;
  }
}

TEST(Names, WhatCouldBreakAKeyOrALineIsRefused) {
  for (const char* name : {"", "a b", "a+b", "a\n", "/a", "a/", "a//b", "\xc3\xa9", "a@b"}) {
    EXPECT_EQ(CheckLogName(name).code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_EQ(CheckNodeName(name).code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_FALSE(CheckLogName(std::string(kLogNameBytesMax + 1, 'a')).ok());
}

TEST(Names, ANodesNameLeavesRoomForItsPrivateLog) {
  EXPECT_FALSE(CheckNodeName("a/b").ok());
  EXPECT_TRUE(CheckNodeName(std::string(kLogNameBytesMax - 8, 'a')).ok());
  EXPECT_FALSE(CheckNodeName(std::string(kLogNameBytesMax - 7, 'a')).ok());
}

}  // namespace
}  // namespace selaras::log
