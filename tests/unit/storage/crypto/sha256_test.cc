#include "storage/crypto/sha256.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace selaras::crypto {
namespace {

std::string HexOf(const base::Digest& digest) { return base::HexEncode(digest.view()); }

struct Vector {
  std::string message;
  std::string digest;
};

// FIPS 180-4 examples, and the empty message.
std::vector<Vector> Vectors() {
  return {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
}

TEST(Sha256, GivesTheDigestsOfFips180) {
  for (const Vector& vector : Vectors()) EXPECT_EQ(HexOf(Sha256(vector.message)), vector.digest);
}

TEST(Sha256, OfPartsIsThatOfTheWhole) {
  EXPECT_EQ(Sha256Concat({"a", "", "bc"}), Sha256("abc"));
  EXPECT_EQ(Sha256Concat({}), Sha256(""));
  EXPECT_EQ(Sha256(absl::string_view()), Sha256(""));
}

TEST(Sha256, OfPiecesIsThatOfTheWholeAndTheHasherStartsAnew) {
  Sha256Hasher hasher;
  for (const Vector& vector : Vectors()) {
    const absl::string_view message = vector.message;
    for (std::size_t at = 0; at < message.size(); at += 61) hasher.Update(message.substr(at, 61));
    EXPECT_EQ(HexOf(hasher.Finish()), vector.digest);
  }
}

TEST(Sha256, MayRunInManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (const Vector& vector : Vectors()) {
        EXPECT_EQ(HexOf(Sha256(vector.message)), vector.digest);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace selaras::crypto
