#include "storage/base/bytes.h"

#include <limits>
#include <sstream>
#include <string>

#include "absl/hash/hash_testing.h"
#include <gtest/gtest.h>

namespace selaras::base {
namespace {

using absl::StatusCode;

std::string EveryByte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  return bytes;
}

TEST(Digest, TakesExactlyThirtyTwoBytes) {
  const std::string bytes = EveryByte().substr(100, 32);
  const Digest digest = Digest::FromBytes(bytes).value();
  EXPECT_EQ(digest.view(), bytes);
  EXPECT_EQ(Digest::FromBytes(bytes.substr(1)).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Digest::FromBytes(bytes + "x").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Digest::FromBytes("").status().code(), StatusCode::kInvalidArgument);
}

TEST(Digest, OrdersHashesAndPrintsItsBytes) {
  Digest low;
  Digest high;
  high.bytes[0] = 0xa0;
  EXPECT_LT(low, high);
  EXPECT_NE(low, high);
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly({low, high}));
  std::ostringstream out;
  out << high;
  EXPECT_EQ(out.str(), "a0" + std::string(62, '0'));
}

TEST(Hex, GoesBothWays) {
  EXPECT_EQ(HexEncode(absl::string_view("\x00\xff\x1a", 3)), "00ff1a");
  EXPECT_EQ(HexDecode(HexEncode(EveryByte())).value(), EveryByte());
  EXPECT_EQ(HexDecode("00Ff1A").value(), absl::string_view("\x00\xff\x1a", 3));
  EXPECT_EQ(HexDecode("").value(), "");
}

TEST(Hex, RefusesEverythingElse) {
  for (const char* text : {"0", "0g", " 00", "0x00", "00\n", "é0"}) {
    EXPECT_EQ(HexDecode(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(Base64, EncodesAsRfc4648) {
  EXPECT_EQ(Base64Encode(""), "");
  EXPECT_EQ(Base64Encode("f"), "Zg==");
  EXPECT_EQ(Base64Encode("fo"), "Zm8=");
  EXPECT_EQ(Base64Encode("foo"), "Zm9v");
  EXPECT_EQ(Base64Encode("foob"), "Zm9vYg==");
  EXPECT_EQ(Base64Encode("\xfb\xff"), "+/8=");
  EXPECT_EQ(Base64Decode(Base64Encode(EveryByte())).value(), EveryByte());
}

TEST(Base64, RefusesEveryOtherTextForTheSameBytes) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9v\n", " Zm9v", "Zm 9v",
                           "-_8=", "Zg==Zg==", "=", "====", "Z", "Zm9v====", "Zg.."}) {
    EXPECT_EQ(Base64Decode(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(BigEndian, WritesTheBytesThatItSays) {
  std::string out;
  AppendU16(&out, 0x0102);
  AppendU32(&out, 0x03040506);
  AppendU64(&out, 0x0708090a0b0c0d0e);
  EXPECT_EQ(HexEncode(out), "0102030405060708090a0b0c0d0e");
}

TEST(BigEndian, SortsAsTheNumbersDo) {
  std::string before;
  AppendU64(&before, 0xff);
  std::string after;
  AppendU64(&after, 0x100);
  EXPECT_LT(before, after);
}

TEST(ByteReader, ReadsBackWhatWasWritten) {
  std::string out = "\x80";
  AppendU16(&out, std::numeric_limits<std::uint16_t>::max());
  AppendU32(&out, 0x80000001);
  AppendU64(&out, 0x8000000000000001);
  out += std::string(32, 'd') + "rest";
  ByteReader reader(out);
  EXPECT_EQ(reader.ReadU8().value(), 0x80);
  EXPECT_EQ(reader.ReadU16().value(), 0xffff);
  EXPECT_EQ(reader.ReadU32().value(), 0x80000001);
  EXPECT_EQ(reader.ReadU64().value(), 0x8000000000000001);
  EXPECT_EQ(reader.ReadDigest().value().view(), std::string(32, 'd'));
  EXPECT_EQ(reader.ExpectEnd().code(), StatusCode::kDataLoss);
  EXPECT_EQ(reader.rest(), "rest");
  EXPECT_EQ(reader.ReadBytes(4).value(), "rest");
  EXPECT_EQ(reader.ExpectEnd(), absl::OkStatus());
}

TEST(ByteReader, StaysWhereItIsWhenTheBytesEndTooEarly) {
  ByteReader reader("abc");
  EXPECT_EQ(reader.ReadU64().status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(reader.ReadU32().status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(reader.ReadDigest().status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(reader.ReadBytes(std::numeric_limits<std::size_t>::max()).status().code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(reader.rest(), "abc");
  EXPECT_EQ(reader.ReadU16().value(), 0x6162);
  EXPECT_EQ(reader.ReadBytes(0).value(), "");
  EXPECT_EQ(reader.ReadU8().value(), 'c');
  EXPECT_EQ(reader.ReadU8().status().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace selaras::base
